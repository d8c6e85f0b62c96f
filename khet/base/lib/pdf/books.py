"""Books: cover, front matter, contents, chapters of words, tables and pictures, pages of records, an index.

Plain data in, PDF/A-2b out, like the other papers of this package. The same data makes a sheet and a document of words
elsewhere, so cells of tables are values (int, float, text, None), and only here become figures on paper: thousands, a dash
where nothing is, Thai digits if wanted. Two books of the same data are the same bytes.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from khet.base.lib.pdf.compiling import Setter, compile_paper
from khet.base.lib.pdf.markup import blocks_of, paper_text, pieces
from khet.base.lib.thai import to_thai_digits

Cell = str | int | float | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """``kind``: text, int (16,938), one, two (decimals), code (never grouped). ``share`` of the width."""

    label: str
    kind: str = "int"
    share: float = 1.0

    @property
    def align(self) -> str:
        return {"text": "left", "code": "left", "center": "center", "figure": "right"}.get(self.kind, "right")


@dataclass(frozen=True, kw_only=True)
class Row:
    """``level``: row, inner (set in), sub (a subtotal, tinted), total, group (a heading over the rows that follow)."""

    cells: Sequence[Cell]
    level: str = "row"


@dataclass(frozen=True, kw_only=True)
class Words:
    """Clean HTML of the editor, or plain lines."""

    html: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading within a chapter; ``fresh`` begins a page."""

    title: str
    fresh: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """``heads``: a first row of heads over several columns, (words, how many); empty words span nothing. ``listed``: has a
    number and stands in the list of tables. ``whole``: up to so many rows are kept on one page."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    heads: Sequence[tuple[str, int]] = ()
    source: str = ""
    size: float = 13.5
    listed: bool = True
    tight: bool = False
    whole: int = 24


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An SVG by its name among the pictures of the book. ``dots``: shares (0–1) of it, from the top left. ``kind``: chart, map.
    ``tall``: at most so many centimetres high (0: as its width makes it)."""

    title: str
    file: str
    alt: str
    kind: str = "chart"
    source: str = ""
    width: int = 100
    listed: bool = True
    dots: Sequence[tuple[float, float]] = ()
    tall: float = 0


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Pairs of label and value in ``columns``; ``label`` is the width of the labels in centimetres."""

    pairs: Sequence[tuple[str, str]]
    title: str = ""
    columns: int = 1
    label: float = 3.2


@dataclass(frozen=True, kw_only=True)
class Strip:
    """A few large figures side by side."""

    pairs: Sequence[tuple[str, Cell]]


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Thin columns with their figures, drawn by the setter: (label, value, whether it stands out)."""

    values: Sequence[tuple[str, int, bool]]
    title: str = ""
    height: float = 1.6
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Side:
    """Lists of blocks beside each other."""

    shares: Sequence[float]
    parts: Sequence[Sequence[Block]]
    whole: bool = True


@dataclass(frozen=True, kw_only=True)
class Page:
    """A record with a page of its own begins here; the index finds it by ``mark``; ``emblem`` names a picture before its title."""

    title: str
    mark: str
    right: str = ""
    below: str = ""
    emblem: str = ""


@dataclass(frozen=True, kw_only=True)
class Index:
    """``groups``: (letter, [(words, note, mark of a page), …])."""

    groups: Sequence[tuple[str, Sequence[tuple[str, str, str]]]]
    columns: int = 3


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The contents: chapters and their sections."""


@dataclass(frozen=True, kw_only=True)
class Captions:
    """The list of tables, charts or maps (``kind`` table, chart, map)."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class Gap:
    points: float = 8


@dataclass(frozen=True, kw_only=True)
class Break:
    """A new page."""


Block = (
    Words | Section | Table | Picture | Pairs | Strip | Bars | Side | Page | Index | Contents | Captions | Gap | Break
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Part:
    """A chapter (``number`` above 0), front matter (``front``: its pages have letters) or an appendix (neither). ``emblem`` names a picture beside its title."""

    title: str
    blocks: Sequence[Block]
    number: int = 0
    front: bool = False
    running: str = ""
    emblem: str = ""

    @property
    def label(self) -> str:
        return f"บทที่ {self.number}" if self.number else ""


@dataclass(frozen=True, kw_only=True)
class Cover:
    """``figures`` are (label, figure); ``map`` names a picture; ``emblem`` names the office's own."""

    title: str
    year: str
    subtitle: str = ""
    figures: Sequence[tuple[str, Cell]] = ()
    lines: Sequence[str] = ()
    map: str = ""
    alt: str = ""
    emblem: str = ""


@dataclass(frozen=True, kw_only=True)
class Book:
    """A whole book. ``print`` stands at the foot of right-hand pages (the fingerprint of the data), ``running`` at the head.

    ``dated`` is the moment of the data: the file's own date, so that the clock leaves no trace.
    """

    title: str
    office: str
    running: str
    print: str
    fingerprint: str
    dated: dt.datetime
    parts: Sequence[Part]
    cover: Cover | None = None
    thai_digits: bool = True
    pictures: Mapping[str, bytes] = field(default_factory=dict)


TAGGED_ROWS = 600
_RESTS = re.compile("([@._])")

_LISTS = {"table": "ตารางที่", "chart": "แผนภูมิที่", "map": "แผนที่"}


def numbered(book: Book) -> Iterator[tuple[Part, Block, str]]:
    """Every block in reading order with its part and the number of its caption ("ตารางที่ 2.1"; "" without one)."""
    for part in book.parts:
        counts: dict[str, int] = {}
        head = str(part.number) if part.number else "" if part.front else "ผ"
        for block in walk(part.blocks):
            listed = isinstance(block, Table | Picture) and block.listed and block.title and head
            if not listed:
                yield part, block, ""
                continue
            kind = block.kind if isinstance(block, Picture) else "table"
            counts[kind] = counts.get(kind, 0) + 1
            yield part, block, f"{_LISTS[kind]} {head}.{counts[kind]}"


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Blocks and those inside of sides, as they are read."""
    for block in blocks:
        if isinstance(block, Side):
            for one in block.parts:
                yield from walk(one)
        else:
            yield block


def figure(value: Cell, kind: str) -> str:
    """A cell as it is printed, in Arabic digits."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if kind == "code":
        return str(value)
    decimals = {"one": 1, "two": 2}.get(kind, 0)
    return f"{value:,.{decimals}f}".replace("-", "−")


class _Setting:
    """One book on its way to the setter: digits, pieces that stay whole, numbers of captions."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.thai = book.thai_digits
        self.numbers = {id(block): number for _part, block, number in numbered(book) if number}
        self.text = functools.cache(self._text)
        self.cell = functools.cache(self._cell)

    def _text(self, value: str) -> str:
        return paper_text(value or "", self.thai)

    def _cell(self, value: Cell, kind: str) -> Any:
        if not isinstance(value, str):
            shown = figure(value, kind)
            return to_thai_digits(shown) if self.thai else shown
        text = self.text(value)
        if "@" in text and len(text) > 24:
            # An address has no place to break; it is given one, after what a reader rests at.
            return _RESTS.sub("\\1\u200b", text)
        if kind == "code" or len(text) < 16:
            return text
        found = pieces(text)
        return found[0]["t"] if len(found) == 1 and len(found[0]) == 1 else found

    def caption(self, block: Any, listed: str) -> dict[str, Any]:
        number = self.numbers.get(id(block), "")
        title = self.text(block.title)
        return {"number": self.text(number), "title": title, "words": pieces(title) or "", "list": listed}

    def blocks(self, blocks: Sequence[Block]) -> list[dict[str, Any]]:
        return [self.block(block) for block in blocks]

    def block(self, block: Block) -> dict[str, Any]:
        return _SET[type(block)](self, block)

    def words(self, block: Words) -> dict[str, Any]:
        return {"kind": "words", "blocks": blocks_of(block.html, self.thai)}

    def section(self, block: Section) -> dict[str, Any]:
        return {"kind": "section", "title": self.text(block.title), "fresh": block.fresh}

    def table(self, block: Table) -> dict[str, Any]:
        kinds = [column.kind for column in block.columns]
        return {
            "kind": "table",
            **self.caption(block, "table"),
            "columns": [
                {"label": self.text(column.label), "share": column.share, "align": column.align} for column in block.columns
            ],
            "heads": [{"label": self.text(label), "span": span} for label, span in block.heads],
            "rows": [
                {
                    "level": row.level,
                    "cells": [self.cell(value, kind) for value, kind in zip(row.cells, kinds, strict=row.level != "group")],
                }
                for row in block.rows
            ],
            "source": self.text(block.source),
            "size": block.size,
            "tight": block.tight,
            "whole": block.whole,
        }  # fmt: skip

    def picture(self, block: Picture) -> dict[str, Any]:
        return {
            "kind": "picture",
            **self.caption(block, block.kind),
            "file": block.file,
            "alt": block.alt,
            "width": block.width,
            "tall": block.tall,
            "dots": [{"x": x, "y": y} for x, y in block.dots],
            "source": self.text(block.source),
        }

    def facts(self, block: Pairs) -> dict[str, Any]:
        return {
            "kind": "facts",
            **self.caption(replace(block), "facts"),
            "pairs": [[self.text(label), self.cell(value, "text")] for label, value in block.pairs],
            "columns": block.columns,
            "label": block.label,
        }

    def strip(self, block: Strip) -> dict[str, Any]:
        return {
            "kind": "strip",
            "pairs": [[self.text(label), self.cell(value, "int")] for label, value in block.pairs],
        }

    def bars(self, block: Bars) -> dict[str, Any]:
        return {
            "kind": "bars",
            **self.caption(replace(block), "bars"),
            "height": block.height,
            "values": [
                [self.text(label), value, self.cell(value, "int"), strong] for label, value, strong in block.values
            ],
            "source": self.text(block.source),
        }  # fmt: skip

    def side(self, block: Side) -> dict[str, Any]:
        return {
            "kind": "side",
            "shares": list(block.shares),
            "whole": block.whole,
            "parts": [self.blocks(one) for one in block.parts],
        }

    def page(self, block: Page) -> dict[str, Any]:
        return {
            "kind": "page",
            "title": self.text(block.title),
            "mark": block.mark,
            "right": self.text(block.right),
            "below": self.text(block.below),
            "emblem": block.emblem,
        }

    def index(self, block: Index) -> dict[str, Any]:
        return {
            "kind": "index",
            "columns": block.columns,
            "groups": [
                {
                    "letter": letter,
                    "entries": [
                        {"words": self.cell(words, "text"), "note": self.text(note), "mark": mark} for words, note, mark in entries
                    ],
                }
                for letter, entries in block.groups
            ],
        }  # fmt: skip

    def contents(self, _block: Contents) -> dict[str, Any]:
        labels = {self.text(part.title): self.text(part.label) for part in self.book.parts if part.label}
        return {"kind": "contents", "labels": labels}

    def part(self, part: Part) -> dict[str, Any]:
        return {
            "title": self.text(part.title),
            "label": self.text(part.label),
            "front": part.front,
            "running": self.text(part.running or f"{part.label} {part.title}".strip()),
            "emblem": part.emblem,
            "blocks": self.blocks(part.blocks),
        }

    def cover(self, cover: Cover) -> dict[str, Any]:
        return {
            "title": self.text(cover.title),
            "year": self.text(cover.year),
            "subtitle": self.text(cover.subtitle),
            "figures": [[self.text(label), self.cell(value, "int")] for label, value in cover.figures],
            "lines": [self.text(line) for line in cover.lines],
            "map": cover.map,
            "alt": cover.alt,
            "emblem": cover.emblem,
        }


_SET: dict[type, Callable[[_Setting, Any], dict[str, Any]]] = {
    Words: _Setting.words,
    Section: _Setting.section,
    Table: _Setting.table,
    Picture: _Setting.picture,
    Pairs: _Setting.facts,
    Strip: _Setting.strip,
    Bars: _Setting.bars,
    Side: _Setting.side,
    Page: _Setting.page,
    Index: _Setting.index,
    Contents: _Setting.contents,
    Captions: lambda _s, block: {"kind": "captions", "list": block.kind},
    Gap: lambda _s, block: {"kind": "gap", "points": block.points},
    Break: lambda _s, _block: {"kind": "break"},
}


def book_data(book: Book) -> dict[str, Any]:
    """What the setter is given."""
    setting = _Setting(book)
    return {
        "thai": book.thai_digits,
        "speed": "",
        "title": setting.text(book.title),
        "office": setting.text(book.office),
        "running": setting.text(book.running),
        "print": book.print,
        "fingerprint": book.fingerprint,
        "cover": setting.cover(book.cover) if book.cover else None,
        "parts": [setting.part(part) for part in book.parts],
    }


def book_pdf(book: Book, setter: Setter | None = None) -> bytes:
    """The PDF/A-2b of a book; the same book gives the same bytes. A long one is not tagged: it would be five times as large.

    It is set in a process of its own, or by ``setter``, which many books share. Raises ``Refusal`` when that process was stopped.
    """
    rows = sum(
        len(block.rows) for part in book.parts for block in walk(part.blocks) if isinstance(block, Table)
    )
    with nullcontext(setter) if setter else Setter() as place:
        return compile_paper(
            "book", book_data(book), pictures=book.pictures, made=book.dated, tagged=rows < TAGGED_ROWS, setter=place
        )  # fmt: skip
