"""A shown indicator as lines of written cells: for the page, and with plain values for the files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _t

from khet.base.lib.charts import SERIES
from khet.outlets.statistics.bases import indicators
from khet.outlets.statistics.choices import Level
from khet.outlets.statistics.queries.grids import EMPTY, Axis, Cell, Grid
from khet.outlets.statistics.queries.past import PastYear, from_documents, plain, value_words
from khet.outlets.statistics.queries.shown import ROOMS, Shown

HIDDEN = "*"
NOTHING = "–"


def written(value: float | None, digits: int) -> str:
    return NOTHING if value is None else f"{value:,.{digits}f}".replace("-", "−")


def words_of(shown: Shown, cell: Cell, digits: int | None = None) -> str:
    """16,938 · * where it is hidden · – where nothing was counted."""
    if cell.hidden:
        return HIDDEN
    return written(shown.value(cell), shown.digits if digits is None else digits)


@dataclass
class Line:
    """One row of the table: ``cells`` under the columns, ``total`` under the last. ``key`` is the colour of its bars (1–6)."""

    label: str
    cells: list[str]
    total: str = ""
    kind: str = ""
    key: int = 0
    href: str = ""


@dataclass
class Table:
    """``columns`` heads, of which ``keys`` are the colours; ``wide``: the categories are the columns."""

    head: str
    columns: list[str]
    lines: list[Line]
    total: str = ""
    wide: bool = False
    keys: list[int] = field(default_factory=list)

    @property
    def heads(self) -> list[tuple[str, int]]:
        return list(zip(self.columns, self.keys or [0] * len(self.columns), strict=True))


def wide_table(shown: Shown) -> Table:
    """Categories along, series in the rows, their sum, the rooms, and the round compared with: as they stand under the bars."""
    grid = shown.main
    codes = grid.categories.codes
    total = _t("รวม") if shown.is_count and shown.asked.show != "room" else _t("ทั้งหมด")
    table = Table(grid.categories.title, [words for _code, words in grid.categories.values], [], total, True)

    def line(label: str, cells: list[Cell], whole: Cell, **more: Any) -> Line:
        return Line(label, [words_of(shown, one) for one in cells], words_of(shown, whole), **more)

    many = len(grid.series.values) > 1
    for place, (code, words) in enumerate(grid.series.values):
        if grid.series.code:
            cells = [grid.cell(one, code) for one in codes]
            table.lines.append(line(words, cells, grid.by_series.get(code, EMPTY), key=place + 1))
    if many or not grid.series.code:
        label = total if many else shown.unit or total
        wholes = [grid.by_category.get(one, EMPTY) for one in codes]
        table.lines.append(
            line(label, wholes, grid.whole, kind="total" if many else "", key=0 if many else 1)
        )
    if shown.rooms is not None and shown.asked.show == "count":
        rooms, label = shown.rooms, _t("ห้องเรียน")
        said = [written((rooms.by_category.get(one) or EMPTY).of, 0) for one in codes]
        table.lines.append(Line(label, said, written(rooms.whole.of, 0), kind="note"))
    other, beside = shown.other, shown.asked.beside
    if other is not None and beside is not None and shown.asked.show == "count":
        then = [other.by_category.get(one, EMPTY) for one in codes]
        table.lines.append(line(beside.short, then, other.whole, kind="note", key=0 if many else 2))
    return table


def tall_table(shown: Shown) -> Table:
    """Categories or places in the rows, series along: for long names, for many places, and for telephones."""
    grid, asked = shown.main, shown.asked
    series = grid.series.values if grid.series.code else []
    total = _t("รวม") if shown.is_count and asked.show != "room" else _t("ทั้งหมด")
    sums = _t("รวม") if shown.is_count and asked.show != "room" else shown.unit
    with_rooms = shown.rooms is not None and asked.show == "count" and not shown.by_places
    with_parts = not shown.is_count and not series
    beside = asked.beside if shown.other is not None and asked.show == "count" and not shown.rooms else None
    columns = [words for _code, words in series]
    keys = [place + 1 for place in range(len(series))]
    columns.append(sums if series else shown.unit or sums)
    keys.append(0)
    if with_parts:
        columns += [_t("จำนวน"), _t("จากทั้งหมด")]
    if with_rooms:
        columns.append(_t("ห้องเรียน"))
    if beside is not None:
        columns.append(beside.short)
    keys += [0] * (len(columns) - len(keys))
    table = Table(_head(shown), columns, [], "", False, keys)

    def cells(code: str | None) -> list[str]:
        sum_ = grid.whole if code is None else grid.by_category.get(code, EMPTY)
        parts = [
            grid.by_series.get(one, EMPTY) if code is None else grid.cell(code, one) for one, _words in series
        ]
        found = [words_of(shown, one) for one in [*parts, sum_]]
        if with_parts:
            found += [HIDDEN, HIDDEN] if sum_.hidden else [written(sum_.n, 0), written(sum_.of, 0)]
        if with_rooms and shown.rooms is not None:
            rooms = shown.rooms.whole if code is None else shown.rooms.by_category.get(code, EMPTY)
            found.append(written(rooms.of, 0))
        if beside is not None and shown.other is not None:
            then = shown.other.whole if code is None else shown.other.by_category.get(code, EMPTY)
            found.append(words_of(shown, then))
        return found

    if grid.categories.code:
        for code, words in grid.categories.values:
            table.lines.append(Line(words or _t("ไม่ระบุ"), cells(code), href=_place_href(shown, code)))
    table.lines.append(Line(total if not asked.place.code else asked.place.name, cells(None), kind="total"))
    return table


def _head(shown: Shown) -> str:
    return str(Level(shown.asked.by).label) if shown.by_places else shown.main.categories.title


def _place_href(shown: Shown, code: str) -> str:
    if not shown.by_places or not code:
        return ""
    return shown.asked.url(level=shown.asked.by, place=code, by="")


@dataclass
class Headline:
    """A figure over the chart."""

    label: str
    value: str
    key: int = 0
    unit: str = ""


def headlines(shown: Shown) -> list[Headline]:
    """The whole, its series, the rooms: what is read first."""
    grid, main = shown.grid, shown.main
    found = [
        Headline("", words_of(shown, main.whole if shown.asked.show == "room" else grid.whole), 0, shown.unit)
    ]
    if shown.asked.show == "percent":
        found[0] = Headline("", words_of(_counting(shown), grid.whole), 0, str(shown.indicator.unit))
    if shown.asked.show != "room" and grid.series.code and 1 < len(grid.series.values) <= 4:
        found += [
            Headline(words, words_of(shown, grid.by_series.get(code, EMPTY)), place + 1)
            for place, (code, words) in enumerate(grid.series.values)
        ]
    if shown.rooms is not None:
        found.append(Headline(_t("ห้องเรียน"), written(shown.rooms.whole.of, 0)))
    if not shown.is_count and not grid.whole.hidden and grid.whole.of is not None:
        found.append(Headline(_t("จำนวน"), written(grid.whole.n, 0)))
        found.append(Headline(_t("จากทั้งหมด"), written(grid.whole.of, 0)))
    return found


def _counting(shown: Shown) -> Shown:
    return replace(shown, asked=replace(shown.asked, show="count"))


def axis_words(axis: Axis) -> list[str]:
    return [words for _code, words in axis.values]


def series_colours(grid: Grid) -> int:
    """How many series can be told apart by colour."""
    return min(len(grid.series.values), len(SERIES))


def rows_for_files(shown: Shown) -> tuple[list[str], list[list[Any]]]:
    """Heads and plain rows of everything the engine gave: one cell a row, with its place, its dims and what is behind it. Then what
    documents say of the years before khet, with their source, and the wholes of the rounds between, so that no year is missing."""
    found = shown.figures
    heads = [
        _t("รอบ"), _t("รหัสพื้นที่"), _t("พื้นที่"), *(dim.title for dim in found.dims), _t("ค่า"), _t("จำนวน"), _t("จากทั้งหมด"),
        _t("ปิดไว้"), _t("ที่มา"),
    ]  # fmt: skip
    known = {one.source.key: one for one in (shown.asked.period, shown.asked.beside) if one}
    words = [dict(dim.values) for dim in found.dims]

    def row(round_: str, place: str, name: str, dims: list[str], cell: Cell, source: str) -> list[Any]:
        closed = cell.hidden and cell.n is None
        value = HIDDEN if closed else cell.value
        return [round_, place, name, *dims, value, cell.n, cell.of, _t("ปิดไว้") if closed else "", source]

    rows: list[list[Any]] = []
    for one in found.rows:
        name = found.places.get(one.place, "") if found.level != Level.AREA else shown.asked.place.name
        dims = [words[at].get(code, code) for at, code in enumerate(one.dims)]
        period = known.get(one.census)
        cell = Cell(one.n, one.of, one.value, one.hidden)
        title = period.title if period else ""
        rows.append(row(period.short if period else one.census, one.place, name, dims, cell, title))
    if not shown.past:
        return heads, rows
    place, name = shown.asked.place.code or shown.asked.period.source.office, shown.asked.place.name
    blank = [""] * len(found.dims)
    for year in reversed(shown.years):
        if year.period is not None and year.period.source.key not in known and year.cell != EMPTY:
            rows.append(row(year.period.short, place, name, blank, year.cell, year.period.title))
        elif year.past is not None:
            rows += _documented(shown, year.past, place, name, row)
    return heads, rows


def _documented(
    shown: Shown, year: PastYear, place: str, name: str, row: Callable[..., list[Any]]
) -> list[list[Any]]:
    """The rows of a document: its whole, and the parts by those dims that the file has columns for."""
    dims = {dim.code: dim for dim in shown.indicator.dims}
    columns = [dim.code for dim in shown.figures.dims]

    def source(words: str) -> str:
        return f"{from_documents()}: {words}"

    made = [row(year.short, place, name, [""] * len(columns), year.cell, source(year.source))]
    for one in year.rows:
        if one.dims and set(one.dims) <= set(columns):
            told = [value_words(dims[code], one.dims[code]) if code in one.dims else "" for code in columns]
            value = plain(one.value)
            made.append(
                row(
                    year.short,
                    place,
                    name,
                    told,
                    Cell(value if shown.is_count else None, None, value),
                    source(one.source),
                )
            )
    return made


def companion_title(shown: Shown) -> str:
    code = ROOMS.get(shown.indicator.code)
    return str(indicators[code].title) if code and code in indicators else ""
