"""The three papers: the yearly book, the small book of one school, the leaflet of two pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from khet.base.lib.pdf.books import Block, Book, Part, Picture, Side, Strip, Table, Words
from khet.outlets.books.choices import CHAPTERS
from khet.outlets.books.composing import front, general, lists, pupils, schools
from khet.outlets.books.composing.making import Making
from khet.outlets.books.facts import Facts, SchoolFact


def _registry(*chapters: str) -> Callable[[Making], list[Block]]:
    return lambda making: general.indicators_of(making, chapters)


COMPOSED: dict[str, Callable[[Making], list[Block]]] = {
    "structure": front.structure,
    "general": general.chapter,
    "pupils": pupils.chapter,
    "staff": _registry("teachers"),
    "buildings": _registry("buildings"),
    "equipment": _registry("equipment"),
    "coverage": _registry("children"),
    "forecast": _registry("forecast"),
    "schools": schools.chapter,
    "lists": lists.chapter,
}


def compose(making: Making, chapters: Sequence[str]) -> Book:
    """The yearly book with the chapters chosen, in the order of the declaration."""
    body: list[Part] = []
    number = 0
    for chapter in CHAPTERS:
        if chapter.code not in chapters:
            continue
        making.told(str(chapter.title))
        blocks = COMPOSED[chapter.code](making)
        if chapter.code != "structure" and chapter.code != "general" and making.texts.get(chapter.code):
            blocks = [Words(html=making.texts[chapter.code]), *blocks]
        if not blocks:
            continue
        number += chapter.numbered
        body.append(Part(title=str(chapter.title), blocks=blocks, number=number if chapter.numbered else 0))
    if "schools" in chapters:
        body.append(Part(title="ดัชนีโรงเรียน", blocks=lists.index(making)))
    listed = ["table", "chart", "map"] if body else []
    return _book(making, [*front.parts(making, lists=listed), *body], cover=True)


def compose_school(making: Making, school: SchoolFact) -> Book:
    """The small book of one school: its page, and its figures of every indicator counted for it."""
    title = school.full_name
    page = schools.page(making, school, emblem=making.emblem)
    return _book(
        making,
        [
            Part(title="", running=title, blocks=page),
            Part(title="", running=title, blocks=lists.of_school(making, school)),
        ],
        title=f"{front.TITLE} {title} ปีการศึกษา {making.facts.school_year}",
    )


def compose_leaflet(making: Making) -> Book:
    """Two pages: the large figures, the sentence, grades, chart, districts, map."""
    facts = making.facts
    figures = front.cover(making).figures
    made = [
        replace(block, listed=False) if isinstance(block, Picture | Table) else block
        for block in pupils.chapter(making)
    ]
    words, table, *others = made
    # Two pages whatever the figures: pictures have their height.
    bars = [
        replace(block, tall=7.5 - 2.7 * n) for n, block in enumerate(others) if isinstance(block, Picture)
    ][:2]
    places = [
        replace(block, parts=[[_held(one) for one in part] for part in block.parts])
        for block in others
        if isinstance(block, Side)
    ][:1]
    first: list[Block] = [
        Strip(pairs=figures),
        words,
        replace(table, tight=True) if isinstance(table, Table) else table,
        *bars[1:2],
    ]
    second: list[Block] = [*bars[:1], *places]
    running = f"{front.TITLE} ปีการศึกษา {facts.school_year}"
    return _book(
        making,
        [
            Part(
                title=f"{front.TITLE} {facts.school_year}",
                running=facts.office_short,
                blocks=first,
                emblem=making.emblem,
            ),
            Part(title="", running=facts.office_short, blocks=second),
        ],
        title=f"แผ่นพับ{running}",
    )


def _held(block: Block) -> Block:
    if isinstance(block, Picture):
        return replace(block, listed=False, tall=9)
    return replace(block, listed=False) if isinstance(block, Table) else block


def moment_of(facts: Facts) -> dt.datetime:
    """The moment that stands in the file: noon of the day the census closed, so that the clock leaves no trace."""
    return dt.datetime.combine(facts.census.closed_on, dt.time(12), tzinfo=dt.timezone(dt.timedelta(hours=7)))


def _book(making: Making, parts: Sequence[Part], *, cover: bool = False, title: str = "") -> Book:
    facts = making.facts
    census = facts.census
    return Book(
        title=title or f"{front.TITLE} ปีการศึกษา {facts.school_year} {facts.office}",
        office=facts.office,
        running=f"{front.TITLE} ปีการศึกษา {facts.school_year}",
        print=f"ลายนิ้วมือข้อมูล {census.print}",
        fingerprint=" ".join(one.sha256 for one in facts.censuses),
        dated=moment_of(facts),
        cover=front.cover(making) if cover else None,
        parts=parts,
        thai_digits=making.thai_digits,
        pictures=making.pictures.files,
    )


__all__ = ["compose", "compose_leaflet", "compose_school"]
