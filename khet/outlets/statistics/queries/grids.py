"""Figures of one place as a grid: categories by series with their sums, and what is hidden kept hidden in every sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from khet.outlets.statistics.bases import Indicator
from khet.outlets.statistics.choices import Kind
from khet.outlets.statistics.queries.figures import Figures, Row

Number = int | float


class Cell(NamedTuple):
    """``value`` as declared; ``n`` and ``of`` behind it. ``hidden``: there is one, it is not shown."""

    n: Number | None = None
    of: Number | None = None
    value: Number | None = None
    hidden: bool = False


EMPTY = Cell()


def gather(indicator: Indicator, rows: Iterable[Row]) -> Cell:
    """The sum of cells. One hidden part hides the sum: beside the whole, which the engine guards, nothing can be taken away."""
    n: Number = 0
    of: Number | None = None
    some = False
    for row in rows:
        if row.n is None and row.hidden:
            return Cell(hidden=True)
        some = True
        n += row.n or 0
        of = of if row.of is None else (of or 0) + row.of
    if not some:
        return EMPTY
    if indicator.kind == Kind.COUNT:
        return Cell(n, None, n)
    return Cell(n, of, n / of * indicator.scale if of else None)


def cell_of(row: Row | None) -> Cell:
    return EMPTY if row is None else Cell(row.n, row.of, row.value, row.hidden and row.n is None)


@dataclass
class Axis:
    """One way the grid is divided: (code, words) in natural order. ``code`` empty: not divided."""

    code: str
    title: str
    values: list[tuple[str, str]]

    @property
    def codes(self) -> list[str]:
        return [code for code, _words in self.values]


@dataclass
class Grid:
    """``cells[(category, series)]``; the sums by category, by series, and the whole."""

    indicator: Indicator
    categories: Axis
    series: Axis
    cells: dict[tuple[str, str], Cell]
    by_category: dict[str, Cell]
    by_series: dict[str, Cell]
    whole: Cell

    def cell(self, category: str, series: str) -> Cell:
        return self.cells.get((category, series), EMPTY)

    @property
    def hides(self) -> bool:
        return any(one.hidden for one in (*self.cells.values(), *self.by_category.values(), self.whole))


UNDIVIDED = Axis("", "", [("", "")])


def axis_of(found: Figures, code: str) -> tuple[Axis, int]:
    """The axis of a dim and its place in the rows."""
    for place, dim in enumerate(found.dims):
        if dim.code == code:
            return Axis(dim.code, dim.title, dim.values), place
    raise KeyError(code)


def grid(
    found: Figures, census: str, category: str, series: str, whole: Cell, *, places: bool = False
) -> Grid:
    """The grid of one census. ``category`` and ``series`` name dims of the figures (empty: not divided); with ``places`` the
    categories are the places instead."""
    rows = [row for row in found.rows if row.census == census]
    if places:
        first, at = Axis("place", "", list(found.places.items())), -1
    else:
        first, at = axis_of(found, category) if category else (UNDIVIDED, -2)
    second, beside = axis_of(found, series) if series else (UNDIVIDED, -2)

    def key(row: Row, place: int) -> str:
        return row.place if place == -1 else "" if place == -2 else row.dims[place]

    parts: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        parts.setdefault((key(row, at), key(row, beside)), []).append(row)
    by_first: dict[str, list[Row]] = {}
    by_second: dict[str, list[Row]] = {}
    for (one, other), some in parts.items():
        by_first.setdefault(one, []).extend(some)
        by_second.setdefault(other, []).extend(some)
    said = found.indicator

    def sums(of: dict[str, list[Row]]) -> dict[str, Cell]:
        return {code: gather(said, some) for code, some in of.items()}

    return Grid(
        said, _only(first, by_first), _only(second, by_second),
        {code: gather(said, some) for code, some in parts.items()}, sums(by_first), sums(by_second), whole,
    )  # fmt: skip


def _only(axis: Axis, known: Iterable[str]) -> Axis:
    there = set(known)
    return Axis(axis.code, axis.title, [one for one in axis.values if one[0] in there])


def best_axes(found: Figures, wanted: Sequence[str]) -> tuple[str, str]:
    """Which dim goes along and which stands side by side: sex, or else the one with fewest values, is the series."""
    sizes = {dim.code: len(dim.values) for dim in found.dims if not wanted or dim.code in wanted}
    if not sizes:
        return "", ""
    if len(sizes) == 1:
        only = next(iter(sizes))
        return (only, "") if only != "sex" or sizes[only] > 0 else ("", only)
    series = "sex" if "sex" in sizes else min(sizes, key=lambda code: (sizes[code], -list(sizes).index(code)))
    category = next(code for code in sizes if code != series)
    return category, series if sizes[series] <= 6 else ""
