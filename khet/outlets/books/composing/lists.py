"""The appendix: every school with its pupils by grade, heads and addresses, indicators school by school; and the index of schools."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from khet.base.lib.pdf.books import Block, Column, Index, Row, Section, Table, figure
from khet.base.lib.thai import index_letter, sort_key
from khet.outlets.books.composing.general import school_table
from khet.outlets.books.composing.making import LEVELS, Making, dims_table, kind_of, level_of, plain
from khet.outlets.books.composing.pupils import PUPILS
from khet.outlets.books.composing.schools import mark
from khet.outlets.books.facts import AREA, Cube, SchoolFact

REGISTER = "ที่มา: ทะเบียนโรงเรียนและบุคลากรในระบบ ณ วันที่ทำสมุด"


def heads(making: Making) -> Table:
    """Schools with their heads and telephones."""
    rows: list[Row] = []
    n = 0
    for code, name in making.facts.districts():
        rows.append(Row(cells=[f"อำเภอ{name}"], level="group"))
        for school in making.facts.schools:
            if school.district_code == code:
                n += 1
                rows.append(
                    Row(
                        cells=[
                            str(n),
                            school.name,
                            school.head or None,
                            school.phone or None,
                            school.email or None,
                        ]
                    )
                )
    return Table(
        title="ผู้บริหารและช่องทางติดต่อของโรงเรียน",
        columns=[
            Column(label="ที่", kind="center", share=0.5), Column(label="โรงเรียน", kind="text", share=2.8), Column(label="ผู้อำนวยการ", kind="text", share=2.7), Column(label="โทรศัพท์", kind="text", share=1.6), Column(label="อีเมล", kind="text", share=3.6),
        ],
        rows=rows,
        source=REGISTER,
        size=12,
        tight=True,
    )  # fmt: skip


def pupils_by_grade(making: Making) -> list[Block]:
    """Every school × grade, then every school × grade × sex by level: what the register must be able to be checked against."""
    cube = making.cube(PUPILS, "school")
    if not cube:
        return []
    dim = cube.dim("grade")
    grades = cube.values("grade")
    tables: list[Block] = [
        _school_rows(
            making,
            "จำนวนนักเรียนรายโรงเรียน จำแนกตามชั้น",
            [(dim.short.get(g, g), [{"grade": g}]) for g in grades],
            [],
        )
    ]
    for words, code in LEVELS:
        some = [grade for grade in grades if level_of(grade) == code]
        if some:
            columns = [
                (label, [{"grade": grade, "sex": sex}])
                for grade in some
                for label, sex in (("ช", "m"), ("ญ", "f"))
            ]
            span = [("", 1), *((dim.short.get(grade, grade), 2) for grade in some), ("รวม", 3)]
            sums = [
                ("ช", [{"grade": grade, "sex": "m"} for grade in some]),
                ("ญ", [{"grade": grade, "sex": "f"} for grade in some]),
                ("รวม", [{"grade": grade} for grade in some]),
            ]
            tables.append(
                _school_rows(
                    making,
                    f"จำนวนนักเรียน{words}รายโรงเรียน จำแนกตามชั้นและเพศ",
                    [*columns, *sums],
                    span,
                    whole=False,
                )
            )
    return tables


def _school_rows(
    making: Making, title: str, columns: list[tuple[str, list[dict[str, str]]]], heads: list[tuple[str, int]], whole: bool = True
) -> Table:  # fmt: skip
    """Schools by district with sums by district; a school with nothing in any column is left out."""
    cube = making.cube(PUPILS, "school")
    rows: list[Row] = []

    def cells(codes: list[str]) -> list[Any]:
        made: list[Any] = []
        for _label, choices in columns:
            found = [cube.of(code, **chosen) for code in codes for chosen in choices]
            if len(codes) == 1 and "*" in found:
                made.append("*")
            else:
                made.append(None if all(one is None for one in found) else sum(plain(one) for one in found))
        if whole:
            made.append(sum(plain(cube.of(code)) for code in codes) or None)
        return made

    every: list[str] = []
    for district, name in making.facts.districts():
        here = [school for school in making.facts.schools if school.district_code == district]
        counted = [(school, cells([school.code])) for school in here]
        taught = [(school, found) for school, found in counted if any(one is not None for one in found)]
        if not taught:
            continue
        codes = [school.code for school, _found in taught]
        every += codes
        rows.append(Row(cells=[f"อำเภอ{name}"], level="group"))
        rows += [Row(cells=[school.name, *found]) for school, found in taught]
        rows.append(Row(cells=[f"รวมอำเภอ{name}", *cells(codes)], level="sub"))
    rows.append(Row(cells=["รวมทั้งสิ้น", *cells(every)], level="total"))
    labels = [label for label, _chosen in columns] + (["รวม"] if whole else [])
    size = 12 if len(labels) <= 12 else 11
    return Table(
        title=title,
        columns=[
            Column(label="โรงเรียน", kind="text", share=5),
            *(
                Column(label=label, share=max(0.9, 0.25 * len(f"{widest or 0:,}")))
                for label, widest in zip(labels, rows[-1].cells[1:], strict=True)
            ),
        ],
        heads=heads,
        rows=rows,
        source=making.source(cube),
        size=size,
        tight=True,
    )


def by_school(making: Making) -> list[Block]:
    """Indicators that are one number for each school, six to a table, chapter by chapter of the registry."""
    blocks: list[Block] = []
    chapters: dict[str, list[str]] = {}
    for indicator in making.facts.indicators.values():
        if not indicator.dims:
            chapters.setdefault(indicator.chapter, []).append(indicator.code)
    for codes in chapters.values():
        for start in range(0, len(codes), 6):
            table = school_table(making, "ตัวชี้วัดรายโรงเรียน", codes[start : start + 6])
            if table is not None:
                blocks.append(table)
    return blocks


def chapter(making: Making) -> list[Block]:
    making.told("บัญชีท้ายเล่ม")
    blocks: list[Block] = [Section(title="รายชื่อโรงเรียนและผู้บริหาร"), heads(making)]
    pupils = pupils_by_grade(making)
    if pupils:
        blocks += [Section(title="นักเรียนรายโรงเรียน", fresh=True), *pupils]
    found = by_school(making)
    if found:
        blocks += [Section(title="ตัวชี้วัดรายโรงเรียน", fresh=True), *found]
    return blocks


def index(making: Making) -> list[Block]:
    """Schools by their first consonant, each with its page."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for school in sorted(making.facts.schools, key=lambda one: (sort_key(one.name), one.code)):
        groups.setdefault(index_letter(school.name), []).append((school.name, school.district, mark(school)))
    return [Index(groups=list(groups.items()))]


def of_school(making: Making, school: SchoolFact) -> list[Block]:
    """Everything counted for one school, beside the whole area: for its small book."""
    blocks: list[Block] = [Section(title="ตัวเลขทั้งหมดของโรงเรียน", fresh=True)]
    plainly: list[Row] = []
    used = []
    for indicator in making.facts.indicators.values():
        cube = making.cube(indicator.code, "school")
        if not cube or cube.of(school.code) is None:
            continue
        if not cube.dims:
            used.append(cube)
            plainly.append(
                Row(
                    cells=[
                        indicator.title,
                        figure(cube.of(school.code), kind_of(indicator)),
                        figure(making.cube(indicator.code).of(), kind_of(indicator)),
                        indicator.unit,
                    ]
                )
            )
            continue
        here = Cube(
            cube.indicator,
            cube.dims,
            [replace(row, place=AREA) for row in cube.rows if row.place == school.code],
            cube.census,
            "school",
        )
        table = dims_table(making, here)
        if table is not None:
            blocks.append(replace(table, tight=True))
    if plainly:
        columns = [
            Column(label="ตัวชี้วัด", kind="text", share=4),
            Column(label="โรงเรียน", kind="figure"),
            Column(label="ทั้งเขต", kind="figure"),
            Column(label="หน่วย", kind="text"),
        ]
        blocks.insert(
            1,
            Table(
                title="ตัวชี้วัดของโรงเรียนเทียบกับทั้งเขต", columns=columns, rows=plainly, source=making.source(*used)
            ),
        )
    return blocks
