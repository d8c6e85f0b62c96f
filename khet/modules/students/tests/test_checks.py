"""Each rule sees its planted fault, and nothing in a class that is as it should be."""

from __future__ import annotations

from datetime import date

import pytest

from khet.base.lib.thai.calendar import school_term, school_year
from khet.base.org.api import today
from khet.kits.rounds.api import findings_of
from khet.kits.rounds.bases import Scope, checks
from khet.modules.students.models import Enrolment, Guardian, Pupil, PupilId

OURS = [found.code for found in checks if found.code.startswith("students.")]


@pytest.fixture
def good(area) -> Pupil:
    this = school_year(today())
    pupil = area.pupil(1, grade="p2", born_on=date(this - 543 - 8, 3, 1))
    Enrolment.objects.update(weight="24.5", height="124.0", student_no="00001")
    Guardian.objects.create(pupil=pupil, role="mother", first_name="มาลี", last_name="ใจดี")
    return pupil


def found(code: str) -> list[int]:
    scope = Scope(unit_ids=None, school_year=school_year(today()), term=school_term(today()), as_at=today())
    return [row["subject_id"] for row in findings_of(checks[f"students.{code}"], scope)]


def test_nothing_is_wrong_with_a_pupil_as_it_should_be(good):
    assert {code: found(code.removeprefix("students.")) for code in OURS} == {code: [] for code in OURS}


PLANTED = {
    "number": lambda p: PupilId.objects.update(is_valid=False),
    "no_number": lambda p: PupilId.objects.all().delete(),
    "grade": lambda p: Enrolment.objects.update(grade="m2"),
    "age": lambda p: Enrolment.objects.update(grade="p6"),
    "no_birthday": lambda p: Pupil.objects.update(born_on=None),
    "born_late": lambda p: Enrolment.objects.update(entered_on=date(2000, 1, 1)),
    "no_sex": lambda p: Pupil.objects.update(sex=""),
    "not_measured": lambda p: Enrolment.objects.update(weight=None),
    "measures": lambda p: Enrolment.objects.update(weight="124.5"),
    "own_parent": lambda p: Guardian.objects.update(fingerprint=PupilId.objects.get().fingerprint),
    "no_guardian": lambda p: Guardian.objects.all().delete(),
    "rooms": lambda p: Enrolment.objects.update(room=3),
    "not_released": lambda p: Enrolment.objects.update(unreleased="ขาดเรียนนาน"),
}


@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_fault_is_found(good, code):
    PLANTED[code](good)
    assert found(code) == [good.pk]


def test_a_grade_is_told_in_words(area, good):
    Enrolment.objects.update(room=3)
    scope = Scope(unit_ids=None, school_year=school_year(today()), term=school_term(today()), as_at=today())
    [row] = findings_of(checks["students.rooms"], scope)
    assert row["facts"]["grade"] == "ป.2"


def test_faults_between_pupils(area, good):
    born = good.born_on
    twin = area.pupil(2, grade="p2", first_name="ดารา1", born_on=born)
    Enrolment.objects.filter(pupil=twin).update(student_no="00001")
    assert sorted(found("twins")) == sorted(found("student_no")) == [good.pk, twin.pk]
    here = Enrolment.objects.get(pupil=good)
    Enrolment.objects.create(
        pupil=good, school=area.other, school_year=here.school_year, term=here.term, grade="p2", entered_on=here.entered_on
    )  # fmt: skip
    assert found("two_schools") == [good.pk, good.pk]


def test_a_class_of_more_than_45_and_a_pupil_who_vanished(area, good):
    here = Enrolment.objects.get(pupil=good)
    for number in range(10, 56):
        area.pupil(number, grade="p2")
    assert len(found("class_size")) == 1
    before = (here.school_year, 1) if here.term == 2 else (here.school_year - 1, 2)
    gone = area.pupil(99)
    Enrolment.objects.filter(pupil=gone).update(school_year=before[0], term=before[1])
    assert found("vanished") == [gone.pk]


def test_every_rule_has_its_test():
    between = {
        "twins",
        "student_no",
        "two_schools",
        "class_size",
        "vanished",
        "not_found",
    }  # the last with the visits
    assert {code.removeprefix("students.") for code in OURS} == set(PLANTED) | between
