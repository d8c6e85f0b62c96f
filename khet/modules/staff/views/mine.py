"""ประวัติของฉัน: everybody's own record, whole, whatever their role."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from khet.base.lib.errors import NotFound
from khet.base.ui.forms import carried_out
from khet.modules.staff.actions import ask_correction, print_own_record
from khet.modules.staff.forms import PurposeForm, WishForm
from khet.modules.staff.models import Official, ServiceCopy, ServiceRow
from khet.modules.staff.parts import PARTS
from khet.modules.staff.queries import with_everything
from khet.modules.staff.queries.service import service_lines
from khet.modules.staff.views.service import paper_of, the_row


def _mine(request: HttpRequest) -> Official:
    person = request.actor.person
    found = with_everything().filter(person=person).first() if person else None
    if found is None:
        raise NotFound(_("ยังไม่มีทะเบียนประวัติของคุณในระบบ แจ้งกลุ่มบริหารงานบุคคลของเขตให้เพิ่ม"), code="staff.no_record")
    return found


@login_required
@require_GET
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """The reader's own record: facts, pay, ก.พ.7, education and the rest, wishes and copies. Reading oneself is not noted."""
    official = _mine(request)
    parts = [
        {"part": part, "rows": list(part.model.objects.filter(official=official)), "may": False}
        for part in PARTS.values()
    ]
    return render(
        request,
        "staff/service/mine.html",
        {
            "official": official,
            "found": official,
            "parts": parts,
            "lines": service_lines(official),
            "show_pay": True,
            "is_mine": True,
            "wishes": list(official.correction_wishes.select_related("row")[:20]),
            "copies": list(official.service_copies.all()[:20]),
        },
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a correction, of the whole record or of one row of it (``row`` in the address)."""
    official = _mine(request)
    row: ServiceRow | None = None
    if request.GET.get("row", "").isdecimal():
        row = the_row(official, int(request.GET["row"]))
    form = WishForm(request.POST or None, initial={"about": "service"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done: list[object] = []

        def run() -> None:
            done.append(ask_correction(actor=request.actor, official=official, row=row, **given))

        if carried_out(form, run):
            messages.success(request, _("ส่งคำขอถึงกลุ่มบริหารงานบุคคลแล้ว คำตอบจะแจ้งเตือนถึงคุณ"))
            return redirect("staff:mine")
    return render(
        request,
        "staff/service/form.html",
        {
            "official": official, "form": form, "form_title": _("ขอแก้ไขทะเบียนประวัติ"), "button_words": _("ส่งคำขอ"), "is_mine": True,
            "wrong": row, "note": _("คำขอไม่เปลี่ยนทะเบียนเอง เจ้าหน้าที่ตรวจกับหลักฐานแล้วแก้และตอบ"),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def print_mine(request: HttpRequest) -> HttpResponse:
    """One's own record as PDF, not certified."""
    official = _mine(request)
    form = PurposeForm(request.POST or None, initial={"purpose": _("ใช้ส่วนตัว")})
    if request.method == "POST" and form.is_valid():
        made: list[ServiceCopy] = []

        def run() -> None:
            made.append(print_own_record(actor=request.actor, official=official, **form.cleaned_data))

        if carried_out(form, run):
            return paper_of(request, official, made[0])
    return render(
        request,
        "staff/service/form.html",
        {
            "official": official, "form": form, "form_title": _("พิมพ์ ก.พ.7 ของฉัน"), "button_words": _("รับ PDF"), "is_mine": True,
            "is_paper": True, "note": _("สำเนานี้ตรวจได้จากคิวอาร์ แต่ไม่มีผู้รับรอง ถ้าต้องใช้สำเนารับรอง ขอที่กลุ่มบริหารงานบุคคล"),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip
