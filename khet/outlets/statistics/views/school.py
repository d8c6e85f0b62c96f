"""A school's page: its own figures beside those of its district and of the area."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khet.base.lib.errors import NotFound
from khet.base.org.api import demand
from khet.outlets.statistics.bases import Indicator, indicators
from khet.outlets.statistics.choices import Kind, Level
from khet.outlets.statistics.jobs import count_soon
from khet.outlets.statistics.pictures import Picture, chart_of, school_chart, trend_chart
from khet.outlets.statistics.queries.asked import read
from khet.outlets.statistics.queries.figures import figures
from khet.outlets.statistics.queries.grids import EMPTY, Cell, cell_of
from khet.outlets.statistics.queries.keys import SCHOOL, declared, own_school
from khet.outlets.statistics.queries.periods import Period, Periods
from khet.outlets.statistics.queries.places import places_of
from khet.outlets.statistics.queries.shown import show
from khet.outlets.statistics.queries.tables import HIDDEN, written
from khet.outlets.statistics.queries.wholes import wholes_of
from khet.outlets.statistics.rules import VIEW, may_see_rows


@dataclass(frozen=True)
class SchoolLine:
    """One indicator: the school's value, the mean of a school of the area (of a ratio: the area's own value)."""

    indicator: Indicator
    url: str
    own: str
    area: str
    period: str


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The page of the reader's own school; for the office, the list of schools."""
    demand(request.actor, VIEW)
    found = own_school(request.actor)
    if found is not None:
        return redirect("statistics:school", found.smis8)
    first = next(iter(indicators), None)
    if first is None:
        return redirect("statistics:home")
    return redirect(f"{reverse('statistics:indicator', args=[first.code])}?by=school")


@login_required
@require_GET
@never_cache
def school(request: HttpRequest, code: str) -> HttpResponse:
    """The figures of one school in the newest closed round that knows it."""
    demand(request.actor, VIEW)
    periods = Periods()
    period, place = next(
        ((one, found) for one in periods.closed[:4] if (found := places_of(one.source).schools.get(code))),
        (None, None),
    )
    if period is None or place is None:
        raise NotFound(_("ไม่พบโรงเรียนนี้ในรอบที่ปิดแล้ว เลือกโรงเรียนจากรายการบนหน้าสถิติ"), code="statistics.no_school")
    mine = own_school(request.actor)
    unit = mine.unit_id if mine is not None and mine.smis8 == code else None
    lines = [
        line for said in declared(SCHOOL) if (line := _line(request, said, periods, code, unit)) is not None
    ]
    drawn: dict[str, Picture] = {}
    first = next(iter(declared(SCHOOL)), None)
    if first is not None:
        asked = read(first, {"round": period.key, "level": "school", "place": code}, periods)
        if asked is not None:
            shown = show(request.actor, asked, periods)
            for part, chart in (
                ("main", school_chart(shown)),
                ("narrow", chart_of(shown, "narrow")),
                ("trend", trend_chart(shown)),
            ):
                if chart is not None:
                    drawn[part] = Picture(
                        part, chart, asked.url("chart", part="labelled" if part == "main" else part)
                    )
    if periods.waiting:
        count_soon()
    context = {
        "waiting": periods.waiting,
        "place": place,
        "period": period,
        "lines": lines,
        "pictures": drawn,
        "first": first,
        "schools": len(places_of(period.source).schools),
    }
    return render(request, "statistics/school.html", context)


def _line(
    request: HttpRequest, said: Indicator, periods: Periods, code: str, unit: int | None
) -> SchoolLine | None:
    """The newest of the last four rounds in which it was counted."""
    reveal = bool(said.small) and may_see_rows(request.actor, said, unit)
    for period in periods.closed[:4]:
        area = wholes_of(period, periods).get(said.code)
        if area is None:
            continue
        own = figures(
            said.code, [period.source], Level.SCHOOL, code, dims=(), reveal=reveal, known=periods.known
        )
        if own.missing:
            continue
        cell = next((cell_of(row) for row in own.rows), EMPTY)
        if said.small and not reveal:
            cell = Cell(hidden=True)
        url = f"{reverse('statistics:indicator', args=[said.code])}?round={period.key}&level=school&place={code}"
        return SchoolLine(said, url, _words(said, cell), _mean(said, area, period), period.short)
    return None


def _words(said: Indicator, cell: Cell) -> str:
    return HIDDEN if cell.hidden else written(cell.value, said.digits)


def _mean(said: Indicator, whole: Cell, period: Period) -> str:
    if whole.hidden:
        return HIDDEN
    if said.kind != Kind.COUNT:
        return written(whole.value, said.digits)
    schools = len(places_of(period.source).schools)
    return written(whole.value / schools, 1) if whole.value is not None and schools else written(None, 0)
