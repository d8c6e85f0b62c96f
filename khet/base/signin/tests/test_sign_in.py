from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from khet.base.org.actions import suspend_account
from khet.base.org.api import Actor
from khet.base.signin.models import Event
from khet.base.signin.tests.conftest import ADDRESS, PASSWORD

pytestmark = pytest.mark.django_db


def is_in(client) -> bool:
    return client.get("/accounts/me/").status_code == 200


@pytest.mark.parametrize("login", ["mana", "MANA", " mana ", "mana@example.go.th", "Mana@Example.go.th"])
def test_by_user_name_or_email_whatever_the_case(office, client, login):
    answer = client.post("/accounts/login/", {"login": login, "password": PASSWORD}, REMOTE_ADDR=ADDRESS)
    assert answer.status_code == 302
    assert is_in(client)
    event = Event.objects.get(kind="sign_in")
    assert (event.outcome, event.account_id, event.address) == ("done", office.teacher.pk, ADDRESS)


def test_an_address_of_two_accounts_signs_in_neither(office, client):
    office.admin.email = office.teacher.email
    office.admin.save()
    client.post("/accounts/login/", {"login": office.teacher.email, "password": PASSWORD})
    assert not is_in(client)


def test_known_unknown_and_suspended_read_the_same(office, client):
    suspend_account(actor=Actor.system(), account=office.admin)
    pages = []
    for name in ("mana", "nobody", "pakorn"):
        answer = Client().post(
            "/accounts/login/", {"login": name, "password": "ไม่ใช่รหัสนี้แน่"}, REMOTE_ADDR=ADDRESS
        )
        body = answer.content.decode()
        pages.append((answer.status_code, body.split("csrfmiddlewaretoken")[0], f'value="{name}"' in body))
    assert pages[0] == pages[1] == pages[2]
    right = Client().post("/accounts/login/", {"login": "pakorn", "password": PASSWORD}, REMOTE_ADDR=ADDRESS)
    assert right.status_code == 200


def test_every_wrong_attempt_costs_the_same_work(office, settings, monkeypatch):
    """One password hash, known or not, active or not (B57); the clock itself is read in ``bench/signin.py``."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    for account in (office.teacher, office.admin):
        account.set_password(PASSWORD)
        account.save()
    suspend_account(actor=Actor.system(), account=office.admin)
    hashed: list[str] = []
    for name in ("verify", "encode"):
        real = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(
            Argon2PasswordHasher,
            name,
            lambda self, *args, _real=real, _name=name: hashed.append(_name) or _real(self, *args),
        )
    work = {}
    for name in ("mana", "mana@example.go.th", "nobody", "no@example.go.th", "pakorn"):
        hashed.clear()
        Client().post("/accounts/login/", {"login": name, "password": "ไม่ใช่รหัสนี้แน่"}, REMOTE_ADDR=ADDRESS)
        work[name] = len(hashed)
    assert set(work.values()) == {1}, work


def test_the_session_key_changes_at_sign_in_so_a_planted_one_is_worth_nothing(office, client):
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = session.session_key
    office.sign_in(client, office.teacher)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert not is_in(thief)


def stolen(client) -> Client:
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert is_in(thief)
    return thief


def test_a_stolen_cookie_dies_with_the_sign_out(office, client):
    office.sign_in(client, office.teacher)
    thief = stolen(client)
    client.post("/accounts/logout/")
    assert not is_in(thief) and not is_in(client)
    assert Event.objects.filter(kind="sign_out", account_id=office.teacher.pk).exists()


def test_a_stolen_cookie_dies_with_a_new_password_while_the_owner_stays(office, client):
    office.sign_in(client, office.teacher)
    thief = stolen(client)
    answer = client.post("/accounts/me/password/", {"old": PASSWORD, "password": "แมวสีเทา นั่งริมหน้าต่าง"})
    assert answer.status_code == 302
    assert is_in(client) and not is_in(thief)


def test_a_suspension_ends_sessions_at_once_and_lifting_it_revives_none(office, client):
    office.sign_in(client, office.teacher)
    suspend_account(actor=Actor.system(), account=office.teacher)
    assert not is_in(client)
    suspend_account(actor=Actor.system(), account=office.teacher, suspended=False)
    other = Client()
    other.cookies = client.cookies
    assert not is_in(other)


def test_a_wrong_old_password_changes_nothing(office, client):
    office.sign_in(client, office.teacher)
    answer = client.post("/accounts/me/password/", {"old": "ไม่ใช่", "password": "แมวสีเทา นั่งริมหน้าต่าง"})
    assert answer.status_code == 200
    office.teacher.refresh_from_db()
    assert office.teacher.check_password(PASSWORD)


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "javascript:alert(1)", "https://evil.example/", "/\\evil.example", "\\\\evil.example",
     "http:///evil.example", "///evil.example", "http://localhost/x", "evil.example"],
)  # fmt: skip
def test_after_signing_in_only_paths_of_this_site_are_followed(office, client, target):
    answer = client.post(
        f"/accounts/login/?next={target}", {"login": "mana", "password": PASSWORD, "next": target}
    )
    assert answer.status_code == 302 and answer.url == "/"


def test_back_to_the_page_that_was_wanted(office, client):
    asked = client.get("/accounts/me/history/?page=2")
    assert asked.url == "/accounts/login/?next=%2Faccounts%2Fme%2Fhistory%2F%3Fpage%3D2"
    answer = client.post(
        asked.url, {"login": "mana", "password": PASSWORD, "next": "/accounts/me/history/?page=2"}
    )
    assert answer.url == "/accounts/me/history/?page=2"


@pytest.mark.parametrize("place", ["login", "password", "next"])
def test_a_nul_byte_is_a_bad_request(office, client, place):
    data = {"login": "mana", "password": PASSWORD} | {place: "a\x00b"}
    assert client.post("/accounts/login/", data).status_code == 400
    assert client.get("/accounts/login/?next=%00").status_code == 400
    assert not Event.objects.exists()


def test_too_much_is_refused_early(office, client):
    long = client.post("/accounts/login/", {"login": "m" * 4_000_000, "password": "x"})
    assert long.status_code == 200 and "ยาวเกิน" in long.content.decode()
    assert client.post("/accounts/login/", {"login": "m" * 10_000_000, "password": "x"}).status_code == 400
    assert client.post("/accounts/login/", {f"f{n}": "x" for n in range(2000)}).status_code == 400
    assert not Event.objects.exists()


def test_extra_fields_change_nothing(office, client):
    extra = {"is_active": "0", "is_staff": "1", "username": "boss", "session_epoch": "99", "person": "1"}
    client.post("/accounts/login/", {"login": "mana", "password": PASSWORD, **extra})
    client.post("/accounts/me/password/", {"old": PASSWORD, "password": "แมวสีเทา นั่งริมหน้าต่าง", **extra})
    office.teacher.refresh_from_db()
    assert (office.teacher.username, office.teacher.is_active, office.teacher.session_epoch) == (
        "mana",
        True,
        1,
    )


def test_a_sign_in_without_the_csrf_token_is_refused(office):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/accounts/login/", {"login": "mana", "password": PASSWORD}).status_code == 403
    assert strict.post("/accounts/logout/").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/accounts/signup/", "/accounts/email/", "/accounts/confirm-email/", "/accounts/password/change/",
     "/accounts/password/set/", "/accounts/reauthenticate/", "/accounts/3rdparty/", "/accounts/social/signup/",
     "/accounts/login/code/", "/accounts/2fa/trust/", "/accounts/2fa/recovery/download/", "/accounts/sessions/"],
)  # fmt: skip
def test_what_allauth_could_do_besides_does_not_exist(office, client, path):
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["me/sessions/1/end/", "me/sessions/end-others/", "people/1/suspend/", "people/1/invite/",
     "people/1/reset-factors/", "provider/line/link/"],
)  # fmt: skip
def test_what_changes_something_wants_a_post(office, client, path):
    client.force_login(office.admin)
    assert client.get(f"/accounts/{path}").status_code == 405


def test_the_method_cannot_be_overridden_by_a_header(office, client):
    client.force_login(office.teacher)
    client.get("/accounts/logout/", HTTP_X_HTTP_METHOD_OVERRIDE="POST")
    assert is_in(client)
