"""Checking the rows of a file against a register: set-based, every row, nothing written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor
from khet.kits.register.bases import Checked, Import, Record, Wrong
from khet.kits.register.choices import RowState


def read_rows(
    importer: Import, mapping: Mapping[str, int], rows: Sequence[tuple[int, list[str]]]
) -> list[Checked]:
    """Give every mapped cell its meaning; faults are gathered, never raised."""
    checked = []
    columns = [(importer.by_code[code], index) for code, index in mapping.items() if code in importer.by_code]
    for number, cells in rows:
        row = Checked(number, list(cells))
        for column, index in columns:
            cell = cells[index] if index < len(cells) else ""
            try:
                value = column.parse(cell)
            except Wrong as why:
                row.wrong(column.code, str(why))
            except Refusal as why:
                row.wrong(column.code, str(why.sentence))
            else:
                if value is not None:
                    row.values[column.code] = value
        checked.append(row)
    return checked


def mark_doubles(importer: Import, rows: Sequence[Checked]) -> None:
    """Rows of one file that share a value which may stand once: all of them are wrong, each names the others."""
    for column in importer.columns:
        if not (column.unique or column.code == importer.key):
            continue
        seen: dict[Any, list[Checked]] = defaultdict(list)
        for row in rows:
            if row.values.get(column.code) is not None:
                seen[row.values[column.code]].append(row)
        for value, twins in seen.items():
            if len(twins) < 2:
                continue
            for row in twins:
                others = [str(twin.number) for twin in twins[:6] if twin is not row]
                row.wrong(
                    column.code,
                    _("%(column)s %(value)s อยู่ในไฟล์นี้ %(n)d แถว พบซ้ำที่แถว %(rows)s เก็บไว้แถวเดียว แล้วตรวจใหม่")
                    % {
                        "column": column.label,
                        "value": value,
                        "n": len(twins),
                        "rows": ", ".join(others[:5]),
                    },
                )


def compare(record: Record, actor: Actor, rows: Sequence[Checked], *, lock: bool = False) -> None:
    """Find each row's record and say what would change. Fixed number of queries for any number of rows."""
    importer: Import = record.imports
    keys = {row.values[importer.key] for row in rows if row.values.get(importer.key) is not None}
    found = importer.load(actor, keys, lock=lock)
    writable = importer.editable(actor, found.values())
    for row in rows:
        row.record = found.get(row.values.get(importer.key))
        if row.record is not None and row.record.pk not in writable:
            row.wrong(importer.key, _("แถวนี้อยู่นอกขอบเขตที่คุณแก้ได้ ส่งให้ผู้ดูแลข้อมูลของเขตนำเข้า"))
            row.record = None
    importer.check(actor, rows)
    for row in rows:
        if row.is_wrong:
            row.state = RowState.WRONG
        elif row.record is None:
            row.state = RowState.NEW
        else:
            today = importer.values(row.record)
            row.changes = {
                code: [today.get(code), value]
                for code, value in row.values.items()
                if code in today and today[code] != value
            }
            row.state = RowState.CHANGED if row.changes else RowState.SAME
