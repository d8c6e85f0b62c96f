"""Every page of the door, as it is read: Thai, without inline script or style, and nothing missing."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import Client

from khet.base.org.middleware import FRESH_UNTIL
from khet.base.signin.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
ENGLISH = re.compile(
    r"\b(Sign|Login|Password|Authenticator code|Code|Security|Recovery|Submit|Cancel|Email|User|Required)\b"
)
BRANDS = ("Google Authenticator", "Microsoft Authenticator", "English")

OUTSIDE = ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/sent/",
           "/accounts/password/reset/dead/", "/accounts/password/invite/dead/", "/accounts/me/email/dead/",
           "/accounts/inactive/"]  # fmt: skip
INSIDE = ["/accounts/me/", "/accounts/me/history/", "/accounts/me/password/", "/accounts/me/email/",
          "/accounts/logout/", "/accounts/2fa/app/add/", "/accounts/2fa/passkeys/add/",
          "/accounts/trail/", "/accounts/people/", "/accounts/people/{director}/", "/accounts/people/{self}/"]  # fmt: skip


def words_of(page: str) -> str:
    body = re.sub(r"<head.*?</head>|<script.*?</script>|<[^>]+>", " ", page.split("<main")[-1], flags=re.S)
    for brand in BRANDS:
        body = body.replace(brand, "")
    return body


def look(answer) -> None:
    page = answer.content.decode()
    assert not re.search(r"<script(?![^>]*(?:src=|type=\"application/json\"))", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"].count("no-store")
    found = ENGLISH.findall(words_of(page))
    assert not found, found
    assert len(re.findall(r"<h1", page)) == 1


@pytest.mark.parametrize("path", OUTSIDE)
def test_outside(office, client, path):
    answer = client.get(path, HTTP_HOST="localhost")
    assert answer.status_code in (200, 403, 404)
    look(answer)


@pytest.mark.parametrize("path", INSIDE)
def test_inside(office, client, path):
    office.give_app(office.director)
    client.force_login(office.admin)
    session = client.session
    session[FRESH_UNTIL] = time.time() + 300
    session.save()
    answer = client.get(path.format(director=office.director.pk, self=office.admin.pk), HTTP_HOST="localhost")
    assert answer.status_code == 200
    look(answer)


def test_the_second_factor_the_set_up_and_the_confirm_page(office, client):
    secret = office.give_app(office.director)
    office.sign_in(client, office.director)
    look(client.get("/accounts/2fa/", HTTP_HOST="localhost"))
    client.post("/accounts/2fa/", {"code": office.code(secret)})
    session = client.session
    session[FRESH_UNTIL] = 0
    session.save()
    asked = client.get("/accounts/2fa/app/remove/", HTTP_HOST="localhost")
    assert asked.status_code == 401
    look(asked)
    other = Client()
    office.sign_in(other, office.admin)
    look(other.get("/accounts/me/set-up/", HTTP_HOST="localhost"))


def test_a_wrong_password_page(office, client):
    look(client.post("/accounts/login/", {"login": "mana", "password": PASSWORD + "x"}))


GARBLED = ["", "{}", "[]", '"x"', "1", '{"id":"x","response":{}}', '{"id":1,"rawId":2,"type":3,"response":4}']


@pytest.mark.parametrize("credential", GARBLED)
def test_a_garbled_passkey_is_a_refusal_everywhere(office, client, credential):
    secret = office.give_app(office.director)
    office.sign_in(client, office.director)
    client.get("/accounts/2fa/", HTTP_HOST="localhost")
    assert client.post("/accounts/2fa/", {"credential": credential}, HTTP_HOST="localhost").status_code == 200
    assert client.post("/accounts/2fa/", {"code": office.code(secret)}).status_code == 302
    assert (
        client.post(
            "/accounts/2fa/passkeys/add/", {"credential": credential}, HTTP_HOST="localhost"
        ).status_code
        == 200
    )
    session = client.session
    session[FRESH_UNTIL] = 0
    session.save()
    data = {"khet_confirm": "passkey", "credential": credential, "email": "x@example.go.th"}
    assert client.post("/accounts/me/email/", data, HTTP_HOST="localhost").status_code == 401


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_passkeys_are_offered_only_where_browsers_allow_them(office, client, host):
    page = client.get("/accounts/login/", HTTP_HOST=host).content.decode()
    assert ("เข้าด้วยพาสคีย์" in page) is (host == "localhost")


def test_a_made_up_passkey_is_refused(office, client):
    client.get("/accounts/2fa/passkeys/sign-in/", HTTP_ACCEPT="application/json", HTTP_HOST="localhost")
    for credential in (
        "",
        "{}",
        "[]",
        '"x"',
        '{"id":"x","response":{}}',
        '{"id":"x","rawId":"x","type":"public-key","response":{"userHandle":"MQ"}}',
    ):
        answer = client.post(
            "/accounts/2fa/passkeys/sign-in/", {"credential": credential}, HTTP_HOST="localhost"
        )
        assert answer.status_code == 302 and answer.url == "/accounts/login/", credential
    assert "_auth_user_id" not in client.session


def test_managers_and_pasting_are_welcome(client, office):
    page = client.get("/accounts/login/").content.decode()
    assert 'autocomplete="username webauthn"' in page and 'autocomplete="current-password"' in page
    assert "onpaste" not in page and 'autocomplete="off"' not in page


def test_every_template_of_allauth_that_can_be_reached_is_ours():
    for name in ("account/login", "account/logout", "mfa/authenticate", "mfa/totp/activate_form", "mfa/totp/deactivate_form",
                 "mfa/webauthn/add_form", "mfa/webauthn/edit_form", "mfa/webauthn/authenticator_confirm_delete",
                 "mfa/recovery_codes/index", "mfa/recovery_codes/generate"):  # fmt: skip
        assert "khet/base/signin" in Path(get_template(f"{name}.html").origin.name).as_posix()
