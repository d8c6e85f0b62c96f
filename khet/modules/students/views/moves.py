"""Transfers: the list, one transfer with its answer, asking, announcing, receiving from outside."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khet.base.org.api import Actor, can, demand, fetch, visible
from khet.modules.schools.api import own_schools
from khet.modules.students.actions import accept, announce, ask, move_in, move_out, refuse, withdraw
from khet.modules.students.choices import Side, TransferState
from khet.modules.students.forms import AcceptForm, AskForm, MoveForm, ReceiveForm, ReplyForm
from khet.modules.students.models import Enrolment, Transfer
from khet.modules.students.queries import with_class
from khet.modules.students.rules import MOVE
from khet.modules.students.views.doors import attempt, press, schools_of

SHOWN = 100


def _rows(actor: Actor) -> object:
    return visible(actor, Transfer.objects.select_related("pupil", "from_school__unit", "to_school__unit"))


def _may_answer(actor: Actor, transfer: Transfer) -> bool:
    side = transfer.to_school if transfer.waits_for == Side.TO else transfer.from_school
    return transfer.state == TransferState.ASKED and side is not None and can(actor, MOVE, side.unit)


def _may_withdraw(actor: Actor, transfer: Transfer) -> bool:
    side = transfer.from_school if transfer.waits_for == Side.TO else transfer.to_school
    return transfer.state == TransferState.ASKED and side is not None and can(actor, MOVE, side.unit)


@login_required
@require_GET
@never_cache
def transfers(request: HttpRequest) -> HttpResponse:
    """Waiting for me, waiting for others, done."""
    actor = request.actor
    demand(actor, MOVE)
    rows = _rows(actor)
    waiting = list(rows.filter(state=TransferState.ASKED).order_by("asked_at")[:SHOWN])
    mine = [row for row in waiting if _may_answer(actor, row)]
    context = {
        "mine": mine,
        "others": [row for row in waiting if row not in mine],
        "done": rows.exclude(state=TransferState.ASKED).order_by("-decided_at")[:SHOWN],
        "everywhere": actor.scope(MOVE).everywhere,
    }
    return render(request, "students/transfers.html", context)


@login_required
@never_cache
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """One transfer: what is asked, and the answer."""
    actor = request.actor
    found = fetch(
        actor, Transfer.objects.select_related("pupil", "from_school__unit", "to_school__unit"), pk=pk
    )
    may_answer, may_withdraw = _may_answer(actor, found), _may_withdraw(actor, found)
    act = request.POST.get("act", "")
    form = AcceptForm(request.POST if act == "accept" else None, initial={"grade": found.grade, "room": 1})
    reply = ReplyForm(request.POST if act == "refuse" else None)
    if request.method == "POST":
        demand(actor, MOVE)
        if act == "accept" and form.is_valid():
            done, _enrolment = attempt(form, lambda: accept(actor=actor, transfer=found, **form.cleaned_data))
            if done:
                messages.success(
                    request,
                    _("ย้าย%(name)sไป%(school)sแล้ว")
                    % {"name": found.pupil.full_name, "school": found.to_name},
                )
                return redirect("students:transfers")
        elif act == "refuse" and reply.is_valid():
            done, _found = attempt(
                reply, lambda: refuse(actor=actor, transfer=found, reply=reply.cleaned_data["reply"])
            )
            if done:
                messages.success(request, _("แจ้งไม่รับย้ายแล้ว"))
                return redirect("students:transfers")
        elif act == "withdraw":
            press(request, lambda: withdraw(actor=actor, transfer=found), lambda _row: _("ถอนคำขอแล้ว"))
            return redirect("students:transfers")
    here = (
        Enrolment.objects.filter(pupil=found.pupil, school=found.from_school)
        .order_by("-school_year", "-term")
        .first()
    )
    context = {
        "transfer": found, "form": form, "reply": reply, "may_answer": may_answer, "may_withdraw": may_withdraw, "here": here,
        "may_open": visible(actor, with_class()).filter(pk=found.pupil_id).exists(),
    }  # fmt: skip
    return render(
        request, "students/transfer.html", context, status=422 if form.errors or reply.errors else 200
    )


@login_required
@never_cache
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """A pupil goes to another school, of the area or outside."""
    pupil = fetch(request.actor, with_class(), MOVE, pk=pk)
    schools = own_schools().exclude(pk=pupil.school_id).select_related("unit").order_by("sort_name")
    form = MoveForm(request.POST or None, schools=schools)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        common = {
            "actor": request.actor,
            "pupil": pupil,
            "moves_on": values["moves_on"],
            "reason": values["reason"],
        }
        if values["to_school"]:
            done, made = attempt(form, lambda: announce(to_school=values["to_school"], **common))
            words = _("แจ้งย้ายแล้ว รอโรงเรียนปลายทางตอบรับ")
        else:
            place = {name: values[name] for name in ("to_place", "area_code", "area_name")}
            done, made = attempt(form, lambda: move_out(**common, **place))
            words = _("ย้ายออกนอกเขตแล้ว")
        if done:
            messages.success(request, words)
            return redirect("students:transfer", made.pk)
    return render(
        request, "students/move.html", {"pupil": pupil, "form": form}, status=422 if form.errors else 200
    )


@login_required
@never_cache
def ask_page(request: HttpRequest) -> HttpResponse:
    """Ask for a pupil of another school of the area."""
    actor = request.actor
    demand(actor, MOVE)
    schools = schools_of(actor, MOVE)
    only = schools[:2]
    initial = {"school": only[0].pk} if len(only) == 1 else {}
    form = AskForm(request.POST or None, schools=schools, initial=initial)
    if request.method == "POST" and form.is_valid():
        done, made = attempt(form, lambda: ask(actor=actor, **form.cleaned_data))
        if done:
            if isinstance(made, Enrolment):
                messages.success(request, _("รับเข้าเรียนแล้ว นักเรียนไม่ได้อยู่ในทะเบียนของโรงเรียนใด"))
                return redirect("register:detail", "pupils", made.pupil_id)
            messages.success(request, _("ขอรับย้ายแล้ว รอโรงเรียนเดิมตอบรับ"))
            return redirect("students:transfer", made.pk)
    return render(request, "students/ask.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
def receive(request: HttpRequest) -> HttpResponse:
    """Take a pupil from outside the area."""
    actor = request.actor
    demand(actor, MOVE)
    schools = schools_of(actor, MOVE)
    only = schools[:2]
    form = ReceiveForm(
        request.POST or None,
        schools=schools,
        initial={"school": only[0].pk} if len(only) == 1 else {},
    )
    if request.method == "POST" and form.is_valid():
        done, made = attempt(form, lambda: move_in(actor=actor, **form.cleaned_data))
        if done:
            messages.success(request, _("รับย้าย%(name)sแล้ว") % {"name": made.full_name})
            return redirect("register:detail", "pupils", made.pk)
    return render(request, "students/receive.html", {"form": form}, status=422 if form.errors else 200)
