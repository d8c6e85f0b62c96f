"""Villages and who serves them, for many children at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

# From this age on (by calendar years) a child belongs to the school that serves the village at ม.ต้น, where there is one.
LOWER_SECONDARY_FROM = 13


@dataclass(frozen=True)
class Serving:
    """The school that serves a village at a level."""

    school: int
    unit: int
    name: str


def serving(villages: Iterable[int], year: int) -> dict[tuple[int, str], Serving]:
    """(village, level) → the school that serves it in a school year. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT v.village_id, v.level, s.id, s.unit_id, s.name FROM schools_servicevillage v JOIN schools_school s ON s.id = v.school_id
                WHERE v.village_id = ANY(%s) AND v.since_year <= %s AND (v.until_year IS NULL OR v.until_year >= %s)""",
            [list(villages), year, year],
        )
        return {(village, level): Serving(*rest) for village, level, *rest in cursor.fetchall()}


def service_school(found: dict[tuple[int, str], Serving], village: int | None, age: int) -> Serving | None:
    """The school of a child of this village and age."""
    if village is None:
        return None
    lower = found.get((village, "lower")) if age >= LOWER_SECONDARY_FROM else None
    return lower or found.get((village, "primary"))
