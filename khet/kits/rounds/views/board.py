"""The board of a round and what the office does from it: check, remind, excuse, verify, close, reopen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.calendar import parse_date
from khet.base.org.api import Unit, demand, fetch
from khet.kits.rounds.actions import (
    check_round,
    close,
    excuse,
    exempt,
    remind,
    remind_by_letter,
    reopen,
    unexempt,
    verify,
)
from khet.kits.rounds.bases.reminders import writer_for
from khet.kits.rounds.choices import ReturnState, RoundState
from khet.kits.rounds.models import Census, Return, Round
from khet.kits.rounds.queries.board import board as read_board
from khet.kits.rounds.rules import CENSUS, MANAGE, REMIND, VERIFY, VIEW_ALL

SHOWN = 6
STATES = set(ReturnState.values)


def _numbers(values: list[str]) -> list[int]:
    return [int(one) for one in values if one.isdecimal() and len(one) < 19]


def the_round(request: HttpRequest, pk: int, capability: str | None = None) -> Round:
    demand(request.actor, VIEW_ALL)
    return fetch(request.actor, Round.objects.all(), capability, pk=pk)


def _address(request: HttpRequest, **changes: Any) -> str:
    """This page's address with some query parameters changed."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == []:
            query.pop(name, None)
        elif isinstance(value, list):
            query.setlist(name, [str(one) for one in value])
        else:
            query[name] = value
    return f"{request.path}?{query.urlencode()}"


@require_GET
def board(request: HttpRequest, pk: int) -> HttpResponse:
    actor = request.actor
    round_ = the_round(request, pk)
    if round_.state == RoundState.PLANNED:
        return redirect(f"/rounds/calendar/?year={round_.school_year}")
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    network = _numbers([request.GET.get("network", "")])
    opened = _numbers(request.GET.getlist("open"))
    found = read_board(round_, opened=opened, network=network[0] if network else None, state=state)
    whole = "chase" in request.GET
    strip = found.strip()
    for one in strip:
        one["current"] = one["state"] == state
        one["kind"] = "late" if one["state"] == ReturnState.RETURNED else ""
        one["href"] = _address(request, state=None if one["current"] else one["state"], open=None)
    for row in found.networks:
        row.toggle = _address(
            request, open=[*(pk for pk in opened if pk != row.pk), *([] if row.is_open else [row.pk])]
        )
    context: dict[str, Any] = {
        "round": round_,
        "board": found,
        "strip": strip,
        "state": state,
        "network": network[0] if network else None,
        "opened": opened,
        "chase": found.chase if whole else found.chase[:SHOWN],
        "hidden": [] if whole else found.chase[SHOWN:],
        "hidden_chosen": [row.unit.pk for row in found.chase[SHOWN:] if not whole and not row.is_excused],
        "may_remind": actor.has(REMIND) and round_.is_open,
        "may_write": writer_for(actor) is not None and actor.has(REMIND) and round_.is_open,
        "may_verify": actor.has(VERIFY) and round_.is_open,
        "may_manage": actor.has(MANAGE),
        "may_census": actor.has(CENSUS),
        "last": found.reminders[-1] if found.reminders else None,
        "is_late": round_.due_at < timezone.now(),
    }
    if request.htmx and request.htmx.target == "round-board":
        return render(request, "rounds/parts/board.html", context)
    if round_.state == RoundState.CLOSED and actor.has(CENSUS):
        context["censuses"] = list(Census.objects.filter(round=round_).select_related("made_by"))
    return render(request, "rounds/board.html", context)


@require_GET
def print_board(request: HttpRequest, pk: int) -> HttpResponse:
    """Every school with every sheet, for paper."""
    round_ = the_round(request, pk)
    return render(
        request, "rounds/print.html", {"round": round_, "board": read_board(round_), "now": timezone.now()}
    )


@require_POST
def check_all(request: HttpRequest, pk: int) -> HttpResponse:
    round_ = the_round(request, pk, VERIFY)
    if not round_.is_open:
        raise Refusal(_("%(round)s ไม่ได้เปิดอยู่") % {"round": round_.title}, code="rounds.not_open")
    found, changed, vanished = check_round(actor=request.actor, round=round_)
    messages.success(
        request,
        _("ตรวจทั้งเขตแล้ว พบ %(n)d รายการ ใหม่หรือเปลี่ยน %(new)d แก้แล้ว %(gone)d")
        % {"n": found, "new": changed, "gone": vanished},
    )
    return redirect("rounds:findings", pk)


@require_POST
def remind_units(request: HttpRequest, pk: int) -> HttpResponse:
    round_ = the_round(request, pk, REMIND)
    number = _numbers([request.POST.get("number", "")])
    done = remind(
        actor=request.actor,
        round=round_,
        units=_numbers(request.POST.getlist("unit")) or None,
        number=number[0] if number else 0,
    )
    messages.success(
        request,
        _("เตือน %(n)d โรงเรียนแล้ว เป็นครั้งที่ %(number)d") % {"n": len(done.unit_ids), "number": done.number},
    )
    return redirect("rounds:board", pk)


@require_POST
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the official letter to those chosen, and go on writing it."""
    round_ = the_round(request, pk, REMIND)
    number = _numbers([request.POST.get("number", "")])
    url = remind_by_letter(
        actor=request.actor,
        round=round_,
        units=_numbers(request.POST.getlist("unit")) or None,
        number=number[0] if number else 0,
    )
    messages.success(request, _("ร่างหนังสือแล้ว อ่านทวนก่อนเสนอ ส่งเมื่อลงนาม"))
    return redirect(url)


def _unit(request: HttpRequest) -> Unit:
    wanted = _numbers([request.POST.get("unit", "")])
    return fetch(request.actor, Unit.objects.all(), pk=wanted[0] if wanted else 0)


@require_POST
def excuse_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Excuse for some days, say that nothing is owed, or take either back."""
    round_ = the_round(request, pk, REMIND)
    unit = _unit(request)
    actor, reason = request.actor, request.POST.get("reason", "")
    act = request.POST.get("act", "excuse")
    if act == "exempt":
        exempt(actor=actor, round=round_, unit=unit, reason=reason)
        messages.success(request, _("%(unit)s ไม่ต้องตอบรอบนี้") % {"unit": unit.short_name})
    elif act == "back":
        excuse(actor=actor, round=round_, unit=unit, until=None)
        unexempt(actor=actor, round=round_, unit=unit)
        messages.success(request, _("เลิกผ่อนผัน %(unit)s แล้ว") % {"unit": unit.short_name})
    else:
        until = parse_date(request.POST.get("until", ""), field="until")
        excuse(actor=actor, round=round_, unit=unit, until=until, reason=reason)
        messages.success(request, _("ผ่อนผัน %(unit)s แล้ว") % {"unit": unit.short_name})
    return redirect("rounds:board", pk)


@require_POST
def verify_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Verify the chosen certified sheets, or all of them; what changed since is left."""
    round_ = the_round(request, pk, VERIFY)
    chosen = _numbers(request.POST.getlist("handed"))
    if not chosen:
        chosen = list(
            Return.objects.filter(round=round_, state=ReturnState.CERTIFIED).values_list("pk", flat=True)
        )
    done = verify(actor=request.actor, round=round_, returns=chosen)
    messages.success(request, _("ตรวจรับ %(n)d ชุดแล้ว") % {"n": done})
    return redirect("rounds:board", pk)


@require_POST
def close_one(request: HttpRequest, pk: int) -> HttpResponse:
    round_ = the_round(request, pk, MANAGE)
    census = close(actor=request.actor, round=round_)
    rows = sum(table["rows"] for table in census.manifest["tables"])
    messages.success(
        request, _("ปิด%(round)s แล้ว ตรึงข้อมูล %(n)s แถว") % {"round": round_.title, "n": f"{rows:,}"}
    )
    return redirect("rounds:board", pk)


@require_POST
def reopen_one(request: HttpRequest, pk: int) -> HttpResponse:
    round_ = the_round(request, pk, MANAGE)
    reopen(actor=request.actor, round=round_, reason=request.POST.get("reason", ""))
    messages.success(request, _("เปิด%(round)s ใหม่แล้ว ข้อมูลที่ตรึงไว้เดิมยังอยู่") % {"round": round_.title})
    return redirect("rounds:board", pk)
