"""The service area of a school: its villages, and adding and taking out, by school year."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from khet.base.lib.errors import NotFound, Refusal
from khet.base.lib.thai.calendar import school_year
from khet.base.org.api import can, demand, fetch, today
from khet.base.ui.forms import carried_out
from khet.modules.schools.actions import serve_villages
from khet.modules.schools.choices import ServiceLevel
from khet.modules.schools.forms import ServiceForm
from khet.modules.schools.models import ServiceVillage, Village
from khet.modules.schools.queries import with_everything
from khet.modules.schools.queries.villages import service_area as villages_of
from khet.modules.schools.queries.villages import villages_without_school
from khet.modules.schools.rules import SERVICE, VIEW


@login_required
@never_cache
def service_area(request: HttpRequest, pk: int) -> HttpResponse:
    """Which villages a school serves in a school year, open like the register of villages; whoever may, adds to them."""
    demand(request.actor, VIEW)
    school = with_everything().filter(pk=pk).first()
    if school is None:
        raise NotFound(_("ไม่พบโรงเรียนนี้"), code="schools.no_school")
    this_year = school_year(today())
    may_change = can(request.actor, SERVICE, school)
    if request.method == "POST":
        demand(request.actor, SERVICE, school)
    try:
        year = int(request.GET.get("year", ""))
    except ValueError:
        year = this_year
    year = min(max(year, 2480), this_year + 1)
    form = None
    if may_change:
        tambons = list(
            Village.objects.order_by("amphoe", "tambon", "tambon_code")
            .values_list("tambon_code", "tambon", "amphoe")
            .distinct()
        )
        form = ServiceForm(
            request.POST or None,
            tambons=[(code, f"{tambon} · {amphoe}") for code, tambon, amphoe in tambons],
            initial={"tambon": school.tambon_code, "since_year": this_year, "level": ServiceLevel.PRIMARY},
        )
        if (
            request.method == "POST"
            and form.is_valid()
            and carried_out(form, lambda: _add(request, school, form))
        ):
            return redirect(reverse("schools:service_area", args=[school.pk]))
    context = {
        "school": school,
        "services": list(villages_of(school, year)),
        "year": year,
        "years": _years(school.pk, this_year, year),
        "form": form,
        "may_open": can(request.actor, VIEW, school),
        "unserved": villages_without_school().count() if may_change else 0,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "schools/service_area.html", context, status=status)


def _add(request: HttpRequest, school: object, form: ServiceForm) -> None:
    values = form.cleaned_data
    villages = list(Village.objects.filter(tambon_code=values["tambon"], moo__in=values["moos"]))
    absent = sorted(set(values["moos"]) - {village.moo for village in villages})
    if absent:
        raise Refusal(
            _("ตำบลนี้ยังไม่มีหมู่ %(moos)s ในทะเบียนหมู่บ้าน เพิ่มหมู่บ้านก่อน")
            % {"moos": ", ".join(str(moo) for moo in absent)},
            code="schools.no_village",
            field="moos",
        )
    changed = serve_villages(
        actor=request.actor,
        school=school,
        villages=villages,
        level=values["level"],
        since_year=values["since_year"],
        reference=values["reference"],
    )
    messages.success(request, _("เพิ่มเข้าเขตพื้นที่บริการ %(n)d หมู่บ้าน") % {"n": changed})


def _years(school: int, this_year: int, year: int) -> list[int]:
    """The years worth a tab: from the first service of the school, at most the last five, and the one shown."""
    first = (
        ServiceVillage.objects.filter(school=school)
        .order_by("since_year")
        .values_list("since_year", flat=True)
        .first()
    )
    low = max(first or this_year, this_year - 4)
    return sorted({*range(low, this_year + 1), year}, reverse=True)


@login_required
@require_POST
def drop_village(request: HttpRequest, pk: int, service: int) -> HttpResponse:
    """From this school year on the village belongs to no school at that level."""
    school = fetch(request.actor, with_everything(), SERVICE, pk=pk)
    held = fetch(
        request.actor,
        ServiceVillage.objects.select_related("village").filter(school=school),
        SERVICE,
        pk=service,
    )
    serve_villages(actor=request.actor, school=None, villages=[held.village], level=held.level)
    messages.success(request, _("นำ%(village)sออกจากเขตพื้นที่บริการแล้ว") % {"village": held.village.full_name})
    return redirect(reverse("schools:service_area", args=[school.pk]))
