"""The trail of sign-ins for the officer who checks it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.validators import validate_ipv46_address
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.calendar import parse_date, thai_datetime
from khet.base.org.api import demand
from khet.base.signin.choices import EventKind, Outcome
from khet.base.signin.models import Event
from khet.base.signin.queries import signs_of_attack
from khet.base.signin.queries import trail as events_of
from khet.base.signin.rules import TRAIL_VIEW

EXPORT_LIMIT = 100_000


def _filters(request: HttpRequest) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """What is asked for, as values and as typed, with a sentence for each field that cannot be read."""
    typed = {
        name: request.GET.get(name, "").strip()[:100]
        for name in ("since", "until", "who", "kind", "outcome", "address")
    }
    wanted: dict[str, Any] = {name: typed[name] for name in ("who", "kind", "outcome")}
    faults = []
    for name in ("since", "until"):
        wanted[name] = None
        if typed[name]:
            try:
                wanted[name] = parse_date(typed[name])
            except Refusal as why:
                faults.append(str(why.sentence))
    wanted["address"] = ""
    if typed["address"]:
        try:
            validate_ipv46_address(typed["address"])
            wanted["address"] = typed["address"]
        except ValidationError:
            faults.append(_("ที่อยู่ %(address)s ไม่ใช่หมายเลข IP เช่น 203.0.113.7") % {"address": typed["address"]})
    return wanted, typed, faults


@never_cache
def trail(request: HttpRequest) -> HttpResponse:
    demand(request.actor, TRAIL_VIEW)
    wanted, typed, faults = _filters(request)
    page = Paginator(events_of(request.actor, **wanted), 50).get_page(request.GET.get("page"))
    return render(
        request,
        "signin/trail.html",
        {
            "page": page,
            "typed": typed,
            "faults": faults,
            "kinds": EventKind.choices,
            "outcomes": Outcome.choices,
            "signs": signs_of_attack(request.actor),
            "filtered": any(typed.values()),
        },
    )


def inert(value: object) -> str:
    """A CSV cell that no spreadsheet program takes for a formula, quoted."""
    text = str(value if value is not None else "").replace("\r", " ").replace("\n", " ")
    if text.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t")):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"'


@never_cache
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered trail as CSV for a spreadsheet program; at most a hundred thousand rows, newest first."""
    demand(request.actor, TRAIL_VIEW)
    wanted, _typed, _faults = _filters(request)
    events = events_of(request.actor, **wanted)[:EXPORT_LIMIT]
    heads = [_("เวลา"), _("เหตุการณ์"), _("ผล"), _("ใคร"), _("ที่อยู่"), _("อุปกรณ์"), _("รายละเอียด")]

    def row(event: Event) -> list[object]:
        when = thai_datetime(timezone.localtime(event.at))
        return [when, event.get_kind_display(), event.get_outcome_display(), event.name or event.typed,
                event.address, event.agent, event.detail]  # fmt: skip

    def lines() -> Any:
        yield "\ufeff" + ",".join(map(inert, heads)) + "\r\n"
        for event in events.iterator(chunk_size=2000):
            yield ",".join(map(inert, row(event))) + "\r\n"

    name = f"trail-{date.today():%Y%m%d}.csv"
    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
