"""Setting up a unit's saraban, saved lists of receivers, statistics."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from khet.base.lib.errors import NotFound, Refusal
from khet.base.org.api import Actor, Unit, demand
from khet.base.org.choices import UnitKind
from khet.base.ui.forms import refuse_on
from khet.kits.files.api import attachments
from khet.modules.letters.actions import save_addressees, set_bureau, set_signature, start_register
from khet.modules.letters.forms import BureauForm, GroupForm, SignatureForm, StartForm
from khet.modules.letters.models import Bureau
from khet.modules.letters.numbers import this_year
from khet.modules.letters.queries.letters import addressees, saved_groups
from khet.modules.letters.queries.registers import counts, register_units, the_unit, years
from khet.modules.letters.queries.statistics import statistics
from khet.modules.letters.rules import DRAFT, REGISTERS, SETUP
from khet.modules.letters.views.writing import drafting_unit


def setup_unit(actor: Actor, wanted: str | None) -> Unit:
    """The office or school whose saraban the actor sets up; it need not be set up yet."""
    scope = actor.scope(SETUP)
    units = Unit.objects.on().filter(pk__in=scope.unit_ids(), kind__in=[UnitKind.OFFICE, UnitKind.SCHOOL])
    if wanted and wanted.isdecimal():
        found = units.filter(pk=int(wanted)).first()
    else:
        own = [c.unit.pk for c in actor.capacities]
        found = (
            units.filter(pk__in=own).order_by("position", "pk").first()
            or units.order_by("kind", "position", "pk").first()
        )
    if found is None:
        raise NotFound(_("ไม่พบหน่วยงานที่คุณตั้งค่างานสารบรรณได้"), code="not_found")
    return found


@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    demand(actor, SETUP)
    unit = setup_unit(actor, request.GET.get("unit"))
    bureau = Bureau.objects.filter(unit=unit).first()
    names = ("prefix", "sub_prefix", "stamp_name", "address", "phone", "fax", "email")
    here = f"{reverse('letters:setup')}?unit={unit.pk}"
    form = BureauForm(
        initial={name: getattr(bureau, name) for name in names} if bureau else {"stamp_name": unit.short_name}
    )
    start = StartForm()
    if request.method == "POST" and request.POST.get("form") == "start":
        start = StartForm(request.POST)
        if start.is_valid():
            try:
                start_register(actor=actor, unit=unit, **start.cleaned_data)
            except Refusal as why:
                start.add_error(why.field, str(why.sentence))
            else:
                messages.success(request, _("ตั้งเลขเริ่มแล้ว"))
                return redirect(here)
    elif request.method == "POST":
        form = BureauForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                set_bureau(actor=actor, unit=unit, **form.cleaned_data)
            except Refusal as why:
                refuse_on(form, why)
            else:
                messages.success(request, _("บันทึกการตั้งค่าแล้ว"))
                return redirect(here)
    return render(
        request,
        "letters/setup.html",
        {
            "unit": unit,
            "bureau": bureau,
            "form": form,
            "start": start,
            "garuda": attachments(bureau, "garuda").first() if bureau else None,
            "counts": counts(unit, this_year()),
            "year": this_year(),
        },
        status=400 if form.errors or start.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def signature(request: HttpRequest) -> HttpResponse:
    """One's own signature picture."""
    actor = request.actor
    demand(actor, "letters.sign")
    form = SignatureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_signature(actor=actor, person=actor.person, picture=form.cleaned_data["picture"])
        except Refusal as why:
            form.add_error("picture", str(why.sentence))
        else:
            messages.success(request, _("บันทึกลายมือชื่อแล้ว จะพิมพ์บนหนังสือที่คุณลงนามครั้งต่อไป"))
            return redirect("letters:signature")
    held = getattr(actor.person, "signature", None)
    return render(
        request,
        "letters/signature.html",
        {"held": attachments(held, "signature").first() if held else None, "form": form},
        status=400 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def groups(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    demand(actor, DRAFT)
    unit = drafting_unit(actor)
    choices = addressees(actor, unit)
    flat = [row for _head, rows in choices for row in rows]
    form = GroupForm(request.POST or None, receivers=flat)
    edited = (
        saved_groups(actor).filter(pk=request.GET.get("group") or 0).first()
        if request.GET.get("group", "").isdecimal()
        else None
    )
    if edited and request.method == "GET":
        form = GroupForm(initial={"name": edited.name, "members": edited.members}, receivers=flat)
    if request.method == "POST" and form.is_valid():
        members = [] if "remove" in request.POST else form.cleaned_data["members"]
        save_addressees(actor=actor, unit=unit, name=form.cleaned_data["name"], members=members)
        messages.success(request, _("ลบกลุ่มผู้รับแล้ว") if not members else _("บันทึกกลุ่มผู้รับแล้ว ใช้ได้ในหนังสือฉบับต่อไป"))
        return redirect("letters:groups")
    return render(
        request,
        "letters/groups.html",
        {
            "unit": unit,
            "groups": choices,
            "saved": list(saved_groups(actor)),
            "form": form,
            "edited": edited,
            "chosen": set(edited.members) if edited else set(),
        },
        status=400 if form.errors else 200,
    )


@require_GET
def statistics_page(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    demand(actor, REGISTERS)
    unit = the_unit(actor, request.GET.get("unit"))
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdecimal() and len(wanted) == 4 else this_year()
    return render(
        request,
        "letters/statistics.html",
        {
            "unit": unit,
            "units": list(register_units(actor)[:60]),
            "year": year,
            "years": years(unit),
            **statistics(unit, year),
        },
    )
