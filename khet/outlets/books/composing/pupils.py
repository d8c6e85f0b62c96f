"""The chapter of pupils: by grade with rooms, over the years, by district; then every other indicator about pupils."""

from __future__ import annotations

from typing import Any

from khet.base.lib import charts
from khet.base.lib.pdf.books import Block, Column, Row, Side, Table, Words
from khet.base.lib.thai import thai_date_long
from khet.outlets.books.composing.general import area_map, indicators_of
from khet.outlets.books.composing.making import (
    BEFORE,
    LEVELS,
    Making,
    chart_block,
    level_of,
    plain,
    sources_of,
)
from khet.outlets.books.facts import AREA, Cube

PUPILS, ROOMS = "pupils_by_grade", "rooms"


def grade_words(cube: Cube, grade: str) -> str:
    return cube.dim("grade").values.get(grade, grade)


def sentence(making: Making) -> str:
    """What a reader takes away: how many, boys and girls, rooms, change since the year before, the largest grade."""
    facts, pupils, rooms = making.facts, making.cube(PUPILS), making.cube(ROOMS)
    total, boys, girls = (plain(one) for one in (pupils.of(), pupils.of(sex="m"), pupils.of(sex="f")))
    day = pupils.census.as_at if pupils.census else facts.census.as_at
    said = f"ณ วันที่ {thai_date_long(day)} โรงเรียนในสังกัด {len(facts.schools):,} แห่ง มีนักเรียน {total:,} คน เป็นชาย {boys:,} คน หญิง {girls:,} คน"
    n_rooms = plain(rooms.of())
    if n_rooms:
        said += f" จัดเป็น {n_rooms:,} ห้องเรียน"
    past = [(census, value) for census, value in facts.past(PUPILS) if value is not None]
    if len(past) > 1:
        before, now = past[-2][1] or 0, past[-1][1] or 0
        if before and now != before:
            way = "เพิ่มขึ้น" if now > before else "ลดลง"
            said += f" {way}จากปีก่อน {abs(round(now - before)):,} คน หรือร้อยละ {abs(now - before) * 100 / before:.1f}"
    grades = pupils.values("grade")
    if grades:
        most = max(grades, key=lambda grade: plain(pupils.of(grade=grade)))
        said += f" ชั้นที่มีนักเรียนมากที่สุดคือ{grade_words(pupils, most)}"
    if n_rooms:
        said += f" และเฉลี่ยห้องละ {total / n_rooms:.1f} คน"
    return said


def grade_rows(pupils: Cube, rooms: Cube, place: str = AREA) -> list[Row]:
    """Grades with subtotals by level: boys, girls, together, rooms, pupils a room. Hidden cells stay hidden."""

    def line(words: str, grades: list[str], level: str) -> Row:
        cells: list[Any] = [words]
        for chosen in ({"sex": "m"}, {"sex": "f"}, {}):
            found = [pupils.of(place, grade=grade, **chosen) for grade in grades]
            cells.append("*" if "*" in found else sum(plain(one) for one in found))
        n = sum(plain(rooms.of(place, grade=grade)) for grade in grades) if rooms else None
        cells += [n or None, cells[3] / n if n and cells[3] != "*" else None]
        return Row(cells=cells, level=level)

    made: list[Row] = []
    known = [grade for grade in pupils.dim("grade").values if pupils.of(place, grade=grade)]
    levels = [(words, [grade for grade in known if level_of(grade) == code]) for words, code in LEVELS]
    levels = [(words, grades) for words, grades in levels if grades]
    for words, grades in levels:
        made += [line(grade_words(pupils, grade), [grade], "inner") for grade in grades]
        made.append(line(f"รวม{words}", grades, "sub"))
    if made:
        made.append(line("รวมทั้งสิ้น", known, "total"))
    return made


GRADE_COLUMNS = [
    Column(label="ชั้น", kind="text", share=2.9), Column(label="ชาย", share=1), Column(label="หญิง", share=1), Column(label="รวม", share=1.15),
    Column(label="ห้องเรียน", share=1.2), Column(label="คน/ห้อง", kind="one", share=1.15),
]  # fmt: skip


def chapter(making: Making) -> list[Block]:
    pupils, rooms = making.cube(PUPILS), making.cube(ROOMS)
    if not pupils:
        return [Words(html="สำมะโนที่เลือกไม่มีข้อมูลนักเรียน"), *indicators_of(making, ("pupils", "movement"))]
    blocks: list[Block] = [
        Words(html=sentence(making)),
        Table(
            title="จำนวนนักเรียนและห้องเรียน จำแนกตามชั้นและเพศ",
            columns=GRADE_COLUMNS,
            rows=grade_rows(pupils, rooms),
            source=making.source(pupils, rooms),
        ),
    ]
    grades = pupils.values("grade")
    short = pupils.dim("grade").short
    digits = "thai" if making.thai_digits else "arabic"
    blocks.append(
        chart_block(
            making,
            "จำนวนนักเรียนตามชั้นและเพศ",
            charts.Bars(
                title="จำนวนนักเรียนตามชั้นและเพศ",
                unit="คน",
                categories=tuple(short.get(grade, grade) for grade in grades),
                series=(
                    charts.Series("ชาย", [plain(pupils.of(grade=grade, sex="m")) for grade in grades]),
                    charts.Series("หญิง", [plain(pupils.of(grade=grade, sex="f")) for grade in grades]),
                ),
                form=charts.Paper(digits=digits),
            ),
            pupils,
        )
    )
    blocks += over_years(making, pupils)
    blocks.append(by_district(making))
    blocks += indicators_of(making, ("pupils", "movement"), skip={PUPILS, ROOMS})
    return blocks


def over_years(making: Making, pupils: Cube) -> list[Block]:
    """The pupils through the years as a line; where documents speak of years before khet, also as a table with each source."""
    past, before = making.facts.past(PUPILS), making.facts.before(PUPILS)
    values: dict[int, float | None] = {one.school_year: value for one, value in past}
    told = {one.school_year: one for one in before if one.school_year not in values}
    if sum(1 for value in values.values() if value is not None) + len(told) < 2:
        return []
    known = sorted({*values, *told})
    # A year that nobody knows is a gap, where documents reach back.
    years = list(range(known[0], known[-1] + 1)) if told else known
    line = [told[year].value if year in told else values.get(year) for year in years]
    title = f"แนวโน้มจำนวนนักเรียน ปีการศึกษา {years[0]}–{years[-1]}"
    chart = charts.Trend(
        title="แนวโน้มจำนวนนักเรียน",
        unit="คน",
        points=tuple(str(year) for year in years),
        series=(charts.Series("นักเรียน", line),),
        form=charts.Paper(height=200 if told else 170, digits="thai" if making.thai_digits else "arabic"),
        legend=False,
        elsewhere=tuple(at for at, year in enumerate(years) if year in told),
        elsewhere_words=BEFORE if told else "",
    )
    note = f"{BEFORE}: {sources_of(list(told.values()))}" if told else ""
    drawn = chart_block(making, title, chart, pupils, note=note)
    if not told:
        return [drawn]
    counted = {one.school_year: one for one, _value in past}
    rows = [
        Row(
            cells=[
                str(year),
                value,
                f"{BEFORE}: {told[year].source}" if year in told else f"สำมะโนรอบ {counted[year].short}",
            ]
        )
        for year, value in zip(years, line, strict=True)
        if value is not None
    ]
    table = Table(
        title=f"จำนวนนักเรียนย้อนหลัง ปีการศึกษา {years[0]}–{years[-1]}",
        columns=[Column(label="ปีการศึกษา", kind="center", share=1), Column(label="นักเรียน (คน)", share=1.1), Column(label="ที่มา", kind="text", share=4)],
        rows=rows,
        source=making.source(pupils, note="ปีที่มาจากเอกสารไม่ได้นับจากสำมะโน"),
    )  # fmt: skip
    return [drawn, table]


def by_district(making: Making) -> Block:
    """Schools, pupils and the average by district, beside the map."""
    facts, pupils = making.facts, making.cube(PUPILS, "district")
    rows: list[Row] = []
    values: dict[str, float] = {}
    for code, name in facts.districts():
        schools = sum(1 for school in facts.schools if school.district_code == code)
        n = pupils.of(code)
        values[code] = plain(n)
        rows.append(Row(cells=[name, schools, n, plain(n) / schools if schools else None]))
    whole = plain(making.cube(PUPILS).of())
    rows.append(
        Row(cells=["รวม", len(facts.schools), whole, whole / max(len(facts.schools), 1)], level="total")
    )
    table = Table(
        title="นักเรียนตามอำเภอ",
        columns=[Column(label="อำเภอ", kind="text", share=2), Column(label="โรงเรียน"), Column(label="นักเรียน"), Column(label="เฉลี่ย", kind="int", share=0.8)],
        rows=rows,
        source=making.source(pupils),
    )  # fmt: skip
    drawn = area_map(making, "นักเรียนตามอำเภอ", values, "คน", source="สีเข้มคืออำเภอที่มีนักเรียนมาก")
    return Side(shares=[1.5, 1], parts=[[table], [drawn]]) if drawn else table
