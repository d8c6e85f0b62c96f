"""Files of an edition: facts read, pages composed, set, and turned into the kinds an office wants."""

from __future__ import annotations

import importlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from khet.base.lib.pdf.books import Block, Book, Part, Words, book_pdf
from khet.base.lib.pdf.compiling import Setter
from khet.outlets.books.choices import CHAPTERS, TEXTS, Kind
from khet.outlets.books.composing import compose, compose_leaflet, compose_school
from khet.outlets.books.composing.making import Making
from khet.outlets.books.composing.pictures import Maps, Pictures
from khet.outlets.books.composing.whole import moment_of
from khet.outlets.books.facts import Facts, SchoolFact

Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Output:
    """``pages`` of a PDF, None of others."""

    content: bytes
    pages: int | None = None


def making_of(
    facts: Facts, maps: Maps, draw_chart: Callable[[Any], str], *, texts: dict[str, str], thai_digits: bool, told: Callable[[str], None] = lambda _words: None,
    emblem: tuple[bytes, str] | None = None,
) -> Making:  # fmt: skip
    """``emblem``: the picture as paper takes it, and its kind (svg, png)."""
    pictures = Pictures(draw_chart, maps)
    return Making(
        facts=facts,
        pictures=pictures,
        texts=texts,
        thai_digits=thai_digits,
        told=told,
        emblem=pictures.keep(*emblem) if emblem else "",
    )


def make(
    kind: str, making: Making, chapters: list[str], told: Told = lambda _words, _done, _total: None
) -> Output:
    """One file. ``told`` hears what is being done and how many of all steps are behind."""
    if kind == Kind.SCHOOLS:
        return _every_school(making, told)
    total = len(chapters) + 2
    titles = {chapter.title: n for n, chapter in enumerate(CHAPTERS)}
    done = 0

    def heard(words: str) -> None:
        nonlocal done
        done += words in titles and done < len(chapters)
        told(words, done, total)

    making.told = heard
    book = compose_leaflet(making) if kind == Kind.LEAFLET else compose(making, chapters)
    told("จัดหน้า", total - 2, total)
    if kind == Kind.SHEETS:
        return Output(_writer("sheets").tables_xlsx(book))
    if kind == Kind.WORDS:
        return Output(_writer("words").book_docx(book))
    content = book_pdf(book)
    told("เก็บไฟล์", total - 1, total)
    return Output(content, pages_of(content))


def _writer(name: str) -> Any:
    # python-docx and the sheet writer are loaded only where such a file is made.
    return importlib.import_module(f"khet.outlets.books.writing.{name}")


def pages_of(content: bytes) -> int:
    """How many pages a PDF has."""
    return int(importlib.import_module("khet.base.lib.pdf").page_count(content))


def school_pdf(making: Making, school: SchoolFact, setter: Setter | None = None) -> bytes:
    """The small book of one school."""
    return book_pdf(compose_school(making, school), setter)


def _every_school(making: Making, told: Told) -> Output:
    """Every small book in one archive, by district and name; the same censuses give the same bytes."""
    out = io.BytesIO()
    schools = making.facts.schools
    # Pressed, though PDFs hardly shrink: the store takes an archive in which another kind of file lies bare for two files in one.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, Setter() as setter:
        for n, school in enumerate(schools):
            if n % 4 == 0:
                told(school.full_name, n, len(schools))
            name = re.sub(r'[\\/:*?"<>|]', " ", f"{school.code} {school.name}").strip()
            info = zipfile.ZipInfo(f"{school.district}/{name}.pdf", (2000, 1, 1, 0, 0, 0))
            archive.writestr(info, school_pdf(making, school, setter), zipfile.ZIP_DEFLATED)
    return Output(out.getvalue())


def text_preview(making: Making, code: str, html: str) -> bytes:
    """A text of the office as it will stand in the book: the page alone, without any figures."""
    title = next((str(label) for known, label, _help in TEXTS if known == code), "")
    blocks: list[Block] = [Words(html=html)]
    facts = making.facts
    book = Book(
        title=title, office=facts.office, running=f"สารสนเทศทางการศึกษา ปีการศึกษา {facts.school_year}", print=f"ลายนิ้วมือข้อมูล {facts.census.print}",
        fingerprint=facts.census.sha256, dated=moment_of(facts), thai_digits=making.thai_digits,
        parts=[Part(title=title, blocks=blocks, front=code == "preface")],
    )  # fmt: skip
    return book_pdf(book)


__all__ = ["Output", "make", "making_of", "pages_of", "school_pdf", "text_preview"]
