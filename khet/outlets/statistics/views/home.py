"""All indicators by chapter, with their newest figure; search by word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khet.base.lib.thai import fold
from khet.base.org.api import demand
from khet.outlets.statistics.bases import Indicator, indicators
from khet.outlets.statistics.choices import Chapter
from khet.outlets.statistics.jobs import count_soon
from khet.outlets.statistics.queries.keys import own_school
from khet.outlets.statistics.queries.periods import Period, Periods
from khet.outlets.statistics.queries.tables import HIDDEN, written
from khet.outlets.statistics.queries.wholes import wholes_of
from khet.outlets.statistics.rules import VIEW, VIEW_PAST


@dataclass(frozen=True)
class Listed:
    """One indicator with its newest value in words, and of which round it is."""

    indicator: Indicator
    url: str
    value: str
    period: str


@login_required
@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The list. A yearly figure shows that of the newest round that holds it."""
    demand(request.actor, VIEW)
    periods = Periods()
    asked = request.GET.get("q", "").strip()[:80]
    chapter = request.GET.get("chapter", "")
    words = fold(asked).split()
    newest = _newest(periods)
    chapters: list[dict[str, Any]] = []
    for one in Chapter:
        inside = [found for found in indicators if found.chapter == one]
        hits = [_listed(found, newest) for found in inside if _matches(found, words)]
        chapters.append({"chapter": one, "listed": hits, "count": len(hits), "all": len(inside)})
    shown = [one for one in chapters if one["listed"] and (not chapter or one["chapter"] == chapter)]
    if periods.waiting:
        count_soon()
    context = {
        "chapters": [one for one in chapters if one["all"]], "shown": shown, "q": asked, "chapter": chapter, "period": periods.newest,
        "may_past": request.actor.has(VIEW_PAST), "open": periods.open, "waiting": periods.waiting, "count": sum(one["count"] for one in chapters), "all": len(indicators), "school": own_school(request.actor),
    }  # fmt: skip
    return render(request, "statistics/home.html", context)


def _matches(said: Indicator, words: list[str]) -> bool:
    if not words:
        return True
    text = fold(f"{said.title} {said.definition} {said.chapter.label} {said.code}")
    return all(word in text for word in words)


def _newest(periods: Periods) -> dict[str, tuple[Period, Any]]:
    """Indicator → the newest closed round in which it was counted, and its whole. At most the four newest are looked into."""
    found: dict[str, tuple[Period, Any]] = {}
    for one in periods.closed[:4]:
        for code, cell in wholes_of(one, periods).items():
            found.setdefault(code, (one, cell))
    return found


def _listed(said: Indicator, newest: dict[str, tuple[Period, Any]]) -> Listed:
    url = reverse("statistics:indicator", args=[said.code])
    if said.code not in newest:
        return Listed(said, url, "", "")
    period, cell = newest[said.code]
    value = HIDDEN if cell.hidden else written(cell.value, said.digits)
    return Listed(said, f"{url}?round={period.key}", value, period.short)
