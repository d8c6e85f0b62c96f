"""The service record of others: rows added and corrected, pay opened, copies certified, wishes answered."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from khet.base.lib.errors import NotFound, Refusal
from khet.base.org.api import can, demand, fetch, forbidden, today, visible
from khet.base.privacy.api import ReasonForm, Subject, Via, record_reading
from khet.base.ui.forms import carried_out
from khet.modules.staff.actions import (
    add_service_row,
    add_service_rows,
    certify_copy,
    correct_service_row,
    settle_correction,
    strike_service_row,
    withdraw_copy,
)
from khet.modules.staff.forms import AnswerForm, OrderRowsForm, PurposeForm, ServiceRowForm, StrikeForm
from khet.modules.staff.models import CorrectionWish, Official, ServiceCopy, ServiceRow
from khet.modules.staff.papers import photograph_on, service_record_pdf
from khet.modules.staff.queries.service import service_lines, wishes
from khet.modules.staff.rules import CERTIFY, PAY, RECORD, SERVICE
from khet.modules.staff.views.doors import page_of, the_official

PAPER = ("service", "schooling", "leave", "salary", "birth")


def the_row(official: Official, pk: int) -> ServiceRow:
    row = ServiceRow.objects.select_related("unit").filter(official=official, pk=pk).first()
    if row is None:
        raise NotFound(_("ไม่พบรายการนี้ใน ก.พ.7"), code="staff.no_row")
    return row


def _form(request: HttpRequest, official: Official, form: Any, **more: Any) -> HttpResponse:
    context = {"official": official, "form": form, **more}
    return render(request, "staff/service/form.html", context, status=422 if form.errors else 200)


def _begin(official: Official) -> dict[str, Any]:
    """What most new rows have in common with the present."""
    return {
        "effective_on": today(),
        "title": official.title,
        "unit": official.unit_id,
        "position_number": official.position.number if official.position else "",
        "level": official.level,
        "standing": official.standing if official.standing != "none" else "",
    }


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def add_row(request: HttpRequest, pk: int) -> HttpResponse:
    official = the_official(request, pk, RECORD)
    form = ServiceRowForm(request.POST or None, initial=_begin(official))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if carried_out(form, lambda: add_service_row(actor=request.actor, official=official, **values)):
            messages.success(request, _("ลงรายการใน ก.พ.7 แล้ว"))
            return redirect(page_of(official, "service"))
    return _form(request, official, form, form_title=_("เพิ่มรายการใน ก.พ.7"), button_words=_("ลงรายการ"))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def correct_row(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """A new row in the place of a wrong one. Pay comes back into the form only for who may see it; left empty it stays."""
    official = the_official(request, pk, RECORD)
    wrong = the_row(official, row)
    form = ServiceRowForm(request.POST or None, instance=wrong, correcting=True)
    for name in ("salary", "position_pay"):
        form.initial.pop(name, None)
        form.fields[name].help_text = _("เว้นว่างคือคงเดิม")
    if request.method == "POST" and form.is_valid():
        values = {
            name: value
            for name, value in form.cleaned_data.items()
            if not (name in ("salary", "position_pay") and value is None)
        }
        if carried_out(
            form,
            lambda: correct_service_row(
                actor=request.actor, official=official, row=the_row(official, row), **values
            ),
        ):
            messages.success(request, _("แก้ไขแล้ว รายการเดิมยังอยู่และถูกขีดฆ่า"))
            return redirect(page_of(official, "service"))
    return _form(
        request, official, form, form_title=_("แก้ไขรายการใน ก.พ.7"), button_words=_("ลงรายการแก้ไข"),
        note=_("รายการเดิมไม่ถูกลบ ระบบขีดฆ่าและพิมพ์เหตุที่แก้ไขไว้ข้างรายการใหม่"), wrong=wrong,
    )  # fmt: skip


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def strike_row(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    official = the_official(request, pk, RECORD)
    wrong = the_row(official, row)
    form = StrikeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if carried_out(
            form, lambda: strike_service_row(actor=request.actor, official=official, row=wrong, reason=reason)
        ):
            messages.success(request, _("ขีดรายการออกแล้ว"))
            return redirect(page_of(official, "service"))
    return _form(
        request, official, form, form_title=_("ขีดรายการออกจาก ก.พ.7"), button_words=_("ขีดออก"), wrong=wrong,
        note=_("ใช้เมื่อรายการนี้ไม่ควรมีอยู่ ถ้าเพียงพิมพ์ผิดให้ใช้ “แก้ไข” แทน"),
    )  # fmt: skip


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def open_pay(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows with what they say of pay: asked with a typed reason, recorded before it is shown."""
    official = the_official(request, pk, SERVICE)
    if not can(request.actor, PAY, official):
        raise forbidden(PAY, official)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    lines = []
    if form.is_valid():
        record_reading(
            actor=request.actor, subject=_subject(official), what=["salary", "service"], via=Via.CELL,
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        lines = service_lines(official)
    return render(
        request,
        "staff/service/pay.html",
        {
            "official": official,
            "form": form,
            "opened": form.is_valid() if form.is_bound else False,
            "lines": lines,
            "show_pay": True,
            "reason": form.cleaned_data.get("reason", "") if form.is_bound else "",
        },
        status=422 if form.errors else 200,
    )


def _subject(official: Official) -> Subject:
    return Subject.of(official, words=official.person.full_name, unit_id=official.unit_id)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def certify(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what for, then give the certified copy as PDF."""
    official = the_official(request, pk, CERTIFY)
    form = PurposeForm(request.POST or None)
    made: list[ServiceCopy] = []
    if request.method == "POST" and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        if carried_out(
            form, lambda: made.append(certify_copy(actor=request.actor, official=official, purpose=purpose))
        ):
            return paper_of(request, official, made[0])
    return _form(
        request, official, form, form_title=_("รับรองสำเนา ก.พ.7"), button_words=_("รับรองและรับ PDF"), is_paper=True,
        note=_("ชื่อและตำแหน่งของคุณพิมพ์เป็นผู้รับรอง ผู้ถือสำเนาตรวจได้จากคิวอาร์โดยไม่ต้องเข้าสู่ระบบ"),
    )  # fmt: skip


def paper_of(request: HttpRequest, official: Official, copy: ServiceCopy) -> HttpResponse:
    """The PDF of a copy just made; whoever prints another's record is noted with what for."""
    if request.actor.person is None or request.actor.person.pk != official.person_id:
        what = (*PAPER, "photo") if photograph_on(request.actor, official) else PAPER
        record_reading(
            actor=request.actor, subject=_subject(official), what=what, via=Via.PRINT, reason=copy.purpose
        )
    content = service_record_pdf(request.actor, official, copy)
    answer = HttpResponse(content, content_type="application/pdf")
    name = quote(f"ก.พ.7 {official.person.full_name}.pdf")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int, copy: int) -> HttpResponse:
    official = the_official(request, pk, CERTIFY)
    found = official.service_copies.filter(pk=copy).first()
    if found is None:
        raise NotFound(_("ไม่พบสำเนานี้"), code="staff.no_copy")
    form = StrikeForm(request.POST or None)
    form.fields["reason"].label = _("เหตุที่ยกเลิก")
    form.fields["reason"].help_text = _("เช่น สำเนาหาย หรือพิมพ์ก่อนแก้ไขรายการ")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if carried_out(
            form, lambda: withdraw_copy(actor=request.actor, official=official, copy=found, reason=reason)
        ):
            messages.success(request, _("ยกเลิกสำเนาแล้ว ผู้สแกนคิวอาร์จะเห็นว่าใช้ไม่ได้"))
            return redirect(page_of(official, "service"))
    return _form(request, official, form, form_title=_("ยกเลิกสำเนา ก.พ.7"), button_words=_("ยกเลิกสำเนา"))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def order_rows(request: HttpRequest) -> HttpResponse:
    """One order into the records of many people."""
    demand(request.actor, RECORD)
    form = OrderRowsForm(request.POST or None, initial={"effective_on": today()})
    if request.method == "POST" and form.is_valid():
        order = dict(form.cleaned_data)
        lines = order.pop("people")
        made: list[ServiceRow] = []

        def run() -> None:
            rows = [
                {
                    "official": official, "salary": salary, "title": official.title, "unit": official.unit, "level": official.level,
                    "position_number": official.position.number if official.position else "",
                }
                for official, salary in _people(request, lines)
            ]  # fmt: skip
            made.extend(add_service_rows(actor=request.actor, order=order, rows=rows))

        if carried_out(form, run):
            messages.success(
                request,
                ngettext("ลงคำสั่งใน ก.พ.7 แล้ว %(n)d คน", "ลงคำสั่งใน ก.พ.7 แล้ว %(n)d คน", len(made))
                % {"n": len(made)},
            )
            return redirect("register:list", "officials")
    return render(request, "staff/service/order.html", {"form": form}, status=422 if form.errors else 200)


def _people(request: HttpRequest, lines: list[tuple[int, str, Any]]) -> list[tuple[Official, Any]]:
    """Each line's official, by code or by position number, all in one query; every unknown one is named."""
    words = {who for _n, who, _s in lines}
    upper = {who.upper() for who in words}
    found = visible(
        request.actor,
        Official.objects.filter(Q(code__in=upper) | Q(position__number__in=words), left_on__isnull=True),
        RECORD,
    ).select_related("person", "unit", "position")
    by_word: dict[str, list[Official]] = {}
    for official in found:
        by_word.setdefault(official.code, []).append(official)
        if official.position:
            by_word.setdefault(official.position.number, []).append(official)
    wrong, people, seen = [], [], {}
    for number, who, salary in lines:
        matching = by_word.get(who.upper()) or by_word.get(who) or []
        if not matching:
            wrong.append(_("บรรทัด %(n)d: ไม่พบ %(who)s ในบุคลากรที่ปฏิบัติงานอยู่") % {"n": number, "who": who[:20]})
        elif len(matching) > 1:
            wrong.append(
                _("บรรทัด %(n)d: เลขที่ตำแหน่ง %(who)s มีผู้ครองสองคน ใช้รหัสบุคลากร") % {"n": number, "who": who[:20]}
            )
        elif matching[0].pk in seen:
            wrong.append(_("บรรทัด %(n)d ซ้ำกับบรรทัด %(m)d") % {"n": number, "m": seen[matching[0].pk]})
        else:
            seen[matching[0].pk] = number
            people.append((matching[0], salary))
    if wrong:
        raise Refusal(" · ".join(wrong[:8]), code="staff.lines", field="people")
    return people


@login_required
@require_GET
@never_cache
def wish_list(request: HttpRequest) -> HttpResponse:
    """What owners asked to have corrected, the oldest first; settled ones on request."""
    demand(request.actor, RECORD)
    every = request.GET.get("all") == "1"
    found = wishes(request.actor, open_only=not every)
    if every:
        found = found.order_by("-pk")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "staff/service/wishes.html", {"page": page, "every": every})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def settle_wish(request: HttpRequest, pk: int) -> HttpResponse:
    wish = fetch(
        request.actor,
        CorrectionWish.objects.select_related(
            "official__person", "official__unit", "official__position", "row"
        ),
        RECORD,
        pk=pk,
    )
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if carried_out(form, lambda: settle_correction(actor=request.actor, wish=wish, **given)):
            messages.success(request, _("ตอบคำขอแล้ว เจ้าของทะเบียนได้รับแจ้ง"))
            return redirect("staff:wishes")
    return render(
        request,
        "staff/service/wish.html",
        {"wish": wish, "official": wish.official, "form": form},
        status=422 if form.errors else 200,
    )
