"""Struck ground: the page on which outlines are loaded and taken off, and the press that calls the schools inside."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.calendar import thai_datetime
from khet.base.org.api import can, visible
from khet.modules.emergencies import actions
from khet.modules.emergencies.choices import ground_words
from khet.modules.emergencies.forms import AreaForm
from khet.modules.emergencies.models import Call, Event, StruckArea
from khet.modules.emergencies.queries import kept_areas, newest, struck
from khet.modules.emergencies.queries.board import with_schools
from khet.modules.emergencies.rules import OPEN
from khet.modules.emergencies.views.pages import event_of, refused


@login_required
@never_cache
def areas(request: HttpRequest, pk: int) -> HttpResponse:
    """Every outline of an event, the shown ones first; who runs it loads a further one from a file."""
    found = event_of(request, pk, OPEN if request.method == "POST" else None)
    kept = list(kept_areas(found))
    shown = newest(kept)
    may_load = found.is_open and can(request.actor, OPEN, found)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AreaForm.for_event(found, shown, *sent)
    if form.is_valid():
        given = form.cleaned_data
        try:
            shapes = actions.parse_area(given["file"], given["file"].name or "", given["frame"])
            area = actions.load_area(
                actor=request.actor,
                event=found,
                name=given["name"],
                as_at=timezone.make_aware(datetime.combine(given["day"], given["hour"])),
                source=given["source"],
                coordinates=shapes.geojson["features"][0]["geometry"]["coordinates"],
                metres=shapes.metres,
            )
        except Refusal as why:
            refused(form, why)
        else:
            messages.success(request, " ".join([_loaded(request, found, area), *shapes.sentences]))
            return redirect("emergencies:event", pk)
    return render(
        request,
        "emergencies/areas.html",
        {
            "event": found,
            "form": form if may_load else None,
            "ground": ground_words(found.kind),
            "shown": shown,
            "older": [area for area in kept if area not in shown],
        },
        status=422 if form.errors else 200,
    )


def _loaded(request: HttpRequest, event: Event, area: StruckArea) -> str:
    """What the outline changed, in figures."""
    calls = with_schools(visible(request.actor, Call.objects.filter(event=event)))
    now = struck(request.actor, event, calls)
    words = _("ใส่ %(name)s ณ %(at)s แล้ว มีโรงเรียนอยู่ในพื้นที่ %(inside)d แห่ง ยังไม่รายงาน %(silent)d แห่ง") % {
        "name": area.name,
        "at": thai_datetime(area.as_at),
        "inside": len(now.inside),
        "silent": len(now.silent),
    }
    if area.pk not in {one.pk for one in now.areas}:
        words += " " + _("แผนที่ยังแสดงรูปที่ใหม่กว่าของชื่อนี้")
    return words


@login_required
@require_POST
def remove_area(request: HttpRequest, pk: int, area: int) -> HttpResponse:
    found = event_of(request, pk, OPEN)
    gone = actions.remove_area(actor=request.actor, event=found, area=area)
    messages.success(
        request, _("นำ %(name)s ณ %(at)s ออกแล้ว") % {"name": gone.name, "at": thai_datetime(gone.as_at)}
    )
    return redirect("emergencies:areas", pk)


@login_required
@require_POST
def call_inside(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the silent schools that lie in the struck ground."""
    found = event_of(request, pk, OPEN)
    number = request.POST.get("number", "")
    called, reminded = actions.call_inside(
        actor=request.actor,
        event=found,
        new=_ids(request.POST.get("new", "")),
        waiting=_ids(request.POST.get("waiting", "")),
        number=int(number) if number.isdecimal() and len(number) < 6 else 0,
    )
    messages.success(
        request,
        _("เรียกโรงเรียนในพื้นที่แล้ว: เรียกเพิ่ม %(called)d แห่ง เตือน %(reminded)d แห่ง")
        % {"called": called, "reminded": reminded},
    )
    return redirect("emergencies:event", pk)


def _ids(words: str) -> list[int]:
    return [int(word) for word in words.split(",")[:2000] if word.isdecimal() and len(word) < 12]
