from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from khet.base.signin.models import Event
from khet.base.signin.sessions import BEGUN_AT, SEEN_AT
from khet.base.signin.tests import probe
from khet.base.signin.tests.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.urls("khet.base.signin.tests.probe")]


@pytest.fixture(autouse=True)
def nothing_done():
    probe.DONE.clear()


def rest(client, minutes: float, key: str = SEEN_AT) -> None:
    session = client.session
    session[key] -= minutes * 60
    session.save()


def is_in(client) -> bool:
    return client.get("/accounts/me/").status_code == 200


@pytest.mark.parametrize(("who", "minutes", "stays"), [
    ("director", 29, True), ("director", 31, False), ("teacher", 31, True), ("teacher", 479, True), ("teacher", 481, False),
])  # fmt: skip
def test_unused_sessions_end_sooner_for_whoever_sees_others_data(office, client, who, minutes, stays):
    account = getattr(office, who)
    if who == "director":
        office.sign_in_whole(client, account, office.give_app(account))
    else:
        office.sign_in(client, account)
    rest(client, minutes)
    assert is_in(client) is stays
    assert Event.objects.filter(kind="idle", account_id=account.pk).exists() is not stays


def test_no_session_outlives_a_working_day_however_busy(office, client):
    office.sign_in(client, office.teacher)
    rest(client, 12 * 60 + 1, BEGUN_AT)
    assert not is_in(client)


def test_a_clock_that_jumped_back_ends_the_session(office, client):
    office.sign_in(client, office.teacher)
    rest(client, -24 * 60)
    assert not is_in(client)


def test_what_a_page_asks_by_itself_is_no_use(office, client):
    office.sign_in(client, office.teacher)
    rest(client, 5)
    seen = client.session[SEEN_AT]
    client.get("/accounts/me/", headers={"Khet-Background": "1"})
    assert client.session[SEEN_AT] == seen
    client.get("/accounts/me/")
    assert client.session[SEEN_AT] > seen


def sent_on(page: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


def test_what_was_being_sent_is_there_after_signing_in_again(office, client):
    office.sign_in(client, office.teacher)
    rest(client, 500)
    text = "ขอเชิญประชุม <วันที่ 5>\nบรรทัดสอง"
    answer = client.post(
        "/probe/draft/",
        {"body": text, "to": ["1", "2"]},
        headers={"Referer": "http://testserver/probe/draft/?d=7"},
    )
    assert answer.url == "/accounts/login/?next=%2Fprobe%2Fdraft%2F%3Fd%3D7&idle=1"
    assert "ข้อความที่พิมพ์ยังอยู่" in client.get(answer.url).content.decode()
    assert probe.DONE == []
    assert office.sign_in(client, office.teacher).url == "/accounts/me/go-on/"
    page = client.get("/accounts/me/go-on/").content.decode()
    assert 'action="/probe/draft/"' in page
    fields = sent_on(page)
    assert fields["body"] == [text] and fields["to"] == ["1", "2"]
    client.post("/accounts/me/go-on/")
    assert client.get("/accounts/me/go-on/").url == "/"


def test_somebody_else_at_the_same_machine_sees_none_of_it(office, client):
    office.sign_in(client, office.teacher)
    rest(client, 500)
    client.post("/probe/draft/", {"body": "ความลับของมานะ"})
    secret = office.give_app(office.director)
    office.sign_in(client, office.director)
    answer = client.post("/accounts/2fa/", {"code": office.code(secret)})
    assert answer.url == "/"
    assert client.get("/accounts/me/go-on/").url == "/"
    assert "ความลับ" not in str(dict(client.session))


def test_passwords_are_not_kept(office, client):
    office.sign_in(client, office.teacher)
    rest(client, 500)
    client.post("/accounts/me/password/", {"old_password": PASSWORD, "password": "แมวสีเทา นั่งริมหน้าต่าง"})
    assert "แมวสีเทา" not in str(dict(client.session))


def test_an_htmx_part_takes_the_whole_page_to_the_door(office):
    answer = Client().get(
        "/accounts/me/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/menu/"}
    )
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fmenu%2F"
    assert answer.content == b""
