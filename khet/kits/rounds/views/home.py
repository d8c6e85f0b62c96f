"""Ways in: my duties, the calendar of a school year, planning and opening."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.calendar import school_year
from khet.base.org.api import demand, fetch, visible
from khet.base.ui.forms import refuse_on
from khet.kits.rounds.actions import change_round, open_round, plan_year
from khet.kits.rounds.choices import RoundState
from khet.kits.rounds.forms import RoundForm, YearForm
from khet.kits.rounds.models import Round
from khet.kits.rounds.queries.duties import duties, open_rounds, own_returns
from khet.kits.rounds.queries.periods import available, sheet_in
from khet.kits.rounds.queries.years import of_year, years
from khet.kits.rounds.rules import CERTIFY, CONFIRM, MANAGE, VIEW, VIEW_ALL


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The board of the round that is due first for the office; a school's duties for a school."""
    actor = request.actor
    demand(actor, VIEW)
    if actor.has(VIEW_ALL):
        first = (
            open_rounds(actor).first()
            or visible(actor, Round.objects.exclude(state=RoundState.PLANNED)).first()
        )
        return redirect("rounds:board", first.pk) if first else redirect("rounds:calendar")
    return redirect("rounds:mine")


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My duties: what waits for me first, then every sheet of my unit in the open rounds."""
    actor = request.actor
    demand(actor, VIEW)
    todo = duties(actor)
    rounds: dict[int, dict] = {}
    if actor.has(CONFIRM) or actor.has(CERTIFY):
        for handed in own_returns(actor):
            box = rounds.setdefault(handed.round_id, {"round": handed.round, "rows": [], "done": 0})
            sheet = sheet_in(box["round"], handed.sheet)
            handed.round = box["round"]
            handed.title = sheet.title if sheet else handed.sheet
            box["rows"].append(handed)
            box["done"] += handed.state in ("certified", "verified", "closed", "exempt")
    closed = visible(actor, Round.objects.filter(state=RoundState.CLOSED))[:4]
    return render(
        request,
        "rounds/mine.html",
        {"duties": todo, "rounds": list(rounds.values()), "closed": closed, "now": timezone.now()},
    )


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The rounds of a school year in the order of their days, with how far each has come."""
    actor = request.actor
    demand(actor, VIEW)
    this = school_year(timezone.localdate())
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else this
    known = sorted({*years(), this, this + 1} if actor.has(MANAGE) else {*years(), this}, reverse=True)
    return render(
        request,
        "rounds/calendar.html",
        {
            "year": year,
            "years": known,
            "rounds": of_year(actor, year),
            "may_manage": actor.has(MANAGE),
            "may_see_board": actor.has(VIEW_ALL),
            "next_year": year + 1,
            "today": timezone.localdate(),
        },
    )


@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    demand(request.actor, MANAGE)
    form = YearForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("ใส่ปีการศึกษาเป็น พ.ศ. สี่หลัก เช่น 2569"), code="rounds.year", field="school_year")
    made = plan_year(actor=request.actor, school_year=form.cleaned_data["school_year"])
    messages.success(request, _("วางปฏิทินแล้ว %(n)d รอบ ตรวจวันก่อนเปิด") % {"n": len(made)})
    return redirect(f"/rounds/calendar/?year={form.cleaned_data['school_year']}")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Days, hour due and sheets of a round; an open one lets only the days ahead change."""
    actor = request.actor
    round_ = fetch(actor, Round.objects.all(), MANAGE, pk=pk)
    sheets = [(one.code, one.title) for one in available(round_.kind)]
    form = RoundForm(request.POST or None, round_=round_, sheets=sheets)
    if request.method == "POST" and form.is_valid():
        try:
            change_round(actor=actor, round=round_, **form.values())
        except Refusal as why:
            refuse_on(form, why)
        else:
            messages.success(request, _("บันทึกกำหนดการแล้ว"))
            return redirect(f"/rounds/calendar/?year={round_.school_year}")
    return render(
        request, "rounds/edit.html", {"round": round_, "form": form}, status=422 if form.errors else 200
    )


@require_POST
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    round_ = fetch(request.actor, Round.objects.all(), MANAGE, pk=pk)
    made = open_round(actor=request.actor, round=round_)
    messages.success(
        request, _("เปิด%(round)s แล้ว %(n)d ชุด แจ้งโรงเรียนแล้ว") % {"round": round_.title, "n": made}
    )
    return redirect("rounds:board", pk)
