"""Ending what the office no longer has: a budgeted position, a row of the criterion."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from khet.base.org.api import fetch, today
from khet.base.ui.forms import carried_out
from khet.modules.staff.actions import close_position, remove_criterion
from khet.modules.staff.forms import LastDayForm
from khet.modules.staff.models import Criterion, Position
from khet.modules.staff.rules import CRITERIA, EDIT


@login_required
@never_cache
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the last day, then close the position."""
    position = fetch(request.actor, Position.objects.select_related("unit"), EDIT, pk=pk)
    form = LastDayForm(request.POST if request.method == "POST" else None, initial={"last_day": today()})
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(
            form, lambda: close_position(actor=request.actor, position=position, **form.cleaned_data)
        )
    ):
        messages.success(request, _("ยุบเลิกอัตราแล้ว"))
        return redirect("register:detail", "positions", position.pk)
    return _sure(
        request, form, title=_("ยุบเลิกอัตรา"), facts=f"{position.title} {position.number} · {position.unit.short_name}",
        words=_("เลขที่ตำแหน่งยังค้นพบได้ในทะเบียน ผู้ครองในอดีตยังอยู่ อัตราที่ยังมีผู้ครองยุบเลิกไม่ได้"), icon="archive",
        back=reverse("register:detail", args=["positions", position.pk]),
    )  # fmt: skip


@login_required
@never_cache
def remove_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take the row away."""
    row = fetch(request.actor, Criterion.objects.all(), CRITERIA, pk=pk)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(
        form, lambda: remove_criterion(actor=request.actor, criterion=row)
    ):
        messages.success(request, _("ลบเกณฑ์แล้ว"))
        return redirect("register:list", "manpower-criteria")
    return _sure(
        request, form, title=_("ลบเกณฑ์"), facts=f"{row} · {row.source}",
        words=_("ตัวเลขของวันที่ผ่านมาแล้วคิดจากเกณฑ์ที่เหลือ เกณฑ์ใหม่ให้เพิ่มเป็นแถวใหม่ที่มีวันเริ่มใช้ แทนการลบแถวเดิม"), icon="trash-2",
        back=reverse("register:detail", args=["manpower-criteria", row.pk]),
    )  # fmt: skip


def _sure(
    request: HttpRequest, form: forms.Form, *, title: str, facts: str, words: str, icon: str, back: str
) -> HttpResponse:
    context = {
        "form": form,
        "form_title": title,
        "sure_facts": facts,
        "words": words,
        "icon": icon,
        "back": back,
    }
    return render(request, "staff/sure.html", context, status=422 if form.errors else 200)
