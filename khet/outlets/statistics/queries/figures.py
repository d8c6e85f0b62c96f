"""Figures of an indicator: gathered by place, its cells in their natural order, what is small hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.utils.translation import gettext as _t

from khet.base.lib.errors import NotFound, Refusal
from khet.kits.rounds.api import Census, Round, censuses
from khet.outlets.statistics import cache
from khet.outlets.statistics.bases import Dim, Indicator, indicators
from khet.outlets.statistics.choices import Kind, Level
from khet.outlets.statistics.queries.hiding import hide
from khet.outlets.statistics.sources import Source, counted, live_source, source_of

Number = int | float


class Row(NamedTuple):
    """One cell of a place in a census. ``dims`` in the order of ``Figures.dims``. ``n``, ``of`` and ``value`` are None where ``hidden``
    (unless asked for with ``reveal``), ``value`` also where ``of`` is nought."""

    census: str
    place: str
    dims: tuple[str, ...]
    n: Number | None
    of: Number | None
    value: Number | None
    hidden: bool


@dataclass(frozen=True)
class DimValues:
    """A dim of these figures with the codes that occur, in their natural order: (code, words)."""

    code: str
    title: str
    values: list[tuple[str, str]]


@dataclass
class Figures:
    """What was asked for. ``censuses`` in the order asked; ``missing``: census key → why there are no rows of it.

    ``places``: code → name, in the order of their names. ``provisional``: keys of rounds that are still open.
    """

    indicator: Indicator
    level: Level
    censuses: list[Source]
    dims: list[DimValues]
    places: dict[str, str]
    rows: list[Row]
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def provisional(self) -> list[str]:
        return [one.key for one in self.censuses if one.live]

    def at(self, census: str, place: str, *dims: str) -> Row | None:
        """One cell, or None where nobody counts in it."""
        if not hasattr(self, "_at"):
            self._at = {(row.census, row.place, row.dims): row for row in self.rows}
        return self._at.get((census, place, dims))


def figures(
    code: str,
    of: Iterable[Census | Round | Source],
    level: Level | str = Level.AREA,
    place: str | None = None,
    *,
    dims: Sequence[str] | None = None,
    reveal: bool = False,
    known: Sequence[Source] | None = None,
) -> Figures:
    """The figures of an indicator in some censuses (or open rounds), gathered by a level, of one place or of all.

    ``dims``: by which of its dims to divide, in this order; () for wholes, None for all. ``reveal``: give hidden cells to who may
    see the rows behind them; they stay marked. ``known``: the censuses to look back to, by default all of this office. Places are codes: of the office, a district (four digits), a network, a school
    (eight digits).
    """
    found = indicators.get(code)
    if found is None:
        raise NotFound(_t("ไม่มีตัวชี้วัดนี้ เลือกจากรายการตัวชี้วัด"), code="statistics.no_indicator")
    level = Level(level)
    shown = _dims(found, dims)
    sources = [as_source(one) for one in of]
    past = Past(known)
    parts, missing, places = [], {}, {}
    for source in sources:
        rows, why = _rows_of(source, found, past)
        located = None if rows is None else _placed(source, rows, level)
        if located is None:
            missing[source.key] = why or _t("ไม่ได้นับในรอบนี้")
            continue
        if place is not None and not found.small:
            # What is sensitive needs all places: a small cell may hide one elsewhere.
            located = located.filter(pc.equal(located["place"], place))
        parts.append(located.append_column("census", pa.repeat(pa.scalar(source.key), len(located))))
        places |= _names(source, level)
    gathered = _gathered(parts, [f"d{found.dim_codes.index(dim.code) + 1}" for dim in shown])
    rows = hide(found, _rows(found, gathered, len(shown)), _parents(sources, level), reveal=reveal)
    if place is not None:
        rows = [row for row in rows if row.place == place]
    occurring = {row.place for row in rows}
    listed = [_values(dim, {row.dims[at] for row in rows}) for at, dim in enumerate(shown)]
    order = [{value: n for n, (value, _words) in enumerate(one.values)} for one in listed]
    names = {key: places.get(key) or key or _t("ไม่ทราบ") for key in occurring}
    ranks = {key: n for n, key in enumerate(sorted(names, key=lambda key: (key == "", names[key], key)))}
    turn = {source.key: n for n, source in enumerate(sources)}
    rows.sort(
        key=lambda row: (
            turn[row.census],
            ranks[row.place],
            [order[at][value] for at, value in enumerate(row.dims)],
        )
    )
    return Figures(found, level, sources, listed, {key: names[key] for key in ranks}, rows, missing)


def as_source(one: Census | Round | Source) -> Source:
    if isinstance(one, Source):
        return one
    return live_source(one) if isinstance(one, Round) else source_of(one)


class Past:
    """The censuses that figures may look back to, read from the register of rounds when the first one does."""

    def __init__(self, known: Sequence[Source] | None = None) -> None:
        self._known = known

    def before(self, source: Source) -> list[Source]:
        """Those of the same round in the years before, oldest first, as far back as any indicator looks."""
        if self._known is None:
            self._known = [source_of(one) for one in censuses()]
        furthest = source.school_year - max(one.years for one in indicators)
        found = [
            one
            for one in self._known
            if (one.office, one.round) == (source.office, source.round)
            and furthest <= one.school_year < source.school_year
        ]
        return sorted(found, key=lambda one: one.school_year)


def _rows_of(source: Source, indicator: Indicator, past: Past) -> tuple[pa.Table | None, str]:
    """The kept rows of an indicator in a census; or None, and why."""
    if not counted(source, indicator):
        return None, _t("ไม่ได้นับในรอบนี้")
    earlier = past.before(source) if indicator.years else []
    usable = [
        one
        for one in earlier
        if one.school_year >= source.school_year - indicator.years and counted(one, indicator)
    ]
    if len(usable) < indicator.least:
        needed = _t("ต้องมีข้อมูลรอบเดียวกันของปีก่อนอย่างน้อย %(n)d ปี") % {"n": indicator.least}
        return None, needed
    return cache.read(source, indicator, earlier), ""


def _dims(indicator: Indicator, wanted: Sequence[str] | None) -> list[Dim]:
    if wanted is None:
        return list(indicator.dims)
    known = {dim.code: dim for dim in indicator.dims}
    strange = [code for code in wanted if code not in known]
    if strange:
        raise Refusal(
            _t("ตัวชี้วัดนี้ไม่ได้แยกตาม %(dims)s เลือกจากที่มี") % {"dims": ", ".join(strange)}, code="statistics.no_dim"
        )
    return [known[code] for code in dict.fromkeys(wanted)]


@lru_cache(maxsize=64)
def _schools_on_disk(path: str) -> pa.Table:
    return pq.read_table(path)


def schools_of(source: Source) -> pa.Table | None:
    """The schools as a census knows them; None for a census from before they were frozen."""
    if source.rows is not None:
        return source.rows.get("schools")
    return _schools_on_disk(str(source.file("schools"))) if "schools" in source.tables else None


def _placed(source: Source, rows: pa.Table, level: Level) -> pa.Table | None:
    """Rows with a ``place``. Districts and networks are those of the census itself: None where it does not know its schools."""
    if level == Level.AREA:
        return rows.append_column("place", pa.repeat(pa.scalar(source.office), len(rows)))
    if level == Level.SCHOOL:
        return rows.append_column("place", rows["school"])
    known = schools_of(source)
    if known is None:
        return None
    at = pc.index_in(rows["school"], value_set=known["school"].combine_chunks())
    codes = pc.fill_null(pc.take(known[f"{level}_code"].combine_chunks(), at), "")
    return rows.append_column("place", codes)


def _names(source: Source, level: Level) -> dict[str, str]:
    if level == Level.AREA:
        return {source.office: ""}
    known = schools_of(source)
    if known is None:
        return {}
    code, name = ("school", "name") if level == Level.SCHOOL else (f"{level}_code", str(level))
    return dict(zip(known[code].to_pylist(), known[name].to_pylist(), strict=True))


def _parents(sources: Iterable[Source], level: Level) -> dict[str, list[str]]:
    """School → the places it is part of, whose own figures can be read beside it."""
    if level != Level.SCHOOL:
        return {}
    found: dict[str, list[str]] = {}
    for source in sources:
        known = schools_of(source)
        for row in known.select(["school", "district_code", "network_code"]).to_pylist() if known else []:
            found[row["school"]] = [f"district {row['district_code']}", f"network {row['network_code']}"]
    return found


def _gathered(parts: Sequence[pa.Table], dims: Sequence[str]) -> list[dict[str, Any]]:
    if not parts:
        return []
    keys = ["census", "place", *dims]
    whole = pa.concat_tables([part.select([*keys, "n", "of"]) for part in parts])
    return whole.group_by(keys, use_threads=False).aggregate([("n", "sum"), ("of", "sum")]).to_pylist()


def _plain(value: Decimal | None) -> Number | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _rows(indicator: Indicator, gathered: Sequence[Mapping[str, Any]], dims: int) -> list[Row]:
    made = []
    for one in gathered:
        values = list(one.values())
        n, whole = _plain(one["n_sum"]), _plain(one["of_sum"])
        if indicator.kind == Kind.COUNT:
            value = n
        else:
            value = None if not whole or n is None else n / whole * indicator.scale
        made.append(Row(one["census"], one["place"], tuple(values[2 : 2 + dims]), n, whole, value, False))
    return made


def _values(dim: Dim, occurring: set[str]) -> DimValues:
    """The codes that occur, in the order of the labels; those without a label after them, numbers by size, «not said» last."""
    labels = {code: str(words) for code, words in dim.labels().items()}
    known = [code for code in labels if code in occurring]
    others = sorted(
        occurring - set(known) - {""},
        key=lambda code: (not _is_number(code), float(code) if _is_number(code) else 0, code),
    )
    said = [(code, labels.get(code, code)) for code in [*known, *others]]
    if "" in occurring and "" not in labels:
        said.append(("", str(dim.unsaid) or _t("ไม่ระบุ")))
    return DimValues(dim.code, str(dim.title), said)


def _is_number(code: str) -> bool:
    return code.lstrip("-").replace(".", "", 1).isdigit()
