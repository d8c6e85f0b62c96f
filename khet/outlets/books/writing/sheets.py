"""All tables of a book as one workbook: a list of them, then a sheet each, figures as numbers.

What the office gets is to be counted on further: no merged rows, no text where a number stands; formulas and links off.
"""

from __future__ import annotations

import io
import re

import xlsxwriter

from khet.base.lib.pdf.books import Book, Section, Table, numbered

FORMATS = {"int": "#,##0", "one": "#,##0.0", "two": "#,##0.00"}


def tables_xlsx(book: Book) -> bytes:
    """The workbook; the same book gives the same bytes."""
    out = io.BytesIO()
    # A workbook in constant memory would have to be written row by row across sheets; a book's tables are small.
    work = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    work.set_properties(
        {
            "title": book.title,
            "company": book.office,
            "comments": book.print,
            "created": book.dated.replace(tzinfo=None),
        }
    )
    face = {"font_name": "TH SarabunPSK", "font_size": 14, "valign": "top"}
    bold = work.add_format({**face, "bold": True})
    plain = work.add_format(face)
    head = work.add_format(
        {**face, "bold": True, "text_wrap": True, "bottom": 1, "top": 1, "valign": "bottom"}
    )
    quiet = work.add_format({**face, "font_color": "#525C69"})
    kinds = {kind: work.add_format({**face, "num_format": words}) for kind, words in FORMATS.items()}
    strong = {
        kind: work.add_format({**face, "num_format": words, "bold": True, "bg_color": "#EEF2F6"})
        for kind, words in FORMATS.items()
    }
    strong_text = work.add_format({**face, "bold": True, "bg_color": "#EEF2F6"})
    listing = work.add_worksheet("สารบัญตาราง")
    listing.write_row(0, 0, [book.title], bold)
    listing.write_row(1, 0, [book.office, book.print], quiet)
    listing.write_row(3, 0, ["ตาราง", "ชื่อตาราง", "บท", "ที่มา"], head)
    listing.set_column(0, 0, 12)
    listing.set_column(1, 1, 70)
    listing.set_column(2, 3, 40)
    line, section, taken = 4, "", set()
    for part, block, number in numbered(book):
        if isinstance(block, Section):
            section = block.title
        if not isinstance(block, Table) or not number:
            continue
        code = number.removeprefix("ตารางที่ ")
        name = _sheet_name(f"{code} {block.title}", taken)
        sheet = work.add_worksheet(name)
        listing.write_row(
            line,
            0,
            [number, block.title, part.title if not section else f"{part.title} / {section}", block.source],
            plain,
        )
        line += 1
        sheet.write_string(0, 0, f"{number} {block.title}", bold)
        top = 2
        if block.heads:
            at = 0
            for label, span in block.heads:
                if label:
                    sheet.write_string(top, at, label, head)
                at += span
            top += 1
        for column, given in enumerate(block.columns):
            sheet.write_string(top, column, given.label, head)
            sheet.set_column(column, column, 34 if given.kind == "text" and column < 2 else 13)
        for n, row in enumerate(block.rows, start=top + 1):
            is_strong = row.level in ("sub", "total", "group")
            for column, (value, given) in enumerate(
                zip(row.cells, block.columns, strict=row.level != "group")
            ):
                if value is None:
                    continue
                if isinstance(value, int | float):
                    form = (strong if is_strong else kinds).get(
                        given.kind, strong["int"] if is_strong else kinds["int"]
                    )
                    sheet.write_number(n, column, value, form)
                else:
                    sheet.write_string(n, column, value, strong_text if is_strong else plain)
        sheet.write_string(top + len(block.rows) + 2, 0, block.source, quiet)
        sheet.freeze_panes(top + 1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, top)
    work.close()
    return out.getvalue()


def _sheet_name(words: str, taken: set[str]) -> str:
    """At most 31 letters, none of those a workbook forbids, each once."""
    name = re.sub(r"[\[\]:*?/\\]", " ", words).strip("' ")[:31].strip()
    n = 2
    while name.lower() in taken:
        name = f"{name[:27]} ({n})"
        n += 1
    taken.add(name.lower())
    return name


__all__ = ["tables_xlsx"]
