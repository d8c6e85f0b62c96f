"""Chapters that follow the registry of indicators: every indicator with a sentence, its table, its chart; then the area in general."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from khet.base.lib import charts
from khet.base.lib.pdf.books import Block, Column, Picture, Row, Section, Side, Table, Words
from khet.outlets.books.composing.making import Making, chart_block, dims_table, kind_of, places_table, plain
from khet.outlets.books.facts import Cube

MOST_BARS = 16


def area_map(
    making: Making,
    title: str,
    values: Mapping[str, float | None],
    unit: str,
    *,
    decimals: int = 0,
    source: str = "",
) -> Block | None:
    """The districts coloured by a figure, numbered as a map; None without outlines or figures."""
    if not any(value is not None for value in values.values()):
        return None
    file = making.pictures.kept(making.pictures.maps.districts(values, unit, decimals))
    if not file:
        return None
    return Picture(title=title, file=file, alt=f"แผนที่ {title}", kind="map", source=source)


def said(value: Any, cube: Cube) -> str:
    """A value in a sentence, with its unit."""
    if not isinstance(value, int | float):
        return "–"
    decimals = cube.indicator.decimals
    return f"{value:,.{decimals}f} {cube.indicator.unit}"


def sentence_of(making: Making, area: Cube, district: Cube) -> str:
    """What is counted, how much it is, where it is most and least."""
    indicator = area.indicator
    whole = area.of()
    words = indicator.definition.rstrip(". ")
    if isinstance(whole, int | float):
        words += f" ทั้งเขต {said(whole, area)}"
        past = [(census, value) for census, value in making.facts.past(indicator.code) if value is not None]
        if len(past) > 1 and past[-2][1] is not None:
            change = (past[-1][1] or 0) - (past[-2][1] or 0)
            if abs(change) >= 0.5 * 10**-indicator.decimals:
                way = "เพิ่มขึ้น" if change > 0 else "ลดลง"
                words += f" {way}จากรอบก่อน {said(abs(change), area)}"
    names = dict(making.facts.districts())
    ranked = (
        [(code, value) for code in names if isinstance(value := district.of(code), int | float)]
        if district
        else []
    )
    if len(ranked) > 1:
        ranked.sort(key=lambda pair: (-pair[1], pair[0]))
        (most, high), (least, low) = ranked[0], ranked[-1]
        if high != low:
            words += (
                f" อำเภอ{names[most]}มากที่สุด {said(high, area)} อำเภอ{names[least]}น้อยที่สุด {said(low, area)}"
            )
    return words


def chart_of(making: Making, cube: Cube) -> Block | None:
    """Bars of the first dim (grouped by a second of two or three values), or lying bars where its words are long."""
    if not cube.dims:
        return None
    first, indicator = cube.dims[0], cube.indicator
    values = cube.values(first.code)
    second = next((dim for dim in cube.dims[1:] if 1 < len(cube.values(dim.code)) <= 3), None)
    if not 1 < len(values) <= MOST_BARS:
        return None
    words = [first.short.get(value) or first.values.get(value, value) for value in values]
    digits = "thai" if making.thai_digits else "arabic"
    given = {"title": indicator.title, "unit": indicator.unit, "places": indicator.decimals}
    chart: Any
    if max(map(len, words)) > 9 or len(values) > 12:
        items = [
            (word, _drawn(cube.of(**{first.code: value}))) for word, value in zip(words, values, strict=True)
        ]
        chart = charts.Ranked(**given, items=tuple(items), thick=17, form=charts.Paper(digits=digits))
    else:
        series = (
            tuple(
                charts.Series(
                    second.values.get(one, one),
                    [_drawn(cube.of(**{first.code: value, second.code: one})) for value in values],
                )
                for one in cube.values(second.code)
            )
            if second
            else (
                charts.Series(indicator.title, [_drawn(cube.of(**{first.code: value})) for value in values]),
            )
        )
        chart = charts.Bars(
            **given,
            categories=tuple(words),
            series=series,
            legend=bool(second),
            form=charts.Paper(height=190, digits=digits),
        )
    title = indicator.title if "ตาม" in indicator.title else f"{indicator.title} ตาม{first.title}"
    return chart_block(making, title, chart, cube)


def _drawn(value: Any) -> float | None:
    return value if isinstance(value, int | float) else None


def indicator_blocks(making: Making, code: str) -> list[Block]:
    """One indicator: heading, sentence, the whole area by its dims with a chart, the districts with a map."""
    area, district = making.cube(code), making.cube(code, "district")
    indicator = making.facts.indicators[code]
    if not area:
        return []
    blocks: list[Block] = [Section(title=indicator.title), Words(html=sentence_of(making, area, district))]
    table = dims_table(making, area)
    if table is not None:
        blocks.append(table)
        chart = chart_of(making, area)
        if chart is not None:
            blocks.append(chart)
    places = making.facts.districts()
    if district and len(places) > 1:
        across = next((dim.code for dim in district.dims if 1 < len(district.values(dim.code)) <= 9), "")
        by_place = places_table(
            making, [district], places, title=f"{indicator.title} ตามอำเภอ", across=across, whole=[area]
        )
        values = {name: _drawn(district.of(name)) for name, _words in places}
        drawn = area_map(
            making, f"{indicator.title} ตามอำเภอ", values, indicator.unit, decimals=indicator.decimals
        )
        if by_place is not None:
            narrow = len(by_place.columns) <= 4
            blocks.append(
                Side(shares=[1.5, 1], parts=[[by_place], [drawn]]) if drawn and narrow else by_place
            )
    return blocks


def indicators_of(making: Making, chapters: Iterable[str], skip: Iterable[str] = ()) -> list[Block]:
    """Every indicator of these chapters of the registry: those with dims one by one, the others gathered into tables of districts."""
    left = set(skip)
    blocks: list[Block] = []
    plainly: list[Cube] = []
    for indicator in making.facts.of_chapter(*chapters):
        if indicator.code in left:
            continue
        making.told(indicator.title)
        area = making.cube(indicator.code)
        if not area:
            continue
        if area.dims:
            blocks += indicator_blocks(making, indicator.code)
        else:
            plainly.append(area)
    if plainly:
        blocks += summary_blocks(making, plainly)
    return blocks


def summary_blocks(making: Making, areas: list[Cube]) -> list[Block]:
    """Indicators that are one number each: what each means, then the districts with five of them across."""
    blocks: list[Block] = [Section(title="ตัวชี้วัดโดยสรุป")]
    blocks.append(
        Table(
            title="ตัวชี้วัดทั้งเขต",
            columns=[
                Column(label="ตัวชี้วัด", kind="text", share=3), Column(label="ความหมาย", kind="text", share=6), Column(label="ค่า", kind="text", share=2)
            ],
            rows=[Row(cells=[area.indicator.title, area.indicator.definition, said(area.of(), area)]) for area in areas],
            source=making.source(*areas),
            size=12.5,
        )
    )  # fmt: skip
    places = making.facts.districts()
    for start in range(0, len(areas), 5):
        some = areas[start : start + 5]
        cubes = [making.cube(area.indicator.code, "district") for area in some]
        present = [(cube, area) for cube, area in zip(cubes, some, strict=True) if cube]
        table = places_table(
            making,
            [cube for cube, _area in present],
            places,
            title="ตัวชี้วัดตามอำเภอ",
            whole=[area for _cube, area in present],
        )
        if table is not None:
            blocks.append(table)
    return blocks


def chapter(making: Making) -> list[Block]:
    """The area in general: the office's own words, its schools by district and level, the map of all schools."""
    facts = making.facts
    blocks: list[Block] = [Words(html=making.texts["general"])] if making.texts.get("general") else []
    extended = sum(1 for school in facts.schools if school.extended)
    subdistricts = len(
        {(school.district_code, school.subdistrict) for school in facts.schools if school.subdistrict}
    )
    words = f"{facts.office} ดูแลโรงเรียน {len(facts.schools):,} แห่ง ใน {len(facts.districts()):,} อำเภอ {subdistricts:,} ตำบล"
    networks = {school.network for school in facts.schools if school.network}
    if networks:
        words += f" จัดเป็น {len(networks):,} ศูนย์เครือข่าย"
    if extended:
        words += f" เป็นโรงเรียนขยายโอกาสทางการศึกษา {extended:,} แห่ง"
    blocks.append(Words(html=words))
    levels = sorted({school.levels_words for school in facts.schools if school.levels_words})
    rows = []
    for code, name in facts.districts():
        here = [school for school in facts.schools if school.district_code == code]
        counts = [sum(1 for school in here if school.levels_words == level) or None for level in levels]
        rows.append(Row(cells=[name, len({school.subdistrict for school in here}), *counts, len(here)]))
    totals = [sum(1 for school in facts.schools if school.levels_words == level) for level in levels]
    rows.append(Row(cells=["รวม", subdistricts, *totals, len(facts.schools)], level="total"))
    source = f"ที่มา: โรงเรียนในสำมะโนรอบ {facts.census.short} ({facts.census.print})"
    blocks.append(
        Table(
            title="โรงเรียนตามอำเภอและระดับที่เปิดสอน",
            columns=[Column(label="อำเภอ", kind="text", share=2), Column(label="ตำบล"), *(Column(label=level, share=1.2) for level in levels), Column(label="รวม")],
            rows=rows,
            source=source,
        )
    )  # fmt: skip
    file = making.pictures.kept(making.pictures.maps.area())
    if file:
        blocks.append(
            Picture(title="ที่ตั้งโรงเรียนในสังกัด", file=file, alt="แผนที่โรงเรียนในสังกัด", kind="map", source=source)
        )
    if networks:
        rows = []
        for network in sorted(networks):
            here = [school for school in facts.schools if school.network == network]
            rows.append(Row(cells=[network, ", ".join(school.name for school in here), len(here)]))
        blocks.append(
            Table(
                title="โรงเรียนตามศูนย์เครือข่าย",
                columns=[Column(label="ศูนย์เครือข่าย", kind="text", share=2), Column(label="โรงเรียน", kind="text", share=7), Column(label="จำนวน")],
                rows=rows,
                source=source,
                size=13,
            )
        )  # fmt: skip
    blocks += indicators_of(making, ("schools",))
    return blocks


def school_table(making: Making, title: str, codes: Iterable[str]) -> Table | None:
    """Every school, district by district, with some indicators across."""
    cubes = [
        cube for code in codes if code in making.facts.indicators and (cube := making.cube(code, "school"))
    ]
    if not cubes:
        return None
    rows: list[Row] = []
    for code, name in making.facts.districts():
        rows.append(Row(cells=[f"อำเภอ{name}"], level="group"))
        here = [school for school in making.facts.schools if school.district_code == code]
        rows += [Row(cells=[school.name, *(cube.of(school.code) for cube in cubes)]) for school in here]
        summed = [
            sum(plain(cube.of(school.code)) for school in here) if cube.indicator.summed else None
            for cube in cubes
        ]
        rows.append(Row(cells=[f"รวมอำเภอ{name}", *summed], level="sub"))
    rows.append(
        Row(cells=["ทั้งเขต", *(making.cube(cube.indicator.code).of() for cube in cubes)], level="total")
    )
    columns = [Column(label="โรงเรียน", kind="text", share=3.2)]
    columns += [
        Column(label=f"{cube.indicator.title} ({cube.indicator.unit})", kind=kind_of(cube.indicator))
        for cube in cubes
    ]
    return Table(title=title, columns=columns, rows=rows, source=making.source(*cubes), size=12.5, tight=True)
