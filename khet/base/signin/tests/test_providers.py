"""LINE Login and ThaID against providers made here, honest and otherwise."""

from __future__ import annotations

import json
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from khet.base.org.actions import add_person_id
from khet.base.org.api import Account, Actor, Person
from khet.base.org.middleware import FRESH_UNTIL
from khet.base.signin import providers
from khet.base.signin.models import Event, Link

pytestmark = pytest.mark.django_db
LINE_SECRET = "0123456789abcdef0123456789abcdef"
PID = "1234567890121"
ISSUER = {"line": "https://access.line.me", "thaid": "https://imauth.bora.dopa.go.th"}
CLIENT = {"line": "1650000000", "thaid": "khet-demo"}


class Fake:
    """A provider: remembers what it was asked, and answers with a token that tests may spoil."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict = {}
        self.answer: dict = {}
        self.discovery: dict = {}
        self.asked: list[httpx.Request] = []
        self.down: str = ""
        self.algorithm: str = ""
        self.signing_key: object = None
        self.nonce = ""

    def token(self, code: str) -> str:
        now = int(time.time())
        claims = {"iss": ISSUER[code], "aud": CLIENT[code], "sub": "U123", "iat": now, "exp": now + 300,
                  "nonce": self.nonce, "name": "วิทยา"}  # fmt: skip
        if code == "thaid":
            claims["pid"] = PID
        claims |= self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        algorithm = self.algorithm or {"line": "HS256", "thaid": "RS256"}[code]
        key = self.signing_key or {"line": LINE_SECRET, "thaid": self.key}[code]
        return jwt.encode(claims, None if algorithm == "none" else key, algorithm, headers={"kid": "k1"})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        code = "line" if "line.me" in request.url.host else "thaid"
        if self.down == "connect":
            raise httpx.ConnectError("refused", request=request)
        if self.down == "slow":
            raise httpx.ReadTimeout("slow", request=request)
        if self.down == "500":
            return httpx.Response(500, text="oops")
        if self.down == "html":
            return httpx.Response(200, text="<html>maintenance</html>")
        if self.down == "list":
            return httpx.Response(200, json=["x"])
        if request.url.path.endswith("openid-configuration"):
            base = f"{ISSUER['thaid']}/api/v2/oauth2"
            return httpx.Response(200, json={"issuer": ISSUER["thaid"], "authorization_endpoint": f"{base}/auth/",
                                             "token_endpoint": f"{base}/token/", "jwks_uri": f"{base}/jwks/",
                                             **self.discovery})  # fmt: skip
        if request.url.path.endswith("/jwks/"):
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return httpx.Response(200, json={"keys": [public | {"kid": "k1", "use": "sig"}]})
        return httpx.Response(200, json={"access_token": "t", "id_token": self.token(code), **self.answer})


@pytest.fixture
def fake(monkeypatch, settings):
    fake = Fake()
    settings.KHET_LINE_LOGIN = f"{CLIENT['line']}:{LINE_SECRET}"
    settings.KHET_THAID = f"{CLIENT['thaid']}:thaid-secret"
    monkeypatch.setattr(
        providers, "client", lambda: httpx.Client(transport=httpx.MockTransport(fake), timeout=5)
    )
    return fake


def leave(fake: Fake, client: Client, code: str, way: str = "", **data) -> dict[str, str]:
    """Press the button; returns what the browser took along to the provider."""
    answer = client.post(f"/accounts/provider/{code}/{way}", data)
    assert answer.status_code == 302, answer.content.decode()
    query = {name: values[0] for name, values in parse_qs(urlsplit(answer.url).query).items()}
    fake.nonce = query["nonce"]
    return query


def come_back(client: Client, code: str, state: str, **more):
    return client.get(f"/accounts/provider/{code}/back/", {"state": state, "code": "c0de", **more})


def is_in(client: Client) -> bool:
    return client.get("/accounts/me/").status_code == 200


@pytest.fixture
def linked(office, fake, client):
    """The teacher has linked LINE from the own page; signed out again."""
    office.sign_in(client, office.teacher)
    query = leave(fake, client, "line", "link/")
    assert come_back(client, "line", query["state"]).url == "/accounts/me/"
    client.post("/accounts/logout/")
    return Link.objects.get(account=office.teacher)


@pytest.fixture
def known(office):
    add_person_id(actor=Actor.system(), person=office.teacher.person, kind="citizen", value=PID)


def test_line_signs_in_once_linked(office, fake, client, linked):
    assert b"U123" not in bytes(linked.subject) and "U123" not in linked.fingerprint
    query = leave(fake, client, "line", next="/accounts/me/history/")
    assert query["code_challenge_method"] == "S256" and len(query["state"]) >= 32
    assert come_back(client, "line", query["state"]).url == "/accounts/me/history/"
    assert is_in(client)
    sent = parse_qs(fake.asked[-1].content.decode())
    assert sent["client_secret"] == [LINE_SECRET] and sent["code_verifier"]
    assert Event.objects.filter(kind="sign_in", account_id=office.teacher.pk).count() == 2


def test_thaid_matches_the_person_by_citizen_id_with_basic_client_auth(office, fake, client, known):
    query = leave(fake, client, "thaid")
    assert query["scope"] == "openid pid"
    come_back(client, "thaid", query["state"])
    assert is_in(client)
    token_request = next(r for r in fake.asked if r.url.path.endswith("/token/"))
    assert token_request.headers["Authorization"].startswith("Basic ")
    assert b"thaid-secret" not in token_request.content
    assert PID not in str(list(Event.objects.values()))


def test_thaid_may_tell_the_pid_in_the_token_reply(office, fake, client, known):
    fake.claims, fake.answer = {"pid": None}, {"pid": PID}
    query = leave(fake, client, "thaid")
    come_back(client, "thaid", query["state"])
    assert is_in(client)


def test_two_different_pids_are_believed_neither(office, fake, client, known):
    fake.answer = {"pid": "1234567890139"}
    query = leave(fake, client, "thaid")
    assert come_back(client, "thaid", query["state"]).status_code == 502
    assert not is_in(client)


def test_a_provider_never_makes_a_person_or_account(office, fake, client):
    people, accounts = Person.objects.count(), Account.objects.count()
    for code in ("line", "thaid"):
        query = leave(fake, client, code)
        assert come_back(client, code, query["state"]).status_code == 403
        assert not is_in(client)
    assert (Person.objects.count(), Account.objects.count()) == (people, accounts)
    assert Event.objects.filter(kind="provider", outcome="refused").count() == 2


def test_the_second_factor_is_asked_as_after_a_password(office, fake, client, known):
    office.give_app(office.teacher)
    query = leave(fake, client, "thaid")
    assert come_back(client, "thaid", query["state"]).url == "/accounts/2fa/"
    assert not is_in(client)


def test_a_suspended_account_stays_out(office, fake, client, known):
    office.teacher.is_active = False
    office.teacher.save()
    query = leave(fake, client, "thaid")
    come_back(client, "thaid", query["state"])
    assert not is_in(client)


@pytest.mark.parametrize("code", ["line", "thaid"])
@pytest.mark.parametrize(
    "spoil",
    [
        {"aud": "somebody-else"}, {"aud": ["somebody-else", "x"]}, {"iss": "https://evil.example"},
        {"exp": int(time.time()) - 3600}, {"nonce": "other"}, {"nonce": None}, {"sub": None}, {"exp": None},
        {"iat": int(time.time()) + 3600},
    ],
    ids=["audience", "audiences", "issuer", "expired", "nonce", "no nonce", "no subject", "no expiry", "future"],
)  # fmt: skip
def test_a_spoilt_token_signs_nobody_in(office, fake, client, linked, known, code, spoil):
    query = leave(fake, client, code)
    fake.claims = spoil
    answer = come_back(client, code, query["state"])
    assert answer.status_code == 502 and "รหัสผ่านแทนได้" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("code", ["line", "thaid"])
def test_algorithm_none_is_refused(office, fake, client, linked, known, code):
    query = leave(fake, client, code)
    fake.algorithm = "none"
    assert come_back(client, code, query["state"]).status_code == 502
    assert not is_in(client)


def test_a_token_signed_by_another_key_is_refused(office, fake, client, linked, known):
    query = leave(fake, client, "thaid")
    fake.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert come_back(client, "thaid", query["state"]).status_code == 502
    query = leave(fake, client, "line")
    fake.signing_key = "another secret of the same length"
    assert come_back(client, "line", query["state"]).status_code == 502
    assert not is_in(client)


def test_a_shared_secret_does_not_stand_in_for_a_public_key(office, fake, client, known):
    query = leave(fake, client, "thaid")
    fake.algorithm, fake.signing_key = "HS256", "thaid-secret-thaid-secret-thaid-secret"
    assert come_back(client, "thaid", query["state"]).status_code == 502
    assert not is_in(client)


def test_a_forged_or_foreign_or_used_state_is_refused(office, fake, client, linked):
    assert come_back(client, "line", "made-up").status_code == 502
    query = leave(fake, client, "line")
    assert come_back(Client(), "line", query["state"]).status_code == 502  # another browser
    assert come_back(client, "thaid", query["state"]).status_code == 502  # another provider
    query = leave(fake, client, "line")
    assert come_back(client, "line", query["state"]).status_code == 302
    client.post("/accounts/logout/")
    assert come_back(client, "line", query["state"]).status_code == 502  # a second time
    assert not is_in(client)


def test_a_late_return_is_refused(office, fake, client, linked):
    query = leave(fake, client, "line")
    session = client.session
    session[providers.SESSION_KEY] |= {"at": time.time() - 601}
    session.save()
    assert come_back(client, "line", query["state"]).status_code == 502


def test_a_cancelled_sign_in_says_so_without_harm(office, fake, client):
    query = leave(fake, client, "line")
    answer = client.get("/accounts/provider/line/back/", {"state": query["state"], "error": "access_denied"})
    assert answer.status_code == 502 and not is_in(client)


@pytest.mark.parametrize("down", ["connect", "slow", "500", "html", "list"])
@pytest.mark.parametrize("code", ["line", "thaid"])
def test_with_the_provider_down_nobody_gets_in_and_the_password_still_works(
    office, fake, client, linked, known, code, down
):
    query = leave(fake, client, code)
    fake.down = down
    answer = come_back(client, code, query["state"])
    assert answer.status_code == 502 and not is_in(client)
    secret = office.give_app(office.director)
    office.sign_in_whole(client, office.director, secret)
    assert is_in(client)


@pytest.mark.parametrize("place", ["authorization_endpoint", "token_endpoint", "jwks_uri", "issuer"])
@pytest.mark.parametrize(
    "address", ["https://evil.example/x", "http://imauth.bora.dopa.go.th/x", "https://127.0.0.1/x"]
)
def test_endpoints_elsewhere_than_at_the_issuer_are_not_called(office, fake, client, place, address):
    fake.discovery = {place: address}
    answer = client.post("/accounts/provider/thaid/")
    assert answer.status_code == 502
    assert all(request.url.host == "imauth.bora.dopa.go.th" for request in fake.asked)


def test_linking_needs_a_fresh_sign_in_and_ones_own_session(office, fake, client):
    office.sign_in(client, office.teacher)
    session = client.session
    session[FRESH_UNTIL] = 0
    session.save()
    assert client.post("/accounts/provider/line/link/").status_code == 401
    other = Client()
    office.sign_in(other, office.teacher)
    query = leave(fake, other, "line", "link/")
    other.post("/accounts/logout/")
    assert come_back(other, "line", query["state"]).status_code == 502
    assert not Link.objects.exists()


def test_one_line_belongs_to_one_account(office, fake, client, linked):
    secret = office.give_app(office.admin)
    office.sign_in_whole(client, office.admin, secret)
    query = leave(fake, client, "line", "link/")
    assert come_back(client, "line", query["state"]).status_code == 409
    assert Link.objects.get().account == office.teacher


def test_unlinking_closes_that_way(office, fake, client, linked):
    office.sign_in(client, office.teacher)
    assert client.post("/accounts/provider/line/unlink/").status_code == 302
    client.post("/accounts/logout/")
    query = leave(fake, client, "line")
    assert come_back(client, "line", query["state"]).status_code == 403


def test_thaid_is_not_linked_by_hand(office, fake, client):
    office.sign_in(client, office.teacher)
    assert client.post("/accounts/provider/thaid/link/").status_code == 404


def test_switched_off_there_is_no_button_and_no_address(office, client):
    page = client.get("/accounts/login/").content.decode()
    assert "ThaID" not in page and "LINE" not in page
    for code in ("line", "thaid", "google"):
        assert client.post(f"/accounts/provider/{code}/").status_code == 404
        assert client.get(f"/accounts/provider/{code}/back/?state=x&code=y").status_code == 404


def test_switched_on_the_page_may_lead_there(office, fake, client):
    answer = client.get("/accounts/login/")
    assert "เข้าด้วย LINE" in answer.content.decode() and "เข้าด้วย ThaID" in answer.content.decode()
    rule = next(part for part in answer["Content-Security-Policy"].split(";") if "form-action" in part)
    assert rule.split() == [
        "form-action",
        "'self'",
        "https://imauth.bora.dopa.go.th",
        "https://access.line.me",
    ]


def test_the_next_page_is_one_of_ours(office, fake, client, linked):
    query = leave(fake, client, "line", next="//evil.example")
    assert come_back(client, "line", query["state"]).url == "/"
