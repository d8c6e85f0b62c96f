"""Every indicator can be found by its words, with its figure of the newest round or of the year asked for."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor
from khet.kits.search.api import Document, SearchList, search_list
from khet.outlets.statistics.bases import indicators
from khet.outlets.statistics.queries.periods import Period, Periods
from khet.outlets.statistics.queries.tables import HIDDEN, written
from khet.outlets.statistics.queries.wholes import wholes_of
from khet.outlets.statistics.rules import VIEW


def documents(actor: Actor, year: int | None) -> Iterator[Document]:
    """An indicator once, of the newest closed round that has counted it; of a year, only those that were counted in it."""
    if not actor.has(VIEW):
        return
    periods = Periods()
    rounds = [(one, wholes_of(one, periods)) for one in periods.closed if year in (None, one.school_year)]
    for place, one in enumerate(indicators):
        period, note = None, ""
        for period, wholes in rounds:
            if cell := wholes.get(one.code):
                value = HIDDEN if cell.hidden else written(cell.value, one.digits)
                note = f"{value} {one.unit} · {period.short}"
                break
        else:
            period = None
        if period is not None or year is None:
            yield Document(
                pk=place, title=str(one.title), url=_address(one.code, period), body=f"{one.definition}", note=note,
                year=period.school_year if period else None,
            )  # fmt: skip


def _address(code: str, period: Period | None) -> str:
    address = reverse("statistics:indicator", args=[code])
    return f"{address}?round={period.key}" if period else address


def years(actor: Actor) -> list[int]:
    return sorted({one.school_year for one in Periods().closed}) if actor.has(VIEW) else []


search_list(SearchList("figures", _("ตัวเลขและสถิติ"), documents, years, icon="chart-column"))
