"""Taking a register out: the columns of the import when there is one, so that what went out comes back the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from khet.base.lib import sheets
from khet.base.lib.errors import FreshSignInNeeded, Refusal
from khet.base.org.api import Actor, demand, visible
from khet.base.privacy.api import Subject, Via, record_reading, typed_reason
from khet.kits.register.bases import Record

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def _as_imported(record: Record) -> bool:
    return record.imports is not None and record.imports.comes_back


def leaving(record: Record, queryset: models.QuerySet) -> list[Any]:
    """The exported columns. Masked ones are not among them."""
    if _as_imported(record):
        return record.imports.leaving(queryset)
    return [c for c in record.columns if not c.mask]


def exported(
    record: Record,
    queryset: models.QuerySet,
    columns: Sequence[Any],
    met: Callable[[models.Model], None] = lambda found: None,
) -> Iterator[list[Any]]:
    """The rows, cell by cell, as a spreadsheet takes them: text, numbers, days as วว/ดด/พ.ศ. ``met`` hears of each."""
    if _as_imported(record):
        for found in queryset.iterator(chunk_size=2000):
            met(found)
            values = record.imports.values(found)
            yield [plain(c.write(found) if c.write else values.get(c.code)) for c in columns]
    else:
        for found in queryset.iterator(chunk_size=2000):
            met(found)
            yield [plain(c.value(found)) for c in columns]


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
    record: Record,
    actor: Actor,
    queryset: models.QuerySet | None,
    format: str,
    file: BinaryIO,
    reason: str = "",
) -> int:
    """Write the rows the actor may see and export; ``queryset`` narrows them. Returns how many.

    An export of personal data needs a ``reason`` and a fresh sign-in; every person in it is recorded as read about.
    """
    kinds = record.kinds_exported
    if kinds and not actor.is_system:
        reason = typed_reason(reason)
        if not actor.fresh_sign_in:
            raise FreshSignInNeeded(_("ยืนยันตัวตนอีกครั้งก่อนส่งออกข้อมูลส่วนบุคคล"), code="fresh_sign_in_needed")
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
    people: list[tuple[int, str, str]] = []

    def met(found: models.Model) -> None:
        if kinds:
            people.append((found.pk, *record.about(found)))

    def counted() -> Iterator[list[Any]]:
        nonlocal count
        for row in exported(record, rows, columns, met):
            count += 1
            yield row

    write = sheets.write_xlsx if format == "xlsx" else sheets.write_csv
    with override("th"):  # a file goes to others, and comes back, whatever language its maker reads
        columns = leaving(record, rows)
        write(counted(), [str(column.label) for column in columns], file)
    if people:
        record_reading(
            actor=actor,
            subjects=subjects(record, people),
            what=kinds,
            via=Via.EXPORT,
            reason=reason or "ส่งออกด้วยคำสั่งบนเครื่องแม่ข่าย",
        )
    return count


def subjects(record: Record, people: list[tuple[int, str, str]]) -> list[Subject]:
    """Those read about, from (key of the record, name in the journal, words), each with the unit: one query."""
    units: dict[int, int | None] = {}
    if record.unit_path:
        keys = [pk for pk, _label, _words in people]
        units = dict(record.model._base_manager.filter(pk__in=keys).values_list("pk", record.unit_path))
    return [Subject(label, words, units.get(pk)) for pk, label, words in people]
