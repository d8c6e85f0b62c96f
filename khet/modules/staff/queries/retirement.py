"""Who retires in which fiscal year: counts of the ten years to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from khet.base.lib.thai.calendar import fiscal_year
from khet.base.org.api import today
from khet.modules.staff.choices import Job
from khet.modules.staff.models import Official

YEARS = 10
HEADS = (Job.PRINCIPAL, Job.VICE_PRINCIPAL)
TEACHERS = (Job.TEACHER, Job.ASSISTANT)


@dataclass
class Forecast:
    """``years`` are Buddhist fiscal years, which end on the day of retirement. ``cells``: (row, year) → people;
    a row is a learning area, «heads», «office», or the id of a unit. ``late`` are past the day and still serving."""

    years: list[int]
    cells: Counter[tuple[str | int, int]] = field(default_factory=Counter)
    serving: Counter[str | int] = field(default_factory=Counter)
    late: int = 0
    unknown: int = 0

    def row(self, key: str | int) -> list[int]:
        return [self.cells[key, year] for year in self.years]

    def total(self) -> list[int]:
        return [sum(n for (_key, at), n in self.cells.items() if at == year) for year in self.years]

    def groups(self) -> list[str | int]:
        """Rows in which anybody serves."""
        return list(self.serving)


def group_of(job: str, subject: str) -> str:
    """The row of the table by subject: heads of schools, teachers by learning area (empty where none is known), the rest."""
    if job in HEADS:
        return "heads"
    if job in TEACHERS:
        return subject or "none"
    return "rest"


def forecast(
    unit_ids: Sequence[int] | None, *, by: str = "subject", day: date | None = None, kinds: Sequence[str] = ()
) -> Forecast:
    """Officials in service in these units (None: all), by ``subject`` or by ``unit``. One query.

    ``kinds`` of people to count: by default officials of the state, who retire by the pension act (teachers and
    38 ค.(2)), and permanent employees, who leave at the same age.
    """
    day = day or today()
    first = fiscal_year(day)
    found = Forecast(list(range(first, first + YEARS)))
    rows = Official.objects.filter(left_on__isnull=True, kind__in=kinds or ("teacher", "civil", "permanent"))
    if unit_ids is not None:
        rows = rows.filter(unit__in=unit_ids)
    counted = rows.order_by().values_list("job", "subject", "unit", "retires_on").annotate(n=Count("pk"))
    for job, subject, unit, last, n in counted:
        key = unit if by == "unit" else group_of(job, subject)
        found.serving[key] += n
        if last is None:
            found.unknown += n
        elif last < day:
            found.late += n
        else:
            found.cells[key, last.year + 543] += n
    return found
