"""What every chapter is composed with: the facts, the pictures gathered so far, sources, levels of grades."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from khet.base.lib.pdf.books import Block, Column, Picture, Row, Table
from khet.base.lib.thai import thai_date
from khet.outlets.books.composing.pictures import Pictures
from khet.outlets.books.facts import AREA, CensusFact, Cube, Dim, Facts, IndicatorFact, PastFact

BEFORE = "จากเอกสารก่อนใช้ระบบ"
LEVELS = (("ก่อนประถมศึกษา", "k"), ("ประถมศึกษา", "p"), ("มัธยมศึกษาตอนต้น", "l"), ("มัธยมศึกษาตอนปลาย", "u"))


def level_of(grade: str) -> str:
    """k, p, l (ม.1–3) or u (ม.4–6) of the code of a grade."""
    if grade[:1] in "kp":
        return grade[:1]
    return "l" if grade in ("m1", "m2", "m3") else "u"


@dataclass
class Making:
    """One book being composed. ``told`` is called with the words of each step. ``emblem`` names the office's own among the pictures."""

    facts: Facts
    pictures: Pictures
    texts: Mapping[str, str] = field(default_factory=dict)
    thai_digits: bool = True
    told: Callable[[str], None] = lambda _words: None
    emblem: str = ""
    _cubes: dict[tuple[str, str], Cube] = field(default_factory=dict)

    def cube(self, code: str, level: str = "area") -> Cube:
        """The figures of an indicator; asked for once."""
        if (code, level) not in self._cubes:
            self._cubes[code, level] = self.facts.cube(code, level)
        return self._cubes[code, level]

    def counted(self, chapter: str, *, most: int = 1) -> list[IndicatorFact]:
        """The first indicators of a chapter of the registry that count something by its kinds."""
        found = [one for one in self.facts.of_chapter(chapter) if one.summed and one.dims]
        return found[:most]

    def source(self, *cubes: Cube, note: str = "") -> str:
        """The line under a table or picture: round, day of closing, fingerprint."""
        named: dict[int, CensusFact] = {
            cube.census.pk: cube.census for cube in cubes if cube.census is not None
        }
        told = [
            f"สำมะโนรอบ {one.short} ปิดเมื่อ {thai_date(one.closed_on)} ({one.print})" for one in named.values()
        ]
        parts = [note] if note else []
        if any(row.hidden for cube in cubes for row in cube.rows):
            parts.append("* จำนวนน้อย ไม่แสดง")
        if told:
            parts.append("ที่มา: " + " และ".join(told))
        return "  ".join(parts)


def sources_of(past: Sequence[PastFact]) -> str:
    """The books of some years in one line: what all of them begin with is said once."""
    told = list(dict.fromkeys(one.source for one in past))
    words = [one.split() for one in told]
    alike = [said[0] for said in takewhile(lambda said: len(set(said)) == 1, zip(*words, strict=False))]
    if len(told) < 2 or not alike:
        return ", ".join(told)
    return f"{' '.join(alike)} " + ", ".join(" ".join(one[len(alike) :]) for one in words)


def plain(value: Any) -> float:
    """A figure for adding up: what is hidden or not counted adds nothing."""
    return value if isinstance(value, int | float) else 0


def kind_of(indicator: IndicatorFact) -> str:
    """The kind of a column that shows the values of an indicator."""
    return {0: "int", 1: "one"}.get(indicator.decimals, "two")


def dims_table(
    making: Making, cube: Cube, *, title: str = "", rows: str = "", across: str = ""
) -> Table | None:
    """The whole area: values of the first dim down, those of the second across (at most eight), with sums where sums make sense."""
    if not cube or not cube.dims:
        return None
    indicator = cube.indicator
    first = cube.dim(rows) if rows else cube.dims[0]
    others = [dim for dim in cube.dims if dim is not first]
    second = (
        cube.dim(across)
        if across
        else next((dim for dim in others if 1 < len(cube.values(dim.code)) <= 8), None)
    )
    columns = [Column(label=first.title, kind="text", share=3.4)]
    kind = kind_of(indicator)
    heads: list[str] = cube.values(second.code) if second else []
    columns += [Column(label=_short(second, value), kind=kind) for value in heads] if second else []
    whole = f"รวม ({indicator.unit})" if indicator.summed else indicator.unit
    columns.append(Column(label=whole, kind=kind, share=1.1))
    total = plain(cube.of()) if indicator.summed else 0
    if indicator.summed and total:
        columns.append(Column(label="ร้อยละ", kind="one", share=0.9))
    made: list[Row] = []
    for value in cube.values(first.code):
        cells: list[Any] = [first.values.get(value, value)]
        cells += [cube.of(**{first.code: value, second.code: head}) for head in heads] if second else []
        here = cube.of(**{first.code: value})
        cells.append(here)
        if indicator.summed and total:
            cells.append(here if here == "*" else plain(here) * 100 / total)
        made.append(Row(cells=cells))
    if indicator.summed:
        cells = ["รวม", *([cube.of(**{second.code: head}) for head in heads] if second else []), cube.of()]
        made.append(Row(cells=[*cells, *([100.0] if total else [])], level="total"))
    elif cube.of() is not None:
        made.append(
            Row(
                cells=[
                    "ทั้งเขต",
                    *([cube.of(**{second.code: head}) for head in heads] if second else []),
                    cube.of(),
                ],
                level="total",
            )
        )
    return Table(title=title or indicator.title, columns=columns, rows=made, source=making.source(cube)) if made else None  # fmt: skip


def _short(dim: Dim | None, value: str) -> str:
    return (dim.short.get(value) or dim.values.get(value, value)) if dim else value


def places_table(
    making: Making, cubes: Sequence[Cube], places: Sequence[tuple[str, str]], *, title: str, across: str = "", label: str = "อำเภอ", whole: Sequence[Cube] = ()
) -> Table | None:  # fmt: skip
    """Places down; across the indicators, or the values of one dim of the only indicator. ``whole``: the same cubes at the level
    of the area, for the last row."""
    cubes = [cube for cube in cubes if cube]
    if not cubes or not places:
        return None
    columns = [Column(label=label, kind="text", share=2.6)]
    wholes = list(whole) or [None] * len(cubes)
    if across:
        (cube,), dim = cubes, cubes[0].dim(across)
        heads = cube.values(across)
        columns += [Column(label=_short(dim, value), kind=kind_of(cube.indicator)) for value in heads]
        columns.append(
            Column(
                label="รวม" if cube.indicator.summed else cube.indicator.unit, kind=kind_of(cube.indicator)
            )
        )

        def line(source: Cube, place: str) -> list[Any]:
            return [*(source.of(place, **{across: value}) for value in heads), source.of(place)]

        made = [Row(cells=[name, *line(cube, code)]) for code, name in places]
        made.append(
            Row(
                cells=["รวม" if cube.indicator.summed else "ทั้งเขต", *line(wholes[0] or cube, AREA)],
                level="total",
            )
        )
    else:
        columns += [
            Column(label=f"{cube.indicator.title} ({cube.indicator.unit})", kind=kind_of(cube.indicator))
            for cube in cubes
        ]
        made = [Row(cells=[name, *(cube.of(code) for cube in cubes)]) for code, name in places]
        last = [(one or cube).of() for cube, one in zip(cubes, wholes, strict=True)]
        made.append(Row(cells=["ทั้งเขต", *last], level="total"))
    return Table(title=title, columns=columns, rows=made, source=making.source(*cubes))


def chart_block(
    making: Making,
    title: str,
    chart: Any,
    *cubes: Cube,
    width: int = 100,
    listed: bool = True,
    note: str = "",
) -> Block:
    """A picture of a chart of ``khet.base.lib.charts``, numbered and with its source."""
    file = making.pictures.chart(chart)
    return Picture(
        title=title,
        file=file,
        alt=title,
        source=making.source(*cubes, note=note),
        width=width,
        listed=listed,
    )
