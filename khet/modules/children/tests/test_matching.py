"""Where every child stands in a school year, set against the rolls; which cases open and close by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from khet.base.lib.errors import Forbidden
from khet.base.notices.models import Notice
from khet.base.org.api import today
from khet.modules.children.actions import match, record_elsewhere
from khet.modules.children.models import Case, Child, Standing
from khet.modules.children.queries.children import now_year
from khet.modules.schools.actions import serve_villages
from khet.modules.students.models import Enrolment, Pupil


def test_each_child_stands_where_the_rolls_say(area):
    here, there, none = area.child(1), area.child(2), area.child(3)
    small, old = area.child(4, age=5), area.child(5, age=17)
    moved = area.child(6, registered="moved")
    area.pupil(1)
    area.pupil(2, area.other)
    area.match()
    states = {child: area.state(child) for child in (here, there, none, small, old, moved)}
    assert states == {
        here: "service",
        there: "area",
        none: "none",
        small: "young",
        old: "over",
        moved: "gone",
    }
    here.refresh_from_db()
    assert (here.at_school, here.at_grade, here.state, here.state_year) == (
        area.school,
        "p3",
        "service",
        now_year(),
    )


@pytest.mark.parametrize(("age", "state"), [(6, "young"), (7, "none"), (15, "none"), (16, "over")])
def test_compulsory_age_is_from_the_seventh_year_up_to_the_sixteenth(area, age, state):
    assert area.state(area.child(1, age=age)) == state


def test_whoever_passed_the_ninth_class_is_done(area):
    child = area.child(1, age=15)
    pupil = area.pupil(1, area.other, age=15, grade="m3")
    Enrolment.objects.filter(pupil=pupil).update(
        school_year=now_year() - 1, outcome="graduated", state="studying"
    )
    area.match()
    assert area.state(child) == "done"
    assert not Case.objects.filter(child=child, closed_at=None).exists()


def test_matching_twice_changes_nothing(area):
    area.child(1)
    area.child(2)
    area.pupil(1)
    area.match()
    before = list(Standing.objects.values_list("child", "state", "school")), Case.objects.count()
    again = area.match()
    assert (again["changed"], again["opened"], again["closed"]) == (0, 0, 0)
    assert (list(Standing.objects.values_list("child", "state", "school")), Case.objects.count()) == before


def test_a_child_in_no_school_gets_one_case_that_closes_when_it_is_enrolled(area):
    child = area.child(1)
    case = area.case(child)
    assert (case.cause, case.school, case.state, case.next_step) == (
        "no_school",
        area.school,
        "tracing",
        "visit",
    )
    assert case.due_on > today()
    area.match()
    assert Case.objects.count() == 1
    area.pupil(1)
    assert area.match()["closed"] == 1
    case.refresh_from_db()
    assert (case.outcome, bool(case.closed_by)) == ("back", True)


def test_the_responsible_school_is_told(area):
    area.child(1)
    told = set(
        Notice.objects.filter(event__startswith="children.opened").values_list(
            "person__first_name", flat=True
        )
    )
    assert told == {"principal", "clerk", "teacher"}


def test_a_pupil_who_left_gets_the_same_kind_of_case(area):
    pupil = area.pupil(7)
    Enrolment.objects.update(state="resigned", leave_reason="income")
    Pupil.objects.update(state="resigned")
    area.match()
    case = Case.objects.get()
    assert (case.child, case.pupil, case.cause, case.reason, case.school) == (
        None,
        pupil,
        "left",
        "income",
        area.school,
    )
    Enrolment.objects.update(state="studying")
    Pupil.objects.update(state="studying")
    area.match()
    case.refresh_from_db()
    assert case.outcome == "back"


def test_a_leaver_who_is_a_child_of_the_area_has_one_case_with_both(area):
    pupil, child = area.pupil(1), area.child(1)
    assert not Case.objects.exists()
    Enrolment.objects.update(state="traced")
    Pupil.objects.update(state="traced")
    area.match()
    case = Case.objects.get()
    assert (case.child, case.pupil, case.cause) == (child, pupil, "left")


def test_a_graduate_or_an_adult_is_not_traced(area):
    area.pupil(1)
    area.pupil(2, age=19)
    Pupil.objects.filter(first_name="ดารา1").update(state="graduated")
    Pupil.objects.filter(first_name="ดารา2").update(state="resigned")
    Enrolment.objects.filter(pupil__first_name="ดารา2").update(state="resigned")
    area.match()
    assert not Case.objects.exists()


def test_evidence_of_a_person_holds_until_a_roll_says_otherwise(area):
    child = area.child(1)
    record_elsewhere(
        actor=area.actor("clerk"),
        children=[child],
        state="private",
        place="โรงเรียนดรุณี",
        evidence="หนังสือรับรอง 12/2569",
    )
    area.match()
    assert area.state(child) == "private"
    assert area.case(child).outcome == "elsewhere"
    area.pupil(1)
    area.match()
    held = Standing.objects.get(child=child, school_year=now_year())
    assert (held.state, held.is_by_hand) == ("service", False)


def test_last_year_is_told_from_last_years_rolls(area):
    child, pupil = area.child(1), area.pupil(1)
    Enrolment.objects.filter(pupil=pupil).update(school_year=now_year() - 1, term=2)
    match(actor=area.system, school_year=now_year() - 1)
    area.match()
    assert dict(Standing.objects.filter(child=child).values_list("school_year", "state")) == {
        now_year() - 1: "service", now_year(): "none",
    }  # fmt: skip
    child.refresh_from_db()
    assert child.state_year == now_year()


def test_a_village_tells_the_school_and_follows_its_service_area(area):
    child, far = area.child(1), area.child(2, moo="19")
    assert (child.village, child.school, far.village, far.school) == (
        area.villages[1],
        area.school,
        None,
        None,
    )
    serve_villages(actor=area.system, school=area.other, villages=[area.villages[1]])
    area.match()
    child.refresh_from_db()
    assert child.school == area.other


def test_from_thirteen_on_the_school_of_lower_secondary_is_responsible(area):
    serve_villages(
        actor=area.system,
        school=area.other,
        villages=[area.villages[1]],
        level="lower",
        since_year=now_year() - 1,
    )
    young, old = area.child(1, age=12), area.child(2, age=13)
    assert (young.school, old.school) == (area.school, area.other)


@pytest.mark.parametrize("text", ["1", "หมู่ที่ 1", "ม.1", "๑", "01"])
def test_the_number_of_a_village_is_read_as_people_write_it(area, text):
    assert area.child(1, moo=text).village == area.villages[1]


def test_only_the_planner_matches(area):
    assert match(actor=area.actor("planner"))["children"] == 0
    for word in ("clerk", "finance"):
        with pytest.raises(Forbidden):
            match(actor=area.actor(word))


def test_the_number_of_statements_does_not_follow_the_number_of_children(area, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            area.match()
        return len(queries)

    area.child(1)
    one = asked()
    for number in range(2, 8):
        area.child(number)
    assert asked() == one
    assert Child.objects.count() == 7
    assert today() + timedelta(days=14) < Case.objects.first().due_on
