"""Everything a page, a chart or a file needs of one indicator: asked of the engine once, laid out as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _t

from khet.base.org.api import Actor
from khet.modules.schools.api import by_code
from khet.outlets.statistics.bases import Indicator, indicators
from khet.outlets.statistics.choices import Kind, Level
from khet.outlets.statistics.queries.asked import BY_PLACES, Asked
from khet.outlets.statistics.queries.figures import Figures, figures
from khet.outlets.statistics.queries.grids import EMPTY, UNDIVIDED, Cell, Grid, best_axes, cell_of, grid
from khet.outlets.statistics.queries.past import PastYear, past_years
from khet.outlets.statistics.queries.periods import Period, Periods
from khet.outlets.statistics.rules import may_see_rows

ROOMS = {"pupils_by_grade": "pupils_per_room"}
"""Indicator → the ratio whose denominator stands beside it as a row of its own, and which is its third way of showing."""

WIDE_COLUMNS = 16
WIDE_LETTERS = 7


@dataclass
class Shown:
    """One indicator as it was asked for.

    ``grid`` of the round, ``other`` of the round compared with; ``trend`` the wholes of the same round through the years;
    ``past`` what documents say of the years before khet; ``districts`` the wholes by district; ``rooms`` the companion's grid. ``reveals``: the reader sees small cells.
    """

    asked: Asked
    figures: Figures
    grid: Grid
    other: Grid | None
    trend: list[tuple[Period, Cell]]
    districts: list[tuple[str, str, Cell]]
    rooms: Grid | None
    reveals: bool
    missing: str = ""
    notes: list[str] = field(default_factory=list)
    past: list[PastYear] = field(default_factory=list)

    @property
    def indicator(self) -> Indicator:
        return self.asked.indicator

    @cached_property
    def by_places(self) -> bool:
        return self.asked.by in BY_PLACES

    @property
    def is_count(self) -> bool:
        return self.indicator.kind == Kind.COUNT

    @property
    def digits(self) -> int:
        if self.asked.show == "percent":
            return 1
        return (
            indicators[ROOMS[self.indicator.code]].digits
            if self.asked.show == "room"
            else self.indicator.digits
        )

    @property
    def unit(self) -> str:
        if self.asked.show == "percent":
            return _t("ร้อยละ")
        if self.asked.show == "room":
            return str(indicators[ROOMS[self.indicator.code]].unit)
        return str(self.indicator.unit)

    @property
    def main(self) -> Grid:
        """The grid that is drawn and listed: the companion's when "per room" is asked for."""
        return self.rooms if self.asked.show == "room" and self.rooms is not None else self.grid

    def value(self, cell: Cell) -> float | None:
        """A cell as it is shown: itself, or its share of the whole in per cent."""
        if cell.hidden or cell.value is None:
            return None
        if self.asked.show == "percent":
            whole = self.grid.whole.value
            return cell.value / whole * 100 if whole else None
        return cell.value

    @cached_property
    def is_wide(self) -> bool:
        """Whether the categories stand as columns under their bars; else they are rows."""
        axis = self.main.categories
        if self.by_places or not axis.code or len(axis.values) > WIDE_COLUMNS:
            return False
        return all(_letters(words) <= WIDE_LETTERS for _code, words in axis.values)

    @cached_property
    def years(self) -> list[TrendYear]:
        """The trend with the years before khet, oldest first, from the first year that has a figure. A year between them that
        nobody knows is a gap."""
        return joined(self.past, self.trend)

    @property
    def change(self) -> tuple[float, float | None] | None:
        """How much the whole is more or less than in the round compared with: by itself and in per cent."""
        if self.other is None:
            return None
        now, then = self.grid.whole.value, self.other.whole.value
        if now is None or then is None:
            return None
        return now - then, (now - then) / then * 100 if then and self.is_count else None


class TrendYear(NamedTuple):
    """A year of a trend: the round that counted it, or what a document says (``past``), or neither."""

    school_year: int
    cell: Cell
    period: Period | None = None
    past: PastYear | None = None


def joined(past: Sequence[PastYear], trend: Sequence[tuple[Period, Cell]]) -> list[TrendYear]:
    """Documents' years before and between those of rounds."""
    counted = {one.school_year: TrendYear(one.school_year, cell, one) for one, cell in trend}
    told = {
        one.school_year: TrendYear(one.school_year, one.cell, past=one)
        for one in past
        if one.school_year not in counted
    }
    found = counted | told
    known = [year for year, one in found.items() if one.cell.value is not None or one.cell.hidden]
    if not known:
        return []
    years = (
        range(min(known), max(found) + 1) if told else [year for year in sorted(found) if year >= min(known)]
    )
    return [found.get(year, TrendYear(year, EMPTY)) for year in years]


def _letters(words: str) -> int:
    """Letters that take room on the line."""
    return sum(1 for letter in words if letter not in "ัิีึืฺุู็่้๊๋์ํ๎")


def show(actor: Actor, asked: Asked, periods: Periods) -> Shown:
    """Ask the engine: the table with its sums, the wholes of the years, the districts, the rooms. Four reads of kept figures."""
    said, period, beside, place = asked.indicator, asked.period, asked.beside, asked.place
    unit = _unit_of(place.code) if place.level == Level.SCHOOL else None
    reveals = bool(said.small) and may_see_rows(actor, said, unit)
    by_places = asked.by in BY_PLACES
    level = Level(asked.by) if by_places else place.level
    if said.small and not reveals and (by_places or place.code):
        return _closed(asked)
    # What is sensitive is always asked for whole, and gathered here: coarser tables of the engine could be taken from each other.
    dims = None if said.small else _wanted(said, asked.by, by_places)
    sources = [period.source, *([beside.source] if beside else [])]
    found = figures(
        said.code,
        sources,
        level,
        None if by_places else place.code,
        dims=dims,
        reveal=reveals,
        known=periods.known,
    )
    years = periods.like(period)
    known = {one.key: one for one in [*years, *([beside] if beside else [])]}
    wholes = figures(
        said.code,
        [one.source for one in known.values()],
        place.level,
        place.code,
        dims=(),
        reveal=reveals,
        known=periods.known,
    )
    at = {row.census: cell_of(row) for row in wholes.rows}
    category, series = best_axes(found, [] if by_places or not asked.by else [asked.by])
    if by_places:
        category, series = "", series if series and not said.small else ""
        if said.dims and not series and len(found.dims) == 1 and len(found.dims[0].values) <= 6:
            series = found.dims[0].code

    def gridded(one: Period | None) -> Grid | None:
        if one is None or one.source.key in found.missing:
            return None
        key = one.source.key
        return grid(found, key, category, series, at.get(key, EMPTY), places=by_places)

    made = gridded(period)
    missing = found.missing.get(period.source.key, "")
    if made is None:
        made = Grid(said, UNDIVIDED, UNDIVIDED, {}, {}, {}, EMPTY)
    trend = [(one, at.get(one.source.key, EMPTY)) for one in years]
    return Shown(
        asked,
        found,
        made,
        gridded(beside),
        trend,
        _districts(asked, reveals, periods),
        _rooms(asked, by_places),
        reveals,
        missing,
        past=past_years(said, place.level, place.code, of=period, covered=periods.covered, reveal=reveals),
    )


def _closed(asked: Asked) -> Shown:
    """Nothing below the area of what is sensitive: the totals of places and the area's table together would give small cells away."""
    said = asked.indicator
    why = _t("ตัวชี้วัดนี้แสดงรายพื้นที่ไม่ได้ เพราะอาจรู้ว่าเป็นใคร ดูทั้งเขต หรือโรงเรียนของตน")
    empty = Figures(said, asked.place.level, [asked.period.source], [], {}, [])
    blank = Grid(said, UNDIVIDED, UNDIVIDED, {}, {}, {}, EMPTY)
    return Shown(asked, empty, blank, None, [], [], None, False, why)


def _wanted(said: Indicator, by: str, by_places: bool) -> list[str] | None:
    if by_places:
        codes = list(said.dim_codes)
        return ["sex"] if "sex" in codes else codes[:1] if len(codes) == 1 else []
    if by and len(said.dim_codes) > 1:
        return [by]
    return list(said.dim_codes)[:2] if len(said.dim_codes) > 2 else None


def _districts(asked: Asked, reveals: bool, periods: Periods) -> list[tuple[str, str, Cell]]:
    if asked.indicator.small and not reveals:
        return []
    if asked.by == Level.DISTRICT or asked.place.level not in (Level.AREA, Level.DISTRICT):
        return []
    found = figures(
        asked.indicator.code,
        [asked.period.source],
        Level.DISTRICT,
        dims=(),
        reveal=reveals,
        known=periods.known,
    )
    return [(row.place, found.places[row.place], cell_of(row)) for row in found.rows if row.place]


def _rooms(asked: Asked, by_places: bool) -> Grid | None:
    code = ROOMS.get(asked.indicator.code)
    if code is None or code not in indicators or (by_places and asked.show != "room"):
        return None
    level = Level(asked.by) if by_places else asked.place.level
    key = asked.period.source.key
    place = None if by_places else asked.place.code
    found = figures(code, [asked.period.source], level, place, dims=() if by_places else ("grade",))
    if key in found.missing:
        return None
    wholes = figures(code, [asked.period.source], asked.place.level, asked.place.code, dims=())
    whole = next((cell_of(row) for row in wholes.rows if row.census == key), EMPTY)
    return grid(found, key, "" if by_places else "grade", "", whole, places=by_places)


def _unit_of(code: str | None) -> int | None:
    found = by_code(code).first() if code else None
    return found.unit_id if found is not None else None
