"""A file comes in: its bytes are kept sealed, its headings found and matched."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib import sheets
from khet.base.lib.errors import Conflict, NotFound, Refusal
from khet.base.org.api import Actor, demand, entry, verb
from khet.base.org.sealing import seal_bytes, unseal_bytes
from khet.kits.register.bases import BulkImport, Import, Record, records
from khet.kits.register.choices import BatchState
from khet.kits.register.models import Batch, Upload

MOST_BYTES = 40 * 1024 * 1024
MOST_ROWS = 200_000
INLINE_BYTES = 400_000
INLINE_ROWS = 2_000
_TURNING = "\u202e\u202d\u2066\u2067\u2068"


def importing(batch_or_kind: Batch | str) -> tuple[Record, Import]:
    """The declaration an import belongs to."""
    kind = batch_or_kind if isinstance(batch_or_kind, str) else batch_or_kind.kind
    record = records.get(kind)
    if record is None or record.imports is None:
        raise NotFound(_("ไม่มีการนำเข้าของทะเบียน %(kind)s") % {"kind": kind}, code="register.no_import")
    return record, record.imports


def keep(batch: Batch, **values: Any) -> Batch:
    for name, value in values.items():
        setattr(batch, name, value)
    batch.save()
    return batch


@verb("register.receive_file", gettext_lazy("รับไฟล์เพื่อนำเข้า"), capability="")
def receive_file(
    *, actor: Actor, kind: str, name: str, content: bytes, options: Mapping[str, Any] | None = None
) -> Batch:
    """Take a file in. Nothing is read yet. ``options`` are what the import asks for besides the file."""
    _record, importer = importing(kind)
    demand(actor, importer.capability)
    if not content:
        raise Refusal(_("ไฟล์ว่างเปล่า เลือกไฟล์อื่น"), code="register.empty", field="file")
    if len(content) > MOST_BYTES:
        raise Refusal(
            _("ไฟล์นี้ %(size)d MB รับได้ไม่เกิน %(most)d MB แยกเป็นสองไฟล์")
            % {"size": len(content) // 1_048_576, "most": MOST_BYTES // 1_048_576},
            code="register.too_large",
            field="file",
        )
    safe = "".join(c for c in name if c.isprintable() and c not in _TURNING)[-255:] or "file"
    told: dict[str, Any] = {}
    if isinstance(importer, BulkImport):
        told = importer.guess(safe) | {code: value for code, value in (options or {}).items() if value}
    batch = Batch.objects.create(
        kind=kind,
        file_name=safe,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        person=actor.person,
        by_name=actor.name,
        unit=actor.unit,
        options=told,
    )
    _keep_bytes(batch, seal_bytes(content))
    entry().on(batch)
    entry().tell(kind=kind, file=batch.file_name, sha256=batch.sha256, bytes=batch.size)
    return batch


def _keep_bytes(batch: Batch, sealed: bytes) -> None:
    """Megabytes go to the database as they are: Django would write them into the statement, two letters for each byte."""
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("INSERT INTO register_upload (batch_id, sealed) VALUES (%s, %b)", [batch.pk, sealed])


def _bytes_of(batch: Batch) -> bytes:
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        found = cursor.execute(
            "SELECT sealed FROM register_upload WHERE batch_id = %s", [batch.pk], binary=True
        ).fetchone()
    if found is None:
        raise Upload.DoesNotExist
    sealed: bytes = found[0]
    return sealed


def open_sheet(batch: Batch) -> sheets.Sheet:
    """Read the file's rows, in the limited child process of ``sheets``."""
    content = unseal_bytes(_bytes_of(batch))
    _record, importer = importing(batch)
    known = [heading for column in importer.columns for heading in column.headings()]
    return sheets.read(io.BytesIO(content), batch.file_name, known=known)


def read_headings(batch: Batch) -> tuple[Batch, sheets.Sheet | None]:
    """Find sheet, header row and encoding; match the columns that are known by name. The sheet is given back too, so
    that a check which follows at once need not read the file again."""
    _record, importer = importing(batch)
    try:
        sheet = open_sheet(batch)
    except Refusal as why:
        return keep(batch, state=BatchState.FAILED, problem=str(why.sentence)), None
    if sheet.height > MOST_ROWS:
        problem = _("ไฟล์มี %(n)d แถว รับได้ไม่เกิน %(most)d แถว แยกเป็นหลายไฟล์") % {
            "n": sheet.height,
            "most": MOST_ROWS,
        }
        return keep(batch, state=BatchState.FAILED, problem=problem), None
    headings = [str(heading)[:200] for heading in sheet.columns]
    mapping = importer.match(headings, sheet.top(50)) or {}
    before = (
        Batch.objects.filter(kind=batch.kind, headings=headings, state=BatchState.APPLIED)
        .exclude(mapping={})
        .order_by("-pk")
        .values_list("mapping", flat=True)
        .first()
    )
    keep(
        batch,
        state=BatchState.MATCHING,
        headings=headings,
        mapping=before or mapping,
        encoding=sheet.encoding or "",
        sheet_name=(sheet.sheet_name or "")[:120],
        header_row=sheet.header_row,
        rows_total=sheet.height,
        problem="",
    )
    return batch, sheet


def missing(batch: Batch) -> list[str]:
    """What a person has to say before the file can be checked: columns and options, in words."""
    _record, importer = importing(batch)
    words = [str(column.label) for column in importer.missing(batch.mapping)]
    if isinstance(importer, BulkImport):
        words += [
            str(o.label) for o in importer.options if str(batch.options.get(o.code) or "") not in o.choices()
        ]
    return words


def match_columns(
    *, actor: Actor, batch: Batch, mapping: Mapping[str, int], options: Mapping[str, Any] | None = None
) -> Batch:
    """Say which column of the file is which, and what the import asks for; what the type does not know is left out."""
    _record, importer = importing(batch)
    demand(actor, importer.capability)
    if batch.state not in {BatchState.MATCHING, BatchState.CHECKED}:
        raise Conflict(_("ไฟล์นี้ผ่านขั้นจับคู่ไปแล้ว เปิดหน้าตรวจอีกครั้ง"), code="register.state")
    good = {
        code: index
        for code, index in mapping.items()
        if code in importer.by_code and 0 <= index < len(batch.headings)
    }
    if len(set(good.values())) != len(good):
        raise Refusal(_("เลือกคอลัมน์ของไฟล์ซ้ำกัน ให้หนึ่งคอลัมน์ตรงกับหนึ่งข้อมูล"), code="register.twice")
    absent = importer.missing(good)
    if absent:
        raise Refusal(
            _("ยังไม่ได้เลือกคอลัมน์ %(columns)s") % {"columns": ", ".join(str(c.label) for c in absent)},
            code="register.missing",
        )
    if isinstance(importer, BulkImport):
        batch.options = importer.settle({**batch.options, **(options or {})})
    return keep(batch, mapping=good)
