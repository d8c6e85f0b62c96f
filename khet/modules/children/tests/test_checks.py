"""Each rule sees its planted fault, and nothing in a child as it should be; the sheet counts what the page counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from khet.base.lib.thai.calendar import school_term
from khet.base.org.api import today
from khet.kits.rounds.api import census_of, findings_of, sheets, totals_of
from khet.kits.rounds.bases import Scope, checks
from khet.modules.children.models import Case, Child, Standing
from khet.modules.children.queries.children import now_year

OURS = [found.code for found in checks if found.code.startswith("children.")]


@pytest.fixture
def good(area) -> Child:
    area.pupil(1)
    child = area.child(1)
    area.match()
    return child


def scope(units=None) -> Scope:
    return Scope(unit_ids=units, school_year=now_year(), term=school_term(today()), as_at=today())


def found(code: str, units=None) -> list[int]:
    return [row["subject_id"] for row in findings_of(checks[f"children.{code}"], scope(units))]


def test_nothing_is_wrong_with_a_child_as_it_should_be(good):
    assert len(OURS) >= 4
    assert {code: found(code.removeprefix("children.")) for code in OURS} == {code: [] for code in OURS}


PLANTED = {
    "no_school": lambda c: Standing.objects.update(state="none"),
    "wrong_number": lambda c: Child.objects.update(is_valid=False),
    "no_number": lambda c: Child.objects.update(fingerprint=""),
    "not_in_extract": lambda c: Child.objects.update(registered="missing"),
    "no_place": lambda c: Standing.objects.update(state="private", is_by_hand=True, place=""),
    "no_village": lambda c: Child.objects.update(school=None, village=None),
}


@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_fault_is_found_at_its_school(area, good, code):
    PLANTED[code](good)
    assert found(code) == [good.pk]
    assert found(code, [area.school.unit_id]) == [good.pk]
    assert found(code, [area.other.unit_id]) == []


def test_one_child_under_two_numbers(area, good):
    area.child(2, first_name="ดารา1")
    area.child(3)
    assert len(found("twice")) == 2
    Child.objects.filter(pk=good.pk).update(registered="moved")
    Standing.objects.filter(child=good).update(state="gone")
    assert found("twice") == []


def test_a_case_nobody_has_touched_for_thirty_days(area):
    case = area.case(area.child(2))
    assert found("quiet_case") == []
    Case.objects.update(opened_at=timezone.now() - timedelta(days=31), due_on=None)
    assert found("quiet_case") == [case.pk]
    Case.objects.update(due_on=today() + timedelta(days=3))
    assert found("quiet_case") == []
    Case.objects.update(due_on=None, visited_on=today() - timedelta(days=29))
    assert found("quiet_case") == []


def test_the_sheet_and_its_censuses_count_every_child_once(area, good):
    area.child(2)
    area.child(3, age=5)
    area.child(4, registered="moved")
    sheet = sheets["children"]
    totals = {row["position"]: row["n"] for row in totals_of(sheet, scope())}
    assert totals == {0: 3, 1: 2, 2: 1, 4: 1, 5: 1}
    assert sheet.yearly
    for table in sheet.census[:2]:
        assert sum(row["children"] for row in census_of(table, scope())) == 3, table.code
    assert [(row["cause"], row["cases"]) for row in census_of(sheet.census[2], scope())] == [("no_school", 1)]
