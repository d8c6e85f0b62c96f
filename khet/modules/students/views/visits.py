"""Proof of existence: drawings, one drawing with its schools, the visitor's page on a phone, the sheets to carry."""

from __future__ import annotations

import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from khet.base.lib.errors import NotFound
from khet.base.org.api import demand, fetch
from khet.kits.rounds.api import open_rounds_with
from khet.modules.schools.api import School
from khet.modules.students.actions import draw_lots, record_visit
from khet.modules.students.actions.visits import SHEET
from khet.modules.students.choices import AbsentReason, VisitResult
from khet.modules.students.forms import DrawForm, VisitForm
from khet.modules.students.models import Draw, Enrolment, Visit
from khet.modules.students.papers import visit_sheet
from khet.modules.students.queries import visits as reads
from khet.modules.students.rules import DRAW, VISIT
from khet.modules.students.views.doors import attempt, press


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def draws(request: HttpRequest) -> HttpResponse:
    """Every drawing with how far its visits have come, and the form for the next."""
    actor = request.actor
    demand(actor, VISIT)
    form = None
    if request.method == "POST":
        demand(actor, DRAW)
    if actor.has(DRAW):
        form = DrawForm(request.POST or None, rounds=open_rounds_with(SHEET))
        if request.method == "POST" and form.is_valid():
            done, made = attempt(form, lambda: draw_lots(actor=actor, **form.cleaned_data))
            if done:
                messages.success(
                    request, _("สุ่มแล้ว %(n)d คน จาก %(all)d คน") % {"n": made.drawn, "all": made.population}
                )
                return redirect("students:draw", made.pk)
    context = {"draws": list(reads.draws(actor)[:60]), "form": form}
    return render(request, "students/draws.html", context, status=422 if form and form.errors else 200)


def _draw(request: HttpRequest, pk: int) -> Draw:
    return fetch(request.actor, Draw.objects.select_related("round"), pk=pk)


@login_required
@require_GET
@never_cache
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """One drawing: what was found in the whole, school by school, who was not found, and that the lots are as drawn."""
    found = _draw(request, pk)
    missing = (
        reads.visits(request.actor, found)
        .filter(result=VisitResult.NOT_FOUND)
        .order_by("school__sort_name", "place")
    )
    context = {
        "draw": found,
        "summary": reads.summary(request.actor, found),
        "missing": list(missing[:100]),
        "is_repeated": reads.is_repeated(found) if "again" in request.GET else None,
    }
    return render(request, "students/draw.html", context)


def _school(request: HttpRequest, draw: int, school: int) -> tuple[Draw, School, list[Visit]]:
    found = _draw(request, draw)
    rows = list(
        with_number(reads.visits(request.actor, found).filter(school=school), found).order_by("place")
    )
    if not rows:
        raise NotFound(_("โรงเรียนนี้ไม่ได้อยู่ในการสุ่มครั้งนี้"), code="not_found")
    return found, rows[0].school, rows


def with_number(rows: QuerySet[Visit], found: Draw) -> QuerySet[Visit]:
    """The student number at the school, for the sheet."""
    here = Enrolment.objects.filter(
        pupil=OuterRef("pupil"), school=OuterRef("school"), school_year=found.school_year, term=found.term
    )
    return rows.annotate(student_no=Subquery(here.values("student_no")[:1]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def school(request: HttpRequest, draw: int, school: int) -> HttpResponse:
    """The visitor's page: each pupil with three buttons. One press writes one result and comes back to the next pupil."""
    actor = request.actor
    found, here, rows = _school(request, draw, school)
    if request.method == "POST":
        wanted = request.POST.get("visit", "")
        visit = next((one for one in rows if str(one.pk) == wanted), None)
        if visit is None:
            raise NotFound(_("นักเรียนคนนี้ไม่ได้อยู่ในการสุ่มของโรงเรียนนี้"), code="not_found")
        form = VisitForm(request.POST)
        if form.is_valid():
            press(
                request,
                lambda: record_visit(actor=actor, visit=visit, **form.cleaned_data),
                lambda done: f"{done.pupil.full_name}: {done.get_result_display()}",
            )
        else:
            messages.error(request, _("เลือกว่าพบ ไม่มา หรือไม่พบ"))
        after = next((one for one in rows if one.place > visit.place and not one.result), visit)
        return redirect(f"{request.path}#v{after.pk}")
    context = {
        "draw": found,
        "school": here,
        "rows": rows,
        "done": sum(bool(one.result) for one in rows),
        "reasons": AbsentReason.choices,
    }
    return render(request, "students/visit.html", context)


def _pdf(content: bytes, name: str) -> FileResponse:
    return FileResponse(io.BytesIO(content), filename=name, content_type="application/pdf")


@login_required
@require_GET
@never_cache
def sheet(request: HttpRequest, draw: int, school: int) -> HttpResponse:
    """The sheet of one school, for paper."""
    found, here, rows = _school(request, draw, school)
    return _pdf(visit_sheet(found, here, rows), f"visit-{found.pk}-{here.smis8}.pdf")
