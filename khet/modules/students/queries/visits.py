"""Proof of existence: drawing lots that anybody can draw again, and how far the visits have come."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from khet.base.org.api import Actor, visible
from khet.modules.schools.api import School
from khet.modules.schools.choices import Grade
from khet.modules.students.choices import VisitResult
from khet.modules.students.models import Draw, Visit
from khet.modules.students.queries.rolls import ROLL, STUDYING

Roll = dict[str, dict[str, list[int]]]
"""School → grade → pupils; keys are text, as JSON keeps them."""
ORDER = {grade.value: place for place, grade in enumerate(Grade)}


def roll_of(school_year: int, term: int, as_at: Any, unit_ids: Iterable[int] | None = None) -> Roll:
    """Who may be drawn: the pupils that the sheet of the round counts. Unscoped: for the verb."""
    units = list(unit_ids) if unit_ids is not None else None
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT school_id::text, jsonb_object_agg(grade, pupils) FROM (
                  SELECT e.school_id, e.grade, jsonb_agg(e.pupil_id ORDER BY e.pupil_id) AS pupils
                    FROM {ROLL} WHERE {STUDYING} AND (%s::bigint[] IS NULL OR s.unit_id = ANY(%s)) GROUP BY 1, 2) q GROUP BY 1""",
            [school_year, term, as_at, units, units],
        )
        return {
            school: json.loads(grades) if isinstance(grades, str) else grades
            for school, grades in cursor.fetchall()
        }


def lot(seed: str, kind: str, number: int | str) -> str:
    """The lot of one pupil or school: SHA-256 of seed, kind and id. Whoever has the lowest is drawn."""
    return sha256(f"{seed}:{kind}:{number}".encode()).hexdigest()


def drawn(
    roll: Roll, seed: str, *, share: int, least: int, schools: int = 0
) -> dict[str, list[tuple[str, int]]]:
    """School → [(grade, pupil), …] drawn from a roll: always the same for the same roll and seed.

    ``schools`` of them by lot (0: all). In each ``share`` per cent of the pupils, rounded up, at least ``least``, shared
    out over the grades by their size (largest remainder, the lower grade first), so that every part of the school is looked at.
    """
    chosen = sorted(roll, key=lambda pk: lot(seed, "school", pk))[: schools or None]
    found = {}
    for school in sorted(chosen, key=int):
        grades = roll[school]
        whole = sum(map(len, grades.values()))
        wanted = min(max(-(-whole * share // 100), least), whole)
        picked = []
        for grade, n in sorted(
            portions({g: len(ids) for g, ids in grades.items()}, wanted).items(),
            key=lambda one: ORDER[one[0]],
        ):
            ranked = sorted(grades[grade], key=lambda pk: lot(seed, "pupil", pk))
            picked += [(grade, pk) for pk in ranked[:n]]
        found[school] = picked
    return found


def portions(sizes: dict[str, int], wanted: int) -> dict[str, int]:
    """``wanted`` shared out by size: whole parts first, the rest to the largest remainders."""
    whole = sum(sizes.values())
    exact = {grade: wanted * n / whole for grade, n in sizes.items()}
    parts = {grade: int(value) for grade, value in exact.items()}
    rest = sorted(exact, key=lambda grade: (-(exact[grade] - parts[grade]), ORDER[grade]))
    for grade in rest[: wanted - sum(parts.values())]:
        parts[grade] += 1
    return parts


def is_repeated(draw: Draw) -> bool:
    """Draw again from what is kept and compare with who was drawn."""
    again = drawn(draw.roll, draw.seed, share=draw.share, least=draw.least, schools=draw.schools)
    expected = {(int(school), pupil) for school, rows in again.items() for _grade, pupil in rows}
    return expected == set(Visit.objects.filter(draw=draw).values_list("school_id", "pupil_id"))


COUNTS = {
    "n": Count("pk"),
    "seen": Count("pk", filter=Q(result=VisitResult.SEEN)),
    "absent": Count("pk", filter=Q(result=VisitResult.ABSENT)),
    "not_found": Count("pk", filter=Q(result=VisitResult.NOT_FOUND)),
    "left": Count("pk", filter=Q(result="")),
}


def draws(actor: Actor) -> QuerySet[Draw]:
    """Drawings with their counts, the newest first; without the roll."""
    counts = {name: Count("visits", filter=Q(visits__result=value)) for name, value in (("seen", "seen"), ("absent", "absent"), ("not_found", "not_found"), ("left", ""))}  # fmt: skip
    return visible(actor, Draw.objects.defer("roll")).select_related("round").annotate(**counts)


def visits(actor: Actor, draw: Draw) -> QuerySet[Visit]:
    return visible(actor, Visit.objects.filter(draw=draw)).select_related("pupil", "school")


@dataclass
class Summary:
    """One drawing: the whole and every school, those with somebody missing first, then the unfinished."""

    whole: dict[str, int]
    schools: list[dict[str, Any]] = field(default_factory=list)


def summary(actor: Actor, draw: Draw) -> Summary:
    """Three queries, whatever the number of schools."""
    rows = visible(actor, Visit.objects.filter(draw=draw)).order_by()
    whole = rows.aggregate(**COUNTS)
    by_school = {row["school"]: row for row in rows.values("school").annotate(**COUNTS)}
    for school in School.objects.filter(pk__in=by_school).select_related("unit").order_by("sort_name"):
        by_school[school.pk]["school"] = school
    listed = sorted(
        by_school.values(), key=lambda row: (-row["not_found"], row["left"] == 0, row["school"].sort_name)
    )
    return Summary(whole, listed)
