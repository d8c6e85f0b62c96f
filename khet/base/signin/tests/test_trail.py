from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from khet.base.signin.models import Event
from khet.base.signin.queries import signs_of_attack
from khet.base.signin.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(office, client):
    client.force_login(office.admin)
    return client


def fail(login: str, address: str, agent: str = "Mozilla/5.0 (Windows NT 10.0) Chrome/140") -> None:
    Client().post(
        "/accounts/login/", {"login": login, "password": "ผิด"}, REMOTE_ADDR=address, HTTP_USER_AGENT=agent
    )


@pytest.mark.parametrize(
    "statement",
    ["UPDATE signin_event SET outcome = 'done'", "DELETE FROM signin_event", "TRUNCATE signin_event"],
)
def test_the_trail_cannot_be_edited_deleted_or_emptied(office, statement):
    fail("mana", "203.0.113.7")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.count() == 1


@pytest.mark.parametrize(("days", "goes"), [(89, False), (91, True)])
def test_only_what_is_older_than_ninety_days_may_go(office, days, goes):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO signin_event (at, kind, outcome, name, typed, agent, detail)"
            " VALUES (%s, 'sign_in', 'done', '', '', '', '')",
            [timezone.now() - timedelta(days=days)],
        )
    if goes:
        Event.objects.all().delete()
    else:
        with pytest.raises(DatabaseError), transaction.atomic():
            Event.objects.all().delete()
    assert Event.objects.exists() is not goes


def test_what_a_stranger_typed_is_shortened(office):
    fail("MySecretPassword2569", "203.0.113.7")
    event = Event.objects.get()
    assert event.typed.startswith("my… #") and "secret" not in event.typed.lower()
    fail("mysecretpassword2569", "203.0.113.8")
    assert Event.objects.values("typed").distinct().count() == 1


def test_the_page_filters_by_day_person_kind_result_and_address(office, officer):
    fail("mana", "203.0.113.7")
    fail("pakorn", "203.0.113.8")
    Client().post("/accounts/login/", {"login": "mana", "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")

    def shown(**query: str) -> str:
        return officer.get("/accounts/trail/", query).content.decode().split("<tbody>")[1]

    assert all(address in shown() for address in ("203.0.113.7", "203.0.113.8", "203.0.113.9"))
    by_person = shown(who="มานะ")
    assert "203.0.113.7" in by_person and "203.0.113.8" not in by_person
    assert "203.0.113.9" in shown(kind="sign_in") and "203.0.113.7" not in shown(kind="sign_in")
    assert "203.0.113.9" not in shown(outcome="refused")
    assert "203.0.113.8" in shown(address="203.0.113.8") and "203.0.113.7" not in shown(address="203.0.113.8")
    day = timezone.localdate()
    be = f"{day.day}/{day.month}/{day.year + 543}"
    assert "203.0.113.7" in shown(since=be, until=be)
    yesterday = day - timedelta(days=1)
    assert "203.0.113.7" not in shown(until=f"{yesterday.day}/{yesterday.month}/{yesterday.year + 543}")


@pytest.mark.parametrize("query", ["?since=30/02/2569", "?address=1.2.3", "?page=999999", "?page=x", "?kind=%27--", "?who=%25",
                                   "?since=%F0%9F%98%80"])  # fmt: skip
def test_odd_filters_break_nothing(office, officer, query):
    assert officer.get(f"/accounts/trail/{query}").status_code == 200
    assert officer.get(f"/accounts/trail/export/{query}").status_code == 200


def test_the_page_asks_a_constant_number_of_queries(office, officer, django_assert_max_num_queries):
    for number in range(40):
        fail("mana", f"203.0.113.{number + 1}")
    officer.get("/accounts/trail/")  # the first request of a session notes that it began
    with django_assert_max_num_queries(15):
        officer.get("/accounts/trail/")


def test_a_teacher_does_not_see_it(office, client):
    client.force_login(office.teacher)
    assert client.get("/accounts/trail/").status_code == 403
    assert client.get("/accounts/trail/export/").status_code == 403


def test_a_visitor_is_led_to_the_door(client):
    assert client.get("/accounts/trail/").status_code == 302


def test_cells_of_the_export_are_inert(office, officer):
    fail("mana", "203.0.113.7", agent='=HYPERLINK("http://evil","x")')
    answer = officer.get("/accounts/trail/export/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0] == "เวลา" and rows[1][5] == '\'=HYPERLINK("http://evil","x")'


def test_signs_of_attack(office):
    from khet.base.org.api import Actor

    actor = Actor.of(office.admin.person, account=office.admin)
    for number in range(7):
        fail(f"name{number}", "198.51.100.66")
    for number in range(12):
        fail("mana", f"203.0.113.{number}")
    assert {(sign["kind"], sign.get("address") or sign.get("name")) for sign in signs_of_attack(actor)} == {
        ("spraying", "198.51.100.66"), ("account", "มานะ ดีงาม (mana)"),
    }  # fmt: skip


def test_ones_own_history_shows_nobody_else(office, client):
    fail("mana", "203.0.113.7")
    fail("pakorn", "203.0.113.8")
    office.sign_in(client, office.teacher)
    page = client.get("/accounts/me/history/").content.decode()
    assert "203.0.113.7" in page and "203.0.113.8" not in page


def test_a_session_of_somebody_else_does_not_exist(office, client):
    from allauth.usersessions.models import UserSession

    other = Client()
    office.sign_in(other, office.admin)
    theirs = UserSession.objects.get(user=office.admin)
    office.sign_in(client, office.teacher)
    assert client.post(f"/accounts/me/sessions/{theirs.pk}/end/").status_code == 404
    assert client.post("/accounts/me/sessions/999999/end/").status_code == 404
    assert UserSession.objects.filter(pk=theirs.pk).exists()


def test_ending_one_and_all_other_sessions(office, client):
    from allauth.usersessions.models import UserSession

    others = [Client() for _ in range(3)]
    for other in others:
        office.sign_in(other, office.teacher)
    office.sign_in(client, office.teacher)
    first = UserSession.objects.get(session_key=others[0].session.session_key)
    assert client.post(f"/accounts/me/sessions/{first.pk}/end/").status_code == 302
    assert others[0].get("/accounts/me/").status_code == 302
    assert others[1].get("/accounts/me/").status_code == 200
    client.post("/accounts/me/sessions/end-others/")
    assert [o.get("/accounts/me/").status_code for o in others] == [302, 302, 302]
    assert client.get("/accounts/me/").status_code == 200
    assert Event.objects.filter(kind="session_ended", account_id=office.teacher.pk).count() == 3
