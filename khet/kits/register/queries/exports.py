"""Taking a register out: the columns of the import when there is one, so that what went out comes back the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from khet.base.lib import sheets
from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor, demand, visible
from khet.kits.register.bases import Record

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def headings(record: Record) -> list[str]:
    """The heads of the exported columns. Masked columns are not among them."""
    if record.imports is not None:
        return [str(c.label) for c in record.imports.columns if not c.masked]
    return [str(c.label) for c in record.columns if not c.mask]


def exported(record: Record, queryset: models.QuerySet) -> Iterator[list[Any]]:
    """The rows, cell by cell, as a spreadsheet takes them: text, numbers, days as วว/ดด/พ.ศ."""
    if record.imports is not None:
        columns = [c for c in record.imports.columns if not c.masked]
        for found in queryset.iterator(chunk_size=2000):
            values = record.imports.values(found)
            yield [plain(c.write(found) if c.write else values.get(c.code)) for c in columns]
    else:
        for found in queryset.iterator(chunk_size=2000):
            yield [plain(c.value(found)) for c in record.columns if not c.mask]


def plain(value: Any) -> Any:
    """A value as a cell: the era shown is Buddhist, numbers stay numbers, the rest is text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("ใช่") if value else _("ไม่ใช่")
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, Decimal):
        return float(value) if value == value.normalize() and abs(value) < 10**9 else str(value)
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year + 543}"
    return str(value)


def write_export(
    record: Record, actor: Actor, queryset: models.QuerySet | None, format: str, file: BinaryIO
) -> int:
    """Write the rows the actor may see and export; ``queryset`` narrows them. Returns how many."""
    if format not in FORMATS:
        raise Refusal(_("ส่งออกได้เป็น .xlsx หรือ .csv"), code="register.format", field="format")
    if record.exporting:
        demand(actor, record.exporting)
    rows = visible(actor, record.queryset(actor) if queryset is None else queryset)
    if record.exporting:
        rows = visible(actor, rows, record.exporting)
    if not rows.query.order_by:
        rows = rows.order_by("pk")
    count = 0

    def counted() -> Iterator[list[Any]]:
        nonlocal count
        for row in exported(record, rows):
            count += 1
            yield row

    write = sheets.write_xlsx if format == "xlsx" else sheets.write_csv
    with override("th"):  # a file goes to others, and comes back, whatever language its maker reads
        write(counted(), headings(record), file)
    return count
