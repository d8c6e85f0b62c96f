"""The board of an event: schools by district, totals, what is needed, who is silent. Three queries for any size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db.models import CharField, Exists, Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from khet.base.org.api import Holding, Unit
from khet.base.org.choices import PostKind
from khet.kits.files.api import Attachment
from khet.modules.emergencies.choices import Need, SchoolState
from khet.modules.emergencies.models import Call, Event, Report

M = TypeVar("M", bound=Model)
PEOPLE = ("pupils", "staff", "hurt", "lost", "sheltered")


def with_schools(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Calls with school, latest report, principal's name and telephone, and whether there are photographs."""
    photos = Attachment.objects.current().filter(owner_label=Call._meta.label_lower, owner_pk=OuterRef("pk"))
    return (
        head_of_unit(calls.select_related("school", "unit", "latest", "event"))
        .annotate(has_photos=Exists(photos))
        .order_by("school__amphoe_code", "school__sort_name", "pk")
    )


def head_of_unit(rows: QuerySet[M]) -> QuerySet[M]:
    """Calls or schools with the name and the telephone of the principal: ``head_name``, ``head_phone``."""
    principal = Holding.objects.on().filter(
        post__unit_id=OuterRef("unit_id"), post__kind=PostKind.PRINCIPAL, post__until__isnull=True
    )
    name = Concat("person__title", "person__first_name", Value(" "), "person__last_name")
    return rows.annotate(
        head_name=Subquery(principal.values(n=name)[:1], output_field=CharField()),
        head_phone=Subquery(principal.values("person__phone")[:1], output_field=CharField()),
    )


def phone_of(call: Call) -> str:
    """Where the school answers now: its principal's own telephone, else the school's."""
    return getattr(call, "head_phone", "") or call.school.phone


@dataclass
class District:
    """One row of the board."""

    name: str
    calls: list[Call] = field(default_factory=list)

    def count(self, state: str) -> int:
        return sum(1 for call in self.calls if call.state == state)

    @property
    def total(self) -> int:
        return len(self.calls)

    @property
    def answered(self) -> int:
        return sum(1 for call in self.calls if call.latest_id)

    @property
    def closed(self) -> int:
        return self.count(SchoolState.CLOSED)

    @property
    def partly(self) -> int:
        return self.count(SchoolState.PARTLY)

    @property
    def open(self) -> int:
        return self.count(SchoolState.OPEN)

    @property
    def silent(self) -> int:
        return self.total - self.answered

    def people(self, name: str) -> int:
        return sum(getattr(call.latest, name) for call in self.calls if call.latest)

    @property
    def pupils(self) -> int:
        return self.people("pupils")


@dataclass
class Board:
    """Everything the page, the map and the paper say; totals are over the schools the reader sees."""

    event: Event
    calls: list[Call]
    districts: list[District]
    needs: list[tuple[str, str, int]]
    baht: int
    last: Report | None

    @property
    def whole(self) -> District:
        return District("", self.calls)

    @property
    def silent(self) -> list[Call]:
        return [call for call in self.calls if not call.latest_id]

    @property
    def people(self) -> dict[str, int]:
        return {name: self.whole.people(name) for name in PEOPLE}

    @property
    def damaged(self) -> int:
        return sum(1 for call in self.calls if call.latest and call.latest.harms)

    @property
    def last_at(self) -> datetime | None:
        return self.last.reported_at if self.last else None

    def chosen(self, *, state: str = "", need: str = "", district: str = "") -> list[Call]:
        """The calls of a filter: a state (``silent`` too), a need, a district."""
        found: Iterable[Call] = self.calls
        if state == "silent":
            found = self.silent
        elif state:
            found = [call for call in found if call.state == state]
        if need:
            found = [call for call in found if call.latest and need in call.latest.needs]
        if district:
            found = [call for call in found if call.school.amphoe == district]
        return list(found)


def board_of(event: Event, calls: QuerySet[Call]) -> Board:
    """``calls`` are those of the event that the reader sees."""
    rows = list(with_schools(calls.filter(event=event)))
    for call in rows:
        call.event = event
    districts: dict[str, District] = {}
    wanted: Counter[str] = Counter()
    for call in rows:
        districts.setdefault(call.school.amphoe, District(call.school.amphoe)).calls.append(call)
        if call.latest:
            wanted.update(call.latest.needs)
    reports = [call.latest for call in rows if call.latest]
    return Board(
        event=event,
        calls=rows,
        districts=list(districts.values()),
        needs=[
            (code, str(Need(code).label), count)
            for code, count in wanted.most_common()
            if code in Need.values
        ],
        baht=sum(report.baht or 0 for report in reports),
        last=max(reports, key=lambda report: report.reported_at, default=None),
    )


def silent_units(event: Event, schools: Iterable[int] | None = None) -> QuerySet[Unit]:
    """Units that were called and have not answered; of ``schools``, where given."""
    silent = Call.objects.filter(event=event, latest__isnull=True)
    if schools is not None:
        silent = silent.filter(school__in=list(schools))
    return Unit.objects.filter(pk__in=silent.values("unit_id"))
