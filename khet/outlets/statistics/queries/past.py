"""Figures of the years before khet, for the trends beside those of censuses: marked, with their source, and never among them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import BigIntegerField, CharField, Count, F, Func, Sum, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _t

from khet.kits.rounds.api import censuses
from khet.kits.rounds.choices import RoundKind
from khet.outlets.statistics.bases import Dim, Indicator, indicators
from khet.outlets.statistics.choices import Kind, Level
from khet.outlets.statistics.models import PastFigure
from khet.outlets.statistics.queries.grids import Cell

Number = int | float
T = TypeVar("T")


def from_documents() -> str:
    """The mark that all of them bear."""
    return _t("จากเอกสารก่อนใช้ระบบ")


@dataclass(frozen=True)
class PastYear:
    """What the documents say of one school year and place: the whole, and the rows that it is divided into.

    ``short`` is 1/2560 or 2560; ``sources`` the books and pages.
    """

    school_year: int
    short: str
    cell: Cell
    sources: tuple[str, ...]
    rows: tuple[PastFigure, ...]

    @property
    def source(self) -> str:
        return ", ".join(self.sources)


def covered_years(closed: Iterable[Any] | None = None) -> dict[int, str]:
    """School year → the title of a closed round of it: of such a year the censuses speak, and they alone."""
    rounds = [one.round for one in censuses()] if closed is None else closed
    found: dict[int, str] = {}
    for one in rounds:
        found.setdefault(one.school_year, one.title)
    return found


def past_print(before: int) -> str:
    """Stands for all that documents say of the years before a school year: another one when a figure or its source is another."""
    said = Func(
        F("code"), Value("|"), Cast("value", CharField()), Value("|"), F("source"), function="concat", output_field=CharField()
    )  # fmt: skip
    # A sum of hashes wants no order: a hundred thousand rows in some hundredths of a second.
    found = (
        PastFigure.objects.filter(school_year__lt=before)
        .exclude(school_year__in=covered_years())
        .order_by()
        .aggregate(
            n=Count("pk"),
            sum=Sum(Func(said, Value(0), function="hashtextextended", output_field=BigIntegerField())),
        )
    )
    return hashlib.sha256(f"{found['n']} {found['sum'] or 0}".encode()).hexdigest()[:16]


def past_years(
    indicator: Indicator,
    level: Level | str = Level.AREA,
    place: str | None = None,
    *,
    of: Any = None,
    covered: Collection[int] | None = None,
    reveal: bool = False,
) -> list[PastYear]:
    """Year by year, oldest first, of one place (``None``: the area)."""
    return past_by_place(indicator, level, [place or ""], of=of, covered=covered, reveal=reveal).get(
        place or "", []
    )


def past_by_place(
    indicator: Indicator,
    level: Level | str,
    places: Sequence[str] | None = None,
    *,
    of: Any = None,
    covered: Collection[int] | None = None,
    reveal: bool = False,
) -> dict[str, list[PastYear]]:
    """The same for many places (or all) of a level at once: one query. ``of`` is the round whose trend is asked for (``kind``,
    ``number``, ``term``, ``school_year``): the documents' figures of that round, else of its term, else of the year, are taken."""
    rows = PastFigure.objects.filter(indicator=indicator.code, level=level)
    if places is not None:
        rows = rows.filter(place__in=places)
    known = covered_years() if covered is None else covered
    by_place: dict[str, list[PastFigure]] = {}
    for row in rows:
        by_place.setdefault(row.place, []).append(row)
    return {
        place: years_of(indicator, found, of=of, covered=known, reveal=reveal)
        for place, found in by_place.items()
    }


class Documents:
    """The years of all indicators over the area: one query, when the first is asked for."""

    def __init__(self, covered: Collection[int]) -> None:
        self.covered = covered

    @cached_property
    def _rows(self) -> dict[str, list[PastFigure]]:
        found: dict[str, list[PastFigure]] = {}
        for row in PastFigure.objects.filter(level=Level.AREA):
            found.setdefault(row.indicator, []).append(row)
        return found

    def years(self, indicator: Indicator, of: Any = None) -> list[PastYear]:
        rows = self._rows.get(indicator.code, ())
        return years_of(indicator, rows, of=of, covered=self.covered)

    def all(self) -> dict[str, list[PastYear]]:
        """Indicator → its years, of those that any document speaks of."""
        return {code: self.years(said) for code in self._rows if (said := indicators.get(code)) is not None}


def years_of(
    indicator: Indicator,
    rows: Iterable[PastFigure],
    *,
    of: Any = None,
    covered: Collection[int],
    reveal: bool = False,
) -> list[PastYear]:
    """The years of one place from its rows. Of a round alone those that know it best; not of years that a census covers."""
    by_year: dict[int, dict[tuple[int | None, int | None], list[PastFigure]]] = {}
    for row in rows:
        if (
            row.school_year not in covered
            and fits(row, of)
            and (of is None or row.school_year < of.school_year)
        ):
            by_year.setdefault(row.school_year, {}).setdefault((row.number, row.term), []).append(row)
    made = []
    for year in sorted(by_year):
        best = max(
            by_year[year],
            key=lambda said: (said[0] is not None, said[1] is not None, -(said[0] or 0), -(said[1] or 0)),
        )
        found = by_year[year][best]
        cell, told = whole_of(indicator, found)
        if told:
            sources = tuple(dict.fromkeys(row.source for row in told))
            kept = (
                tuple(found) if reveal or not indicator.small else tuple(row for row in found if not row.dims)
            )
            made.append(PastYear(year, found[0].short, _guarded(indicator, cell, reveal), sources, kept))
    return made


def fits(row: PastFigure, of: Any) -> bool:
    """Whether a figure may stand in the trend of a round: one that names a round or a term only in theirs."""
    if of is None or (row.number is None and row.term is None):
        return True
    if of.kind != RoundKind.TERM:
        return False
    return row.number == of.number if row.number is not None else row.term == of.term


def whole_of(indicator: Indicator, rows: Sequence[PastFigure]) -> tuple[Cell, list[PastFigure]]:
    """The whole as the document has it; of what can be added, else the sum of the coarsest division. And the rows it is from."""
    said = [row for row in rows if not row.dims]
    if said:
        return _cell(indicator, plain(said[0].value)), said[:1]
    if indicator.kind != Kind.COUNT:
        return Cell(), []
    divided: dict[tuple[str, ...], list[PastFigure]] = {}
    for row in rows:
        divided.setdefault(tuple(sorted(row.dims)), []).append(row)
    parts = coarsest(divided)
    return _cell(indicator, sum(plain(row.value) for row in parts)), parts


def coarsest(divided: Mapping[tuple[str, ...], list[T]]) -> list[T]:
    """The parts that stand for a whole that nobody wrote: those of the division by the fewest dims."""
    return divided[min(divided, key=lambda dims: (len(dims), dims))]


def _cell(indicator: Indicator, value: Number) -> Cell:
    return Cell(value, None, value) if indicator.kind == Kind.COUNT else Cell(None, None, value)


def _guarded(indicator: Indicator, cell: Cell, reveal: bool) -> Cell:
    """The small-cell rule for a whole: divisions of what is sensitive are not shown at all to who may not see rows."""
    if reveal or cell.n is None or not 0 < cell.n < indicator.small:
        return cell
    return Cell(hidden=True)


def plain(value: Any) -> Number:
    return int(value) if value == int(value) else float(value)


def shortest(value: Decimal) -> Decimal:
    """One written form of equal numbers."""
    return Decimal(format(value.normalize(), "f"))


def value_words(dim: Dim, code: str) -> str:
    """A value of a dim as a person writes it."""
    words = dim.labels().get(code)
    return str(words) if words is not None else code or str(dim.unsaid) or _t("ไม่ระบุ")
