"""The door of the register kit: declare a type, bring a file in, take one out."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from khet.base.lib.errors import NotFound, Refusal
from khet.base.org.api import Actor
from khet.kits.register.actions import confirm as confirm_batch
from khet.kits.register.actions import match_columns, receive_file
from khet.kits.register.actions.imports import importing, missing
from khet.kits.register.actions.imports.staging import opened
from khet.kits.register.bases import CodeList, Record, code_list, records, register
from khet.kits.register.choices import BatchState, RowState
from khet.kits.register.jobs import work
from khet.kits.register.queries.exports import write_export

__all__ = [
    "CodeList",
    "ImportResult",
    "Record",
    "code_list",
    "export_file",
    "import_file",
    "kinds",
    "records",
    "register",
]


@dataclass
class ImportResult:
    """What became of a file. ``faults`` has one item per faulty cell: row, column, value, sentence."""

    kind: str
    file: str
    batch: int
    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    wrong: int = 0
    applied: bool = False
    encoding: str = ""
    header_row: int = 0
    sentence: str = ""
    faults: list[dict[str, Any]] = field(default_factory=list)
    totals: list[list[Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def kinds() -> list[str]:
    """The kinds that can be named at the command line."""
    return records.codes()


def import_file(
    *,
    actor: Actor,
    kind: str,
    path: str | Path,
    confirm: bool = False,
    mapping: dict[str, int] | None = None,
    options: dict[str, str] | None = None,
) -> ImportResult:
    """Check a file against a register and, with ``confirm``, write its right rows in one transaction.

    ``options`` are what the import asks for besides the file (``year``, ``term`` …); without them the file's name
    may tell. Without ``confirm`` nothing of the register changes; the batch stays open and can be confirmed on its page.
    Raises ``Refusal`` when the kind, the right or a needed column is missing, or the file cannot be read.
    """
    path = Path(path)
    if not path.is_file():
        raise NotFound(_("ไม่พบไฟล์ %(path)s") % {"path": path}, code="register.no_file")
    _record, importer = importing(kind)
    batch = receive_file(actor=actor, kind=kind, name=path.name, content=path.read_bytes(), options=options)
    batch = work(batch, actor)
    if batch.state == BatchState.MATCHING and mapping:
        batch = work(match_columns(actor=actor, batch=batch, mapping={**batch.mapping, **mapping}), actor)
    if batch.state == BatchState.MATCHING:
        names = ", ".join(str(column.label) for column in importer.missing(batch.mapping))
        if names:
            raise Refusal(
                _("ไม่พบคอลัมน์ %(columns)s ในไฟล์ ตรวจหัวคอลัมน์ หรือจับคู่คอลัมน์บนหน้านำเข้า") % {"columns": names},
                code="register.missing",
            )
        raise Refusal(
            _("ยังไม่ได้บอก%(what)s เพิ่ม --option %(codes)s")
            % {
                "what": ", ".join(missing(batch)),
                "codes": " --option ".join(f"{option.code}=…" for option in importer.options),
            },
            code="register.option",
        )
    if batch.state == BatchState.FAILED:
        raise Refusal(batch.problem, code="register.unreadable")
    if confirm:
        batch = confirm_batch(actor=actor, batch=batch)
    counts = batch.counts
    result = ImportResult(
        kind=kind,
        file=path.name,
        batch=batch.pk,
        rows=batch.rows_total,
        new=counts.get("new", 0),
        changed=counts.get("changed", 0),
        same=counts.get("same", 0),
        wrong=counts.get("wrong", 0),
        applied=batch.state == BatchState.APPLIED,
        encoding=batch.encoding,
        header_row=batch.header_row,
        totals=batch.totals,
    )
    for row in batch.rows.filter(state=RowState.WRONG):
        cells = row.cells
        for code, sentence, stops in row.faults:
            index = batch.mapping.get(code)
            value = opened(cells[index]) if index is not None and index < len(cells) else ""
            result.faults.append(
                {"row": row.number, "column": code, "value": value, "sentence": sentence, "stops": stops}
            )
    result.sentence = outcome(result)
    return result


def outcome(result: ImportResult) -> str:
    """One sentence on what the file does or did."""
    wrong = _(" ผิด %(n)d แถว") % {"n": result.wrong} if result.wrong else ""
    if not result.new and not result.changed:
        return _("ไม่มีอะไรเปลี่ยน เหมือนเดิม %(same)d แถว") % {"same": result.same} + wrong
    words = _("ใหม่ %(new)d เปลี่ยน %(changed)d เหมือนเดิม %(same)d แถว") % {
        "new": result.new,
        "changed": result.changed,
        "same": result.same,
    }
    verdict = _("นำเข้าแล้ว") if result.applied else _("ตรวจแล้ว ยังไม่ได้นำเข้า")
    return f"{verdict}: {words}{wrong}"


def export_file(*, actor: Actor, kind: str, path: str | Path, reason: str = "") -> int:
    """Write everything the actor may see and export to a CSV or XLSX file (by its ending); returns the rows.

    Personal data leave only with a ``reason``; see ``write_export``.
    """
    record = records.get(kind)
    if record is None:
        raise NotFound(
            _("ไม่มีทะเบียน %(kind)s มีแต่ %(kinds)s") % {"kind": kind, "kinds": ", ".join(kinds())},
            code="register.no_kind",
        )
    path = Path(path)
    buffer = io.BytesIO()
    count = write_export(record, actor, None, path.suffix.lstrip(".").lower() or "csv", buffer, reason)
    path.write_bytes(buffer.getvalue())
    return count
