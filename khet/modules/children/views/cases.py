"""Tracing: the board, a visit on a telephone, the end of a case, a note behind its lock."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khet.base.journal.api import label as journal_label
from khet.base.lib.errors import NotFound
from khet.base.org.api import Actor, demand, fetch, visible
from khet.base.privacy.api import Subject, Via, record_reading, typed_reason
from khet.base.ui.forms import carried_out
from khet.modules.children import actions
from khet.modules.children.choices import TRACE_STATES, Cause
from khet.modules.children.forms import CloseForm, ReasonForm, VisitForm
from khet.modules.children.models import Case
from khet.modules.children.queries.cases import board_of, with_subjects
from khet.modules.children.queries.children import now_year
from khet.modules.children.rules import TRACE, VIEW


def _case(request: HttpRequest, pk: int, capability: str | None = None) -> Case:
    return fetch(request.actor, with_subjects(), capability, pk=pk)


@login_required
@require_GET
@never_cache
def tracing(request: HttpRequest) -> HttpResponse:
    """Open cases by what falls due first; the office sees all schools, a school its own."""
    actor: Actor = request.actor
    demand(actor, VIEW)
    cases = visible(actor, Case.objects.all())
    chosen = cases
    state, cause, school = (request.GET.get(name, "")[:20] for name in ("state", "cause", "school"))
    if state in TRACE_STATES:
        chosen = chosen.filter(state=state)
    if cause in Cause.values:
        chosen = chosen.filter(cause=cause)
    if school.isdecimal():
        chosen = chosen.filter(school=int(school))
    board = board_of(cases, chosen, now_year())
    names = {str(pk): name for pk, name, _n, _late in board.schools if pk}
    filters = [
        words
        for words in (
            TRACE_STATES.label(state) if state in TRACE_STATES else "",
            Cause(cause).label if cause in Cause.values else "",
            names.get(school, ""),
        )
        if words
    ]
    return render(
        request,
        "children/tracing.html",
        {
            "board": board, "state": state, "cause": cause, "school": school, "causes": Cause.choices, "filters": filters,
            "everywhere": actor.scope(VIEW).everywhere, "may_trace": actor.has(TRACE), "year": now_year(),
        },
    )  # fmt: skip


@login_required
@never_cache
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form at the child's door; what was found last stands beside it."""
    case = _case(request, pk, TRACE)
    form = VisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        run = partial(actions.visit, actor=request.actor, case=case, **form.cleaned_data)
        if carried_out(form, run):
            messages.success(request, _("บันทึกการติดตามแล้ว"))
            return redirect("register:detail", "cases", pk)
    return render(
        request, "children/visit.html", {"form": form, "case": case}, status=422 if form.errors else 200
    )


@login_required
@never_cache
def close(request: HttpRequest, pk: int) -> HttpResponse:
    case = _case(request, pk, TRACE)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        run = partial(actions.close_case, actor=request.actor, case=case, **form.cleaned_data)
        if carried_out(form, run):
            messages.success(request, _("ปิดเรื่องแล้ว"))
            return redirect("register:detail", "cases", pk)
    return _one(request, form, case, _("ปิดเรื่องติดตาม"), _("ปิดเรื่อง"))


@login_required
@never_cache
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    case = _case(request, pk, TRACE)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        run = partial(actions.reopen_case, actor=request.actor, case=case, **form.cleaned_data)
        if carried_out(form, run):
            messages.success(request, _("เปิดเรื่องอีกครั้งแล้ว"))
            return redirect("register:detail", "cases", pk)
    return _one(request, form, case, _("เปิดเรื่องติดตามอีกครั้ง"), _("เปิดเรื่อง"))


@login_required
@never_cache
def note(request: HttpRequest, pk: int, visit: int) -> HttpResponse:
    """What a visit found at the child's home, for a typed reason; the reading is recorded."""
    case = _case(request, pk, TRACE)
    found = case.visits.filter(pk=visit).first()
    if found is None:
        raise NotFound(_("ไม่พบการติดตามนี้"), code="not_found")
    form = ReasonForm(request.POST or None)
    opened = False
    if request.method == "POST" and form.is_valid():

        def read() -> None:
            reason = typed_reason(form.cleaned_data["reason"])
            who = case.child or case.pupil
            subject = Subject(journal_label(who), case.name, case.school.unit_id if case.school else None)
            record_reading(
                actor=request.actor, what=["welfare", "family"], subject=subject, via=Via.CELL, reason=reason
            )

        opened = carried_out(form, read)
    return render(
        request,
        "children/note.html",
        {"form": form, "case": case, "visit": found, "opened": opened},
        status=422 if form.errors else 200,
    )


def _one(request: HttpRequest, form: object, case: Case, title: str, button: str) -> HttpResponse:
    return render(
        request,
        "children/one_form.html",
        {"form": form, "case": case, "title": title, "button": button},
        status=422 if form.errors else 200,
    )
