"""A file on its way into a register: received, matched, checked, confirmed in one transaction, undone.

Receiving, confirming, undoing and dropping are verbs. Reading and checking write only the batch's own
tables, in steps that may be killed and begun again; the register itself changes in ``confirm`` and ``undo``
alone, each in one transaction: all of it or nothing.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib import sheets
from khet.base.lib.errors import Conflict, NotFound, Refusal
from khet.base.org.api import Actor, demand, entry, verb
from khet.kits.register.bases import Checked, Import, Record, records
from khet.kits.register.choices import BatchState, RowState
from khet.kits.register.models import Batch, Row, Upload
from khet.kits.register.queries.checking import compare, mark_doubles, read_rows

MOST_BYTES = 40 * 1024 * 1024
MOST_ROWS = 200_000
INLINE_BYTES = 400_000
INLINE_ROWS = 2_000
CHUNK = 2_000
_LOCK = 0x72656769  # "regi": with the kind, one file at a time is applied to a register


def importing(batch_or_kind: Batch | str) -> tuple[Record, Import]:
    """The declaration an import belongs to."""
    kind = batch_or_kind if isinstance(batch_or_kind, str) else batch_or_kind.kind
    record = records.get(kind)
    if record is None or record.imports is None:
        raise NotFound(_("ไม่มีการนำเข้าของทะเบียน %(kind)s") % {"kind": kind}, code="register.no_import")
    return record, record.imports


@verb("register.receive_file", gettext_lazy("รับไฟล์เพื่อนำเข้า"), capability="")
def receive_file(*, actor: Actor, kind: str, name: str, content: bytes) -> Batch:
    """Take a file in. Nothing is read yet."""
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
    safe = "".join(c for c in name if c.isprintable() and c not in "\u202e\u202d\u2066\u2067\u2068")[-255:]
    batch = Batch.objects.create(
        kind=kind,
        file_name=safe or "file",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        person=actor.person,
        by_name=actor.name,
        unit=actor.unit,
    )
    Upload.objects.create(batch=batch, content=content)
    entry().on(batch)
    entry().tell(kind=kind, file=batch.file_name, sha256=batch.sha256, bytes=batch.size)
    return batch


def open_sheet(batch: Batch) -> sheets.Sheet:
    """Read the file's rows, in the limited child process of ``sheets``."""
    content = bytes(Upload.objects.values_list("content", flat=True).get(batch=batch))
    _record, importer = importing(batch)
    known = [heading for column in importer.columns for heading in column.headings()]
    return sheets.read(io.BytesIO(content), batch.file_name, known=known)


def read_headings(batch: Batch) -> Batch:
    """Find sheet, header row and encoding; match the columns that are known by name."""
    _record, importer = importing(batch)
    try:
        sheet = open_sheet(batch)
    except Refusal as why:
        return _set(batch, state=BatchState.FAILED, problem=str(why.sentence))
    if len(sheet.rows) > MOST_ROWS:
        return _set(
            batch,
            state=BatchState.FAILED,
            problem=_("ไฟล์มี %(n)d แถว รับได้ไม่เกิน %(most)d แถว แยกเป็นหลายไฟล์")
            % {"n": len(sheet.rows), "most": MOST_ROWS},
        )
    headings = [str(heading)[:200] for heading in sheet.columns]
    mapping = importer.match(headings) or {}
    before = (
        Batch.objects.filter(kind=batch.kind, headings=headings, state=BatchState.APPLIED)
        .exclude(mapping={})
        .order_by("-pk")
        .values_list("mapping", flat=True)
        .first()
    )
    return _set(
        batch,
        state=BatchState.MATCHING,
        headings=headings,
        mapping=before or mapping,
        encoding=sheet.encoding or "",
        sheet_name=(sheet.sheet_name or "")[:120],
        header_row=sheet.header_row,
        rows_total=len(sheet.rows),
        problem="",
    )


def match_columns(*, actor: Actor, batch: Batch, mapping: Mapping[str, int]) -> Batch:
    """Say which column of the file is which; what the type does not know is left out."""
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
    missing = importer.missing(good)
    if missing:
        raise Refusal(
            _("ยังไม่ได้เลือกคอลัมน์ %(columns)s") % {"columns": ", ".join(str(c.label) for c in missing)},
            code="register.missing",
        )
    return _set(batch, mapping=good)


def check_batch(*, actor: Actor, batch: Batch) -> Batch:
    """Check every row and keep the outcome. May be killed at any point and begun again."""
    record, importer = importing(batch)
    demand(actor, importer.capability)
    if batch.state not in {BatchState.MATCHING, BatchState.CHECKING, BatchState.CHECKED}:
        raise Conflict(_("ไฟล์นี้ตรวจไม่ได้แล้ว นำเข้าไฟล์ใหม่"), code="register.state")
    with _alone(batch):
        _set(batch, state=BatchState.CHECKING, rows_done=0)
        try:
            sheet = open_sheet(batch)
        except Refusal as why:
            return _set(batch, state=BatchState.FAILED, problem=str(why.sentence))
        first = sheet.header_row + 1
        numbered = [(first + n, [_cell(c) for c in cells]) for n, cells in enumerate(sheet.rows)]
        checked = read_rows(importer, batch.mapping, [(n, cells) for n, cells in numbered if any(cells)])
        del sheet, numbered
        importer.complete(actor, checked)
        mark_doubles(importer, checked)
        counts: Counter[str] = Counter()
        skipped = set(batch.rows.filter(is_skipped=True).values_list("number", flat=True))
        batch.rows.all().delete()
        _set(batch, rows_total=len(checked))
        for start in range(0, len(checked), CHUNK):
            part = checked[start : start + CHUNK]
            compare(record, actor, part)
            Row.objects.bulk_create(_row(importer, batch, row, row.number in skipped) for row in part)
            counts.update(row.state for row in part)
            for row in part:
                # A large file is held once; what is written need not be kept.
                row.record, row.cells = None, []
            _set(batch, rows_done=start + len(part))
        left_out = batch.rows.filter(is_skipped=True).values_list("state", flat=True)
        counts.update({"skipped": len(left_out)})
        counts.subtract(Counter(left_out))
        return _set(
            batch,
            state=BatchState.CHECKED,
            totals=_expected(importer, checked),
            counts={state: counts[state] for state in [*RowState.values, "skipped"]},
            problem="",
        )


@contextmanager
def _alone(batch: Batch) -> Iterator[None]:
    """One checker of a batch at a time; a killed one lets go with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, batch.pk])
        if not cursor.fetchone()[0]:
            raise Conflict(_("กำลังตรวจไฟล์นี้อยู่ รอสักครู่"), code="register.checking")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, batch.pk])


@verb("register.confirm", gettext_lazy("ยืนยันนำเข้า"), capability="")
def confirm(*, actor: Actor, batch: Batch) -> Batch:
    """Write every right row, in one transaction, through the type's own verb. Wrong rows stay behind.

    The register may have moved since the check: a row whose record is no longer as it was then is refused
    as a conflict, and nothing at all is written.
    """
    record, importer = importing(batch)
    demand(actor, importer.capability)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, batch.kind])
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == BatchState.APPLIED:
        raise Conflict(_("นำเข้าไฟล์นี้ไปแล้ว ไม่มีอะไรเปลี่ยนซ้ำ"), code="register.applied")
    if batch.state not in {BatchState.CHECKED, BatchState.APPLYING}:
        raise Conflict(_("ไฟล์นี้ยังไม่ได้ตรวจ หรือยกเลิกไปแล้ว"), code="register.state")
    rows = list(
        batch.rows.filter(state__in=[RowState.NEW, RowState.CHANGED], is_skipped=False).order_by("number")
    )
    checked = [
        Checked(row.number, row.cells, {code: importer.parse(code, v) for code, v in row.values.items()})
        for row in rows
    ]
    compare(record, actor, checked, lock=True)
    moved = [
        now.number
        for row, now in zip(rows, checked, strict=True)
        if now.state != row.state or _json(now.changes) != row.changes
    ]
    if moved:
        raise Conflict(
            _("มีผู้แก้ทะเบียนหลังจากตรวจไฟล์ %(n)d แถวไม่ตรงกับที่ตรวจไว้ เช่น แถว %(row)d กด “ตรวจใหม่” แล้วยืนยันอีกครั้ง")
            % {"n": len(moved), "row": moved[0]},
            code="register.moved",
        )
    new = [(row, now) for row, now in zip(rows, checked, strict=True) if row.state == RowState.NEW]
    changed = [(row, now) for row, now in zip(rows, checked, strict=True) if row.state == RowState.CHANGED]
    entry().on(batch)
    pks: list[int] = []
    if rows:
        pks = importer.apply(
            actor=actor,
            new=[now.values for _row, now in new],
            changed=[
                (now.record, {code: after for code, (_b, after) in now.changes.items()})
                for _row, now in changed
            ],
            source=batch.file_name,
        )
        for (row, _now), pk in zip(new, pks, strict=True):
            row.target = pk
        for row, now in changed:
            row.target = now.record.pk
        for row in rows:
            row.is_applied = True
        Row.objects.bulk_update(rows, ["target", "is_applied"], batch_size=CHUNK)
    batch.state = BatchState.APPLIED
    batch.applied_at = timezone.now()
    batch.totals = _actual(importer, batch)
    batch.save()
    Upload.objects.filter(batch=batch).delete()
    entry().tell(
        kind=batch.kind, file=batch.file_name, sha256=batch.sha256, new=len(new), changed=len(changed)
    )
    return batch


def apply_batch(*, actor: Actor, batch: Batch) -> Batch:
    """``confirm`` for a worker: what stops it is kept with the batch, for the page that waits."""
    try:
        return confirm(actor=actor, batch=batch)
    except Refusal as why:
        Batch.objects.filter(pk=batch.pk, state=BatchState.APPLYING).update(
            state=BatchState.CHECKED, problem=str(why.sentence)
        )
        batch.refresh_from_db()
        return batch


@verb("register.undo", gettext_lazy("ย้อนการนำเข้า"), capability="")
def undo(*, actor: Actor, batch: Batch) -> Batch:
    """Put everything back as it was, as long as nobody has touched a row of it since."""
    _record, importer = importing(batch)
    demand(actor, importer.capability)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, batch.kind])
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != BatchState.APPLIED:
        raise Conflict(_("การนำเข้านี้ย้อนกลับไปแล้ว หรือยังไม่ได้ยืนยัน"), code="register.state")
    rows = list(batch.rows.filter(is_applied=True).order_by("number"))
    keys = [importer.parse(importer.key, row.values[importer.key]) for row in rows]
    found = {found.pk: found for found in importer.load(actor, set(keys), lock=True).values()}
    touched: list[int] = []
    back: list[tuple[Any, dict[str, Any]]] = []
    gone: list[Any] = []
    for row in rows:
        now = found.get(row.target)
        today = _json(importer.values(now)) if now is not None else {}
        expected = {code: after for code, (_before, after) in row.changes.items()} or row.values
        if now is None or any(today.get(code) != value for code, value in expected.items() if code in today):
            touched.append(row.number)
        elif row.state == RowState.NEW:
            gone.append(now)
        else:
            back.append((now, {c: importer.parse(c, before) for c, (before, _after) in row.changes.items()}))
    if touched:
        raise Conflict(
            _("ย้อนกลับไม่ได้ มีผู้แก้ %(n)d แถวหลังนำเข้า เช่น แถว %(row)d แก้รายการเหล่านั้นทีละรายการแทน")
            % {"n": len(touched), "row": touched[0]},
            code="register.touched",
        )
    entry().on(batch)
    source = _("ย้อนการนำเข้า %(file)s") % {"file": batch.file_name}
    try:
        if back:
            importer.apply(actor=actor, new=[], changed=back, source=source)
        if gone:
            importer.remove(actor=actor, records=gone, source=source)
    except ProtectedError as why:
        raise Conflict(
            _("ย้อนกลับไม่ได้ มีงานอื่นอ้างถึงรายการที่นำเข้าแล้ว %(n)d รายการ") % {"n": len(why.protected_objects)},
            code="register.used",
        ) from why
    batch.rows.filter(is_applied=True).update(is_applied=False)
    batch.state = BatchState.UNDONE
    batch.undone_at = timezone.now()
    batch.save()
    entry().tell(kind=batch.kind, file=batch.file_name, removed=len(gone), restored=len(back))
    return batch


@verb("register.drop", gettext_lazy("ยกเลิกการนำเข้า"), capability="")
def drop(*, actor: Actor, batch: Batch) -> Batch:
    """Give the file up before anything was written; its rows are removed."""
    _record, importer = importing(batch)
    demand(actor, importer.capability)
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if not batch.is_open and batch.state != BatchState.CHECKING:
        raise Conflict(_("ไฟล์นี้นำเข้าแล้ว ใช้ “ย้อนกลับ” แทน"), code="register.state")
    entry().on(batch)
    entry().tell(file=batch.file_name)
    batch.rows.all().delete()
    Upload.objects.filter(batch=batch).delete()
    batch.state = BatchState.DROPPED
    batch.save()
    return batch


def set_skipped(*, actor: Actor, batch: Batch, number: int, skipped: bool) -> None:
    """Leave one right row out of the confirmation, or take it back in."""
    _record, importer = importing(batch)
    demand(actor, importer.capability)
    with transaction.atomic():
        held = Batch.objects.select_for_update().get(pk=batch.pk)
        if held.state != BatchState.CHECKED:
            raise Conflict(_("ไฟล์นี้ไม่ได้อยู่ในขั้นตรวจ"), code="register.state")
        row = held.rows.filter(number=number).exclude(state=RowState.WRONG).first()
        if row is None or row.is_skipped == skipped:
            return
        row.is_skipped = skipped
        row.save(update_fields=["is_skipped"])
        step = 1 if skipped else -1
        held.counts[row.state] = held.counts.get(row.state, 0) - step
        held.counts["skipped"] = held.counts.get("skipped", 0) + step
        held.save(update_fields=["counts", "touched_at"])


def _set(batch: Batch, **values: Any) -> Batch:
    for name, value in values.items():
        setattr(batch, name, value)
    batch.save()
    return batch


def _cell(cell: Any) -> str:
    """A cell as kept: text, without the NUL that PostgreSQL cannot hold."""
    return "" if cell is None else str(cell).replace("\x00", "")[:4000]


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _json(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(item) for item in value]
    if isinstance(value, (date, Decimal)):
        return str(value)
    return value


def _row(importer: Import, batch: Batch, row: Checked, skipped: bool) -> Row:
    heading = row.values.get(importer.heading)
    return Row(
        batch=batch,
        number=row.number,
        state=row.state,
        heading=str(heading or "")[:200],
        group=importer.group_of(row.values)[:120],
        cells=row.cells,
        values=_json(row.values),
        faults=[[f.column, f.sentence, f.stops] for f in row.faults],
        changes=_json(row.changes),
        target=row.record.pk if row.record is not None else None,
        is_skipped=skipped and row.state in (RowState.NEW, RowState.CHANGED),
    )


def _expected(importer: Import, rows: list[Checked]) -> list[list[Any]]:
    """Per group: rows in the file, rows that the register will hold after confirming."""
    in_file: Counter[str] = Counter()
    good: Counter[str] = Counter()
    for row in rows:
        group = importer.group_of(row.values)
        in_file[group] += 1
        if not row.is_wrong:
            good[group] += 1
    return [[group, in_file[group], good[group]] for group in in_file]


def _actual(importer: Import, batch: Batch) -> list[list[Any]]:
    """The same after the fact: rows in the file against what the register really holds now."""
    right = batch.rows.exclude(state=RowState.WRONG).exclude(target=None)
    targets = list(right.values_list("target", flat=True))
    held = importer.group_counts(targets)
    return [[group, in_file, held.get(group, 0)] for group, in_file, _good in batch.totals]
