"""Acts on one official: moves, rows of the record, the citizen id, the photograph."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from khet.base.org.api import can, forbidden, today
from khet.base.ui.forms import carried_out
from khet.modules.staff.actions import (
    add_part,
    change_part,
    end_secondment,
    leave_service,
    place,
    remove_part,
    remove_photo,
    second,
    set_citizen_id,
    set_photo,
    vacate,
)
from khet.modules.staff.actions.parts import needed
from khet.modules.staff.forms import (
    CitizenIdForm,
    LastDayForm,
    LeaveForm,
    PhotoForm,
    PlaceForm,
    SecondForm,
    part_form,
)
from khet.modules.staff.models import Official
from khet.modules.staff.parts import PARTS, Part
from khet.modules.staff.queries import positions_with_holders
from khet.modules.staff.rules import EDIT, EDIT_SCHOOL, PRIVATE
from khet.modules.staff.views.doors import form_page, page_of, the_official


@login_required
@never_cache
def place_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the person into a vacant position."""
    official = the_official(request, pk, EDIT)
    vacant = positions_with_holders().filter(occupancy="vacant").order_by("unit__name", "number")
    form = PlaceForm(request.POST or None, positions=vacant, initial={"since": today()})
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(form, lambda: place(actor=request.actor, official=official, **form.cleaned_data))
    ):
        messages.success(request, _("ลงอัตราใหม่แล้ว สิทธิ์ในระบบเปลี่ยนที่หน้าสำนักงานและบุคลากร"))
        return redirect(page_of(official, "moves"))
    return form_page(request, official, form, title=_("ลงอัตรา"), button=_("บันทึก"))


@login_required
@require_POST
def vacate_page(request: HttpRequest, pk: int) -> HttpResponse:
    official = the_official(request, pk, EDIT)
    vacate(actor=request.actor, official=official)
    messages.success(request, _("ให้พ้นจากอัตราแล้ว"))
    return redirect(page_of(official, "moves"))


@login_required
@never_cache
def second_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Work elsewhere by an order."""
    official = the_official(request, pk, EDIT)
    form = SecondForm(request.POST or None, initial={"since": today()})
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(form, lambda: second(actor=request.actor, official=official, **form.cleaned_data))
    ):
        messages.success(request, _("บันทึกการช่วยราชการแล้ว"))
        return redirect(page_of(official, "moves"))
    return form_page(request, official, form, title=_("ช่วยราชการ"), button=_("บันทึก"))


@login_required
@never_cache
def back_page(request: HttpRequest, pk: int) -> HttpResponse:
    """End of a secondment."""
    official = the_official(request, pk, EDIT)
    form = LastDayForm(request.POST or None, initial={"last_day": today()})
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(
            form, lambda: end_secondment(actor=request.actor, official=official, **form.cleaned_data)
        )
    ):
        messages.success(request, _("สิ้นสุดการช่วยราชการแล้ว"))
        return redirect(page_of(official, "moves"))
    return form_page(request, official, form, title=_("สิ้นสุดการช่วยราชการ"), button=_("บันทึก"))


@login_required
@never_cache
def leave_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Retired, resigned, moved away."""
    official = the_official(request, pk, EDIT)
    form = LeaveForm(request.POST or None, initial={"since": today()})
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(
            form, lambda: leave_service(actor=request.actor, official=official, **form.cleaned_data)
        )
    ):
        messages.success(request, _("บันทึกการพ้นจากหน้าที่แล้ว"))
        return redirect(page_of(official))
    return form_page(
        request, official, form, title=_("พ้นจากหน้าที่"), button=_("บันทึก"),
        note=_("บัญชีผู้ใช้และตำแหน่งในโครงสร้างปิดที่หน้าสำนักงานและบุคลากร"),
    )  # fmt: skip


@login_required
@never_cache
def citizen_id_page(request: HttpRequest, pk: int) -> HttpResponse:
    official = the_official(request, pk, EDIT)
    form = CitizenIdForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        value = form.cleaned_data["value"]
        if carried_out(form, lambda: set_citizen_id(actor=request.actor, official=official, value=value)):
            messages.success(request, _("บันทึกเลขประจำตัวแล้ว"))
            return redirect(page_of(official))
    return form_page(request, official, form, title=_("เลขประจำตัวประชาชน"), button=_("บันทึก"))


@login_required
@never_cache
def photo_page(request: HttpRequest, pk: int) -> HttpResponse:
    official = the_official(request, pk, EDIT_SCHOOL)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["photo"]
        if carried_out(form, lambda: set_photo(actor=request.actor, official=official, upload=upload)):
            messages.success(request, _("ใส่รูปแล้ว"))
            return redirect(page_of(official))
    return form_page(request, official, form, title=_("รูปถ่าย"), button=_("ใส่รูป"), is_file=True)


@login_required
@require_POST
def drop_photo(request: HttpRequest, pk: int) -> HttpResponse:
    official = the_official(request, pk, EDIT_SCHOOL)
    remove_photo(actor=request.actor, official=official)
    messages.success(request, _("นำรูปออกแล้ว"))
    return redirect(page_of(official))


def _part(request: HttpRequest, pk: int, code: str) -> tuple[Official, Part]:
    """The official and the kind of row, when the reader may write such rows."""
    if code not in PARTS:
        raise Http404
    part = PARTS[code]
    official = the_official(request, pk, needed(part.model))
    if part.private and not can(request.actor, PRIVATE, official):
        raise forbidden(PRIVATE, official)
    return official, part


@login_required
@never_cache
def part_page(request: HttpRequest, pk: int, code: str, row: int | None = None) -> HttpResponse:
    """Add or change a row of the record."""
    official, part = _part(request, pk, code)
    found = get_object_or_404(part.model, official=official, pk=row) if row is not None else None
    form = part_form(part.model, tuple(part.fields))(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data

        def run() -> None:
            if row is None:
                add_part(actor=request.actor, official=official, model=part.model, **values)
            else:
                fresh = part.model.objects.select_related("official__person", "official__unit").get(pk=row)
                change_part(actor=request.actor, row=fresh, **values)

        if carried_out(form, run):
            messages.success(request, _("บันทึกแล้ว"))
            return redirect(page_of(official, "parts"))
    return form_page(request, official, form, title=part.title, button=_("บันทึก"), part=part, row=found)


@login_required
@require_POST
def drop_part(request: HttpRequest, pk: int, code: str, row: int) -> HttpResponse:
    official, part = _part(request, pk, code)
    found = get_object_or_404(
        part.model.objects.select_related("official__person", "official__unit"), official=official, pk=row
    )
    remove_part(actor=request.actor, row=found)
    messages.success(request, _("ลบรายการแล้ว"))
    return redirect(page_of(official, "parts"))
