"""The year's end: dry run, promotion in bulk, undone while not locked."""

from __future__ import annotations

from datetime import date

import pytest

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.modules.students.actions import decide, lock_year, open_year_end, promote, undo
from khet.modules.students.models import Enrolment, Promotion

YEAR = 2568
ENDS = date(2026, 3, 31)


@pytest.fixture
def pupils(area):
    """Second class, sixth class (the school's last), one to repeat, one to leave; and one of the other school."""
    made = [
        area.pupil(1, grade="p2"),
        area.pupil(2, grade="p6"),
        area.pupil(3, grade="p3"),
        area.pupil(4, grade="p4"),
        area.pupil(5, area.other, grade="p6"),
    ]
    area.second_term(made, YEAR)
    return made


def state(pupil, year):
    return list(
        Enrolment.objects.filter(pupil=pupil, school_year=year).values_list(
            "grade", "term", "state", "outcome"
        )
    )


def test_promoted_repeated_graduated_and_left(area, pupils):
    clerk = area.actor("clerk")
    year = open_year_end(actor=area.actor("planner"), school_year=YEAR, ends_on=ENDS)
    repeats, leaves = (area.enrolment(pupils[n]) for n in (2, 3))
    decide(actor=clerk, enrolments=[repeats.pk], outcome="repeated")
    with pytest.raises(Refusal):
        decide(actor=clerk, enrolments=[leaves.pk], outcome="left")
    decide(actor=clerk, enrolments=[leaves.pk], outcome="left", reason="moved")
    run = promote(actor=area.actor("planner"), year_end=year)
    assert run.counts["made"] == 3
    assert state(pupils[0], YEAR) == [("p2", 2, "studying", "passed")]
    assert state(pupils[0], YEAR + 1) == [("p3", 1, "studying", "")]
    assert state(pupils[1], YEAR) == [("p6", 2, "graduated", "graduated")], "the last class of this school"
    assert state(pupils[1], YEAR + 1) == []
    assert state(pupils[2], YEAR + 1) == [("p3", 1, "studying", "")]
    assert state(pupils[3], YEAR) == [("p4", 2, "resigned", "left")]
    assert state(pupils[4], YEAR + 1) == [("m1", 1, "studying", "")], (
        "the other school goes on to the third of secondary"
    )


def test_undone_everything_is_as_before(area, pupils):
    planner = area.actor("planner")
    before = list(Enrolment.objects.order_by("pk").values_list("pk", "state", "outcome", "left_on"))
    year = open_year_end(actor=planner, school_year=YEAR, ends_on=ENDS)
    run = promote(actor=planner, year_end=year)
    with pytest.raises(Conflict):
        promote(actor=planner, year_end=year)
    undo(actor=planner, run=run, reason="กดก่อนประกาศผล")
    assert list(Enrolment.objects.order_by("pk").values_list("pk", "state", "outcome", "left_on")) == before
    with pytest.raises(Conflict):
        undo(actor=planner, run=run, reason="กดก่อนประกาศผล")
    assert promote(actor=planner, year_end=year).counts["made"] == 4


def test_what_was_touched_or_locked_is_not_undone(area, pupils):
    planner = area.actor("planner")
    year = open_year_end(actor=planner, school_year=YEAR, ends_on=ENDS)
    with pytest.raises(Conflict):
        lock_year(actor=planner, year_end=year)
    one = promote(actor=area.actor("clerk"), year_end=year, school=area.school)
    made = Enrolment.objects.filter(made_by=one).first()
    made.left_on = date(2026, 6, 1)
    made.save()
    with pytest.raises(Conflict):
        undo(actor=planner, run=one, reason="กดก่อนประกาศผล")
    rest = promote(actor=planner, year_end=year)
    assert rest.counts["made"] == 1, "the school that promoted itself is passed over"
    lock_year(actor=planner, year_end=year)
    with pytest.raises(Conflict):
        undo(actor=planner, run=rest, reason="กดก่อนประกาศผล")


def test_who_may_not(area, pupils):
    with pytest.raises(Forbidden):
        open_year_end(actor=area.actor("clerk"), school_year=YEAR, ends_on=ENDS)
    year = open_year_end(actor=area.actor("planner"), school_year=YEAR, ends_on=ENDS)
    for word, school in (("clerk", None), ("other_clerk", area.school), ("teacher", area.school)):
        with pytest.raises(Forbidden):
            promote(actor=area.actor(word), year_end=year, school=school)
    with pytest.raises(Refusal):
        decide(
            actor=area.actor("clerk"),
            enrolments=[area.enrolment(pupils[4], area.other).pk],
            outcome="repeated",
        )
    assert not Promotion.objects.exists()


def test_the_page_tells_what_will_become_and_does_it(area, pupils, client):
    open_year_end(actor=area.actor("planner"), school_year=YEAR, ends_on=ENDS)
    client.force_login(area.accounts["clerk"])
    page = f"/students/years/{YEAR}/"
    words = client.get(page).content.decode()
    assert "วัดเกาะกลางธาราม" not in words
    assert client.post(page, {"act": "promote", "school": area.other.pk}).status_code == 404
    assert client.post(page, {"act": "promote", "school": area.school.pk}).status_code == 302
    run = Promotion.objects.get()
    assert run.school_id == area.school.pk
    assert client.post(page, {"act": "undo", "run": run.pk, "reason": "กดผิดโรงเรียน"}).status_code == 302
    run.refresh_from_db()
    assert run.undone_at
    assert client.post(page, {"act": "lock"}).status_code in (302, 403)
    run.year_end.refresh_from_db()
    assert run.year_end.locked_at is None
