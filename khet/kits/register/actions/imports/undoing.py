"""Taking an import back, giving a file up, leaving a row out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict
from khet.base.org.api import Actor, demand, entry, verb
from khet.kits.register.actions.imports.applying import WRITTEN, alone
from khet.kits.register.actions.imports.checking import forget
from khet.kits.register.actions.imports.files import importing
from khet.kits.register.actions.imports.staging import key_fields, stage_back
from khet.kits.register.bases import BulkImport, Import
from khet.kits.register.bases.bulk import EMPTIED
from khet.kits.register.choices import BatchState, RowState
from khet.kits.register.models import Batch, Upload
from khet.kits.register.queries.checking import compared_codes, jsonable


@verb("register.undo", gettext_lazy("ย้อนการนำเข้า"), capability="")
def undo(*, actor: Actor, batch: Batch) -> Batch:
    """Put everything back as it was, as long as nobody has touched a row of it since."""
    _record, importer = importing(batch)
    demand(actor, importer.capability)
    alone(batch.kind)
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != BatchState.APPLIED:
        raise Conflict(_("การนำเข้านี้ย้อนกลับไปแล้ว หรือยังไม่ได้ยืนยัน"), code="register.state")
    if batch.to_apply and not batch.rows.exists():
        raise Conflict(_("ย้อนกลับไม่ได้ แถวของการนำเข้านี้ครบระยะเวลาเก็บและลบไปแล้ว"), code="register.forgotten")
    entry().on(batch)
    source = _("ย้อนการนำเข้า %(file)s") % {"file": batch.file_name}
    try:
        if isinstance(importer, BulkImport):
            removed, restored = _unwrite_bulk(importer, actor, batch, source)
        else:
            removed, restored = _unwrite_each(importer, actor, batch, source)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except ProtectedError as why:
        raise Conflict(
            _("ย้อนกลับไม่ได้ มีงานอื่นอ้างถึงรายการที่นำเข้าแล้ว %(n)d รายการ") % {"n": len(why.protected_objects)},
            code="register.used",
        ) from why
    except IntegrityError as why:
        raise Conflict(_("ย้อนกลับไม่ได้ มีงานอื่นอ้างถึงรายการที่นำเข้าแล้ว"), code="register.used") from why
    batch.state = BatchState.UNDONE
    batch.undone_at = timezone.now()
    batch.save()
    entry().tell(kind=batch.kind, file=batch.file_name, removed=removed, restored=restored)
    return batch


def _touched(numbers: list[int]) -> Conflict:
    return Conflict(
        _("ย้อนกลับไม่ได้ มีผู้แก้ %(n)d แถวหลังนำเข้า เช่น แถว %(row)d แก้รายการเหล่านั้นทีละรายการแทน")
        % {"n": len(numbers), "row": numbers[0]},
        code="register.touched",
    )


def _unwrite_each(importer: Import, actor: Actor, batch: Batch, source: str) -> tuple[int, int]:
    rows = list(batch.rows.filter(state__in=WRITTEN, is_skipped=False).order_by("number"))
    keys = [importer.parsed(row.values)[importer.key] for row in rows]
    found = {found.pk: found for found in importer.load(actor, set(keys), lock=True).values()}
    touched: list[int] = []
    back: list[tuple[Any, dict[str, Any]]] = []
    gone: list[Any] = []
    for row in rows:
        now = found.get(row.target)
        today = jsonable(importer.values(now)) if now is not None else {}
        expected = {code: after for code, (_before, after) in row.changes.items()} or jsonable(
            importer.parsed(row.values)
        )
        if now is None or any(today.get(code) != value for code, value in expected.items() if code in today):
            touched.append(row.number)
        elif row.state == RowState.NEW:
            gone.append(now)
        else:
            back.append((now, {c: importer.parse(c, before) for c, (before, _after) in row.changes.items()}))
    if touched:
        raise _touched(touched)
    if back:
        importer.apply(actor=actor, new=[], changed=back, source=source)
    if gone:
        importer.remove(actor=actor, records=gone, source=source)
    return len(gone), len(back)


def _unwrite_bulk(importer: BulkImport, actor: Actor, batch: Batch, source: str) -> tuple[int, int]:
    codes = compared_codes(importer, batch.mapping)
    rows, fields = key_fields(batch, [*dict.fromkeys([*importer.keys, *codes])], WRITTEN)
    if not rows:
        return 0, 0
    standing = importer.standing(
        actor, {name: fields[name] for name in importer.keys}, codes, batch.options, lock=True
    )
    held = importer.current(actor, standing, codes, batch.options)
    columns = [fields[code] for code in codes]
    touched = []
    for index, (number, _state, target, anchor, _before) in enumerate(rows):
        now = standing.get(index)
        if (
            now is None
            or (now.target, now.anchor) != (target, anchor)
            or any(
                column[index] and column[index] != is_now
                for column, is_now in zip(columns, held[index], strict=True)
            )
        ):
            touched.append(number)
    if touched:
        raise _touched(touched)
    changes: Mapping[int, Any] = dict(
        batch.rows.filter(state__in=WRITTEN, is_skipped=False)
        .exclude(changes={})
        .values_list("number", "changes")
    )
    stage_back(
        importer.fields,
        (
            (*row, {code: was or EMPTIED for code, (was, _after) in changes.get(row[0], {}).items()})
            for row in rows
        ),
    )
    importer.unwrite(actor=actor, options=batch.options, codes=codes, source=source)
    new = sum(1 for row in rows if row[1] == RowState.NEW)
    return new, len(rows) - new


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
    forget(batch)
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
