"""The year's end: years opened, the dry run by school and class, promote, undo, lock."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from khet.base.lib.thai.calendar import school_year
from khet.base.org.api import demand, fetch, today, visible
from khet.modules.students.actions import lock_year, open_year_end, promote, undo
from khet.modules.students.actions.yearends import decided
from khet.modules.students.choices import RunKind
from khet.modules.students.forms import YearEndForm
from khet.modules.students.models import Promotion, YearEnd
from khet.modules.students.queries.yearends import Line, doubled, dry_run
from khet.modules.students.rules import CLOSE_YEAR, DECIDE
from khet.modules.students.views.doors import attempt, press, schools_of


@login_required
@never_cache
def years(request: HttpRequest) -> HttpResponse:
    """School years whose end has been opened."""
    actor = request.actor
    demand(actor, DECIDE)
    form = (
        YearEndForm(request.POST or None, initial={"school_year": school_year(today())})
        if actor.has(CLOSE_YEAR)
        else None
    )
    if request.method == "POST":
        demand(actor, CLOSE_YEAR)
        if form.is_valid():
            done, year = attempt(form, lambda: open_year_end(actor=actor, **form.cleaned_data))
            if done:
                messages.success(request, _("เปิดสิ้นปีการศึกษา %(year)d แล้ว") % {"year": year.pk})
                return redirect("students:year", year.pk)
    context = {"years": visible(actor, YearEnd.objects.all()), "form": form}
    return render(
        request, "students/years.html", context, status=422 if form is not None and form.errors else 200
    )


@login_required
@never_cache
def year(request: HttpRequest, number: int) -> HttpResponse:
    """What promotion will make of a year, and the buttons that do it."""
    actor = request.actor
    demand(actor, DECIDE)
    found = fetch(actor, YearEnd.objects.all(), pk=number)
    if request.method == "POST":
        return _act(request, found)
    schools = schools_of(actor, DECIDE)
    names = {school.pk: school.name for school in schools}
    everywhere = actor.scope(DECIDE).everywhere
    lines = dry_run(number, decided(number, None if everywhere else list(names)), names)
    runs = list(
        visible(actor, Promotion.objects.filter(school_year=number, kind=RunKind.YEAR)).select_related(
            "school"
        )
    )
    active = {run.school_id for run in runs if run.undone_at is None}
    for line in lines:
        line.is_promoted = line.key in active or None in active
    total = Line("", _("รวม"))
    for line in lines:
        for name in ("here", "passed", "repeated", "graduated", "left", "after"):
            setattr(total, name, getattr(total, name) + getattr(line, name))
    context = {
        "year": found, "lines": lines, "total": total, "runs": runs, "everywhere": everywhere,
        "may_lock": actor.has(CLOSE_YEAR), "one": lines[0] if len(lines) == 1 else None,
        "doubled": doubled(number, 2, None if everywhere else names), "waiting": total.here > 0,
    }  # fmt: skip
    return render(request, "students/year.html", context)


def _act(request: HttpRequest, found: YearEnd) -> HttpResponse:
    actor, act = request.actor, request.POST.get("act", "")
    if act == "promote":
        school = None
        if request.POST.get("school"):
            school = schools_of(actor, DECIDE).filter(pk=_number(request.POST["school"])).first()
            if school is None:
                raise Http404
        press(
            request,
            lambda: promote(actor=actor, year_end=found, school=school),
            lambda run: (
                _("เลื่อนชั้นแล้ว นักเรียนปีการศึกษา %(year)d จำนวน %(n)d คน")
                % {
                    "year": found.pk + 1,
                    "n": run.counts["made"],
                }
            ),
        )
    elif act == "undo":
        run = fetch(actor, Promotion.objects.filter(year_end=found), pk=_number(request.POST.get("run", "")))
        press(
            request,
            lambda: undo(actor=actor, run=run, reason=request.POST.get("reason", "")),
            lambda _run: _("ย้อนกลับการเลื่อนชั้นแล้ว"),
        )
    elif act == "lock":
        press(
            request,
            lambda: lock_year(actor=actor, year_end=found),
            lambda _year: _("ล็อกปีการศึกษา %(year)d แล้ว") % {"year": found.pk},
        )
    else:
        raise Http404
    return redirect("students:year", found.pk)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
