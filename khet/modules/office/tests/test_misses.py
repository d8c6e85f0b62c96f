"""Whoever tries one record's address after another is told of to the officer who checks the trail (B53)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from khet.base.notices.models import Notice
from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor, ensure_roles
from khet.base.signin import limits
from khet.base.signin.choices import EventKind
from khet.base.signin.models import Counter, Event

pytestmark = pytest.mark.django_db
MOST = limits.MISSES.attempts


@pytest.fixture
def people(db):
    system, roles = Actor.system(), ensure_roles()
    office = add_unit(
        actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="สพป.ศรีธารา เขต 2"
    )
    group = add_unit(
        actor=system,
        kind="group",
        code="g-audit",
        name="หน่วยตรวจสอบภายใน",
        short_name="ตรวจสอบ",
        parent=office,
    )
    found = {}
    for word, unit, kind, role in [
        ("teacher", office, "officer", "teacher"), ("other", office, "officer", "teacher"), ("auditor", group, "officer", "auditor"),
    ]:  # fmt: skip
        post = add_post(actor=system, unit=unit, kind=kind, title=word, short_title=word, roles=[roles[role]])
        person = add_person(
            actor=system, first_name=f"ชื่อ{word}", last_name="ทดสอบ", email=f"{word}@example.go.th"
        )
        appoint(actor=system, post=post, person=person)
        found[word] = add_account(
            actor=system, person=person, username=word, email="", password="เรือลำน้อย ลอยกลางทะเลสาบ"
        )
    return found


def scan(client, times: int, start: int = 100_000) -> None:
    for number in range(start, start + times):
        assert client.get(f"/letters/{number}/?secret=typed").status_code == 404


def alarms():
    return Event.objects.filter(kind=EventKind.MISSES)


def test_after_many_misses_one_alarm_reaches_the_officer(client, people):
    client.force_login(people["teacher"])
    scan(client, MOST)
    assert not alarms().exists()
    scan(client, 20, 200_000)
    event = alarms().get()
    assert event.account_id == people["teacher"].pk and event.outcome == "refused"
    assert "/letters/200000/" in event.detail and "typed" not in event.detail
    told = Notice.objects.filter(event=f"signin.misses:{event.pk}")
    assert {notice.person_id for notice in told} == {people["auditor"].person_id}
    assert {notice.channel for notice in told} == {"app", "email"} and all(
        notice.is_urgent for notice in told
    )
    client.force_login(people["auditor"])
    shown = client.get(told.first().url).content.decode()
    assert "ชื่อteacher" in shown and "ไล่เปิดรายการที่ไม่มีหรือไม่มีสิทธิ์เห็น" in shown.split("<tbody>")[1]


def test_people_are_counted_apart(client, people):
    for word in ("teacher", "other"):
        client.force_login(people[word])
        scan(client, MOST - 5)
    assert not alarms().exists()


def test_a_new_window_begins_at_nothing(client, people):
    client.force_login(people["teacher"])
    scan(client, MOST)
    Counter.objects.update(until=timezone.now() - timedelta(hours=1))
    scan(client, MOST)
    assert not alarms().exists()


def test_what_is_no_records_address_does_not_count(client, people):
    client.force_login(people["teacher"])
    for _ in range(3):
        assert client.get("/nowhere/at/all/").status_code == 404
    assert not Counter.objects.exists()
    client.logout()
    assert client.get("/letters/100000/").status_code == 302
    assert not Counter.objects.exists()


def test_without_its_counter_the_answer_is_the_same(client, people, monkeypatch, caplog):
    client.force_login(people["teacher"])
    monkeypatch.setattr(limits, "_COUNT", "SELECT 1 FROM no_such_table")
    scan(client, 1)
    assert "misses were not counted" in caplog.text
    assert connection.is_usable()
