"""The day of retirement, in Python and in the database, on the edges of the rule."""

from __future__ import annotations

from datetime import date

import pytest

from khet.modules.staff.ages import retirement_day, years_between
from khet.modules.staff.models import Official

EDGES = [
    (date(1966, 1, 1), date(2026, 9, 30)),
    (date(1966, 9, 30), date(2026, 9, 30)),
    (date(1966, 10, 1), date(2026, 9, 30)),
    (date(1966, 10, 2), date(2027, 9, 30)),
    (date(1966, 11, 1), date(2027, 9, 30)),
    (date(1966, 12, 31), date(2027, 9, 30)),
    (date(1968, 2, 29), date(2028, 9, 30)),
]


@pytest.mark.parametrize(("born", "last"), EDGES)
def test_the_rule(born, last):
    assert retirement_day(born) == last


def test_the_database_computes_the_same(area):
    official = area.officials["teacher"]
    for born, last in EDGES:
        Official.objects.filter(pk=official.pk).update(born_on=born)
        official.refresh_from_db()
        assert official.retires_on == last, born
    Official.objects.filter(pk=official.pk).update(born_on=None)
    official.refresh_from_db()
    assert official.retires_on is None


def test_whole_years():
    assert years_between(date(1966, 10, 2), date(2026, 10, 1)) == 59
    assert years_between(date(1966, 10, 2), date(2026, 10, 2)) == 60
