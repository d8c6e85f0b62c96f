"""The sender's board and the acts on a sent letter."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.errors import Refusal
from khet.base.lib.sheets import write_csv
from khet.base.lib.thai import thai_datetime
from khet.base.org.api import Actor, Unit, can, fetch, forbidden
from khet.modules.letters.actions import correct, dispatch, excuse, recall, remind
from khet.modules.letters.choices import ReceiptState
from khet.modules.letters.models import Letter
from khet.modules.letters.queries.board import Board, board, share
from khet.modules.letters.rules import DISPATCH, DRAFT, PRINT, REMIND, may_follow, may_read
from khet.modules.letters.views.letter import letters
from khet.modules.letters.views.writing import drafting_unit

SHOWN = 5


def sent_letter(actor: Actor, pk: int) -> Letter:
    """A letter whose board the actor may read: the sender's side, and whoever reads the sender's registers."""
    letter = fetch(actor, letters(), pk=pk)
    if not may_follow(actor, letter):
        raise forbidden(REMIND, letter)
    return letter


def filtered(found: Board, request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in ReceiptState.values else ""


@require_GET
def board_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = request.actor
    letter = sent_letter(actor, pk)
    found = board(letter)
    state = filtered(found, request)
    view = "table" if request.GET.get("view") == "table" or state else "board"
    cells = [cell for cell in found.cells if not state or cell.state == state]
    only_unopened = request.GET.get("chase") == "unopened"
    chase = [c for c in found.chase if not only_unopened or c.state == ReceiptState.UNOPENED]
    whole = "chase_all" in request.GET
    context = {
        "letter": letter,
        "readable": may_read(actor, letter),
        "board": found,
        "view": view,
        "state": state,
        "cells": cells,
        "chase": chase if whole else chase[:SHOWN],
        "hidden": [] if whole else chase[SHOWN:],
        "hidden_chosen": [c.unit.pk for c in chase[SHOWN:] if not whole and not c.receipt.excused_at],
        "only_unopened": only_unopened,
        "opened_share": share(found.opened, found.total),
        "registered_share": share(found.registered, found.total),
        "answered_share": share(found.answered, found.total),
        "legend": [
            ("done", _("ตอบแล้ว")),
            ("full", _("ลงรับ ยังไม่ตอบ") if found.needs_answer else pgettext("state", "ลงรับ")),
            ("half", _("เปิดอ่าน")),
            ("empty", _("ยังไม่เปิด")),
            ("returned", _("ส่งกลับให้แก้")),
        ],
        "last": found.reminders[-1] if found.reminders else None,
        "may_remind": can(actor, REMIND, letter),
        "may_dispatch": can(actor, DISPATCH, letter),
        "may_draft": actor.has(DRAFT),
        "excused": [c for c in found.chase if c.receipt.excused_at],
    }
    if request.htmx:
        return render(request, "letters/parts/board.html", context)
    return render(request, "letters/board.html", context)


@require_GET
def board_csv(request: HttpRequest, pk: int) -> HttpResponse:
    actor = request.actor
    letter = sent_letter(actor, pk)
    if not actor.has(PRINT):
        raise forbidden(PRINT)
    found = board(letter)
    heads = [
        _("เครือข่าย"), _("หน่วยงาน"), _("สถานะ"), _("ส่งเมื่อ"), _("เปิดอ่าน"), pgettext("state", "ลงรับ"), _("เลขรับ"), _("ตอบเมื่อ"),
        _("ที่ของหนังสือตอบ"), _("เหตุผล"), _("ผู้ติดต่อ"), _("โทรศัพท์"),
    ]  # fmt: skip

    def moment(value) -> str:
        return thai_datetime(value) if value else ""

    rows = []
    for row in found.rows:
        for cell in row.cells:
            receipt = cell.receipt
            rows.append(
                [
                    row.name, cell.unit.name, str(ReceiptState(cell.state).label), moment(receipt.sent_at),
                    moment(receipt.opened_at), moment(receipt.registered_at),
                    str(receipt.entry.number) if receipt.entry else "", moment(receipt.answered_at),
                    receipt.answer.number_text if receipt.answer else "", receipt.reason, cell.contact, cell.phone,
                ]
            )  # fmt: skip
    sheet = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_csv(rows, heads, sheet)
    sheet.seek(0)
    return FileResponse(
        sheet, as_attachment=True, filename=f"board-{letter.pk}.csv", content_type="text/csv; charset=utf-8"
    )


@require_POST
def remind_all(request: HttpRequest, pk: int) -> HttpResponse:
    letter = sent_letter(request.actor, pk)
    units = [int(u) for u in request.POST.getlist("unit") if u.isdecimal() and len(u) < 19]
    number = request.POST.get("number", "")
    channels = [c for c in request.POST.getlist("channel") if c in {"app", "email"}]
    reminder = remind(
        actor=request.actor,
        letter=letter,
        units=units,
        number=int(number) if number.isdecimal() and len(number) < 5 else 0,
        channels=channels,
    )
    messages.success(
        request,
        _("เตือน %(count)s หน่วยงานแล้ว เป็นครั้งที่ %(number)s")
        % {"count": len(reminder.units), "number": reminder.number},
    )
    return redirect("letters:board", pk)


@require_POST
def excuse_one(request: HttpRequest, pk: int) -> HttpResponse:
    letter = sent_letter(request.actor, pk)
    wanted = request.POST.get("unit", "")
    unit = fetch(request.actor, Unit.objects.all(), pk=int(wanted) if wanted.isdecimal() else 0)
    reason = request.POST.get("reason", "")
    if not reason.strip() and "back" not in request.POST:
        raise Refusal(_("บอกเหตุผลที่ผ่อนผัน เช่น น้ำท่วมปิดเรียน"), code="letters.missing", field="reason")
    excuse(actor=request.actor, letter=letter, unit=unit, reason=reason)
    messages.success(
        request,
        _("ผ่อนผัน %(unit)s แล้ว") % {"unit": unit.short_name}
        if reason.strip()
        else _("เลิกผ่อนผัน %(unit)s แล้ว") % {"unit": unit.short_name},
    )
    return redirect("letters:board", pk)


@require_POST
def recall_all(request: HttpRequest, pk: int) -> HttpResponse:
    letter = sent_letter(request.actor, pk)
    count = recall(actor=request.actor, letter=letter, reason=request.POST.get("reason", ""))
    messages.success(request, _("เรียกคืนจาก %(count)s หน่วยงานแล้ว") % {"count": count})
    return redirect("letters:board", pk)


@require_POST
def correct_one(request: HttpRequest, pk: int) -> HttpResponse:
    letter = sent_letter(request.actor, pk)
    fresh = correct(actor=request.actor, unit=drafting_unit(request.actor), letter=letter)
    messages.info(request, _("แก้ข้อความแล้วเสนอใหม่ ผู้รับเดิมจะได้รับฉบับแก้ไข"))
    return redirect("letters:edit", fresh.pk)


@require_POST
def dispatch_one(request: HttpRequest, pk: int) -> HttpResponse:
    letter = fetch(request.actor, letters(), pk=pk)
    count = dispatch(actor=request.actor, letter=letter)
    messages.success(
        request,
        _("ส่งถึง %(count)s หน่วยงานแล้ว") % {"count": count} if count else _("บันทึกว่าส่งออกนอกระบบแล้ว"),
    )
    return redirect("letters:board" if count else "letters:letter", pk)
