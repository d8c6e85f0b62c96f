"""Writing sheets that run nothing when they are opened, and come back as they went."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal

MOST_ROWS = 1_048_575
LONGEST_CELL = 32_767
_RISKY = re.compile("^'*[\\s\\u200b\\ufeff]*[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"^-?\d{1,15}(\.\d{1,10})?$", re.ASCII)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def inert(text: str) -> str:
    """The text for a CSV cell: one ``'`` before = + - @ TAB CR (full-width ones too), so that no program computes it.

    ``read`` takes the sign off again, so nothing is lost; a plain number such as -5 needs none.
    """
    return f"'{text}" if _RISKY.match(text) and not _NUMBER.match(text) else text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return f"{_text(value.date())} {value.hour:02d}.{value.minute:02d} น."
    if isinstance(value, dt.date):
        return f"{value.day:02d}/{value.month:02d}/{value.year + 543}"
    return str(value)


def write_csv(rows: Iterable[Sequence[Any]], columns: Sequence[str], file: BinaryIO) -> int:
    """Write UTF-8 with BOM (Excel needs it for Thai), comma, every text quoted. Returns the number of rows."""
    wrapper = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True, errors="strict")
    writer = csv.writer(wrapper, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([inert(str(column)) for column in columns])
    count = 0
    for row in rows:
        writer.writerow([cell if _is_number(cell) else inert(_ILLEGAL.sub("", _text(cell))) for cell in row])
        count += 1
    wrapper.flush()
    # The file is the caller's: give it back open.
    wrapper.detach()
    return count


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return isinstance(value, int) or math.isfinite(value)


def write_xlsx(
    rows: Iterable[Sequence[Any]], columns: Sequence[str], file: BinaryIO, *, title: str = "ข้อมูล"
) -> int:
    """Write one sheet row by row in constant memory. Text is text (ids keep their zeros, formulas stay words);
    ``int``, ``float`` and ``Decimal`` of up to 15 digits are numbers; dates are written วว/ดด/พ.ศ.

    Returns the number of rows. Raises ``Refusal`` where Excel's own limits would lose something.
    """
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        },
    )
    finished = False
    try:
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip("' ") or "1")
        as_text = book.add_format({"num_format": "@", "valign": "top"})
        as_head = book.add_format(
            {
                "num_format": "@",
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "bottom": 1,
                "bg_color": "#E8F0F9",
            }
        )
        as_number = book.add_format({"valign": "top"})
        widths = [min(max(len(str(column)) + 2, 8), 40) for column in columns]
        for place, column in enumerate(columns):
            sheet.write_string(0, place, str(column)[:LONGEST_CELL], as_head)
        sheet.freeze_panes(1, 0)
        count = 0
        for count, row in enumerate(rows, start=1):
            if count > MOST_ROWS:
                raise Refusal(
                    _("แผ่นงาน Excel มีได้ไม่เกิน %(most)s แถว กรองให้น้อยลง หรือส่งออกเป็น CSV")
                    % {"most": f"{MOST_ROWS:,}"},
                    code="sheets.rows",
                )
            for place, cell in enumerate(row):
                if _is_number(cell) and abs(cell) < 10**15:
                    sheet.write_number(count, place, cell, as_number)
                    continue
                text = _ILLEGAL.sub("", _text(cell))
                if not text:
                    continue
                if len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
                    raise Refusal(
                        _("แถวที่ %(row)s คอลัมน์ “%(column)s” ยาวเกินที่ช่องของ Excel รับได้ ส่งออกเป็น CSV แทน")
                        % {"row": count + 1, "column": columns[place] if place < len(columns) else place + 1},
                        code="sheets.cell",
                    )
                sheet.write_string(count, place, text, as_text)
                if count <= 200 and place < len(widths):
                    widths[place] = min(max(widths[place], len(text.split("\n", 1)[0]) + 2), 40)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        if columns and count:
            sheet.autofilter(0, 0, count, len(columns) - 1)
        finished = True
    finally:
        if finished:
            book.close()
        else:
            # An unfinished workbook warns when it is thrown away; nothing of it has been written to the file.
            book.fileclosed = 1
            for left in book.worksheets():
                if left.row_data_fh is not None:
                    left.row_data_fh.close()
    return count
