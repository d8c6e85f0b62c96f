"""Comparing the rows of a file with a register: set-based, every row, nothing written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import md5
from typing import Any

from django.utils.translation import gettext as _

from khet.base.org.api import Actor
from khet.kits.register.bases import BulkImport, Checked, Import, Record, Standing, Table
from khet.kits.register.bases.tables import double
from khet.kits.register.choices import RowState
from khet.kits.register.models import JOINT


def jsonable(value: Any) -> Any:
    """Values of a row as JSON can hold them; days and decimals as their written forms."""
    if isinstance(value, dict):
        return {name: jsonable(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(item) for item in value]
    if isinstance(value, (date, Decimal)):
        return str(value)
    return value


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


def mark_composed_doubles(importer: Import, rows: Sequence[Checked], read: set[str]) -> None:
    """Doubles of values that ``complete`` composed: columns that are not in the file itself (those were ``read``)."""
    for column in importer.columns:
        if column.code in read or not (column.unique or column.code == importer.key):
            continue
        seen: dict[Any, list[Checked]] = defaultdict(list)
        for row in rows:
            if row.values.get(column.code) is not None:
                seen[row.values[column.code]].append(row)
        for value, twins in seen.items():
            for row in twins if len(twins) > 1 else ():
                others = [twin.number for twin in twins[:6] if twin is not row]
                row.wrong(column.code, double(column, value, len(twins), others))


def digest_of(texts: Sequence[str]) -> str:
    """The same as ``md5(concat_ws(E'\\x1f', …))`` in the database: tells rows that differ, guards nothing."""
    return md5(JOINT.join(texts).encode(), usedforsecurity=False).hexdigest()


@dataclass
class Outcome:
    """What a table would do to the register, by index of the row."""

    states: list[str]
    standing: Mapping[int, Standing]
    changes: dict[int, dict[str, list[str]]]

    def before(self, index: int) -> str:
        return mark_of(self.standing.get(index))


def mark_of(standing: Standing | None) -> str:
    """What the register held for a row, in one word: empty when nothing, and otherwise different when anything is."""
    return f"{standing.target or 0}:{standing.anchor or 0}:{standing.digest}" if standing else ""


def compared_codes(importer: BulkImport, mapping: Mapping[str, Any]) -> list[str]:
    """The columns of this file that the register can hold, in the order of the digest."""
    return [code for code in importer.compared if code in mapping]


def compare_bulk(importer: BulkImport, actor: Actor, table: Table) -> Outcome:
    """Rules, then one comparison of digests; cell by cell only where they differ."""
    importer.examine(actor, table)
    wrong = table.wrong_rows()
    codes = compared_codes(importer, table.mapping)
    standing = importer.standing(
        actor, {name: table.texts[name] for name in importer.keys}, codes, table.options
    )
    standing = {index: found for index, found in standing.items() if index not in wrong}
    states: list[str] = [RowState.NEW.value] * len(table)
    for index in wrong:
        states[index] = RowState.WRONG.value
    changes: dict[int, dict[str, list[str]]] = {}
    if standing:
        columns = [table.texts[code] for code in codes]
        other = {}
        for index, found in standing.items():
            if digest_of([column[index] for column in columns]) != found.digest:
                other[index] = found
            elif found.target is not None:
                states[index] = RowState.SAME.value
        held = importer.current(actor, other, codes, table.options) if other else {}
        for index, found in other.items():
            row = {
                code: [was, column[index]]
                for code, column, was in zip(codes, columns, held[index], strict=True)
                if column[index] and column[index] != was
            }
            if row:
                changes[index] = row
            if found.target is not None:
                states[index] = RowState.CHANGED.value if row else RowState.SAME.value
    return Outcome(states, standing, changes)
