"""The front page of correspondence and the lists of what is written and what is out."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from khet.base.org.api import demand
from khet.modules.letters.choices import RegisterKind
from khet.modules.letters.numbers import this_year
from khet.modules.letters.queries.letters import OF_THE_LETTER, drafts, progress, sent, waiting
from khet.modules.letters.queries.registers import choose_unit, counts, register_units
from khet.modules.letters.rules import DRAFT, RECEIVE, VIEW


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What to receive, what is being written, what is out, and the registers."""
    actor = request.actor
    demand(actor, VIEW)
    units = list(register_units(actor)[:60])
    unit = choose_unit(actor, units, None) if units else None
    scope = actor.scope(RECEIVE)
    receiving = [unit] if unit is not None and scope.covers(unit) and not scope.everywhere else []
    incoming, waits = [], 0
    if receiving:
        rows = waiting([unit.pk for unit in receiving])
        incoming = list(
            rows.select_related("letter").defer(*OF_THE_LETTER).annotate(waits=Window(Count("pk")))[:6]
        )
        waits = incoming[0].waits if incoming else 0
    out = sent(actor, size=6).rows
    reached = progress(out)
    registers = []
    if unit is not None:
        last = counts(unit, this_year())
        registers = [
            (kind, last.get((kind.value, False), 0))
            for kind in RegisterKind
            if last.get((kind.value, False), 0)
        ] or [(RegisterKind.RECEIVE, 0)]
    return render(
        request,
        "letters/home.html",
        {
            "receiving": receiving[0] if receiving else None,
            "incoming": incoming,
            "waits": waits,
            "drafts": list(drafts(actor)[:6]) if actor.has(DRAFT) else [],
            "sent": out,
            "reached": reached,
            "register_unit": unit,
            "registers": registers,
            "year": this_year(),
        },
    )


@require_GET
def draft_list(request: HttpRequest) -> HttpResponse:
    demand(request.actor, DRAFT)
    page = Paginator(drafts(request.actor), 50).get_page(request.GET.get("page"))
    return render(request, "letters/drafts.html", {"page": page})


@require_GET
def sent_list(request: HttpRequest) -> HttpResponse:
    demand(request.actor, VIEW)
    page = sent(request.actor, request.GET.get("page", ""))
    return render(request, "letters/sent.html", {"page": page, "reached": progress(page.rows)})
