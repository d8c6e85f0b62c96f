"""Pages of an import: choose, match, check, confirm, reconcile, undo."""

from __future__ import annotations

import functools
import io
import operator
from collections import Counter
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib import sheets
from khet.base.lib.errors import Forbidden, FreshSignInNeeded, NotFound, Refusal
from khet.base.org.api import demand, fetch, visible
from khet.kits.register import jobs
from khet.kits.register.actions import confirm as confirm_batch
from khet.kits.register.actions import drop as drop_batch
from khet.kits.register.actions import match_columns, receive_file, set_skipped
from khet.kits.register.actions import undo as undo_batch
from khet.kits.register.actions.imports import INLINE_BYTES, INLINE_ROWS, MOST_BYTES, open_sheet
from khet.kits.register.actions.imports.staging import opened
from khet.kits.register.bases import BulkImport, Import, Record
from khet.kits.register.choices import BatchState, RowState
from khet.kits.register.models import JOINT, Batch, Row, Upload
from khet.kits.register.views.doors import not_offered, record_type

PER_PAGE = 25
WHOLE_ROWS = 5_000
ORDER = (RowState.NEW, RowState.CHANGED, RowState.SAME, RowState.WRONG)


def _importer(request: HttpRequest, kind: str) -> tuple[Record, Import]:
    record = record_type(request, kind)
    if record.imports is None:
        raise not_offered()
    demand(request.actor, record.imports.capability)
    return record, record.imports


def _batch(request: HttpRequest, kind: str, pk: int) -> tuple[Record, Import, Batch]:
    record, importer = _importer(request, kind)
    return record, importer, fetch(request.actor, Batch.objects.filter(kind=kind), pk=pk)


def _person(request: HttpRequest) -> int | None:
    return request.actor.person.pk if request.actor.person else None


def _go_on(request: HttpRequest, batch: Batch, *, large: bool) -> None:
    """Read and check now, or let the worker do it while the page waits or is closed."""
    if large:
        if batch.state == BatchState.MATCHING:
            Batch.objects.filter(pk=batch.pk).update(state=BatchState.CHECKING, rows_done=0)
        jobs.check.defer(batch_id=batch.pk, person_id=_person(request))
    else:
        jobs.work(batch, request.actor)


@login_required
@never_cache
def choose(request: HttpRequest, kind: str) -> HttpResponse:
    """Choose a file; what was imported before stands under it."""
    record, importer = _importer(request, kind)
    problem = None
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise Refusal(_("ยังไม่ได้เลือกไฟล์"), code="register.no_upload", field="file")
            if upload.size > MOST_BYTES:
                raise Refusal(
                    _("ไฟล์นี้ %(size)d MB รับได้ไม่เกิน %(most)d MB แยกเป็นสองไฟล์")
                    % {"size": upload.size // 1_048_576, "most": MOST_BYTES // 1_048_576},
                    code="register.too_large",
                )
            batch = receive_file(
                actor=request.actor,
                kind=kind,
                name=upload.name,
                content=upload.read(),
                options=_options(request, importer),
            )
            _go_on(request, batch, large=batch.size > INLINE_BYTES)
            return redirect("register:import", kind, batch.pk)
        except (Forbidden, NotFound, FreshSignInNeeded):
            raise
        except Refusal as why:
            problem = why
    earlier = visible(request.actor, Batch.objects.filter(kind=kind)).exclude(state=BatchState.DROPPED)[:20]
    rare = [column for column in importer.columns if column.rare and not column.masked]
    context = {
        "record": record, "importer": importer, "problem": problem, "earlier": earlier, "step": 1, "rare": rare,
    }  # fmt: skip
    return render(request, "register/import_choose.html", context, status=422 if problem else 200)


@login_required
@require_GET
@never_cache
def batch_page(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    record, importer, batch = _batch(request, kind, pk)
    return _page(request, record, importer, batch)


def _page(
    request: HttpRequest, record: Record, importer: Import, batch: Batch, problem: Any = None
) -> HttpResponse:
    context: dict[str, Any] = {"record": record, "importer": importer, "batch": batch, "problem": problem}
    status = problem.status if problem is not None else 200
    if batch.state in {BatchState.RECEIVED, BatchState.CHECKING, BatchState.APPLYING}:
        partial = bool(request.htmx) and request.htmx.target == "import-progress"
        context["step"] = 5 if batch.state == BatchState.APPLYING else 3
        template = "register/parts/import_progress.html" if partial else "register/import_wait.html"
        return render(request, template, context, status=status)
    if bool(request.htmx) and request.htmx.target == "import-progress":
        # The wait is over: the whole page changes its look, so the browser opens it anew.
        response = HttpResponse(status=200)
        response["HX-Redirect"] = request.path
        return response
    if batch.state in {BatchState.MATCHING, BatchState.FAILED}:
        columns = [
            {
                "column": column,
                "index": batch.mapping.get(column.code),
                "required": column.required or column.code == importer.key,
                "folded": column.rare and column.code not in batch.mapping,
            }
            for column in importer.columns
        ]
        context |= {
            "options": _asked(importer, batch),
            "unmatched": importer.missing(batch.mapping),
            "columns": columns,
            "folded": [item for item in columns if item["folded"]],
            "headings": list(enumerate(batch.headings)),
            "step": 2,
        }
        return render(request, "register/import_match.html", context, status=status)
    if batch.state in {BatchState.APPLIED, BatchState.UNDONE, BatchState.DROPPED}:
        context |= {
            "step": 5,
            "totals": _totals(importer, batch, _group(request)),
            **_rows(request, importer, batch),
        }
        return render(request, "register/import_done.html", context, status=status)
    context |= {
        "step": 3,
        "totals": _totals(importer, batch, _group(request)),
        **_rows(request, importer, batch),
    }
    return render(request, "register/import_check.html", context, status=status)


def _options(request: HttpRequest, importer: Import) -> dict[str, str]:
    """What the person said of the file besides choosing it."""
    if not isinstance(importer, BulkImport):
        return {}
    return {option.code: request.POST.get(f"option_{option.code}", "")[:40] for option in importer.options}


def _asked(importer: Import, batch: Batch) -> list[dict[str, Any]]:
    """What is asked for besides columns, with what is known already."""
    if not isinstance(importer, BulkImport):
        return []
    return [
        {
            "option": option,
            "choices": option.choices().items(),
            "value": str(batch.options.get(option.code) or ""),
        }
        for option in importer.options
    ]


def _said(importer: Import, batch: Batch) -> list[str]:
    """The options of a batch in words."""
    return [
        words
        for item in _asked(importer, batch)
        if (words := str(dict(item["choices"]).get(item["value"], "")))
    ]


def _totals(importer: Import, batch: Batch, group: str) -> dict[str, Any]:
    """The reconciliation: rows of the file against the register, by tally (a grade) and split (boys, girls) where the
    type has them, else by group. ``group`` narrows it to one school."""
    bulk = importer if isinstance(importer, BulkImport) and importer.tally else None
    splits = list(bulk.split_words) if bulk else []
    found: dict[str, list[int]] = {}
    for name, in_file, after, *more in batch.totals:
        if bulk and group and name != group:
            continue
        tally, split = more if more else ("", "")
        row = found.setdefault(tally if bulk else name, [0] * (len(splits) + 2))
        if split in splits:
            row[splits.index(split)] += in_file
        row[-2] += in_file
        row[-1] += after
    names = bulk.tally_order(found) if bulk else sorted(found)
    rows = [
        {
            "name": (bulk.tally_words(name) if bulk else name) or _("ไม่ระบุ"),
            "cells": found[name],
            "difference": _signed(found[name][-1] - found[name][-2]),
        }
        for name in names
    ]
    sums = [sum(column) for column in zip(*found.values(), strict=True)] or [0, 0]
    return {
        "label": bulk.tally_label if bulk else importer.group_label,
        "splits": [bulk.split_words[split] for split in splits] if bulk else [],
        "rows": rows,
        "sums": sums,
        "difference": _signed(sums[-1] - sums[-2]),
    }


def _group(request: HttpRequest) -> str:
    return request.GET.get("group", "").replace("\x00", "")


def _signed(number: int) -> str:
    """A difference as written, with a true minus sign."""
    return f"−{-number:,}" if number < 0 else f"{number:,}"


def _rows(request: HttpRequest, importer: Import, batch: Batch) -> dict[str, Any]:
    """The rows in the chosen state with their faulty cells first, the strip of columns, the filters."""
    wrong = batch.counts.get("wrong", 0)
    wanted = request.GET.get("state") or (
        RowState.WRONG if wrong else next((s for s in ORDER if batch.counts.get(s)), RowState.SAME)
    )
    rows = batch.rows.filter(state=wanted) if wanted in RowState.values else batch.rows.all()
    width = len(batch.headings)
    place = dict(batch.mapping)
    stops: Counter[int] = Counter()
    looks: Counter[int] = Counter()
    for code, (stopping, odd) in batch.strip.items():
        stops[place.get(code, -1)] += stopping
        looks[place.get(code, -1)] += odd
    cells = sum(stops.values())
    group, column = _group(request), request.GET.get("column", "")
    groups = list(
        batch.rows.filter(state=wanted)
        .exclude(group="")
        .order_by("group")
        .values_list("group", flat=True)
        .distinct()
    )
    if group:
        rows = rows.filter(group=group)
    if column.isdecimal() and int(column) < width:
        codes = [code for code, index in place.items() if index == int(column)]
        rows = rows.filter(
            functools.reduce(operator.or_, (Q(faults__contains=[[code]]) for code in codes), Q(pk__in=[]))
        )
    page = Paginator(rows.order_by("number"), PER_PAGE).get_page(request.GET.get("page"))
    strip = [
        {
            "number": index + 1,
            "heading": heading,
            "stops": stops[index],
            "looks": looks[index],
            "current": column == str(index),
            "known": index in place.values(),
        }
        for index, heading in enumerate(batch.headings)
    ]
    return {
        "page": page,
        "cards": [_card(importer, batch, row) for row in page.object_list],
        "strip": strip,
        "state": wanted,
        "states": [(s, RowState(s).label, batch.counts.get(s, 0)) for s in ORDER],
        "groups": groups,
        "group": group,
        "column": column,
        "wrong_cells": cells,
        "wrong_columns": len([index for index in stops if stops[index]]),
        "looks": sum(looks.values()),
    }


def _card(importer: Import, batch: Batch, row: Row) -> dict[str, Any]:
    """A row as drawn: its faulty or changed cells first, a few that tell which row it is, its sentences."""
    names = importer.by_code
    marked = [code for code, _sentence, stops in row.faults if stops]
    noted = [code for code, _sentence, stops in row.faults if not stops]
    telling = [importer.key, *importer.tells, importer.heading, importer.group]
    wanted = list(dict.fromkeys([*marked, *noted, *row.changes, *telling]))
    line = row.cells
    staged = dict(zip(batch.fields, row.staged.split(JOINT), strict=False)) if row.staged else {}
    cells = []
    for code in wanted:
        index = batch.mapping.get(code)
        if code not in names or index is None:
            continue
        change = row.changes.get(code)
        if line:
            text = opened(line[index]) if index < len(line) else ""
        else:
            text = names[code].shown(staged.get(code, ""))
        before = change[0] if change else None
        cells.append(
            {
                "number": index + 1,
                "label": batch.headings[index],
                "text": text,
                "wrong": code in marked,
                "look": code in noted,
                "before": names[code].shown(before) if isinstance(before, str) and staged else before,
                "changed": bool(change),
            }
        )
    shown = cells[:6]
    return {
        "row": row,
        "cells": sorted(shown, key=lambda cell: cell["number"]),
        "more": len(batch.headings) - len(shown),
        "sentences": [f[1] for f in row.faults],
    }


@login_required
@require_POST
def match(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    record, importer, batch = _batch(request, kind, pk)
    mapping = {
        column.code: int(request.POST[f"column_{column.code}"])
        for column in importer.columns
        if request.POST.get(f"column_{column.code}", "").isascii()
        and request.POST.get(f"column_{column.code}", "").isdecimal()
    }
    try:
        batch = match_columns(
            actor=request.actor, batch=batch, mapping=mapping, options=_options(request, importer)
        )
    except (Forbidden, NotFound, FreshSignInNeeded):
        raise
    except Refusal as why:
        batch.mapping = mapping
        return _page(request, record, importer, batch, why)
    _go_on(request, batch, large=batch.rows_total > INLINE_ROWS)
    return redirect("register:import", kind, pk)


@login_required
@require_POST
def recheck(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Check again against the register of this moment; also restarts a check that a stopped worker left behind."""
    record, importer, batch = _batch(request, kind, pk)
    if batch.state not in {BatchState.CHECKED, BatchState.CHECKING, BatchState.RECEIVED}:
        return redirect("register:import", kind, pk)
    try:
        if batch.state == BatchState.CHECKED:
            Batch.objects.filter(pk=pk, state=BatchState.CHECKED).update(
                state=BatchState.MATCHING, problem=""
            )
            batch.refresh_from_db()
        _go_on(request, batch, large=batch.rows_total > INLINE_ROWS)
    except (Forbidden, NotFound, FreshSignInNeeded):
        raise
    except Refusal as why:
        return _page(request, record, importer, batch, why)
    return redirect("register:import", kind, pk)


@login_required
@require_POST
def confirm(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    record, importer, batch = _batch(request, kind, pk)
    if batch.state == BatchState.APPLYING:
        return redirect("register:import", kind, pk)
    if batch.state == BatchState.CHECKED and batch.to_apply > INLINE_ROWS:
        changed = Batch.objects.filter(pk=pk, state=BatchState.CHECKED).update(
            state=BatchState.APPLYING, problem=""
        )
        if changed:
            jobs.apply.defer(batch_id=pk, person_id=_person(request))
        return redirect("register:import", kind, pk)
    try:
        batch = confirm_batch(actor=request.actor, batch=batch)
    except (Forbidden, NotFound, FreshSignInNeeded):
        raise
    except Refusal as why:
        batch.refresh_from_db()
        return _page(request, record, importer, batch, why)
    counts = batch.counts
    written = counts.get("new", 0) + counts.get("changed", 0)
    messages.success(request, _("นำเข้าแล้ว %(n)d แถว") % {"n": written} if written else _("ไม่มีอะไรเปลี่ยน"))
    return redirect("register:import", kind, pk)


@login_required
@require_POST
def undo(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    record, importer, batch = _batch(request, kind, pk)
    try:
        undo_batch(actor=request.actor, batch=batch)
    except (Forbidden, NotFound, FreshSignInNeeded):
        raise
    except Refusal as why:
        return _page(request, record, importer, batch, why)
    messages.success(request, _("ย้อนกลับแล้ว ทะเบียนเป็นอย่างก่อนนำเข้า"))
    return redirect("register:import", kind, pk)


@login_required
@require_POST
def drop(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    _record, _kind, batch = _batch(request, kind, pk)
    drop_batch(actor=request.actor, batch=batch)
    messages.success(request, _("ยกเลิกไฟล์นี้แล้ว ไม่มีอะไรเปลี่ยน"))
    return redirect("register:imports", kind)


@login_required
@require_POST
def skip(request: HttpRequest, kind: str, pk: int, number: int) -> HttpResponse:
    _record, _kind, batch = _batch(request, kind, pk)
    set_skipped(actor=request.actor, batch=batch, number=number, skipped=request.POST.get("skipped") == "1")
    return redirect(
        f"{request.path.rsplit('/rows/', 1)[0]}/?state={request.POST.get('state', '')}#row-{number}"
    )


@login_required
@require_GET
def sheet(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The file back as XLSX with a column that says what is wrong in each row. ``only=wrong`` leaves the rest out,
    ``only=faults`` all rows without a remark, which is the usual for large files."""
    _record, importer, batch = _batch(request, kind, pk)
    rows = batch.rows.order_by("number")
    only = request.GET.get("only", "" if batch.rows_total <= WHOLE_ROWS else "faults")
    if only == "wrong":
        rows = rows.filter(state=RowState.WRONG)
    elif only == "faults":
        rows = rows.exclude(faults=[])
    labels = {column.code: str(column.label) for column in importer.columns}
    width = len(batch.headings)
    # Cells as they came stand in the file while it is kept; afterwards faulty rows alone have them.
    came: dict[int, list[str]] = {}
    if not only and Upload.objects.filter(batch=batch).exists():
        sheet = open_sheet(batch)
        came = dict(enumerate(sheet.rows, start=sheet.header_row + 1))
    elif isinstance(importer, BulkImport):
        rows = rows.exclude(line="")

    def lines() -> Any:
        for row in rows.iterator(chunk_size=2000):
            line = came.get(row.number) or [opened(cell) for cell in row.cells]
            cells = [*line[:width], *[""] * (width - len(line))]
            said = [f"{labels.get(code, code)}: {sentence}" for code, sentence, _stops in row.faults]
            yield [*cells, RowState(row.state).label, " / ".join(said)]

    buffer = io.BytesIO()
    sheets.write_xlsx(lines(), [*batch.headings, _("ผลตรวจ"), _("ข้อผิดพลาด")], buffer)
    buffer.seek(0)
    name = f"{batch.file_name.rsplit('.', 1)[0]}-{_('ตรวจแล้ว')}.xlsx"
    response = FileResponse(
        buffer, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f"attachment; filename=\"checked.xlsx\"; filename*=UTF-8''{quote(name)}"
    return response


@login_required
@require_GET
def blank(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty sheet with the heads that are known, for whoever starts from nothing; of some types with the first cells filled."""
    record, importer = _importer(request, kind)
    buffer = io.BytesIO()
    columns = [column for column in importer.columns if not column.masked and not column.rare]
    with override("th"):
        rows = ([started.get(column.code, "") for column in columns] for started in importer.starters())
        sheets.write_xlsx(rows, [str(column.label) for column in columns], buffer)
    buffer.seek(0)
    response = FileResponse(
        buffer, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = (
        f"attachment; filename=\"{record.code}-blank.xlsx\"; filename*=UTF-8''{quote(str(record.label_many))}.xlsx"
    )
    return response
