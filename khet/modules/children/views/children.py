"""What a person records about one child: where it studies, that the record was wrong, that it must be traced."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from khet.base.org.api import fetch
from khet.base.ui.forms import carried_out
from khet.modules.children import actions
from khet.modules.children.forms import ElsewhereForm, OpenForm, ReasonForm
from khet.modules.children.models import Child
from khet.modules.children.queries.children import with_places
from khet.modules.children.rules import RECORD, TRACE


def _child(request: HttpRequest, pk: int, capability: str) -> Child:
    return fetch(request.actor, with_places(), capability, pk=pk)


@login_required
@never_cache
def elsewhere(request: HttpRequest, pk: int) -> HttpResponse:
    """The child studies outside the area's rolls, or is excused, and what proves it."""
    child = _child(request, pk, RECORD)
    form = ElsewhereForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        run = partial(actions.record_elsewhere, actor=request.actor, children=[child], **form.cleaned_data)
        if carried_out(form, run):
            messages.success(request, _("บันทึกที่เรียนของ%(name)sแล้ว") % {"name": child.full_name})
            return redirect("register:detail", "children", pk)
    return _page(request, form, child, _("บันทึกที่เรียนหรือการผ่อนผัน"), _("บันทึก"))


@login_required
@never_cache
def clear(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was recorded."""
    child = _child(request, pk, RECORD)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        run = partial(actions.clear_standing, actor=request.actor, child=child, **form.cleaned_data)
        if carried_out(form, run):
            messages.success(request, _("ยกเลิกที่เรียนที่บันทึกไว้แล้ว"))
            return redirect("register:detail", "children", pk)
    return _page(request, form, child, _("ยกเลิกที่เรียนที่บันทึกไว้"), _("ยกเลิกที่เรียน"))


@login_required
@never_cache
def open_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody reports that the child is at no school."""
    child = _child(request, pk, TRACE)
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = []
        run = partial(actions.open_case, actor=request.actor, child=child, **form.cleaned_data)
        if carried_out(form, lambda: made.append(run())):
            messages.success(request, _("เปิดเรื่องติดตาม%(name)sแล้ว") % {"name": child.full_name})
            return redirect("register:detail", "cases", made[0].pk)
    return _page(request, form, child, _("เปิดเรื่องติดตาม"), _("เปิดเรื่อง"))


def _page(request: HttpRequest, form: object, child: Child, title: str, button: str) -> HttpResponse:
    return render(
        request,
        "children/one_form.html",
        {"form": form, "child": child, "title": title, "button": button},
        status=422 if form.errors else 200,
    )
