"""Single acts on a pupil: a new number, guardians, leaving."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from khet.base.lib.errors import Conflict
from khet.base.org.api import fetch
from khet.modules.students.actions import change_guardians, leave, replace_number
from khet.modules.students.choices import PRESENT, GuardianRole
from khet.modules.students.forms import GuardianForm, LeaveForm, NumberForm
from khet.modules.students.models import Guardian
from khet.modules.students.queries import with_class
from khet.modules.students.rules import EDIT
from khet.modules.students.views.doors import attempt


@login_required
@never_cache
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """A new number with the paper it comes from."""
    pupil = fetch(request.actor, with_class(), EDIT, pk=pk)
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        done, _number = attempt(
            form,
            lambda: replace_number(
                actor=request.actor,
                pupil=pupil,
                value=values["id_value"],
                since=values["since"],
                reason=values["reason"],
            ),
        )
        if done:
            messages.success(request, _("เปลี่ยนเลขแล้ว เลขเดิมยังใช้ค้นหาได้"))
            return redirect("register:tab", "pupils", pupil.pk, "numbers")
    return render(
        request, "students/number.html", {"pupil": pupil, "form": form}, status=422 if form.errors else 200
    )


@login_required
@never_cache
def leave_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a pupil off the roll, or say that the pupil is missing."""
    pupil = fetch(request.actor, with_class(), EDIT, pk=pk)
    enrolment = (
        pupil.enrolments.filter(school=pupil.school, state__in=PRESENT)
        .order_by("-school_year", "-term")
        .first()
    )
    if enrolment is None:
        raise Conflict(_("นักเรียนไม่ได้อยู่ในทะเบียนของโรงเรียนแล้ว"), code="students.left")
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done, _row = attempt(
            form, lambda: leave(actor=request.actor, enrolment=enrolment, **form.cleaned_data)
        )
        if done:
            messages.success(request, _("บันทึกการจำหน่าย%(name)sแล้ว") % {"name": pupil.full_name})
            return redirect("register:detail", "pupils", pupil.pk)
    return render(
        request, "students/leave.html", {"pupil": pupil, "form": form}, status=422 if form.errors else 200
    )


@login_required
@never_cache
def guardians(request: HttpRequest, pk: int) -> HttpResponse:
    """Father, mother and guardian on one form."""
    pupil = fetch(request.actor, with_class(), EDIT, pk=pk)
    known = {guardian.role: guardian for guardian in Guardian.objects.filter(pupil=pupil)}
    forms = [
        GuardianForm(request.POST or None, role=role, instance=known.get(role))
        for role in GuardianRole.values
    ]
    if request.method == "POST" and sum(form.is_valid() for form in forms) == len(forms):
        change_guardians(
            actor=request.actor, pupil=pupil, guardians={form.role: form.cleaned_data for form in forms}
        )
        messages.success(request, _("บันทึกข้อมูลผู้ปกครองแล้ว"))
        return redirect("register:detail", "pupils", pupil.pk)
    groups = [(GuardianRole(form.role).label, form) for form in forms]
    wrong = any(form.errors for form in forms)
    return render(
        request,
        "students/guardians.html",
        {"pupil": pupil, "groups": groups, "forms": forms},
        status=422 if wrong else 200,
    )
