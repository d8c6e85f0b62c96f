"""Every indicator can be found by its words, with its figure of the newest round or of the year asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor
from khet.kits.search.api import Document, SearchList, Shelf, search_kind
from khet.outlets.statistics.bases import indicators
from khet.outlets.statistics.queries.grids import Cell
from khet.outlets.statistics.queries.past import from_documents
from khet.outlets.statistics.queries.periods import Period, Periods
from khet.outlets.statistics.queries.tables import HIDDEN, written
from khet.outlets.statistics.queries.wholes import wholes_of
from khet.outlets.statistics.rules import VIEW


def shelf(actor: Actor) -> Shelf:
    """All indicators and the years of closed rounds, for whoever sees statistics."""
    if not actor.has(VIEW):
        return Shelf(lambda _year: (), ())
    periods = Periods()
    years = {one.school_year for one in periods.closed}
    years |= {one.school_year for told in periods.documents.all().values() for one in told}
    return Shelf(partial(documents, periods), years)


def documents(periods: Periods, year: int | None) -> Iterator[Document]:
    """An indicator once, of the newest closed round that has counted it, else of the newest document from before khet; of a year,
    only those that are known of it."""
    counted: dict[str, tuple[Period, Cell]] = {}
    for period in periods.closed:
        if year in (None, period.school_year):
            counted = {code: (period, cell) for code, cell in wholes_of(period, periods).items()} | counted
    for place, one in enumerate(indicators):
        said = Document(
            pk=place, title=str(one.title), body=str(one.definition), url=reverse("statistics:indicator", args=[one.code])
        )  # fmt: skip
        if one.code in counted:
            period, cell = counted[one.code]
            value = HIDDEN if cell.hidden else written(cell.value, one.digits)
            note = f"{value} {one.unit} · {period.short}"
            yield replace(said, url=f"{said.url}?round={period.key}", note=note, year=period.school_year)
        elif told := [past for past in periods.documents.years(one) if year in (None, past.school_year)]:
            past = told[-1]
            value = HIDDEN if past.cell.hidden else written(past.cell.value, one.digits)
            note = f"{value} {one.unit} · {past.short} · {from_documents()}: {past.source}"
            yield replace(said, url=f"{said.url}#trend", note=note, year=past.school_year)
        elif year is None:
            yield said


search_kind(SearchList("figures", _("ตัวเลขและสถิติ"), shelf, icon="chart-column"))
