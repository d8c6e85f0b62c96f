"""Beginning a school year's facts: for one school, or for all that have none yet."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from khet.base.lib.thai.calendar import school_year
from khet.base.org.api import demand, fetch, today, visible
from khet.modules.schools.actions.emis import start_emis, start_emis_year
from khet.modules.schools.models import School
from khet.modules.schools.queries import own_schools
from khet.modules.schools.rules import EMIS


@login_required
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """This year's facts of a school, begun with last year's; then the form."""
    school = fetch(request.actor, School.objects.select_related("unit"), EMIS, pk=pk)
    emis = start_emis(actor=request.actor, school=school)
    return redirect("register:edit", "emis", emis.pk)


@login_required
@never_cache
def year(request: HttpRequest) -> HttpResponse:
    """Which schools have no facts of this year, and one press to begin them."""
    demand(request.actor, EMIS)
    this_year = school_year(today())
    if request.method == "POST":
        begun = start_emis_year(actor=request.actor)
        messages.success(request, _("เริ่มข้อมูลของ %(n)d โรงเรียนแล้ว") % {"n": begun})
        return redirect("register:list", "emis")
    absent = (
        visible(request.actor, own_schools(), EMIS).exclude(emis__school_year=this_year).order_by("sort_name")
    )
    return render(
        request, "schools/emis_year.html", {"year": this_year, "absent": list(absent.only("pk", "name"))}
    )
