from __future__ import annotations

import html
import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from khet.base.org.middleware import FRESH_UNTIL
from khet.base.signin import limits
from khet.base.signin.models import Event
from khet.base.signin.tests import probe
from khet.base.signin.tests.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.urls("khet.base.signin.tests.probe")]
SIGN = "/probe/sign/?from=desk"
LETTERS = {"letter": ["12", "13", "15"], "note": ['ลงนาม "ทั้งสาม" <b>เรื่อง</b>\nบรรทัดสอง']}


@pytest.fixture(autouse=True)
def nothing_done():
    probe.DONE.clear()


@pytest.fixture
def stale(office, client):
    """The director, signed in with both factors some time ago."""
    client.secret = office.give_app(office.director)
    office.sign_in_whole(client, office.director, client.secret)
    age(client)
    return client


def age(client) -> None:
    session = client.session
    session[FRESH_UNTIL] = time.time() - 1
    session.save()


def hidden(page: str) -> dict[str, list[str]]:
    """The hidden fields of the last form on the page, as a browser would send them."""
    form = (
        page.split("<form")[-1]
        if "khet_confirm_value" in page.split("<form")[-1]
        else next(part for part in page.split("<form") if "khet_confirm_value" in part)
    )
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


def test_right_after_signing_in_nothing_is_asked(office, client):
    secret = office.give_app(office.director)
    office.sign_in_whole(client, office.director, secret)
    assert client.post(SIGN, LETTERS).content.decode() == "ลงนามแล้ว"


def test_what_was_sent_goes_through_once_after_the_code(office, stale):
    asked = stale.post(SIGN, LETTERS)
    assert asked.status_code == 401 and probe.DONE == []
    page = asked.content.decode()
    assert f'action="{SIGN}"' in page and "ลงนาม 3 เรื่อง" in page and "<b>เรื่อง</b>" not in page
    answer = stale.post(SIGN, hidden(page) | {"khet_confirm_value": office.code(stale.secret)})
    assert answer.content.decode() == "ลงนามแล้ว"
    assert probe.DONE == [{"method": ["POST"], **LETTERS}]
    assert Event.objects.filter(kind="confirm", outcome="done", account_id=office.director.pk).count() == 1


def test_a_batch_is_asked_once_and_for_five_minutes(office, stale):
    page = stale.post(SIGN, LETTERS).content.decode()
    stale.post(SIGN, hidden(page) | {"khet_confirm_value": office.code(stale.secret)})
    assert stale.post(SIGN, LETTERS).status_code == 200
    assert 290 < stale.session[FRESH_UNTIL] - time.time() <= 300
    age(stale)
    assert stale.post(SIGN, LETTERS).status_code == 401


def test_a_wrong_code_keeps_everything_typed(office, stale):
    page = stale.post(SIGN, LETTERS).content.decode()
    again = stale.post(SIGN, hidden(page) | {"khet_confirm_value": "000000"})
    assert again.status_code == 401 and probe.DONE == []
    kept = hidden(again.content.decode())
    assert {name: kept[name] for name in LETTERS} == LETTERS


def test_the_password_does_not_do_where_a_factor_is_set(office, stale):
    page = stale.post(SIGN, LETTERS).content.decode()
    fields = hidden(page) | {"khet_confirm": "password", "khet_confirm_value": PASSWORD}
    assert stale.post(SIGN, fields).status_code == 401 and probe.DONE == []


def test_the_password_does_where_none_is_set(office, client):
    office.sign_in(client, office.teacher)
    age(client)
    page = client.post(SIGN, LETTERS).content.decode()
    assert client.post(SIGN, hidden(page) | {"khet_confirm_value": PASSWORD}).status_code == 200
    assert probe.DONE == [{"method": ["POST"], **LETTERS}]


def test_the_code_of_the_sign_in_cannot_be_used_again_to_confirm(office, client):
    secret = office.give_app(office.director)
    code = office.code(secret)
    office.sign_in(client, office.director)
    client.post("/accounts/2fa/", {"code": code})
    age(client)
    page = client.post(SIGN, LETTERS).content.decode()
    assert client.post(SIGN, hidden(page) | {"khet_confirm_value": code}).status_code == 401


def test_a_page_that_wanted_it_is_shown_afterwards(office, stale):
    page = stale.get(SIGN).content.decode()
    answer = stale.post(SIGN, hidden(page) | {"khet_confirm_value": office.code(stale.secret)})
    assert (answer.status_code, answer.url) == (302, SIGN)
    assert probe.DONE == []
    assert stale.get(SIGN).status_code == 200


def test_files_must_be_chosen_again_and_the_page_says_so(office, stale):
    scan = SimpleUploadedFile("สแกน.pdf", b"%PDF", "application/pdf")
    page = stale.post(SIGN, {"letter": "12", "scan": scan}).content.decode()
    assert "แฟ้มต้องเลือกใหม่หลังยืนยัน" in page and ".pdf" in page


def test_an_htmx_button_gets_the_whole_page(office, stale):
    answer = stale.post(SIGN, LETTERS, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (200, "body", "innerHTML")
    assert hidden(answer.content.decode())["letter"] == LETTERS["letter"]


def test_guessing_runs_out(office, stale):
    page = stale.post(SIGN, LETTERS).content.decode()
    for _ in range(limits.CONFIRM.attempts):
        stale.post(SIGN, hidden(page) | {"khet_confirm_value": "000000"})
    late = stale.post(SIGN, hidden(page) | {"khet_confirm_value": office.code(stale.secret)})
    assert late.status_code == 429 and probe.DONE == []


def test_confirming_changes_the_session_key_and_keeps_the_session_listed(office, stale):
    before = stale.session.session_key
    page = stale.post(SIGN, LETTERS).content.decode()
    stale.post(SIGN, hidden(page) | {"khet_confirm_value": office.code(stale.secret)})
    assert stale.session.session_key != before
    assert "เครื่องนี้" in stale.get("/accounts/me/").content.decode()


def test_nobody_confirms_for_a_visitor(office):
    answer = Client().post(SIGN, {"khet_confirm": "password", "khet_confirm_value": PASSWORD})
    assert answer.status_code == 302 and answer.url.startswith("/accounts/login/")
    assert probe.DONE == []


def test_changing_factors_asks_first(office, stale):
    for path in ("/accounts/2fa/app/remove/", "/accounts/2fa/recovery/new/", "/accounts/2fa/passkeys/add/"):
        assert stale.get(path).status_code == 401, path
        assert stale.post(path).status_code == 401, path
