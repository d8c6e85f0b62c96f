"""Registers: on screen, on paper, as a file; cancelling a number."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.errors import Refusal
from khet.base.lib.pdf import OrderRow, RegisterRow
from khet.base.lib.sheets import write_csv
from khet.base.lib.thai import thai_date, thai_datetime
from khet.base.org.api import demand, fetch
from khet.modules.letters import papers
from khet.modules.letters.actions import cancel_entry, note_action
from khet.modules.letters.choices import RegisterKind, Speed
from khet.modules.letters.forms import ReasonForm
from khet.modules.letters.models import Entry
from khet.modules.letters.queries.registers import (
    BY_NUMBER,
    Filters,
    choose_unit,
    counts,
    entries,
    register_units,
    the_unit,
    years,
)
from khet.modules.letters.rules import CANCEL, PRINT, REGISTERS, may_read, may_read_secret
from khet.modules.letters.wording import tidy


@require_GET
def register_list(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    demand(actor, REGISTERS)
    units = list(register_units(actor)[:60])
    unit = choose_unit(actor, units, request.GET.get("unit"))
    filters = Filters.of(request.GET)
    rows = entries(actor, unit, filters)
    page = BY_NUMBER.page(rows, request.GET.get("page", ""))
    last = counts(unit, filters.year)
    return render(
        request,
        "letters/register.html",
        {
            "unit": unit,
            "units": units,
            "filters": filters,
            "kind": RegisterKind(filters.kind),
            "kinds": [(kind, last.get((kind.value, False), 0)) for kind in RegisterKind],
            "secret_counts": [kind for kind in RegisterKind if last.get((kind.value, True))],
            "years": years(unit),
            "speeds": Speed.choices[1:],
            "page": page,
            "last_number": last.get((filters.kind, filters.secret), 0),
            "query": request.GET.urlencode(),
            "may_cancel": actor.has(CANCEL),
        },
    )


def columns(row: Entry, readable: bool) -> list[str]:
    """The eight columns of แบบที่ 13 and 14."""
    letter = row.letter
    remark = row.remark
    if row.cancelled_at:
        remark = _("ยกเลิก: %(reason)s") % {"reason": row.cancel_reason}
    return [
        str(row.number),
        letter.number_text,
        thai_date(letter.dated_on) if letter.dated_on else "",
        letter.from_text,
        letter.to_text,
        letter.subject if readable else letter.open_title,
        row.action,
        remark,
    ]


def paper_row(row: Entry, readable: bool) -> RegisterRow:
    letter = row.letter
    return RegisterRow(
        register_number=str(row.number),
        number=letter.number_text,
        dated=letter.dated_on,
        sender=letter.from_text,
        to=letter.to_text,
        subject=letter.subject if readable else letter.open_title,
        action=row.action,
        remark=columns(row, readable)[-1],
        struck=row.cancelled_at is not None,
    )


def order_row(row: Entry, readable: bool) -> OrderRow:
    letter = row.letter
    return OrderRow(
        number=letter.number_text or str(row.number),
        dated=letter.dated_on,
        subject=letter.subject if readable else letter.open_title,
        signer=letter.signer.full_name if letter.signer else "",
        owner=letter.unit.short_name,
        remark=columns(row, readable)[-1],
        struck=row.cancelled_at is not None,
    )


@require_GET
def register_csv(request: HttpRequest) -> HttpResponse:
    """The filtered register as a sheet; cells cannot become formulas."""
    actor = request.actor
    demand(actor, PRINT)
    unit = the_unit(actor, request.GET.get("unit"))
    filters = Filters.of(request.GET)
    secret = may_read_secret(actor)
    first = _("เลขทะเบียนรับ") if filters.kind == RegisterKind.RECEIVE else _("เลขทะเบียนส่ง")
    heads = [
        first,
        _("ที่"),
        _("ลงวันที่"),
        _("จาก"),
        _("ถึง"),
        _("เรื่อง"),
        _("การปฏิบัติ"),
        _("หมายเหตุ"),
        _("ลงทะเบียนเมื่อ"),
    ]
    rows = (
        [*columns(row, secret or may_read(actor, row.letter)), thai_datetime(row.taken_at)]
        for row in entries(actor, unit, filters)
        .prefetch_related(None)
        .order_by("number")
        .iterator(chunk_size=2000)
    )
    sheet = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_csv(rows, heads, sheet)
    sheet.seek(0)
    return FileResponse(
        sheet,
        as_attachment=True,
        filename=f"register-{filters.kind}-{filters.year}.csv",
        content_type="text/csv; charset=utf-8",
    )


@require_GET
def register_paper(request: HttpRequest) -> HttpResponse:
    """The register in its official form, A4 landscape."""
    actor = request.actor
    demand(actor, PRINT)
    unit = the_unit(actor, request.GET.get("unit"))
    filters = Filters.of(request.GET)
    found = entries(actor, unit, filters).select_related("letter__signer", "letter__unit", "register")
    rows = list(found.defer(None).prefetch_related(None).order_by("number")[:5001])
    if len(rows) > 5000:
        raise Refusal(_("ทะเบียนนี้เกิน 5,000 แถว เลือกช่วงวันที่ให้แคบลงแล้วพิมพ์ทีละช่วง"), code="letters.too_long")
    line = order_row if filters.kind == RegisterKind.ORDER else paper_row
    pdf = papers.register_paper(
        unit=unit,
        kind=RegisterKind(filters.kind),
        year=filters.year,
        rows=[line(row, may_read(actor, row.letter)) for row in rows],
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="register-{filters.kind}-{filters.year}.pdf"'
    return response


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request.actor, Entry.objects.select_related("register", "letter"), pk=pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    row = cancel_entry(actor=request.actor, row=row, reason=reason)
    messages.success(request, _("ยกเลิกเลข %(number)s แล้ว แถวยังอยู่ในทะเบียน") % {"number": row.number})
    return redirect(back_to(row))


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request.actor, Entry.objects.select_related("register__unit", "letter"), pk=pk)
    row = note_action(
        actor=request.actor,
        unit=row.register.unit,
        row=row,
        action=tidy(request.POST.get("action", "")),
        remark=tidy(request.POST.get("remark", "")),
    )
    messages.success(request, _("บันทึกการปฏิบัติแล้ว"))
    return redirect(back_to(row))


@require_GET
def entry_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One row of a register: its columns, and the acts on it."""
    row = fetch(request.actor, Entry.objects.select_related("register__unit", "letter", "taken_by"), pk=pk)
    return render(request, "letters/entry.html", {"row": row, "form": ReasonForm()})


def back_to(row: Entry) -> str:
    register = row.register
    secret = "&secret=1" if register.is_secret else ""
    return f"{reverse('letters:registers')}?unit={register.unit_id}&kind={register.kind}&year={register.year}{secret}"
