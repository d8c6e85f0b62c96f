"""A book as a document of words, for whoever must edit it: real headings, real tables, Thai set in the complex-script face.

Word takes the face of Thai from ``w:cs`` and its size from ``w:szCs``; a document that sets only ``w:ascii`` shows Thai in another face.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from html.parser import HTMLParser
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from khet.base.lib.charts.drawing import pixels
from khet.base.lib.pdf.books import (
    Bars,
    Book,
    Break,
    Index,
    Page,
    Pairs,
    Picture,
    Section,
    Strip,
    Table,
    Words,
    figure,
    numbered,
)
from khet.base.lib.thai import to_thai_digits

FACE = "TH SarabunPSK"
WIDEST, HIGHEST = 16.0, 18.0
"""Centimetres that a picture may take of a page."""
BLUE = RGBColor(0x1F, 0x46, 0x80)


def book_docx(book: Book) -> bytes:
    """The document; its pictures are pixels (Word of an office does not draw SVG everywhere)."""
    document = Document()
    _prepare(document, book)
    writer = _Writer(document, book)
    seen = None
    for part, block, number in numbered(book):
        if part.front and part.title.startswith("สารบัญ"):
            continue
        if part is not seen:
            seen = part
            writer.heading(f"{part.label} {part.title}".strip(), 1)
        writer.block(block, number)
    out = io.BytesIO()
    document.save(out)
    return _settled(out.getvalue(), book.dated)


def _prepare(document: Any, book: Book) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = (
        Cm(2.4),
        Cm(1.9),
        Cm(2.2),
        Cm(2),
    )
    for name, size, bold in (
        ("Normal", 16, False),
        ("Heading 1", 24, True),
        ("Heading 2", 20, True),
        ("Heading 3", 18, True),
        ("Title", 34, True),
        ("Caption", 15, True),
    ):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.italic = FACE, Pt(size), bold, False
        if name != "Normal":
            style.font.color.rgb = BLUE if name != "Caption" else RGBColor(0, 0, 0)
        _thai(style.element.get_or_add_rPr(), size, bold)
        style.paragraph_format.space_after = Pt(3)
    core = document.core_properties
    core.title, core.author, core.comments = book.title, book.office, book.print
    moment = book.dated.astimezone(dt.UTC).replace(tzinfo=None)
    core.created = core.modified = moment
    core.last_modified_by, core.revision = book.office, 1
    section.header.paragraphs[0].text = book.running
    section.footer.paragraphs[0].text = f"{book.office}  {book.print}"


def _thai(properties: Any, size: float, bold: bool) -> None:
    """The face, size and weight of complex script beside those of Latin."""
    faces = properties.find(qn("w:rFonts"))
    if faces is None:
        faces = OxmlElement("w:rFonts")
        properties.insert(0, faces)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        if faces.get(qn(theme)) is not None:
            del faces.attrib[qn(theme)]
    for slot in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        faces.set(qn(slot), FACE)
    for tag, value in (("w:szCs", str(int(size * 2))), ("w:bCs", "1" if bold else "0")):
        found = properties.find(qn(tag))
        if found is None:
            found = OxmlElement(tag)
            properties.append(found)
        found.set(qn("w:val"), value)


class _Writer:
    def __init__(self, document: Any, book: Book) -> None:
        self.document, self.book = document, book

    def text(self, words: str) -> str:
        return to_thai_digits(words) if self.book.thai_digits else words

    def heading(self, words: str, level: int) -> None:
        self.document.add_heading(self.text(words), level)

    def caption(self, number: str, title: str) -> None:
        if title:
            paragraph = self.document.add_paragraph(self.text(f"{number}  {title}".strip()), style="Caption")
            paragraph.paragraph_format.keep_with_next = True

    def block(self, block: Any, number: str) -> None:
        if isinstance(block, Words):
            _Html(self.document, self.text).read(block.html)
        elif isinstance(block, Section):
            self.heading(block.title, 2)
        elif isinstance(block, Page):
            self.heading(block.title, 3)
            self.document.add_paragraph(f"{block.below}  {block.right}".strip())
        elif isinstance(block, Table):
            self.table(block, number)
        elif isinstance(block, Picture) and block.title:
            self.caption(number, block.title)
            self.picture(block)
        elif isinstance(block, Pairs | Strip):
            for label, value in block.pairs:
                paragraph = self.document.add_paragraph()
                paragraph.add_run(f"{label}  ").bold = True
                paragraph.add_run(self.text(figure(value, "int")))
        elif isinstance(block, Bars):
            self.caption(number, block.title)
            self.document.add_paragraph(
                self.text("  ".join(f"{label}: {value:,}" for label, value, _strong in block.values))
            )
        elif isinstance(block, Break):
            self.document.add_page_break()
        elif isinstance(block, Index):
            for letter, entries in block.groups:
                self.document.add_paragraph(
                    f"{letter}  " + ", ".join(words for words, _note, _mark in entries)
                )

    def picture(self, block: Picture) -> None:
        content = pixels(self.book.pictures[block.file].decode())
        width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))  # of PNG's first chunk
        share = min(block.width / 100, HIGHEST / (WIDEST * height / width))
        shape = self.document.add_picture(io.BytesIO(content), width=Cm(WIDEST * share))
        shape._inline.docPr.set("descr", block.alt)
        self.document.paragraphs[-1].paragraph_format.keep_with_next = bool(block.source)
        if block.source:
            self.document.add_paragraph(self.text(block.source))

    def table(self, block: Table, number: str) -> None:
        self.caption(number, block.title)
        heads = 2 if block.heads else 1
        made = self.document.add_table(
            rows=heads + len(block.rows), cols=len(block.columns), style="Table Grid"
        )
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        # One look at the XML of all cells: asking the table for each walks it again.
        grid = [list(row._tr.tc_lst) for row in made.rows]
        size = 12 if len(block.columns) > 9 else 14
        if block.heads:
            at = 0
            for label, span in block.heads:
                _fill(grid[0][at], self.text(label), "center", True, size)
                at += span
        for cell, column in zip(grid[heads - 1], block.columns, strict=True):
            _fill(cell, self.text(column.label), column.align, True, size)
        for row in list(made.rows)[:heads]:
            _repeat(row)
        for line, row in zip(grid[heads:], block.rows, strict=True):
            strong = row.level in ("sub", "total", "group")
            for cell, column, value in zip(line, block.columns, row.cells, strict=row.level != "group"):
                _fill(cell, self.text(figure(value, column.kind)), column.align, strong, size)
        if block.source:
            self.document.add_paragraph(self.text(block.source))


def _repeat(row: Any) -> None:
    properties = row._tr.get_or_add_trPr()
    for tag in ("w:cantSplit", "w:tblHeader"):
        properties.append(OxmlElement(tag))


def _fill(cell: Any, words: str, align: str, bold: bool, size: int) -> None:
    """A cell's only paragraph, written as XML: tens of thousands of cells pass here."""
    paragraph = cell.p_lst[0]
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:after"), "0")
    properties = paragraph.get_or_add_pPr()
    properties.append(spacing)
    if align != "left":
        place = OxmlElement("w:jc")
        place.set(qn("w:val"), align)
        properties.append(place)
    run = OxmlElement("w:r")
    about = OxmlElement("w:rPr")
    if bold:
        about.append(OxmlElement("w:b"))
        about.append(OxmlElement("w:bCs"))
    for tag in ("w:sz", "w:szCs"):
        one = OxmlElement(tag)
        one.set(qn("w:val"), str(size * 2))
        about.append(one)
    run.append(about)
    text = OxmlElement("w:t")
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(text)
    paragraph.append(run)


class _Html(HTMLParser):
    """Paragraphs, lists and tables of the editor's clean HTML."""

    def __init__(self, document: Any, text: Any) -> None:
        super().__init__(convert_charrefs=True)
        self.document, self.text = document, text
        self.paragraph: Any = None
        self.marks: list[str] = []
        self.lists: list[str] = []

    def read(self, html: str) -> None:
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "h2", "h3", "tr"):
            if not (tag == "p" and self.lists and self.paragraph is not None and not self.paragraph.text):
                self.paragraph = self.document.add_paragraph()
                if tag == "p":
                    self.paragraph.paragraph_format.first_line_indent = Cm(1.2)
            if tag in ("h2", "h3"):
                self.marks.append("strong")
        elif tag in ("ul", "ol"):
            self.lists.append(tag)
        elif tag == "li":
            style = "List Number" if self.lists and self.lists[-1] == "ol" else "List Bullet"
            self.paragraph = self.document.add_paragraph(style=style)
        elif tag in ("strong", "em", "u"):
            self.marks.append(tag)
        elif tag == "br" and self.paragraph is not None:
            self.paragraph.add_run().add_break()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h2", "h3"):
            tag = "strong"
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag in self.marks:
            self.marks.remove(tag)
        elif tag in ("td", "th") and self.paragraph is not None:
            self.paragraph.add_run("\t")

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        if self.paragraph is None:
            self.paragraph = self.document.add_paragraph()
            self.paragraph.paragraph_format.first_line_indent = Cm(1.2)
            self.paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        run = self.paragraph.add_run(self.text(data))
        run.bold, run.italic, run.underline = (
            "strong" in self.marks or None,
            "em" in self.marks or None,
            "u" in self.marks or None,
        )


def _settled(data: bytes, moment: dt.datetime) -> bytes:
    """The archive with one date on all its parts: the same book gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            info = zipfile.ZipInfo(name, moment.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, given.read(name))
    return out.getvalue()
