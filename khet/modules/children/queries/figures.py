"""How many children of which age stand where: of a school, of the area, school by school. One query each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from khet.modules.children.choices import AT_SCHOOL, FROM, OVER, State
from khet.modules.children.models import Standing

YOUNGEST, OLDEST = 3, 17
# The columns of the table, in their order: states that are spoken of together.
COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("service", (State.SERVICE,)),
    ("area", (State.AREA,)),
    ("outside", (State.OUTSIDE, State.PRIVATE, State.VOCATIONAL, State.NONFORMAL, State.HOME)),
    ("exempt", (State.EXEMPT,)),
    ("none", (State.NONE,)),
    ("other", (State.YOUNG, State.DONE, State.OVER)),
)


@dataclass
class Line:
    """One age, or one school: how many in each column."""

    key: int | None
    label: str
    counts: Counter[str] = field(default_factory=Counter)
    compulsory: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def cells(self) -> list[int]:
        return [sum(self.counts[state] for state in states) for _code, states in COLUMNS]

    @property
    def bound(self) -> int:
        """Children of compulsory age who are not through with it."""
        return sum(n for state, n in self.compulsory.items() if state != State.DONE)

    @property
    def at_school(self) -> int:
        return sum(self.compulsory[state] for state in AT_SCHOOL)

    @property
    def none(self) -> int:
        return self.compulsory[State.NONE]

    @property
    def rate(self) -> float | None:
        """Of those of compulsory age, how many per cent are at school anywhere."""
        return 100 * self.at_school / self.bound if self.bound else None


@dataclass
class Figures:
    """Ages and schools of one school year; ``whole`` is both summed up."""

    year: int
    ages: list[Line]
    schools: list[Line]
    whole: Line
    unplaced: int


def figures(standings: QuerySet[Standing], year: int) -> Figures:
    """``standings`` are those the reader sees; children who moved away or died do not count."""
    rows = (
        standings.filter(school_year=year)
        .exclude(state=State.GONE)
        .order_by()
        .values_list(
            "child__school_id",
            "child__school__name",
            "child__school__sort_name",
            "child__birth_year",
            "state",
        )
        .annotate(n=Count("pk"))
    )
    ages: dict[int, Line] = {}
    schools: dict[int | None, tuple[str, Line]] = {}
    whole = Line(None, "")
    for pk, name, sort_name, born, state, n in rows:
        age = year - born
        place = min(max(age, YOUNGEST - 1), OLDEST + 1)
        of_school = schools.setdefault(pk, (sort_name or "", Line(pk, name or "")))[1]
        for line in (ages.setdefault(place, Line(place, "")), of_school, whole):
            line.counts[state] += n
            if FROM <= age < OVER:
                line.compulsory[state] += n
    placed: Sequence[Line] = [
        line for pk, (_sort, line) in sorted(schools.items(), key=lambda item: item[1][0]) if pk
    ]
    return Figures(
        year, [ages[age] for age in sorted(ages)], list(placed), whole,
        unplaced=schools[None][1].total if None in schools else 0,
    )  # fmt: skip


def years_known() -> list[int]:
    """School years that have been matched, the newest first."""
    return list(Standing.objects.order_by("-school_year").values_list("school_year", flat=True).distinct())
