"""Reading a sheet that somebody uploaded."""

from __future__ import annotations

import json
import logging
import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, BinaryIO

import orjson
from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.lib.limited import ChildStopped, as_path, run

MOST_BYTES = 50 * 1024 * 1024
SECONDS = 90.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Column:
    """The cells of a column under the header row: its distinct texts, and which of them each row has."""

    texts: list[str]
    index: Sequence[int]

    def cells(self, start: int = 0, end: int | None = None) -> list[str]:
        return list(map(self.texts.__getitem__, self.index[start:end]))


@dataclass(frozen=True)
class Sheet:
    """One sheet as text. ``rows`` are those under the header row, each as wide as ``columns``; blank rows between
    stay, so that ``header_row + 1 + index`` is the row number that Excel shows. A head of several rows with merged
    cells is made one, its words joined from above (``นักเรียน ชาย``); ``header_row`` is then its last row.

    ``body`` holds the same column by column, for tens of thousands of rows; ``blank`` are the indexes of blank rows."""

    columns: list[str]
    body: list[Column]
    height: int
    blank: list[int]
    header_row: int
    head_rows: int = 1
    encoding: str = ""
    sheet_name: str = ""
    sheet_names: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @cached_property
    def rows(self) -> list[list[str]]:
        return self.top(self.height)

    def top(self, count: int) -> list[list[str]]:
        """The first rows."""
        return [list(row) for row in zip(*(column.cells(0, count) for column in self.body), strict=True)]

    def numbered(self) -> Iterator[tuple[int, list[str]]]:
        """Row number as in the file, and cells; blank rows are left out."""
        for number, row in enumerate(self.rows, start=self.header_row + 1):
            if any(cell.strip() for cell in row):
                yield number, row


def read(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    name: str,
    *,
    known: Iterable[str] = (),
    sheet: str | None = None,
) -> Sheet:
    """Read the sheet of an upload called ``name``.

    ``known`` are the heads (and their aliases) looked for: they find the header row and, in a workbook, the
    sheet; ``sheet`` names one instead. Cells come as text: days as วว/ดด/พ.ศ., numbers as typed.

    Raises ``Refusal`` (``sheets.*``) with what to do. The file is opened in a child process of limited memory
    and time; nothing of it is run.
    """
    with as_path(source) as path:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise Refusal(
                _("ไฟล์นี้ %(size)s MB รับได้ไม่เกิน %(most)s MB แยกเป็นหลายไฟล์")
                % {"size": size // 1024 // 1024, "most": MOST_BYTES // 1024 // 1024},
                code="sheets.size",
            )
        request = json.dumps({"name": name, "known": [str(one) for one in known], "sheet": sheet})
        try:
            answer = run("khet.base.lib.sheets.child", [str(path), request], seconds=SECONDS)
        except ChildStopped as why:
            log.warning("a sheet stopped its reader: %s", why)
            raise _refusal({"time": "time", "memory": "memory"}.get(why.reason, "broken"), {}) from why
    at = answer.find(b"\n") + 1 or len(answer)
    head: dict[str, Any] = orjson.loads(answer[:at])
    if "refused" in head:
        if head["facts"].get("detail"):
            log.info("a sheet could not be read: %s", head["facts"]["detail"])
        raise _refusal(head["refused"], head["facts"])
    notes: dict[str, int] = head.pop("notes")
    data, body = memoryview(answer), []
    for length, width, places in head.pop("parts"):
        index = array("H" if width == 2 else "I", bytes(data[at + length : at + length + places]))
        body.append(Column(orjson.loads(data[at : at + length]), index))
        at += length + places
    return Sheet(body=body, notes=_notes(notes), **head)


def _notes(found: dict[str, int]) -> list[str]:
    said = []
    if count := found.get("formulas"):
        said.append(_("มีสูตร %(n)s ช่อง ใช้ค่าที่ Excel คำนวณไว้ล่าสุด") % {"n": count})
    if count := found.get("merged"):
        said.append(_("มีช่องที่ผสานกัน %(n)s แห่ง ค่าอยู่ในช่องแรกของแต่ละแห่ง") % {"n": count})
    return said


def _refusal(code: str, facts: dict[str, Any]) -> Refusal:
    kinds = {
        "xlsx": "Excel (.xlsx)",
        "xls": "Excel 97–2003 (.xls)",
        "ods": "OpenDocument (.ods)",
        "csv": "CSV",
    }
    big = _("ตารางในไฟล์ใหญ่เกินไป ลบแถวและคอลัมน์ว่างที่อยู่ไกลจากข้อมูล หรือคัดเฉพาะข้อมูลไปไว้ในไฟล์ใหม่")
    unsafe = _("โครงสร้างของไฟล์ผิดปกติ ไม่เปิดอ่านเพื่อความปลอดภัย เปิดด้วย Excel แล้วบันทึกใหม่เป็น .xlsx")
    sentences: dict[str, str] = {
        "empty": _("ไม่พบข้อมูลในไฟล์ ตรวจว่าเลือกไฟล์ถูก และข้อมูลอยู่ในแผ่นงานที่ไม่ได้ซ่อน"),
        "broken": _("อ่านไฟล์นี้ไม่ได้ เปิดด้วย Excel แล้วบันทึกใหม่เป็น .xlsx จากนั้นลองอีกครั้ง"),
        "macros": _("ไฟล์นี้มีมาโคร ระบบไม่รับ ใน Excel เลือก บันทึกเป็น แล้วเลือกชนิด Excel Workbook (.xlsx)"),
        "encrypted": _("ไฟล์นี้ตั้งรหัสผ่านไว้ ใน Excel เลือก ไฟล์ › ข้อมูล › ป้องกันเวิร์กบุ๊ก ลบรหัสผ่าน แล้วบันทึกใหม่"),
        "xlsb": _("ไฟล์เป็นชนิด .xlsb ให้บันทึกใหม่เป็น .xlsx"),
        "old": _("ไฟล์เป็น Excel รุ่นก่อน 97 ให้เปิดแล้วบันทึกใหม่เป็น .xlsx"),
        "xml": _("ไฟล์เป็น XML Spreadsheet ให้เปิดด้วย Excel แล้วบันทึกใหม่เป็น .xlsx"),
        "html": _("ไฟล์นี้เป็นหน้าเว็บที่ตั้งชื่อเป็น Excel ให้เปิดด้วย Excel แล้วบันทึกใหม่เป็น .xlsx"),
        "word": _("ไฟล์นี้เป็นเอกสาร ไม่ใช่ตาราง ส่งไฟล์ .xlsx หรือ .csv"),
        "zip": _("ไฟล์นี้เป็นไฟล์บีบอัด แตกไฟล์แล้วส่งไฟล์ .xlsx หรือ .csv ข้างใน"),
        "other": _("ไฟล์นี้ไม่ใช่ตาราง ส่งไฟล์ .xlsx .xls .ods หรือ .csv"),
        "misnamed": _(
            "ไฟล์ชื่อลงท้าย %(suffix)s แต่ข้างในเป็น %(kind)s เปลี่ยนชื่อให้ลงท้าย %(right)s หรือบันทึกใหม่ให้ตรงชนิด"
        ),
        "sheet": _("ไม่มีแผ่นงานชื่อ “%(name)s” ในไฟล์"),
        "cells": big,
        "unpacked": _("ไฟล์นี้คลายออกแล้วใหญ่ %(megabytes)s MB เกินกว่าจะเป็นตารางปกติ คัดเฉพาะข้อมูลไปไว้ในไฟล์ใหม่"),
        "entries": unsafe,
        "overlap": unsafe,
        "names": unsafe,
        "link": unsafe,
        "nested": unsafe,
        "entities": unsafe,
        "memory": big,
        "time": _("อ่านไฟล์นี้นานเกินไปจึงหยุดไว้ คัดเฉพาะข้อมูลไปไว้ในไฟล์ใหม่ หรือแยกเป็นหลายไฟล์"),
        "nul": _("บรรทัดที่ %(line)s มีอักขระที่ไม่ใช่ข้อความ ไฟล์อาจเสีย ส่งออกเป็น CSV ใหม่ หรือใช้ .xlsx"),
        "encoding": _("บรรทัดที่ %(line)s อ่านตัวอักษรไม่ออก บันทึกไฟล์ใหม่เป็น CSV UTF-8 หรือใช้ .xlsx"),
        "line": _("บรรทัดที่ %(line)s ยาวผิดปกติ (%(characters)s ตัวอักษร) ตรวจว่าเป็นไฟล์ CSV จริง"),
        "cell": _('ตั้งแต่บรรทัดที่ %(line)s มีเครื่องหมายคำพูด (") เปิดแล้วไม่ปิด หรือช่องยาวผิดปกติ แก้แล้วลองอีกครั้ง'),
    }
    facts = {**facts, "kind": kinds.get(str(facts.get("kind")), "")}
    return Refusal(
        sentences[code] % facts if "%(" in sentences[code] else sentences[code], code=f"sheets.{code}"
    )
