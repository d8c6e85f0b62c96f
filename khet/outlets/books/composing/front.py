"""Cover, preface, contents, and the office with its people."""

from __future__ import annotations

from collections.abc import Sequence

from khet.base.lib.pdf.books import Block, Captions, Column, Contents, Cover, Part, Row, Section, Table, Words
from khet.base.lib.thai import thai_date_long
from khet.outlets.books.composing.making import Making
from khet.outlets.books.composing.pupils import PUPILS, ROOMS

TITLE = "สารสนเทศทางการศึกษา"


def cover(making: Making, *, subtitle: str = "") -> Cover:
    """Title, year, four large figures, the area's map."""
    facts = making.facts
    figures: list[tuple[str, int | float | str | None]] = [("โรงเรียน", len(facts.schools))]
    counted: list[tuple[str, str]] = [("นักเรียน", PUPILS), ("ห้องเรียน", ROOMS)]
    counted += [("บุคลากร", one.code) for one in making.counted("teachers")]
    for words, code in counted:
        value = making.cube(code).of() if code in facts.indicators else None
        if value:
            figures.append((words, value))
    map_file = making.pictures.kept(making.pictures.maps.cover(_by_district(making), "คน"))
    return Cover(
        title=TITLE,
        year=f"ปีการศึกษา {facts.school_year}",
        subtitle=subtitle,
        figures=figures,
        lines=[*facts.address, f"ข้อมูล ณ วันที่ {thai_date_long(facts.census.as_at)}"],
        map=map_file,
        alt="แผนที่เขตพื้นที่",
        emblem=making.emblem,
    )


def _by_district(making: Making) -> dict[str, float | None]:
    cube = making.cube(PUPILS, "district") if PUPILS in making.facts.indicators else None
    found = {code: cube.of(code) if cube else None for code, _name in making.facts.districts()}
    return {code: value if isinstance(value, int | float) else None for code, value in found.items()}


def parts(making: Making, *, lists: Sequence[str]) -> list[Part]:
    """Preface and contents; their pages are numbered with letters."""
    found: list[Part] = []
    if making.texts.get("preface"):
        found.append(Part(title="คำนำ", blocks=[Words(html=making.texts["preface"])], front=True))
    contents: list[Block] = [Contents()]
    found.append(Part(title="สารบัญ", blocks=contents, front=True))
    titles = {"table": "สารบัญตาราง", "chart": "สารบัญแผนภูมิ", "map": "สารบัญแผนที่"}
    found += [Part(title=titles[kind], blocks=[Captions(kind=kind)], front=True) for kind in lists]
    return found


def structure(making: Making) -> list[Block]:
    """How the office is built and who works in it, as the register says."""
    blocks: list[Block] = [Words(html=making.texts["structure"])] if making.texts.get("structure") else []
    groups = [group for group in making.facts.groups if group.people]
    if groups:
        blocks.append(Section(title="บุคลากรของสำนักงาน"))
        rows: list[Row] = []
        for group in groups:
            rows.append(Row(cells=[group.name], level="group"))
            rows += [Row(cells=[str(n), name, post]) for n, (name, post) in enumerate(group.people, start=1)]
        blocks.append(
            Table(
                title="บุคลากรตามกลุ่มงาน",
                columns=[Column(label="ที่", kind="center", share=0.6), Column(label="ชื่อ", kind="text", share=4), Column(label="ตำแหน่ง", kind="text", share=6)],
                rows=rows,
                source="ที่มา: ทะเบียนตำแหน่งในระบบ ณ วันที่ทำสมุด",
                tight=True,
            )
        )  # fmt: skip
    return blocks
