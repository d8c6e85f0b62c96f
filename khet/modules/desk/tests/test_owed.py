"""Data that is owed stands on the desk of whoever has to act: due, late, escalated."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khet.base.org.actions import add_account, add_person, add_post, appoint
from khet.base.org.api import Actor, Role, today
from khet.kits.rounds.models import Return, Round
from khet.modules.desk.queries import owed
from khet.modules.students.actions import open_doubles
from khet.modules.students.models import Double


@pytest.fixture
def people(area):
    """Heads of both schools and the director beside the clerks and the planner."""
    for word, unit, kind in (
        ("head", area.school.unit, "principal"),
        ("director", area.office, "director"),
    ):
        who = add_person(actor=area.system, title="นาง", first_name=word, last_name="ใจงาม")
        role = Role.objects.get(code=kind)
        appoint(
            actor=area.system, person=who, post=add_post(actor=area.system, unit=unit, kind=kind, title=word, short_title=word, roles=[role])
        )  # fmt: skip
        area.accounts[word] = add_account(actor=area.system, person=who, username=word, password="x")
    return area


def a_round(area, days: int, sheets: tuple[str, ...] = ("students",), number: int = 1) -> Round:
    """An open round due in so many days (past if negative)."""
    made = Round.objects.create(
        title=f"รอบ {number}/2569", school_year=2569, number=number, as_at=date(2026, 11, 10), opens_on=date(2026, 11, 1),
        due_at=timezone.now() + timedelta(days=days), closes_on=date(2027, 1, 30), sheet_codes=list(sheets),
    )  # fmt: skip
    Round.objects.filter(pk=made.pk).update(state="open", opened_at=timezone.now())
    Return.objects.bulk_create(
        Return(round=made, unit=school.unit, sheet=sheet, place=place)
        for school in (area.school, area.other)
        for place, sheet in enumerate(sheets)
    )
    return made


def rows(area, word: str) -> list[tuple[str, bool, bool]]:
    return [(one.verb, one.is_late, one.is_escalated) for one in owed(area.actor(word))]


def test_what_is_due_stands_on_the_clerks_desk_alone(people):
    a_round(people, 10)
    assert rows(people, "clerk") == [("กรอกและยืนยัน", False, False)]
    for word in ("head", "planner", "director", "teacher", "finance"):
        assert rows(people, word) == [], word


def test_near_the_hour_the_area_sees_how_many_are_missing(people):
    a_round(people, 2)
    [row] = owed(people.actor("planner"))
    assert (row.verb, row.title, row.is_late) == ("เตือน", "2 โรงเรียนยังส่งไม่ครบ", False)
    assert rows(people, "director") == []


def test_late_goes_to_the_head_and_long_late_to_the_director(people):
    round_ = a_round(people, -1)
    assert rows(people, "clerk") == [("กรอกและยืนยัน", True, False)]
    assert rows(people, "head") == [("ติดตาม", True, True)]
    assert [row.title for row in owed(people.actor("planner"))] == ["2 โรงเรียนเลยกำหนดส่ง 1 วัน"]
    assert rows(people, "director") == []
    Round.objects.filter(pk=round_.pk).update(due_at=timezone.now() - timedelta(days=4))
    assert rows(people, "director") == [("ดูกระดาน", True, True)]


def test_the_excused_and_those_who_have_handed_in_are_not_chased(people):
    round_ = a_round(people, -5)
    mine = Return.objects.filter(round=round_, unit=people.school.unit)
    mine.update(excused_until=today() + timedelta(days=2), excuse="น้ำท่วม")
    assert rows(people, "head") == []
    assert [row.title for row in owed(people.actor("planner"))] == ["1 โรงเรียนเลยกำหนดส่ง 5 วัน"]
    Return.objects.filter(round=round_).exclude(pk__in=mine).update(state="exempt", reason="ยุบรวม")
    assert owed(people.actor("planner")) == []


def test_what_waits_to_be_certified_is_the_heads_own(people):
    round_ = a_round(people, -1)
    now = timezone.now()
    for state, more in (
        ("entering", {}),
        ("cleared", {"cleared_at": now}),
        ("confirmed", {"confirmed_at": now, "n": 1, "digest": "x"}),
    ):
        Return.objects.filter(round=round_, unit=people.school.unit).update(state=state, **more)
    assert rows(people, "head") == [("รับรอง", True, False)]
    assert rows(people, "clerk") == []


def test_pupils_on_two_rolls_stand_there_too(people):
    child = people.pupil(1)
    here = people.enrolment(child)
    here.pk, here._state.adding, here.school = None, True, people.other
    here.save()
    open_doubles(actor=Actor.system())
    assert rows(people, "clerk") == rows(people, "head") == [("ตกลงกัน", False, False)]
    assert rows(people, "planner") == [], "not before the days have passed"
    Double.objects.update(due_on=today() - timedelta(days=1))
    assert rows(people, "planner") == [("ตกลงกัน", True, False)]
    assert rows(people, "teacher") == rows(people, "finance") == []


@pytest.mark.parametrize("word", ["clerk", "head", "planner", "director"])
def test_the_desk_shows_it_at_the_same_price_for_one_and_for_many(people, client, monkeypatch, word):
    monkeypatch.setattr("khet.base.signin.middleware.needs_second_factor", lambda actor: False)
    client.force_login(people.accounts[word])
    address = "/desk/director/" if word == "director" else "/desk/"
    a_round(people, -5)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        page = client.get(address).content.decode()
    assert "เลยกำหนด" in page
    for number in range(2, 6):
        a_round(people, -5, ("students", "answers", "photos"), number=number)
    with CaptureQueriesContext(connection) as many:
        assert client.get(address).status_code == 200
    assert len(many) == len(one)
    assert len(many) <= 15, [query["sql"][:90] for query in many]


def test_the_directors_desk_tells_how_far_each_open_round_has_come(people, client, monkeypatch):
    monkeypatch.setattr("khet.base.signin.middleware.needs_second_factor", lambda actor: False)
    round_ = a_round(people, 3, ("students", "answers"))
    handed = Return.objects.filter(round=round_)
    now = timezone.now()
    for rows_, states in (
        (handed.filter(unit=people.school.unit), ("entering", "cleared", "confirmed", "certified")),
        (handed.filter(unit=people.other.unit, sheet="students"), ("entering", "cleared", "confirmed")),
    ):
        for state in states:
            more = {"confirmed": {"n": 1, "digest": "x"}}.get(state, {})
            rows_.update(state=state, **({} if state == "entering" else {f"{state}_at": now}), **more)
    client.force_login(people.accounts["director"])
    page = client.get(reverse("desk:director")).content.decode()
    assert round_.title in page and "ผอ. รับรอง 1/2" in page and "ยังขาด" not in page
    Round.objects.filter(pk=round_.pk).update(due_at=timezone.now() - timedelta(days=2))
    page = client.get(reverse("desk:director")).content.decode()
    assert "ยังขาด 1 โรงเรียน" in page
    handed.update(excused_until=today() + timedelta(days=1))
    assert "ยังขาด" not in client.get(reverse("desk:director")).content.decode(), "the office gave them longer"
