"""The director's page: what one looks at first, each with its way through the years and what changed since the year before."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khet.base.lib.charts import Screen, kept_svg
from khet.base.org.api import demand
from khet.outlets.statistics.bases import Indicator
from khet.outlets.statistics.jobs import count_soon
from khet.outlets.statistics.pictures import Picture, trend_of
from khet.outlets.statistics.queries.grids import EMPTY, Cell
from khet.outlets.statistics.queries.keys import DIRECTOR, declared
from khet.outlets.statistics.queries.periods import Period, Periods
from khet.outlets.statistics.queries.shown import TrendYear, joined
from khet.outlets.statistics.queries.tables import HIDDEN, written
from khet.outlets.statistics.queries.wholes import wholes_of
from khet.outlets.statistics.rules import VIEW

FORM = Screen(300, 150, 14)


@dataclass(frozen=True)
class KeyFigure:
    """One figure of the page; ``change`` in words, ``share`` in per cent where it says something."""

    indicator: Indicator
    value: str
    period: Period
    url: str
    change: str
    share: str
    before: str
    picture: Picture | None


def key_figure(said: Indicator, periods: Periods) -> KeyFigure | None:
    """The newest closed round that holds it, and the same round of the years before."""
    for period in periods.closed[:4]:
        cell = wholes_of(period, periods).get(said.code)
        if cell is not None:
            break
    else:
        return None
    years = [
        (one, wholes_of(one, periods).get(said.code, EMPTY))
        for one in periods.like(period)
        if not one.is_live
    ]
    url = f"{reverse('statistics:indicator', args=[said.code])}?round={period.key}"
    change, share, before = _change(said, years)
    return KeyFigure(
        said, HIDDEN if cell.hidden else written(cell.value, said.digits), period, url, change, share, before,
        _picture(said, joined(periods.documents.years(said, period), years)),
    )  # fmt: skip


def _change(said: Indicator, years: list[tuple[Period, Cell]]) -> tuple[str, str, str]:
    known = [(one, cell.value) for one, cell in years if cell.value is not None]
    if len(known) < 2:
        return "", "", ""
    (then_at, then), (_now_at, now) = known[-2:]
    by = now - then
    words = f"{'+' if by > 0 else ''}{written(by, said.digits)}"
    share = f"{abs(by) / then * 100:,.1f}" if then and said.kind == "count" else ""
    return words, share, then_at.short


def _picture(said: Indicator, years: list[TrendYear]) -> Picture | None:
    chart = trend_of(said, str(said.title), years, FORM)
    return Picture("key", chart, f"{reverse('statistics:director')}?chart={said.code}") if chart else None


@login_required
@require_GET
@never_cache
def director(request: HttpRequest) -> HttpResponse:
    """The page; with ``chart`` one of its pictures, for the page to fetch while it was never drawn."""
    demand(request.actor, VIEW)
    periods = Periods()
    if code := request.GET.get("chart", ""):
        return _chart(code, periods)
    found = [one for said in declared(DIRECTOR) if (one := key_figure(said, periods)) is not None]
    if periods.waiting:
        count_soon()
    context = {"figures": found, "open": periods.open, "waiting": periods.waiting}
    return render(request, "statistics/director.html", context)


def _chart(code: str, periods: Periods) -> HttpResponse:
    said = next(iter(declared([code])), None)
    found = key_figure(said, periods) if said is not None and code in DIRECTOR else None
    if found is None or found.picture is None:
        raise Http404
    return HttpResponse(kept_svg(found.picture.chart))
