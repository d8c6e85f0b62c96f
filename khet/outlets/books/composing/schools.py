"""A page for every school: its facts and place, pupils by grade and sex with rooms, people, buildings, articles, internet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from khet.base.lib.pdf.books import (
    Bars,
    Block,
    Column,
    Page,
    Pairs,
    Picture,
    Row,
    Section,
    Side,
    Table,
    figure,
)
from khet.base.lib.thai import thai_date
from khet.outlets.books.composing.making import BEFORE, Making, kind_of, plain, sources_of
from khet.outlets.books.composing.pupils import GRADE_COLUMNS, PUPILS, ROOMS, grade_rows
from khet.outlets.books.facts import Cube, SchoolFact

NARROW = [
    Column(label="ชั้น", kind="text", share=3.7),
    *GRADE_COLUMNS[1:4],
    Column(label="ห้อง", share=0.9),
    GRADE_COLUMNS[5],
]


def mark(school: SchoolFact) -> str:
    """How the index finds a school's page."""
    return f"s{school.code}"


def page(making: Making, school: SchoolFact, *, emblem: str = "") -> list[Block]:
    """One school; with the office's emblem where its page stands for a cover."""
    codes = "  ".join(
        f"{words} {code}"
        for words, code in (("SMIS", school.code), ("รหัส 10 หลัก", school.obec10), ("รหัส 6 หลัก", school.obec6))
        if code
    )
    place = " ".join(
        part
        for part in (
            f"ตำบล{school.subdistrict}" if school.subdistrict else "",
            f"อำเภอ{school.district}",
            school.network,
        )
        if part
    )
    head: list[Block] = [Pairs(pairs=_facts(school), label=2.5)]
    beside: list[Block] = []
    file = (
        making.pictures.kept(making.pictures.maps.school(school.code)) if school.latitude is not None else ""
    )
    if file:
        where = f"{school.latitude:.5f}, {school.longitude:.5f}" + (
            "" if school.confirmed else " (ยังไม่ยืนยันพิกัด)"
        )
        beside.append(
            Picture(title="", file=file, alt=f"ที่ตั้ง{school.full_name}", kind="map", source=where, tall=4.7)
        )
    blocks: list[Block] = [
        Page(title=school.full_name, mark=mark(school), right=codes, below=place, emblem=emblem),
        Side(shares=[1.75, 1], parts=[head, beside]) if beside else head[0],
    ]
    pupils, rooms = making.cube(PUPILS, "school"), making.cube(ROOMS, "school")
    tables: list[Table] = []
    if pupils:
        rows = grade_rows(pupils, rooms, school.code)
        table = Table(
            title="นักเรียนและห้องเรียน", columns=NARROW, rows=rows, size=12.5, tight=True, listed=False, whole=40,
            source="" if rows else "รอบนี้ไม่มีข้อมูลนักเรียนของโรงเรียนนี้",
        )  # fmt: skip
        short = pupils.dim("grade").short
        bars = [
            (short.get(grade, grade), round(plain(pupils.of(school.code, grade=grade))), False)
            for grade in pupils.dim("grade").values
            if pupils.of(school.code, grade=grade)
        ]
        blocks.append(_beside(making, school, table, bars))
    tables += [table for given in GATHERED if (table := _gathered(making, school, *given)) is not None]
    if tables:
        blocks.append(Side(shares=[1.0] * len(tables), parts=[[table] for table in tables], whole=False))
    return blocks


def _facts(school: SchoolFact) -> list[tuple[str, str]]:
    pairs = [
        (school.head_post or "ผู้อำนวยการ", school.head or "ยังไม่มีผู้ดำรงตำแหน่ง"),
        ("ที่ตั้ง", school.address),
        ("โทรศัพท์", school.phone),
        ("อีเมล", school.email),
        ("เว็บไซต์", school.website.removeprefix("https://").removeprefix("http://").rstrip("/")),
        ("เปิดสอน", school.levels_words + (" (ขยายโอกาส)" if school.extended else "")),
        ("ก่อตั้ง", school.founded),
        ("ห่างจากเขต", f"{school.km_to_office:,.1f} กม." if school.km_to_office is not None else ""),
    ]
    return [(label, value) for label, value in pairs if value]


def _beside(making: Making, school: SchoolFact, table: Table, bars: Sequence[tuple[str, int, bool]]) -> Block:
    """The grades, and beside them the years and the grades as bars."""
    right: list[Block] = []
    past = {
        census.school_year: value
        for census, value in making.facts.past(PUPILS, school.code)
        if value is not None
    }
    before = {one.school_year: one for one in making.facts.before(PUPILS, school.code)}
    years = sorted(({year: one.value for year, one in before.items()} | past).items())[-10:]
    told = [before[year] for year, _value in years if year not in past]
    if len(years) > 1:
        last = len(years) - 1
        right.append(
            Bars(
                title="นักเรียนย้อนหลัง",
                values=[
                    (f"{year % 100:02d}{'' if year in past else '*'}", round(value), n == last)
                    for n, (year, value) in enumerate(years)
                ],
                source=f"* {BEFORE}: {sources_of(told)}" if told else "",
                height=1.5,
            )
        )
    if len(bars) > 1:
        right.append(Bars(title="นักเรียนตามชั้น", values=bars, height=1.5))
    return Side(shares=[1.25, 1], parts=[[table], right]) if right else table


GATHERED: tuple[tuple[str, str, int], ...] = (
    ("บุคลากร", "teachers", 1),
    ("อาคารและสิ่งก่อสร้าง", "buildings", 1),
    ("ครุภัณฑ์และเทคโนโลยี", "equipment", 2),
)
"""Tables of a school's page: title, chapter of the registry, how many of its indicators."""


def _gathered(making: Making, school: SchoolFact, title: str, chapter: str, most: int) -> Table | None:
    """What a chapter of the registry counts at this school: kinds that occur with their sum, then what is one number."""
    rows: list[Row] = []
    unit = ""
    for indicator in making.counted(chapter, most=most):
        cube = making.cube(indicator.code, "school")
        if not cube:
            continue
        unit = unit or indicator.unit
        first = cube.dims[0]
        found = [
            (first.values.get(value, value), cube.of(school.code, **{first.code: value}))
            for value in cube.values(first.code)
        ]
        shown = [Row(cells=[words, value]) for words, value in found if value]
        rows += shown
        if len(shown) > 1:
            rows.append(Row(cells=[f"รวม ({indicator.unit})", cube.of(school.code)], level="sub"))
    for indicator in making.facts.of_chapter(chapter):
        if indicator.dims:
            continue
        cube = making.cube(indicator.code, "school")
        value: Any = cube.of(school.code) if cube else None
        if value is not None:
            rows.append(Row(cells=[indicator.title, f"{figure(value, kind_of(indicator))} {indicator.unit}"]))
    if not rows:
        return None
    columns = [Column(label="รายการ", kind="text", share=2.6), Column(label=unit, kind="figure")]
    return Table(title=title, columns=columns, rows=rows, size=12, tight=True, listed=False, whole=60)


def chapter(making: Making) -> list[Block]:
    """All schools, district by district, in dictionary order."""
    blocks: list[Block] = []
    for code, name in making.facts.districts():
        here = [school for school in making.facts.schools if school.district_code == code]
        making.told(f"โรงเรียนอำเภอ{name}")
        blocks.append(Section(title=f"โรงเรียนในอำเภอ{name}", fresh=bool(blocks)))
        blocks.append(_list_of(making, here, name))
        for school in here:
            blocks += page(making, school)
    return blocks


def _list_of(making: Making, schools: Sequence[SchoolFact], district: str) -> Table:
    """The schools of a district with pupils, rooms and people, before their pages."""
    pupils, rooms = making.cube(PUPILS, "school"), making.cube(ROOMS, "school")
    people = [making.cube(one.code, "school") for one in making.counted("teachers")]
    cubes = [cube for cube in (pupils, rooms, *people) if cube]
    rows = [
        Row(
            cells=[
                str(n),
                school.name,
                school.subdistrict,
                school.levels_words,
                *(cube.of(school.code) for cube in cubes),
            ]
        )
        for n, school in enumerate(schools, start=1)
    ]
    sums = [sum(plain(cube.of(school.code)) for school in schools) for cube in cubes]
    rows.append(Row(cells=["", f"รวมอำเภอ{district}", "", "", *sums], level="total"))
    return Table(
        title=f"โรงเรียนในอำเภอ{district}",
        columns=[
            Column(label="ที่", kind="center", share=0.6), Column(label="โรงเรียน", kind="text", share=3.6), Column(label="ตำบล", kind="text", share=1.8),
            Column(label="เปิดสอน", kind="text", share=1.9), *(Column(label=_head(cube), share=1.1) for cube in cubes),
        ],
        rows=rows,
        source=making.source(*cubes),
        whole=38,
        tight=len(rows) > 26,
    )  # fmt: skip


def _head(cube: Cube) -> str:
    return {PUPILS: "นักเรียน", ROOMS: "ห้องเรียน", "staff": "บุคลากร"}.get(
        cube.indicator.code, cube.indicator.title
    )


def seen_on(making: Making) -> str:
    """What the register says is of the day the census closed at the earliest; the book says so once."""
    return f"ชื่อผู้บริหาร ที่อยู่ และโทรศัพท์ เป็นข้อมูลในทะเบียน ตัวเลขเป็นข้อมูลที่ตรึงเมื่อ {thai_date(making.facts.census.closed_on)}"
