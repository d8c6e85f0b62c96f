"""Confirming: every right row into the register, in one transaction, through the type's own verb."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.org.api import Actor, demand, entry, verb
from khet.kits.register.actions.imports.checking import LOCK
from khet.kits.register.actions.imports.files import importing
from khet.kits.register.actions.imports.staging import key_fields, stage
from khet.kits.register.bases import BulkImport, Checked, Import, Record
from khet.kits.register.choices import BatchState, RowState
from khet.kits.register.models import Batch, Upload
from khet.kits.register.queries.checking import compare, compared_codes, jsonable, mark_of

WRITTEN = (RowState.NEW.value, RowState.CHANGED.value)


@verb("register.confirm", gettext_lazy("ยืนยันนำเข้า"), capability="")
def confirm(*, actor: Actor, batch: Batch) -> Batch:
    """Write every right row, in one transaction, through the type's own verb. Wrong rows stay behind.

    The register may have moved since the check: a row whose record is no longer as it was then is refused
    as a conflict, and nothing at all is written.
    """
    record, importer = importing(batch)
    demand(actor, importer.capability)
    alone(batch.kind)
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == BatchState.APPLIED:
        raise Conflict(_("นำเข้าไฟล์นี้ไปแล้ว ไม่มีอะไรเปลี่ยนซ้ำ"), code="register.applied")
    if batch.state not in {BatchState.CHECKED, BatchState.APPLYING}:
        raise Conflict(_("ไฟล์นี้ยังไม่ได้ตรวจ หรือยกเลิกไปแล้ว"), code="register.state")
    entry().on(batch)
    if isinstance(importer, BulkImport):
        new, changed = _write_bulk(importer, actor, batch)
    else:
        new, changed = _write_each(record, importer, actor, batch)
    batch.state = BatchState.APPLIED
    batch.applied_at = timezone.now()
    batch.save()
    Upload.objects.filter(batch=batch).delete()
    entry().tell(kind=batch.kind, file=batch.file_name, sha256=batch.sha256, new=new, changed=changed)
    return batch


def alone(kind: str) -> None:
    """One file at a time is applied to a register, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, kind])


def _moved(numbers: list[int]) -> Conflict:
    return Conflict(
        _("มีผู้แก้ทะเบียนหลังจากตรวจไฟล์ %(n)d แถวไม่ตรงกับที่ตรวจไว้ เช่น แถว %(row)d กด “ตรวจใหม่” แล้วยืนยันอีกครั้ง")
        % {"n": len(numbers), "row": numbers[0]},
        code="register.moved",
    )


def _write_bulk(importer: BulkImport, actor: Actor, batch: Batch) -> tuple[int, int]:
    codes = compared_codes(importer, batch.mapping)
    rows, keys = key_fields(batch, importer.keys, WRITTEN)
    if not rows:
        return 0, 0
    standing = importer.standing(actor, keys, codes, batch.options, lock=True)
    moved = [row[0] for index, row in enumerate(rows) if mark_of(standing.get(index)) != row[4]]
    if moved:
        raise _moved(moved)
    stage(batch, importer.fields, WRITTEN)
    importer.write(actor=actor, options=batch.options, codes=codes, source=batch.file_name)
    held: dict[tuple[str, str, str], int] = defaultdict(int)
    for group, tally, split, count in importer.counted(batch.pk):
        held[group, tally, split] += count
    batch.totals = [
        [group, in_file, held[group, tally, split], tally, split]
        for group, in_file, _expected, tally, split in batch.totals
    ]
    new = sum(1 for row in rows if row[1] == RowState.NEW)
    return new, len(rows) - new


def _write_each(record: Record, importer: Import, actor: Actor, batch: Batch) -> tuple[int, int]:
    rows = list(batch.rows.filter(state__in=WRITTEN, is_skipped=False).order_by("number"))
    checked = [Checked(row.number, row.cells, importer.parsed(row.values)) for row in rows]
    compare(record, actor, checked, lock=True)
    moved = [
        now.number
        for row, now in zip(rows, checked, strict=True)
        if now.state != row.state or jsonable(now.changes) != row.changes
    ]
    if moved:
        raise _moved(moved)
    new = [(row, now) for row, now in zip(rows, checked, strict=True) if row.state == RowState.NEW]
    changed = [now for row, now in zip(rows, checked, strict=True) if row.state == RowState.CHANGED]
    if rows:
        pks = importer.apply(
            actor=actor,
            new=[now.values for _row, now in new],
            changed=[
                (now.record, {code: after for code, (_b, after) in now.changes.items()}) for now in changed
            ],
            source=batch.file_name,
        )
        _keep_targets([(row.pk, pk) for (row, _now), pk in zip(new, pks, strict=True)])
    batch.totals = _actual(importer, batch)
    return len(new), len(changed)


def _keep_targets(pairs: list[tuple[int, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE register_row AS r SET target = p.target FROM unnest(%s::bigint[], %s::bigint[]) AS p (id, target) "
            "WHERE r.id = p.id",
            [[row for row, _target in pairs], [target for _row, target in pairs]],
        )


def _actual(importer: Import, batch: Batch) -> list[list[Any]]:
    """After the fact: rows in the file against what the register really holds now."""
    right = batch.rows.exclude(state=RowState.WRONG).exclude(target=None)
    held = importer.group_counts(list(right.values_list("target", flat=True)))
    return [[group, in_file, held.get(group, 0)] for group, in_file, _good in batch.totals]


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
