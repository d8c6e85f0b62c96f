"""Receiving: the form for paper from outside, the inbox of letters from units of the system."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from khet.base.lib.errors import Conflict, NotFound, Refusal
from khet.base.org.api import Actor, Post, Unit, demand, fetch, visible
from khet.base.org.choices import PostKind, UnitKind
from khet.base.ui.forms import refuse_on
from khet.kits.workflow.bases import Place
from khet.modules.letters.actions import forward, receive, register
from khet.modules.letters.flows import send_inside
from khet.modules.letters.forms import ForwardForm, ReceiveForm
from khet.modules.letters.models import Entry, Letter, Receipt
from khet.modules.letters.queries.duplicates import duplicates
from khet.modules.letters.queries.letters import BY_TAB, inbox, receiving_units, waiting
from khet.modules.letters.queries.registers import the_unit
from khet.modules.letters.rules import RECEIVE, VIEW

KEPT = "letters_receive_kept"
TABS = ("waiting", "unanswered", "all")


def inside(unit: Unit) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where a received letter may go inside the house: groups, then superiors, then one's own colleagues."""
    if unit.kind == UnitKind.SCHOOL:
        posts = Post.objects.on().filter(unit=unit).order_by("position", "pk")
        return [(_("ตำแหน่ง"), [(f"post:{post.pk}", post.short_title) for post in posts])]
    groups = Unit.objects.on().filter(kind=UnitKind.GROUP, parent=unit).order_by("position", "pk")
    posts = (
        Post.objects.on()
        .filter(unit=unit, kind__in=[PostKind.DIRECTOR, PostKind.DEPUTY])
        .order_by("position", "pk")
    )
    return [
        (_("กลุ่ม"), [(f"unit:{group.pk}", group.short_name) for group in groups]),
        (_("ผู้บริหาร"), [(f"post:{post.pk}", post.short_title) for post in posts]),
    ]


def place_of(actor: Actor, key: str) -> Place | None:
    """``unit:3`` or ``post:12`` as a place, within what the actor sees."""
    word, _colon, pk = (key or "").partition(":")
    if not pk.isdecimal():
        return None
    model = {"unit": Unit, "post": Post}.get(word)
    return fetch(actor, model.objects.on(), pk=int(pk)) if model else None


@require_http_methods(["GET", "POST"])
def receive_form(request: HttpRequest) -> HttpResponse:
    """One letter after another: what stays the same stays in the form."""
    actor = request.actor
    demand(actor, RECEIVE)
    unit = the_unit(actor, request.GET.get("unit"), among=receiving_units)
    places = inside(unit)
    twin: Letter | None = None
    if request.method == "POST":
        form = ReceiveForm(request.POST, request.FILES, places=places)
        if form.is_valid():
            data = dict(form.cleaned_data)
            route_to, note = data.pop("route_to"), data.pop("note")
            request.session[KEPT] = {name: form.data.get(name, "") for name in form.KEPT}
            try:
                row = receive_and_send(actor, unit, place_of(actor, route_to), note, data)
            except Conflict as why:
                if why.code == "letters.sent_twice":
                    messages.info(request, str(why.sentence))
                    return redirect(reverse("letters:letter", args=[why.facts["letter_id"]]))
                form.add_error("despite" if why.code == "letters.duplicate" else None, str(why.sentence))
                twin = visible(actor, Letter.objects.filter(pk=why.facts.get("letter_id"))).first()
            except Refusal as why:
                refuse_on(form, why)
            else:
                messages.success(request, _("ลงรับแล้ว เลขรับ %(number)s") % {"number": row.number})
                if "open" in request.POST:
                    return redirect("letters:letter", row.letter_id)
                return redirect(f"{reverse('letters:receive')}?unit={unit.pk}&done={row.pk}")
    else:
        kept = request.session.get(KEPT) or {}
        form = ReceiveForm(initial=kept | {"form_key": secrets.token_hex(16)}, places=places)
    status = 400 if form.errors else 200
    done = None
    if request.GET.get("done", "").isdecimal():
        done = (
            visible(actor, Entry.objects.select_related("letter", "register"))
            .filter(pk=int(request.GET["done"]))
            .first()
        )
    return render(
        request,
        "letters/receive.html",
        {"form": form, "unit": unit, "twin": twin, "done": done, "units": list(receiving_units(actor)[:2])},
        status=409 if twin else status,
    )


def receive_and_send(actor: Actor, unit: Unit, place: Place | None, note: str, data: dict):
    """Receive, and start the route where one was chosen: both or neither."""
    with transaction.atomic():
        row = receive(actor=actor, unit=unit, **data)
        if place is not None:
            send_inside(actor=actor, letter=row.letter, unit=unit, to=place, note=note)
    return row


@require_GET
def duplicate(request: HttpRequest) -> HttpResponse:
    """While the number is being typed: is it here already."""
    actor = request.actor
    demand(actor, RECEIVE)
    unit = the_unit(actor, request.GET.get("unit"), among=receiving_units)
    form = ReceiveForm(request.GET)
    form.is_valid()
    data = form.cleaned_data
    found = duplicates(
        unit,
        from_text=data.get("from_text", ""),
        number_text=data.get("number_text", ""),
        dated_on=data.get("dated_on"),
    ).first()
    return render(request, "letters/parts/duplicate.html", {"twin": found})


@require_GET
def inbox_page(request: HttpRequest) -> HttpResponse:
    """หนังสือเข้า from units of the system: tick, one press, numbers."""
    actor = request.actor
    demand(actor, VIEW)
    unit = the_unit(actor, request.GET.get("unit"), among=receiving_units)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "waiting"
    page = BY_TAB[tab].page(inbox(unit, tab), request.GET.get("page", ""))
    return render(
        request,
        "letters/inbox.html",
        {
            "unit": unit,
            "tab": tab,
            "page": page,
            "waits": waiting([unit.pk]).count(),
            "units": list(receiving_units(actor)[:2]),
        },
    )


@require_POST
def register_many(request: HttpRequest) -> HttpResponse:
    """Register the ticked letters at once, in the order in which they were sent."""
    actor = request.actor
    unit = the_unit(actor, request.POST.get("unit"), among=receiving_units)
    if request.POST.get("all") == "1":
        chosen = list(waiting([unit.pk]).values_list("pk", flat=True)[:1000])
    else:
        chosen = [int(pk) for pk in request.POST.getlist("receipt") if pk.isdecimal() and len(pk) < 19]
    if not chosen:
        raise Refusal(_("เลือกหนังสือที่จะลงรับอย่างน้อยหนึ่งฉบับ"), code="letters.nothing_chosen")
    entries = register(actor=actor, unit=unit, receipts=chosen)
    first, last = min(e.number for e in entries), max(e.number for e in entries)
    words = (
        _("ลงรับแล้ว เลขรับ %(first)s") % {"first": first}
        if len(entries) == 1
        else _("ลงรับ %(count)s ฉบับแล้ว เลขรับ %(first)s–%(last)s")
        % {"count": len(entries), "first": first, "last": last}
    )
    messages.success(request, words)
    after = request.POST.get("next", "")
    if len(entries) == 1 and after == "letter":
        return redirect("letters:letter", entries[0].letter_id)
    return redirect(f"{reverse('letters:inbox')}?unit={unit.pk}")


@require_http_methods(["GET", "POST"])
def forward_form(request: HttpRequest, pk: int) -> HttpResponse:
    """ส่งต่อภายใน: copies of a registered letter to more groups of the house, each with its own receipt."""
    actor = request.actor
    demand(actor, VIEW)
    letter = fetch(actor, Letter.objects.select_related("unit", "issuer"), pk=pk)
    receipt = receipt_for(actor, letter)
    unit = receipt.unit if receipt is not None else letter.unit
    demand(actor, RECEIVE, unit)
    groups = list(
        Unit.objects.on()
        .filter(kind=UnitKind.GROUP, ancestors__contains=[unit.pk])
        .order_by("position", "pk")
    )
    if not groups:
        raise NotFound(_("หน่วยงานนี้ไม่มีกลุ่มภายใน ใช้ส่งเรื่องถึงตำแหน่งแทน"), code="letters.no_groups")
    form = ForwardForm(request.POST or None, groups=groups)
    if request.method == "POST" and form.is_valid():
        chosen = [group for group in groups if group.pk in form.cleaned_data["units"]]
        try:
            count = forward(
                actor=actor, letter=letter, by_unit=unit, units=chosen, note=form.cleaned_data["note"]
            )
        except Refusal as why:
            form.add_error(None, str(why.sentence))
        else:
            messages.success(
                request,
                _("ส่งต่อ %(count)s กลุ่มแล้ว") % {"count": count} if count else _("ทุกกลุ่มที่เลือกได้รับไปแล้ว"),
            )
            return redirect("letters:letter", pk)
    sent = {row.unit_id: row for row in Receipt.objects.filter(letter=letter, unit__in=groups)}
    return render(
        request,
        "letters/forward.html",
        {
            "letter": letter,
            "unit": unit,
            "form": form,
            "groups": [(group, sent.get(group.pk)) for group in groups],
            "chosen": {str(pk) for pk in form["units"].value() or []},
        },
        status=400 if form.errors else 200,
    )


def receipt_for(actor: Actor, letter: Letter) -> Receipt | None:
    """The actor's own receipt of a letter: of a unit for which they receive, else one they may read."""
    scope = actor.scope(RECEIVE)
    rows = list(
        visible(actor, Receipt.objects.filter(letter=letter)).select_related(
            "unit", "entry__register", "answer"
        )[:20]
    )
    if not rows:
        return None
    own = {c.unit.pk for c in actor.capacities}
    rows.sort(key=lambda row: (not (scope and row.unit_id in scope.units), row.unit_id not in own, row.pk))
    return rows[0]
