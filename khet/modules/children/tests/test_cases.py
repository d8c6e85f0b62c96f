"""Tracing: opened by a report, visited, planned, closed, opened again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.org.api import today
from khet.modules.children.actions import close_case, open_case, plan_step, reopen_case, visit
from khet.modules.children.models import Case, Visit

SOON = timedelta(days=7)


@pytest.fixture
def case(area) -> Case:
    return area.case(area.child(1))


def visited(area, case, who="teacher", **given):
    values = {
        "visited_on": today(), "way": "home", "state": "found", "reason": "income", "note": "พบยายที่บ้าน", "next_step": "support",
        "due_on": today() + SOON, **given,
    }  # fmt: skip
    return visit(actor=area.actor(who), case=case, **values)


def test_a_visit_is_added_and_its_word_stands_on_the_case(area, case):
    visited(area, case)
    case.refresh_from_db()
    assert (case.state, case.reason, case.next_step, case.due_on, case.visits_count) == (
        "found",
        "income",
        "support",
        today() + SOON,
        1,
    )
    visited(area, case, visited_on=today() - timedelta(days=20), state="not_found", reason="")
    case.refresh_from_db()
    assert (case.state, case.visits_count) == ("found", 2)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"visited_on": today() + SOON}, "visited_on"),
        ({"way": "telepathy"}, "way"),
        ({"state": ""}, "state"),
        ({"state": "nothing_such"}, "state"),
        ({"reason": "nothing_such"}, "reason"),
        ({"due_on": None}, "due_on"),
        ({"next_step": ""}, "next_step"),
        ({"due_on": today() - SOON}, "due_on"),
    ],
)
def test_a_visit_that_cannot_be_is_refused_at_its_field(area, case, wrong, field):
    with pytest.raises(Refusal) as why:
        visited(area, case, **wrong)
    assert why.value.field == field
    assert not Visit.objects.exists()


def test_another_school_and_the_office_without_the_right_do_not_visit(area, case):
    for who in ("other_clerk", "finance"):
        with pytest.raises(Forbidden):
            visited(area, case, who)


def test_the_next_step_is_planned_anew(area, case):
    plan_step(actor=area.actor("clerk"), case=case, next_step="call", due_on=today() + SOON)
    case.refresh_from_db()
    assert (case.next_step, case.due_on, case.visits_count) == ("call", today() + SOON, 0)
    with pytest.raises(Refusal):
        plan_step(actor=area.actor("clerk"), case=case, next_step="", due_on=today() + SOON)
    with pytest.raises(Forbidden):
        plan_step(actor=area.actor("other_clerk"), case=case, next_step="call", due_on=today() + SOON)


def test_closing_says_why_and_is_not_for_what_a_roll_must_prove(area, case):
    clerk = area.actor("clerk")
    for outcome in ("back", "done"):
        with pytest.raises(Refusal):
            close_case(actor=clerk, case=case, outcome=outcome, note="กลับมาเรียนแล้ว")
    with pytest.raises(Refusal):
        close_case(actor=clerk, case=case, outcome="unwilling", note="ไม่ประสงค์จะเรียน")
    visited(area, case)
    with pytest.raises(Refusal):
        close_case(actor=clerk, case=case, outcome="unwilling", note="")
    with pytest.raises(Forbidden):
        close_case(actor=area.actor("other_clerk"), case=case, outcome="unwilling", note="ไม่ประสงค์จะเรียน")
    close_case(actor=clerk, case=case, outcome="unwilling", note="ไม่ประสงค์จะเรียน")
    case.refresh_from_db()
    assert (case.outcome, case.is_open) == ("unwilling", False)
    with pytest.raises(Conflict):
        visited(area, case)
    area.match()
    assert Case.objects.count() == 1, "what a person ended this year is not opened again by itself"


def test_a_closed_case_is_opened_again_once(area, case):
    clerk = area.actor("clerk")
    with pytest.raises(Conflict):
        reopen_case(actor=clerk, case=case, reason="พบตัวเด็กอีกครั้ง")
    close_case(actor=clerk, case=case, outcome="mistake", note="คนละคนกัน")
    with pytest.raises(Refusal):
        reopen_case(actor=clerk, case=case, reason="")
    with pytest.raises(Forbidden):
        reopen_case(actor=area.actor("finance"), case=case, reason="พบตัวเด็กอีกครั้ง")
    reopen_case(actor=clerk, case=case, reason="พบตัวเด็กอีกครั้ง")
    case.refresh_from_db()
    assert case.is_open
    assert case.due_on > today()


def test_a_report_opens_a_case_of_a_child_or_a_former_pupil_once(area, case):
    small = area.child(2, age=5)
    made = open_case(actor=area.actor("clerk"), child=small, reason="family_need")
    assert (made.cause, made.school, made.reason) == ("reported", area.school, "family_need")
    with pytest.raises(Conflict):
        open_case(actor=area.actor("clerk"), child=small)
    with pytest.raises(Conflict):
        open_case(actor=area.system, child=case.child)
    pupil = area.pupil(7)
    assert open_case(actor=area.actor("teacher"), pupil=pupil).pupil == pupil
    with pytest.raises(Forbidden):
        open_case(actor=area.actor("other_clerk"), child=area.child(3, age=5))
    with pytest.raises(Refusal):
        open_case(actor=area.system)
