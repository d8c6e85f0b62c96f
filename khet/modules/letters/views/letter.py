"""The letter's page: stream, paper, route with decision; and what its receiver does with it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.errors import FreshSignInNeeded, NotFound, Refusal
from khet.base.org.api import Actor, Unit, can, demand, fetch
from khet.base.org.choices import UnitKind
from khet.kits.files.api import attachments_of
from khet.kits.workflow.api import Step, inbox, mark_opened, picture_of, shown_run
from khet.modules.letters.actions import close, register, send_back
from khet.modules.letters.actions import mark_opened as open_receipt
from khet.modules.letters.choices import LetterState, Origin
from khet.modules.letters.flows import send_inside
from khet.modules.letters.forms import ReasonForm
from khet.modules.letters.models import Entry, Letter, Receipt, Register
from khet.modules.letters.papers import ENCLOSURE, PAPER
from khet.modules.letters.queries.letters import corrections
from khet.modules.letters.rules import (
    DISPATCH,
    DRAFT,
    RECEIVE,
    SECRET,
    VIEW,
    may_follow,
    may_read,
    may_read_secret,
)
from khet.modules.letters.views.receiving import inside, place_of, receipt_for
from khet.modules.letters.wording import tidy


def letters():
    return Letter.objects.select_related(
        "unit", "issuer", "drafter_post", "signer", "signer_post", "answers", "corrects"
    )


def with_row(found: QuerySet[Letter]) -> QuerySet[Letter]:
    """With the letter's own row in its register, so that the page need not ask for it: see ``own_row``."""
    row = (
        Entry.objects.filter(
            letter=OuterRef("pk"), register__unit=Coalesce(OuterRef("issuer"), OuterRef("unit"))
        )
        .order_by("pk")
        .values(
            facts=JSONObject(
                pk="pk", number="number", kind="register__kind", year="register__year",
                closed="register__is_secret",
            )
        )[:1]
    )  # fmt: skip
    return found.annotate(row_facts=Subquery(row))


def own_row(letter: Letter) -> Entry | None:
    """The row under which the letter stands with its owner or issuer; for showing only."""
    if not letter.row_facts:
        return None
    facts = dict(letter.row_facts)
    row = Entry(pk=facts.pop("pk"), number=facts.pop("number"), letter=letter)
    secret = facts.pop("closed")
    row.register = Register(unit_id=letter.issuer_id or letter.unit_id, is_secret=secret, **facts)
    return row


def stream(actor: Actor) -> list[Step]:
    """Letters that wait for the actor; the same list as on the desk."""
    steps = list(inbox(actor).filter(run__subject_label=Letter._meta.label_lower)[:40])
    secret = may_read_secret(actor)
    for step in steps:
        step.shown_title = step.run.title if secret or not step.run.secrecy else _("หนังสือลับ")
    return steps


def grouped(steps: list[Step]) -> list[dict[str, object]]:
    """By when they are due: late, today, this week, later."""
    day = timezone.localdate()
    week = day + timedelta(days=6 - day.weekday())
    heads: dict[str, list[Step]] = {}
    for step in steps:
        due = timezone.localdate(step.due_at) if step.due_at else None
        if step.is_late:
            head = _("เลยกำหนด")
        elif due is not None and due <= day:
            head = _("วันนี้")
        elif due is not None and due <= week:
            head = _("สัปดาห์นี้")
        else:
            head = _("ถัดไป")
        heads.setdefault(head, []).append(step)
    return [{"name": name, "steps": rows} for name, rows in heads.items()]


@require_GET
def letter_page(request: HttpRequest, pk: int) -> HttpResponse:
    actor = request.actor
    demand(actor, VIEW)
    letter = fetch(
        actor, with_row(letters()).annotate(is_corrected=Exists(corrections(OuterRef("pk")))), pk=pk
    )
    readable = may_read(actor, letter)
    # What was written here and never sent has no receivers to ask for.
    unsent = letter.origin == Origin.HERE and letter.state in {
        LetterState.DRAFT,
        LetterState.RETURNED,
        LetterState.IN_ROUTE,
    }
    receipt = None if unsent else receipt_for(actor, letter)
    mine = receipt is not None and can(actor, RECEIVE, receipt.unit)
    if receipt is not None and mine and receipt.opened_at is None and not receipt.recalled_at and readable:
        receipt.opened_at = open_receipt(actor=actor, receipt=receipt).opened_at
    if (
        receipt is not None
        and receipt.recalled_at
        and letter.issuer_id not in {c.unit.pk for c in actor.capacities}
    ):
        return render(request, "letters/recalled.html", {"letter": letter, "receipt": receipt}, status=410)
    run = shown_run(actor, letter)
    # Most readings are not the first: the steps are needed anyway and tell whether one is still unopened.
    if run is not None and readable and picture_of(run).has_unopened(actor) and mark_opened(actor, run):
        picture_of(run).forget()
    files = attachments_of(Letter, [letter.pk]).get(letter.pk, []) if readable else []
    papers = [file for file in files if file.kind == PAPER]
    enclosures = [file for file in files if file.kind == ENCLOSURE]
    waiting = stream(actor)
    row = receipt.entry if receipt is not None and receipt.entry_id else None
    if row is None and (receipt is None or not mine):
        row = own_row(letter)
    holder = receipt.unit if receipt is not None else letter.unit
    may_receive = can(actor, RECEIVE, holder)
    return render(
        request,
        "letters/letter.html",
        {
            "letter": letter,
            "readable": readable,
            "may_unlock": actor.has(SECRET),
            "receipt": receipt,
            "mine": mine,
            "run": run,
            "row": row,
            "papers": papers,
            "enclosures": enclosures,
            "shown_files": [*papers, *enclosures],
            "file_labels": {
                file.pk: pgettext("one", "หนังสือ")
                if n == 0 and file.kind == PAPER
                else _("สิ่งที่ส่งมาด้วย %(n)s") % {"n": n if papers else n + 1}
                for n, file in enumerate([*papers, *enclosures])
            },
            "stream": waiting,
            "stream_groups": grouped(waiting),
            "place": next((n for n, step in enumerate(waiting) if step.run.subject_id == letter.pk), None),
            "waits_register": mine
            and receipt is not None
            and not receipt.registered_at
            and not receipt.returned_at
            and not receipt.recalled_at,
            "view": request.GET.get("view") if request.GET.get("view") in {"paper", "route"} else "paper",
            "corrections": list(corrections(letter)[:3]) if letter.is_corrected else [],
            "places": inside(holder)
            if may_receive and run is None and row is not None and (mine or letter.origin == Origin.OUTSIDE)
            else [],
            "holder": holder,
            "may_receive": may_receive,
            "may_forward": may_receive
            and holder.kind == UnitKind.OFFICE
            and (letter.origin == Origin.OUTSIDE or (mine and row is not None)),
            "may_board": letter.origin == Origin.HERE
            and letter.sent_at is not None
            and may_follow(actor, letter),
            "may_edit": not letter.is_frozen and letter.origin == Origin.HERE and can(actor, DRAFT, letter),
            "may_dispatch": letter.state == LetterState.SIGNED and can(actor, DISPATCH, letter),
            "may_answer": mine
            and receipt is not None
            and bool(receipt.registered_at)
            and not receipt.answered_at,
        },
    )


@require_GET
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in again to read a secret letter, then come back to it."""
    letter = fetch(request.actor, letters(), pk=pk)
    demand(request.actor, SECRET)
    if not request.actor.fresh_sign_in:
        raise FreshSignInNeeded(_("หนังสือลับ ยืนยันตัวตนอีกครั้งก่อนอ่าน"), code="fresh_sign_in_needed")
    return redirect("letters:letter", letter.pk)


def own_receipt(actor: Actor, pk: int) -> Receipt:
    letter = fetch(actor, letters(), pk=pk)
    receipt = receipt_for(actor, letter)
    if receipt is None:
        raise NotFound(_("หน่วยงานของคุณไม่ได้อยู่ในรายชื่อผู้รับของหนังสือนี้"), code="letters.not_receiver")
    return receipt


@require_POST
def register_one(request: HttpRequest, pk: int) -> HttpResponse:
    """ลงรับ from the letter's page, and on to a group in the same press where one is chosen."""
    receipt = own_receipt(request.actor, pk)
    row = register(actor=request.actor, unit=receipt.unit, receipts=[receipt.pk])[0]
    messages.success(request, _("ลงรับแล้ว เลขรับ %(number)s") % {"number": row.number})
    return redirect("letters:letter", pk)


@require_POST
def return_one(request: HttpRequest, pk: int) -> HttpResponse:
    receipt = own_receipt(request.actor, pk)
    form = ReasonForm(request.POST)
    send_back(
        actor=request.actor, receipt=receipt, reason=form.cleaned_data["reason"] if form.is_valid() else ""
    )
    messages.success(request, _("ส่งกลับให้แก้แล้ว"))
    return redirect("letters:letter", pk)


@require_POST
def route(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a registered letter on its way inside: to a group's inbox or to a post."""
    actor = request.actor
    letter = fetch(actor, letters(), pk=pk)
    receipt = receipt_for(actor, letter)
    unit: Unit = receipt.unit if receipt is not None else letter.unit
    demand(actor, RECEIVE, unit)
    if receipt is not None and receipt.entry_id is None:
        raise Refusal(_("ลงรับหนังสือก่อน แล้วจึงส่งต่อภายใน"), code="letters.not_registered")
    place = place_of(actor, request.POST.get("route_to", ""))
    allowed = {key for _head, rows in inside(unit) for key, _name in rows}
    if place is None or request.POST.get("route_to") not in allowed:
        raise Refusal(_("เลือกกลุ่มหรือผู้รับก่อนส่ง"), code="letters.no_place", field="route_to")
    send_inside(actor=actor, letter=letter, unit=unit, to=place, note=tidy(request.POST.get("note", "")))
    messages.success(
        request, _("ส่ง %(name)s แล้ว") % {"name": getattr(place, "short_name", None) or place.short_title}
    )
    return redirect("letters:letter", pk)


@require_POST
def close_one(request: HttpRequest, pk: int) -> HttpResponse:
    letter = fetch(request.actor, letters(), pk=pk)
    close(actor=request.actor, letter=letter, note=tidy(request.POST.get("note", "")))
    messages.success(request, _("ปิดเรื่องแล้ว"))
    return redirect(reverse("letters:letter", args=[pk]))
