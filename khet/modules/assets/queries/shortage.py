"""What schools have against what the criteria ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count

from khet.base.lib.thai.calendar import school_term, school_year
from khet.base.org.api import Unit, today
from khet.modules.assets.choices import Need
from khet.modules.assets.models import Criterion
from khet.modules.schools.api import School
from khet.modules.students.api import present


@dataclass
class Line:
    """One need of one school; ``wanted`` is None where no criterion fits or the pupils are not known."""

    unit: Unit
    school: School
    pupils: int | None
    need: str
    wanted: int | None
    actual: int

    @property
    def gap(self) -> int | None:
        """What is over (positive) or short (negative)."""
        return None if self.wanted is None else self.actual - self.wanted

    @property
    def short(self) -> int:
        return max(-(self.gap or 0), 0)

    @property
    def over(self) -> int:
        return max(self.gap or 0, 0)


def pupils_of(schools: Iterable[School], day: date | None = None) -> dict[int, int | None]:
    """Unit id → pupils on the roll in the term of a day; where a school has no enrolments yet, those of the register
    of schools. One query."""
    day = day or today()
    counted = dict(
        present(school_year(day), school_term(day))
        .order_by()
        .values_list("school_id")
        .annotate(Count("pupil", distinct=True))
    )
    return {school.unit_id: counted.get(school.pk, school.pupils) for school in schools}


def criteria_on(day: date | None = None) -> dict[str, list[Criterion]]:
    """Need → rows in force on a day: those of the latest date not after it."""
    day = day or today()
    found: dict[str, list[Criterion]] = {}
    for row in Criterion.objects.filter(since__lte=day).order_by("need", "-since", "low"):
        rows = found.setdefault(row.need, [])
        if not rows or rows[0].since == row.since:
            rows.append(row)
    return found


def wanted(rows: Iterable[Criterion], pupils: int | None) -> int | None:
    """How many a school with so many pupils should have; None where nothing says so."""
    if pupils is None:
        return None
    for row in rows:
        if row.low <= pupils <= row.high:
            return row.fixed + (-(-pupils // row.per) if row.per else 0)
    return None


_ACTUAL = """
SELECT unit_id, coalesce(sum(rooms_plan) FILTER (WHERE kind = '01'), 0),
       coalesce(sum(seats) FILTER (WHERE kind = '05'), 0), count(*) FILTER (WHERE kind = '03')
  FROM assets_building
 WHERE standing <> 'demolished' AND condition <> 'poor' AND unit_id = ANY(%s::bigint[])
 GROUP BY unit_id
"""


def actual_of(unit_ids: list[int]) -> dict[int, dict[str, int]]:
    """Unit id → what stands and is not dilapidated: rooms of classroom buildings, toilet seats, teachers' houses."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTUAL, [unit_ids])
        return {
            unit: {Need.CLASSROOM: int(rooms), Need.TOILET: int(seats), Need.HOUSE: int(houses)}
            for unit, rooms, seats, houses in cursor.fetchall()
        }


def shortage(schools: Iterable[School], day: date | None = None) -> list[Line]:
    """Every need of every school given (with ``unit`` loaded). Three queries."""
    schools = list(schools)
    rows, stands, pupils = criteria_on(day), actual_of([s.unit_id for s in schools]), pupils_of(schools, day)
    return [
        Line(
            school.unit,
            school,
            pupils[school.unit_id],
            need,
            wanted(rows.get(need, ()), pupils[school.unit_id]),
            stands.get(school.unit_id, {}).get(need, 0),
        )
        for school in schools
        for need in Need.values
    ]
