"""The letter editor's HTML as data for the page setter: nothing of it is ever markup there.

Also what paper does to text: Thai digits, phrases kept on one line.
"""

from __future__ import annotations

import functools
import re
from html.parser import HTMLParser
from typing import Any

from khet.base.lib.thai import keep_together, learned, normalise, to_thai_digits

Run = dict[str, Any]
Block = dict[str, Any]

# Words the line breaker cuts apart inside, kept whole on paper.
WHOLE_WORDS = (
    "ผู้รับผิดชอบ", "ขั้นพื้นฐาน", "ผู้อำนวยการ", "รองผู้อำนวยการ", "ปีการศึกษา", "ปีงบประมาณ", "บันทึกข้อความ", "สถานศึกษา", "ศึกษานิเทศก์",
    "ปฏิบัติราชการแทน", "รักษาราชการแทน", "ข้าราชการครู", "เชิงปฏิบัติการ", "แผนปฏิบัติการ", "ประถมศึกษา", "มัธยมศึกษา", "พื้นที่การศึกษา",
    "คณะกรรมการ", "อิเล็กทรอนิกส์", "เครื่องหมาย", "ผู้เกี่ยวข้อง", "รายบุคคล", "โดยพร้อมเพรียงกัน", "อย่างเคร่งครัด", "การศึกษา", "คณะกรรมการการศึกษา", "การศึกษาขั้นพื้นฐาน", "ลงวันที่", "สำนักงานเขต", "เขตพื้นที่", "นักเรียน", "โรงเรียน",
)  # fmt: skip
_TOKEN = re.compile(r"\S+")
_CODE = re.compile(r"[A-Za-z].*[0-9]|[0-9].*[A-Za-z]|://|@|www\.")
_DEEPEST = 8


def paper_text(text: str, thai_digits: bool) -> str:
    """Normalised, tied, and in Thai digits if wanted; addresses, codes and file names stay Latin."""
    text = normalise(text)
    if thai_digits:
        text = _TOKEN.sub(
            lambda found: found[0] if _CODE.search(found[0]) else to_thai_digits(found[0]), text
        )
    return keep_together(text)


@functools.lru_cache(maxsize=2)
def _whole_words(names: frozenset[str]) -> re.Pattern[str]:
    listed = {*WHOLE_WORDS, *(name for name in names if 4 <= len(name) <= 24 and " " not in name)}
    return re.compile("(" + "|".join(sorted(map(re.escape, listed), key=len, reverse=True)) + ")")


def pieces(text: str, **marks: bool) -> list[Run]:
    """The text as runs; a word that must stay whole (ours, or a learned name) is a run with ``k``."""
    runs: list[Run] = []
    for place, part in enumerate(_whole_words(learned()).split(text)):
        if part:
            runs.append(
                {
                    "t": part,
                    **({"k": True} if place % 2 else {}),
                    **{key: True for key, on in marks.items() if on},
                }
            )
    return runs


class _Reader(HTMLParser):
    def __init__(self, thai_digits: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.thai_digits = thai_digits
        self.blocks: list[Block] = []
        self.into: list[list[Block]] = [self.blocks]
        self.runs: list[tuple[str, frozenset[str]]] = []
        self.marks: list[str] = []
        self.links: list[tuple[str, int]] = []
        self.align = ""
        self.tables: list[Block] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("script", "style", "template"):
            self.skipping += 1
        elif tag in ("b", "strong", "u", "ins", "i", "em", "h1", "h2", "h3", "h4", "th"):
            if tag in ("h1", "h2", "h3", "h4", "th"):
                self.end_paragraph()
            self.marks.append({"strong": "b", "ins": "u", "em": "i"}.get(tag, tag if len(tag) == 1 else "b"))
            if tag == "th":
                self.open_cell(given)
        elif tag == "br":
            self.runs.append(("\n", frozenset(self.marks)))
        elif tag == "a":
            self.links.append((given.get("href") or "", len(self.runs)))
        elif tag in ("p", "div", "blockquote", "pre"):
            self.end_paragraph()
            self.align = (re.search(r"text-align:\s*(center|right)", given.get("style") or "") or [None, ""])[
                1
            ]
        elif tag in ("ul", "ol"):
            self.end_paragraph()
            if len(self.into) < _DEEPEST:
                self.into[-1].append({"kind": tag, "items": [], "start": _whole(given.get("start"), 1)})
        elif tag == "li":
            self.end_paragraph()
            if self.into[-1] and self.into[-1][-1]["kind"] in ("ul", "ol") and len(self.into) < _DEEPEST:
                item: list[Block] = []
                self.into[-1][-1]["items"].append(item)
                self.into.append(item)
        elif tag == "table":
            self.end_paragraph()
            table: Block = {"kind": "table", "rows": []}
            self.tables.append(table)
            self.into[-1].append(table)
        elif tag == "tr" and self.tables:
            self.tables[-1]["rows"].append([])
        elif tag == "td":
            self.open_cell(given)

    def open_cell(self, given: dict[str, str | None]) -> None:
        if self.tables:
            if not self.tables[-1]["rows"]:
                self.tables[-1]["rows"].append([])
            cell: Block = {
                "blocks": [],
                "cols": _whole(given.get("colspan"), 1),
                "rows": _whole(given.get("rowspan"), 1),
            }
            self.tables[-1]["rows"][-1].append(cell)
            self.into.append(cell["blocks"])

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "template"):
            self.skipping = max(self.skipping - 1, 0)
        elif tag in ("b", "strong", "u", "ins", "i", "em"):
            self.unmark({"strong": "b", "ins": "u", "em": "i"}.get(tag, tag))
        elif tag in ("h1", "h2", "h3", "h4"):
            self.end_paragraph(heading=True)
            self.unmark("b")
        elif tag == "a" and self.links:
            href, since = self.links.pop()
            shown = "".join(text for text, _ in self.runs[since:]).strip()
            # Paper cannot be pressed: the address is written out, unless it is what is read already.
            address = href.removeprefix("mailto:")
            if re.match(r"^(https?://|mailto:)", href) and address.rstrip("/") not in (
                shown,
                shown.rstrip("/"),
            ):
                self.runs.append((f" ({address})", frozenset(self.marks)))
        elif tag in ("p", "div", "blockquote", "pre"):
            self.end_paragraph()
            self.align = ""
        elif tag == "li":
            self.end_paragraph()
            if len(self.into) > 1:
                self.into.pop()
        elif tag in ("ul", "ol"):
            self.end_paragraph()
        elif tag in ("td", "th"):
            self.end_paragraph()
            if tag == "th":
                self.unmark("b")
            if self.tables and len(self.into) > 1:
                self.into.pop()
        elif tag == "table" and self.tables:
            self.tables.pop()

    def unmark(self, mark: str) -> None:
        if mark in self.marks:
            del self.marks[len(self.marks) - 1 - self.marks[::-1].index(mark)]

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.runs.append((re.sub(r"\s+", " ", data), frozenset(self.marks)))

    def end_paragraph(self, heading: bool = False) -> None:
        runs, self.runs = self.runs, []
        if not "".join(text for text, _ in runs).strip():
            return
        made: list[Run] = []
        # Neighbours of one kind are joined first: a tie may span them.
        joined: list[tuple[str, frozenset[str]]] = []
        for text, marks in runs:
            if joined and joined[-1][1] == marks:
                joined[-1] = (joined[-1][0] + text, marks)
            else:
                joined.append((text, marks))
        for place, (text, marks) in enumerate(joined):
            lead = " " if text[:1] == " " and place else ""
            tail = " " if text[-1:] == " " and text.strip() and place < len(joined) - 1 else ""
            flat = paper_text(text, self.thai_digits)
            if flat or lead:
                made += pieces(lead + flat + tail, b="b" in marks, u="u" in marks, i="i" in marks)
            if not text.strip(" ") or text.strip(" ") == "\n":
                made += [{"t": "\n"}] if "\n" in text else []
        self.into[-1].append({"kind": "h" if heading else "p", "runs": made, "align": self.align})


def _whole(text: str | None, otherwise: int) -> int:
    return min(int(text), 50) if text and re.fullmatch(r"[1-9][0-9]{0,3}", text) else otherwise


def blocks_of(html: str, thai_digits: bool) -> list[Block]:
    """Paragraphs, lists and tables of clean HTML (text without tags is a paragraph)."""
    reader = _Reader(thai_digits)
    reader.feed(html)
    reader.close()
    reader.end_paragraph()
    return [squared(block) for block in reader.blocks]


def squared(block: Block) -> Block:
    """A table with its number of columns; spans cut to what is there, so that setting it cannot fail."""
    if block["kind"] in ("ul", "ol"):
        return block | {"items": [[squared(inner) for inner in item] for item in block["items"]]}
    if block["kind"] != "table":
        return block
    taken: set[tuple[int, int]] = set()
    width = max((sum(cell["cols"] for cell in row) for row in block["rows"]), default=0)
    cells: list[Block] = []
    count = len(block["rows"])
    for line, row in enumerate(block["rows"]):
        column = 0
        for cell in row:
            while (line, column) in taken:
                column += 1
            wide, tall = min(cell["cols"], max(width - column, 0)), min(cell["rows"], count - line)
            while wide > 1 and any((line, column + step) in taken for step in range(wide)):
                wide -= 1
            if wide < 1:
                break
            place = {(line + down, column + right) for down in range(tall) for right in range(wide)}
            taken |= place
            cells.append(
                {
                    "x": column,
                    "y": line,
                    "cols": wide,
                    "rows": tall,
                    "blocks": [squared(one) for one in cell["blocks"]],
                }
            )
            column += wide
    return (
        {"kind": "table", "columns": width, "cells": cells}
        if width and cells
        else {"kind": "p", "runs": [], "align": ""}
    )
