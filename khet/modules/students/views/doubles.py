"""Pupils on several rolls: the list with its counts, and the page where their schools and the area settle one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khet.base.lib.errors import NotFound
from khet.base.org.api import demand, fetch, today, visible
from khet.kits.files.api import attachments
from khet.modules.students.actions import claim, open_double, open_doubles, settle_double
from khet.modules.students.choices import DoubleState
from khet.modules.students.forms import ClaimForm, SettleForm
from khet.modules.students.models import Double, Pupil
from khet.modules.students.queries import doubles as reads
from khet.modules.students.queries import with_class
from khet.modules.students.rules import CLAIM, DOUBLES, SETTLE, VIEW
from khet.modules.students.views.doors import attempt, press

PER_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def doubles(request: HttpRequest) -> HttpResponse:
    """Every case the reader may see, by state with counts; the area looks for new ones by a press."""
    actor = request.actor
    demand(actor, DOUBLES)
    if request.method == "POST":
        demand(actor, SETTLE)
        press(
            request,
            lambda: open_doubles(actor=actor),
            lambda done: (
                _("ตรวจแล้ว พบเรื่องใหม่ %(n)d เรื่อง หมดไปเอง %(gone)d เรื่อง") % {"n": done[0], "gone": done[1]}
            ),
        )
        return redirect("students:doubles")
    every = reads.doubles(actor)
    conditions = reads.views(actor)
    if not (actor.has(CLAIM) or actor.has(SETTLE)):
        del conditions["mine"]
    counted = reads.counts(every, conditions)
    show = request.GET.get("show", "")
    if show not in conditions:
        show = "mine" if counted.get("mine") else "waiting"
    rows = every.filter(conditions[show])
    rows = (
        rows.order_by("due_on", "pk")
        if show not in ("settled", "gone")
        else rows.order_by(F("closed_at").desc(), "-pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    claims = reads.latest_claims(page.object_list)
    for row in page.object_list:
        said = claims.get(row.pk, {})
        row.told = [(roll.school, said.get(roll.school_id)) for roll in row.rolls.all()]
        row.is_late = row.state == DoubleState.OPEN and row.due_on < today()
    words = {
        "mine": _("รอคุณ"), "waiting": _("ยังไม่เสร็จ"), "late": _("เลยกำหนด"), "disputed": _("รอเขตชี้ขาด"), "settled": _("เสร็จแล้ว"),
        "gone": _("ไม่ซ้ำแล้ว"),
    }  # fmt: skip
    context = {
        "page": page,
        "show": show,
        "views": [(code, words[code], counted[code]) for code in conditions],
        "everywhere": actor.scope(DOUBLES).everywhere,
        "may_settle": actor.has(SETTLE),
        "may_open_pupils": actor.has(VIEW),
    }
    return render(request, "students/doubles.html", context)


def _fetch(request: HttpRequest, pk: int, capability: str | None = None) -> Double:
    rows = Double.objects.select_related("pupil", "keeper")
    return fetch(request.actor, rows, capability, pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def double(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: all its schools side by side with what they say; a school's own word; the area's one decision."""
    actor = request.actor
    found = _fetch(request, pk)
    both = reads.sides(actor, found)
    act = request.POST.get("act", "")
    forms: dict[int, ClaimForm] = {}
    for side in both:
        if side.may_claim:
            mine = act == "claim" and request.POST.get("school") == str(side.school.pk)
            given = (request.POST, request.FILES) if mine else ()
            forms[side.school.pk] = side.form = ClaimForm(
                *given, initial=_said(side), prefix=None if len(forms) == 0 else f"s{side.school.pk}"
            )
    may_settle = found.is_waiting and actor.has(SETTLE)
    is_due = found.state == DoubleState.DISPUTED or found.due_on < today()
    settle = None
    if may_settle and is_due:
        given = (request.POST, request.FILES) if act == "settle" else ()
        settle = SettleForm(
            *given, schools=[side.school for side in both if side.is_present], initial=_day(both)
        )
    if request.method == "POST":
        done = _posted(request, found, both, forms, settle, act)
        if done is not None:
            return done
    wrong = any(form.errors for form in forms.values()) or bool(settle and settle.errors)
    number = visible(actor, with_class(), VIEW).filter(pk=found.pupil_id).first()
    context = {
        "double": found,
        "sides": both,
        "settle": settle,
        "may_settle": may_settle,
        "is_due": is_due,
        "is_late": found.is_waiting and found.due_on < today(),
        "pupil": number,
        "decision_files": list(attachments(found)) if found.state == DoubleState.DECIDED else [],
        "everywhere": actor.scope(DOUBLES).everywhere,
    }
    return render(request, "students/double.html", context, status=422 if wrong else 200)


def _said(side: reads.Side) -> dict[str, Any]:
    return {"kind": side.claim.kind, "left_on": side.claim.left_on} if side.claim else {}


def _day(both: list[reads.Side]) -> dict[str, Any]:
    """A day that one of the schools has given, else the latest day of entry: the pupil was there from then on. Of three and
    more each has the day it gave itself, and the common day is the latest entry: no school can have let go before it."""
    given = {side.school.pk: side.claim.left_on for side in both if side.claim and side.claim.left_on}
    days = list(given.values())
    entered = [side.enrolment.entered_on for side in both if side.enrolment and side.enrolment.entered_on]
    latest = max(entered, default=None)
    if len(both) > 2:
        return {"left_on": latest, **{f"left_on_{pk}": day for pk, day in given.items()}}
    return {"left_on": days[0] if days else latest}


def _posted(
    request: HttpRequest,
    found: Double,
    both: list[reads.Side],
    forms: dict[int, ClaimForm],
    settle: SettleForm | None,
    act: str,
) -> HttpResponse | None:
    """Carry out what was sent: None when the form has to be shown again."""
    actor = request.actor
    if act == "claim":
        wanted = request.POST.get("school", "")
        side = next((one for one in both if str(one.school.pk) == wanted), None)
        if side is None:
            raise NotFound(_("ไม่พบโรงเรียนนี้ในเรื่องนี้"), code="not_found")
        demand(actor, CLAIM, side.school.unit)
        form = forms.get(side.school.pk)
        if form is None:
            messages.error(request, _("เรื่องนี้เสร็จแล้ว: %(state)s") % {"state": found.get_state_display()})
            return redirect("students:double", found.pk)
        if form.is_valid():
            values = form.cleaned_data
            evidence = values.pop("evidence")
            done, after = attempt(
                form,
                lambda: claim(
                    actor=actor,
                    double=found,
                    school=side.school,
                    uploads=[evidence] if evidence else [],
                    **values,
                ),
            )
            if done:
                messages.success(request, _after(after, side))
                return redirect("students:double", found.pk)
        return None
    demand(actor, SETTLE, found)
    if settle is None:
        # Told by the verb, in its own words: too early, or settled already.
        press(
            request,
            lambda: settle_double(actor=actor, double=found, keeper=0, left_on=None, reason=""),
            lambda _done: "",
        )
        return redirect("students:double", found.pk)
    if settle.is_valid():
        values = settle.cleaned_data
        done, after = attempt(
            settle,
            lambda: settle_double(
                actor=actor,
                double=found,
                keeper=values["keeper"].pk,
                left_on=values["left_on"],
                reason=values["reason"],
                days=settle.days(),
                uploads=[values["evidence"]] if values["evidence"] else [],
            ),
        )
        if done:
            messages.success(
                request,
                _("ชี้ขาดแล้ว เรียนอยู่ที่%(school)s แจ้งทุกโรงเรียนแล้ว") % {"school": after.keeper.full_name},
            )
            return redirect("students:double", found.pk)
    return None


def _after(double: Double, side: reads.Side) -> str:
    if double.state == DoubleState.AGREED:
        return _("ตกลงกันแล้ว เรียนอยู่ที่%(school)s") % {"school": double.keeper.full_name}
    if double.state == DoubleState.DISPUTED:
        return _("บันทึกแล้ว โรงเรียนแจ้งไม่ตรงกัน เขตจะชี้ขาด")
    return _("บันทึกแล้ว รอโรงเรียนอื่นแจ้ง")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def double_of(request: HttpRequest, pk: int) -> HttpResponse:
    """From a finding to the case of its pupil; where there is none yet, one press opens it."""
    actor = request.actor
    demand(actor, DOUBLES)
    pupil = fetch(actor, Pupil.objects.all(), pk=pk)
    if request.method == "POST":
        return redirect("students:double", open_double(actor=actor, pupil=pupil).pk)
    known = reads.doubles(actor).filter(pupil=pupil).order_by("-pk")
    found = known.filter(state__in=["open", "disputed"]).first()
    if found is not None:
        return redirect("students:double", found.pk)
    rows = list(
        pupil.enrolments.filter(state="studying")
        .select_related("school")
        .order_by("-school_year", "-term", "entered_on")
    )
    here = [row for row in rows if (row.school_year, row.term) == (rows[0].school_year, rows[0].term)]
    last = known.first()
    if len(here) < 2 and last is not None:
        return redirect("students:double", last.pk)
    return render(
        request,
        "students/double_of.html",
        {
            "pupil": pupil,
            "rows": here,
            "is_double": len(here) > 1,
            "may_open": actor.has(CLAIM) or actor.has(SETTLE),
        },
    )
