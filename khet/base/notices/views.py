"""Pages of notices: mine, my channels, the live stream, the outbox."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khet.base.notices.actions import choose_channels, mark_read, retry
from khet.base.notices.choices import Channel, State
from khet.base.notices.forms import OUTSIDE, ChannelsForm
from khet.base.notices.live import bell
from khet.base.notices.models import ChannelChoice, Notice
from khet.base.notices.queries import mine, unread_count
from khet.base.notices.rules import NOTICES_OUTBOX
from khet.base.org.api import demand

LIFE = 300  # seconds a stream lives before the browser connects anew, with its session checked again
PAGE = 40


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    rows = mine(request.actor.person)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/inbox.html", {"page": page, "unread": unread_count(request.actor.person)})


@login_required
@require_GET
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what a notice is about and mark it read. Somebody else's notice is not there."""
    notice = mine(request.actor.person).filter(pk=pk).first()
    if notice is None:
        return redirect("notices:home")
    mark_read(request.actor.person, [pk])
    return HttpResponseRedirect(notice.url or reverse("notices:home"))


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(request.actor.person)
    return redirect("notices:home")


@login_required
def channels(request: HttpRequest) -> HttpResponse:
    person = request.actor.person
    off = set(ChannelChoice.objects.filter(person=person, is_on=False).values_list("channel", flat=True))
    form = ChannelsForm(
        request.POST or None, initial={"channels": [code for code, _label in OUTSIDE if code not in off]}
    )
    if request.method == "POST":
        form = ChannelsForm(request.POST)
        if form.is_valid():
            choose_channels(person, set(form.cleaned_data["channels"]))
            messages.success(request, _("บันทึกช่องทางแล้ว"))
            return redirect("notices:channels")
    return render(
        request, "notices/channels.html", {"form": form, "person": person}, status=422 if form.errors else 200
    )


@login_required
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    demand(request.actor, NOTICES_OUTBOX)
    state = request.GET.get("state", "")
    rows = Notice.objects.exclude(channel=Channel.APP).select_related("person").order_by("-pk")
    if state in State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/outbox.html", {"page": page, "state": state, "states": State.choices})


@login_required
@require_POST
def outbox_retry(request: HttpRequest) -> HttpResponse:
    ids = [int(pk) for pk in request.POST.getlist("pk") if pk.isdecimal()][:1000]
    retry(actor=request.actor, ids=ids)
    return redirect("notices:outbox")


async def live(request: HttpRequest) -> HttpResponse:
    """An event stream with the reader's own counts, sent when they change."""

    @sync_to_async(thread_sensitive=False)
    def count() -> int | None:
        """Unread notices, or None once the session has ended."""
        close_old_connections()
        try:
            if not request.session.exists(request.session.session_key):
                return None
            return unread_count(request.actor.person) if request.user.is_authenticated else None
        finally:
            close_old_connections()

    first = await count()
    if first is None:
        return HttpResponse(status=204)  # tells the browser's EventSource to stop

    async def stream() -> AsyncIterator[str]:
        last: int | None = -1
        loop = asyncio.get_running_loop()
        end = loop.time() + LIFE
        with bell.waiter() as rung:
            while loop.time() < end:
                now = await count()
                if now is None:
                    return
                if now != last:
                    yield f"event: notices\ndata: {json.dumps({'unread': now})}\n\n"
                    last = now
                rung.clear()
                try:
                    await asyncio.wait_for(rung.wait(), timeout=25)
                    await asyncio.sleep(0.5)  # one look for a burst of events
                except TimeoutError:
                    yield ": still here\n\n"

    response = StreamingHttpResponse(stream(), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response
