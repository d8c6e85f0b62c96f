"""Who answers for what, and the sheets the office writes itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from khet.base.lib.errors import Refusal
from khet.base.org.api import Holding, Post, Unit, demand, fetch
from khet.base.org.choices import UnitKind
from khet.kits.rounds.actions import assign_duty, drop_duty, write_form
from khet.kits.rounds.bases import checks, sheets
from khet.kits.rounds.forms import OfficeForm
from khet.kits.rounds.models import Duty, Form
from khet.kits.rounds.queries.periods import newest_forms
from khet.kits.rounds.rules import DUTIES, MANAGE


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@require_http_methods(["GET", "HEAD", "POST"])
def duties(request: HttpRequest) -> HttpResponse:
    """The order of duty of my unit (and, for the office, of all): which post answers for which sheet or rule."""
    actor = request.actor
    demand(actor, DUTIES)
    scope = actor.scope(DUTIES)
    units = (
        Unit.objects.on().filter(kind__in=[UnitKind.SCHOOL, UnitKind.GROUP, UnitKind.OFFICE])
        if scope.everywhere
        else Unit.objects.filter(pk__in=scope.unit_ids())
    )
    asked = _number(request.POST.get("unit", "") or request.GET.get("unit", ""))
    unit = fetch(actor, units, pk=asked) if asked else None if scope.everywhere else units.first()
    refusal = ""
    if request.method == "POST":
        try:
            post = fetch(actor, Post.objects.on(), pk=_number(request.POST.get("post", "")))
            assign_duty(
                actor=actor, code=request.POST.get("code", ""), unit=unit, post=post, order_reference=request.POST.get("order_reference", ""),
            )  # fmt: skip
        except Refusal as why:
            if why.status not in (400, 409):
                raise
            refusal = str(why.sentence)
        else:
            messages.success(request, _("บันทึกผู้รับผิดชอบแล้ว ผลตรวจที่ค้างย้ายตามแล้ว"))
            return redirect(f"/rounds/duties/{f'?unit={unit.pk}' if unit and scope.everywhere else ''}")
    rows = list(Duty.objects.filter(unit__isnull=True) if unit is None else Duty.objects.filter(unit=unit))
    rows = list(Duty.objects.filter(pk__in=[row.pk for row in rows]).select_related("post__unit", "unit"))
    posts = list(
        Holding.objects.on()
        .filter(post__unit=unit, post__until__isnull=True)
        .select_related("post", "person")
        .order_by("post__position", "pk")[:60]
        if unit is not None
        else Holding.objects.on()
        .filter(post__unit__kind__in=[UnitKind.GROUP, UnitKind.OFFICE], post__until__isnull=True)
        .select_related("post__unit", "person")
        .order_by("post__unit__position", "post__position", "pk")[:120]
    )
    titles = {one.code: one.title for one in (*sheets, *checks)} | {
        form.code: form.title for form in newest_forms()
    }
    for row in rows:
        row.title = titles.get(row.code, row.code)
    return render(
        request,
        "rounds/duties.html",
        {
            "unit": unit,
            "everywhere": scope.everywhere,
            "rows": rows,
            "posts": posts,
            "units": list(
                units.filter(kind=UnitKind.SCHOOL).order_by("position").values_list("pk", "short_name")
            )
            if scope.everywhere
            else [],
            "sheets": [(one.code, one.title) for one in sheets]
            + [(form.code, form.title) for form in newest_forms()],
            "rules": [(one.code, one.title) for one in checks],
            "refusal": refusal,
        },
        status=400 if refusal else 200,
    )


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    duty = fetch(request.actor, Duty.objects.select_related("unit"), pk=pk)
    drop_duty(actor=request.actor, duty=duty)
    messages.success(request, _("ยกเลิกแล้ว ผลตรวจที่ค้างกลับไปที่ผู้รับผิดชอบเดิม"))
    return redirect(f"/rounds/duties/{f'?unit={duty.unit_id}' if duty.unit_id else ''}")


@require_http_methods(["GET", "HEAD", "POST"])
def forms(request: HttpRequest) -> HttpResponse:
    """The sheets of the office, and a new one."""
    return _write(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """The next version of a sheet of the office."""
    return _write(request, pk)


def _write(request: HttpRequest, pk: int | None) -> HttpResponse:
    actor = request.actor
    demand(actor, MANAGE)
    found = fetch(actor, Form.objects.all(), pk=pk) if pk is not None else None
    initial = (
        {
            "title": found.title,
            "kind": found.kind,
            "is_yearly": found.is_yearly,
            "questions": OfficeForm.written(found.questions),
        }
        if found
        else None
    )
    given = OfficeForm(request.POST or None, initial=initial)
    if request.method == "POST" and given.is_valid():
        values = given.cleaned_data
        try:
            write_form(
                actor=actor,
                title=values["title"],
                kind=values["kind"],
                is_yearly=values["is_yearly"],
                questions=given.read(),
                form=found,
            )
        except Refusal as why:
            given.add_error("questions" if why.code == "rounds.question" else None, str(why.sentence))
        else:
            messages.success(request, _("บันทึกแบบแล้ว ใส่ในรอบได้จากหน้ากำหนดการ"))
            return redirect("rounds:forms")
    return render(
        request,
        "rounds/forms.html",
        {"form": given, "found": found, "rows": list(newest_forms())},
        status=422 if given.errors else 200,
    )
