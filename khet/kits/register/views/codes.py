"""Lists of codes that the office keeps: all of them, one of them, and a form for a value."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khet.base.lib.errors import Forbidden, Refusal
from khet.base.org.api import demand
from khet.base.ui.forms import refuse_on
from khet.kits.register.actions import add_code, change_code
from khet.kits.register.bases import CodeList, code_lists
from khet.kits.register.bases.codes import LONGEST_VALUE
from khet.kits.register.rules import CODES_EDIT


class AddForm(forms.Form):
    label = forms.CharField(label=gettext_lazy("คำที่แสดง"), max_length=200)
    value = forms.CharField(
        label=gettext_lazy("รหัส"),
        max_length=LONGEST_VALUE,
        required=False,
        help_text=gettext_lazy("เว้นว่างได้ ระบบตั้งให้ ตั้งแล้วเปลี่ยนไม่ได้"),
    )
    source = forms.CharField(
        label=gettext_lazy("ที่มา"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("เช่น ชื่อคู่มือหรือหนังสือสั่งการ"),
    )


class EditForm(forms.Form):
    label = forms.CharField(label=gettext_lazy("คำที่แสดง"), max_length=200)
    source = forms.CharField(
        label=gettext_lazy("ที่มา"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("เช่น ชื่อคู่มือหรือหนังสือสั่งการ"),
    )
    is_confirmed = forms.BooleanField(label=gettext_lazy("ยืนยันแล้วว่าตรงกับต้นทาง"), required=False)
    is_active = forms.BooleanField(
        label=gettext_lazy("ยังใช้อยู่"),
        required=False,
        help_text=gettext_lazy("เลิกใช้แล้วรายการเดิมยังแสดงคำนี้ แต่เลือกใหม่ไม่ได้"),
    )


def the_list(request: HttpRequest, code: str) -> CodeList:
    demand(request.actor, CODES_EDIT)
    known = code_lists.get(code)
    if known is None:
        raise Http404
    return known


@login_required
@require_GET
@never_cache
def lists(request: HttpRequest) -> HttpResponse:
    """Every list with how many values it has and how many nobody has confirmed yet."""
    demand(request.actor, CODES_EDIT)
    found = []
    for known in code_lists:
        rows = list(known.rows().values())
        active = [row for row in rows if row.is_active]
        found.append(
            (known, len(active), sum(not row.is_confirmed for row in active), len(rows) - len(active))
        )
    return render(request, "register/codes.html", {"lists": found})


@login_required
@require_GET
@never_cache
def values(request: HttpRequest, code: str) -> HttpResponse:
    known = the_list(request, code)
    return render(request, "register/code_list.html", {"known": known, "rows": list(known.rows().values())})


@login_required
@never_cache
def add(request: HttpRequest, code: str) -> HttpResponse:
    known = the_list(request, code)
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_code(actor=request.actor, list=code, **form.cleaned_data)
        except Forbidden:
            raise
        except Refusal as why:
            refuse_on(form, why)
        else:
            messages.success(request, _("เพิ่ม “%(label)s” แล้ว") % {"label": made.label})
            return redirect("register:code_list", code)
    return _form(request, known, form, _("เพิ่มรหัส"))


@login_required
@never_cache
def edit(request: HttpRequest, code: str, value: str) -> HttpResponse:
    known = the_list(request, code)
    row = known.rows().get(value)
    if row is None:
        raise Http404
    names = ("label", "source", "is_confirmed", "is_active")
    form = EditForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            change_code(actor=request.actor, list=code, value=value, **form.cleaned_data)
        except Forbidden:
            raise
        except Refusal as why:
            refuse_on(form, why)
        else:
            messages.success(
                request, _("บันทึก “%(label)s” แล้ว มีผลทุกหน้าทันที") % {"label": form.cleaned_data["label"]}
            )
            return redirect("register:code_list", code)
    return _form(request, known, form, row.label, fact=_("รหัส %(value)s") % {"value": value})


def _form(
    request: HttpRequest, known: CodeList, form: forms.Form, title: str, fact: str = ""
) -> HttpResponse:
    context = {
        "known": known, "form": form, "title": title, "fact": fact, "back": reverse("register:code_list", args=[known.code]),
    }  # fmt: skip
    return render(request, "register/code_form.html", context, status=422 if form.errors else 200)
