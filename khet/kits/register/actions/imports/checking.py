"""Checking every row of a file. Writes only the batch's own tables; may be killed at any point and begun again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from khet.base.lib import sheets
from khet.base.lib.errors import Conflict, Refusal
from khet.base.org.api import Actor, demand
from khet.kits.register.actions.imports.files import importing, keep, open_sheet
from khet.kits.register.actions.imports.staging import copy_rows, line_of, numbers_for
from khet.kits.register.bases import BulkImport, Checked, Import, Record, Table
from khet.kits.register.choices import BatchState, Phase, RowState
from khet.kits.register.models import JOINT, Batch
from khet.kits.register.queries.checking import compare, compare_bulk, jsonable, mark_composed_doubles

CHUNK = 2_000
LOCK = 0x72656769  # "regi": with the kind, one file at a time is applied to a register


def check_batch(*, actor: Actor, batch: Batch, sheet: sheets.Sheet | None = None) -> Batch:
    """Check every row and keep the outcome. ``sheet`` is the file as just read, when it was."""
    record, importer = importing(batch)
    demand(actor, importer.capability)
    if batch.state not in {BatchState.MATCHING, BatchState.CHECKING, BatchState.CHECKED}:
        raise Conflict(_("ไฟล์นี้ตรวจไม่ได้แล้ว นำเข้าไฟล์ใหม่"), code="register.state")
    with _alone(batch):
        keep(batch, state=BatchState.CHECKING, phase=Phase.READING, rows_done=0)
        if sheet is None:
            try:
                sheet = open_sheet(batch)
            except Refusal as why:
                return keep(batch, state=BatchState.FAILED, problem=str(why.sentence))
        if isinstance(importer, BulkImport):
            try:
                batch.options = importer.settle(batch.options)
            except Refusal as why:
                return keep(batch, state=BatchState.MATCHING, problem=str(why.sentence))
        skipped = set(batch.rows.filter(is_skipped=True).values_list("number", flat=True))
        forget(batch)
        table = Table.of_sheet(importer, batch.mapping, sheet)
        table.options = dict(batch.options)
        del sheet
        keep(batch, rows_total=len(table))
        table.read(lambda rows: _progress(batch, rows))
        table.mark_doubles(c.code for c in importer.columns if c.unique or c.code == importer.key)
        _progress(batch, len(table), Phase.COMPARING)
        if isinstance(importer, BulkImport):
            counts = _check_bulk(importer, actor, batch, table, skipped)
        else:
            counts = _check_each(record, importer, actor, batch, table, skipped)
        return keep(
            batch,
            state=BatchState.CHECKED,
            counts={state: counts[state] for state in [*RowState.values, "skipped"]},
            problem="",
        )


def forget(batch: Batch) -> None:
    """Rows of an earlier check. Nothing refers to them, so one statement does."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM register_row WHERE batch_id = %s", [batch.pk])


def _progress(batch: Batch, rows: int, phase: str = "") -> None:
    """One small statement, so that the page that waits shows a true count."""
    batch.rows_done = rows
    batch.phase = phase or batch.phase
    Batch.objects.filter(pk=batch.pk).update(rows_done=rows, phase=batch.phase)


def _strip(table: Table) -> dict[str, list[int]]:
    """How many cells of each column are wrong, and worth a look."""
    found: dict[str, list[int]] = {}
    for faults in table.faults.values():
        for fault in faults:
            found.setdefault(fault.column, [0, 0])[0 if fault.stops else 1] += 1
    return found


def _said(table: Table, index: int) -> list[list[Any]]:
    return [[fault.column, fault.sentence, fault.stops] for fault in table.faults.get(index, ())]


def _check_each(
    record: Record, importer: Import, actor: Actor, batch: Batch, table: Table, skipped: set[int]
) -> Counter[str]:
    """Rows one by one, for imports that look at records; some thousands of objects at a time."""
    counts: Counter[str] = Counter()
    in_file: Counter[str] = Counter()
    good: Counter[str] = Counter()
    checked = [
        Checked(table.numbers[index], table.cells(index), values, table.faults.pop(index, []))
        for index, values in table.rows(0, len(table))
    ]
    importer.complete(actor, checked)
    mark_composed_doubles(importer, checked, set(table.values))
    for start in range(0, len(table), CHUNK):
        part = checked[start : start + CHUNK]
        compare(record, actor, part)
        rows = []
        for index, row in enumerate(part, start=start):
            table.faults[index] = row.faults
            group = importer.group_of(row.values)[:120]
            left = row.number in skipped and row.state in (RowState.NEW, RowState.CHANGED)
            counts["skipped" if left else row.state] += 1
            in_file[group] += 1
            good[group] += not row.is_wrong
            faulty = {fault.column for fault in row.faults}
            rows.append((
                batch.pk, row.number, row.state, str(row.values.get(importer.heading) or "")[:200], group,
                line_of(importer, table.mapping, row.cells, faulty), jsonable(importer.stored(row.values)), "", _said(table, index),
                jsonable(row.changes), row.record.pk if row.record is not None else None, None, "", left,
            ))  # fmt: skip
        copy_rows(rows)
        _progress(batch, start + len(part), Phase.KEEPING)
    batch.strip = _strip(table)
    batch.totals = [[group, in_file[group], good[group]] for group in in_file]
    return counts


def _check_bulk(
    importer: BulkImport, actor: Actor, batch: Batch, table: Table, skipped: set[int]
) -> Counter[str]:
    """All rows at once, as columns."""
    outcome = compare_bulk(importer, actor, table)
    made = [index for index, state in enumerate(outcome.states) if state == RowState.NEW]
    targets: dict[int, int] = dict(zip(made, numbers_for(importer.sequences[0], len(made)), strict=True))
    alone = [
        index for index in made if index not in outcome.standing or outcome.standing[index].anchor is None
    ]
    if importer.sequences[1]:
        anchors = dict(zip(alone, numbers_for(importer.sequences[1], len(alone)), strict=True))
    else:
        anchors = {}
    _progress(batch, 0, Phase.KEEPING)
    batch.fields = [name for name in importer.fields if name in table.texts]
    fields = [table.texts[name] for name in batch.fields]
    headings, groups = importer.headings_of(table), importer.groups_of(table)
    counts: Counter[str] = Counter()

    def rows(start: int, end: int) -> Iterator[Sequence[Any]]:
        columns = [column[start:end] for column in fields]
        for index, staged in enumerate(zip(*columns, strict=True), start=start):
            number, state = table.numbers[index], outcome.states[index]
            standing = outcome.standing.get(index)
            left = bool(skipped) and number in skipped and state in (RowState.NEW, RowState.CHANGED)
            counts["skipped" if left else state] += 1
            line, said = "", []
            if index in table.faults:
                said = _said(table, index)
                line = line_of(importer, table.mapping, table.cells(index), {fault[0] for fault in said})
            target = standing.target if standing and standing.target else targets.get(index)
            anchor = standing.anchor if standing and standing.anchor else anchors.get(index)
            yield (
                batch.pk, number, state, headings[index][:200], groups[index][:120], line, None,
                "" if state == RowState.WRONG else JOINT.join(staged), said, outcome.changes.get(index, {}), target, anchor,
                outcome.before(index), left,
            )  # fmt: skip

    for start in range(0, len(table), CHUNK * 4):
        end = min(start + CHUNK * 4, len(table))
        copy_rows(rows(start, end))
        _progress(batch, end)
    batch.strip = _strip(table)
    batch.totals = importer.expected(table, outcome.states)
    count, first = importer.absent(actor, table)
    batch.absent = {"count": count, "rows": [[one.label, one.group, one.href] for one in first]}
    return counts


@contextmanager
def _alone(batch: Batch) -> Iterator[None]:
    """One checker of a batch at a time; a killed one lets go with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, batch.pk])
        if not cursor.fetchone()[0]:
            raise Conflict(_("กำลังตรวจไฟล์นี้อยู่ รอสักครู่"), code="register.checking")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, batch.pk])
