"""One sheet of one unit: entering and confirming, certifying on a phone, verifying with marks on rows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.calendar import thai_date_long
from khet.base.org.api import Actor, can, fetch, visible
from khet.base.ui.addresses import numbered
from khet.kits.files.api import attachments
from khet.kits.rounds.actions import (
    certify,
    confirm,
    decline,
    give_back,
    hand_in,
    save_answers,
    start,
    submit,
    verify,
)
from khet.kits.rounds.actions.handing import sheet_of
from khet.kits.rounds.bases import Sheet
from khet.kits.rounds.choices import UNSETTLED, FindingState, ReturnState, SheetKind
from khet.kits.rounds.models import Finding, Mark, Return
from khet.kits.rounds.queries.findings import dress
from khet.kits.rounds.queries.periods import STEPS, scope_of
from khet.kits.rounds.queries.states import (
    MOST_LISTED,
    compare_rows,
    compare_totals,
    rows_now,
    snapshot_before,
    totals_now,
    whole,
)
from khet.kits.rounds.rules import CERTIFY, CONFIRM, VERIFY

S = ReturnState
PLACE = {S.NOT_STARTED: 0, S.ENTERING: 0, S.RETURNED: 0, S.CLEARED: 2, S.CONFIRMED: 3, S.CERTIFIED: 4, S.VERIFIED: 5, S.CLOSED: 7}  # fmt: skip


def fetch_return(request: HttpRequest, pk: int, capability: str | None = None) -> Return:
    rows = Return.objects.select_related(
        "round", "unit", "form", "confirmed_by", "certified_by", "verified_by", "returned_by"
    )
    return fetch(request.actor, rows, capability, pk=pk)


def row_link(sheet: Sheet, key: str) -> str:
    """The page of a row in its register."""
    if sheet.kind != SheetKind.REGISTER or not key.isdecimal():
        return ""
    try:
        return numbered("register:detail", sheet.record, key)
    except NoReverseMatch:
        return ""


MARKABLE = 40


def markable(context: dict[str, Any], wanted: str, typed: dict[str, str] | None = None) -> dict[str, Any]:
    """The rows the area may mark: those in question first (found, changed since the round before), or those searched for."""
    rows: dict[str, list[str]] = context["rows"].rows
    typed = typed or {}
    wanted = " ".join(wanted.split())[:60]
    if wanted:
        keys = sorted(
            (key for key, (_digest, label) in rows.items() if wanted in label), key=lambda key: rows[key][1]
        )
    else:
        changes = context["changes"]
        asked = [str(row.subject_id) for row in (*context["findings"], *context["explained"])]
        asked += [key for key, _label in (*changes.new, *changes.changed)] if changes else []
        rest = sorted(rows, key=lambda key: rows[key][1])
        keys = list(dict.fromkeys(key for key in (*typed, *asked, *rest) if key in rows))
    return {
        "markable": [(key, rows[key][1], typed.get(key, "")) for key in keys[:MARKABLE]],
        "more_rows": max(0, len(keys) - MARKABLE),
        "wanted_row": wanted,
    }


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The page that fits the reader and the state: enter and confirm, certify, or verify."""
    actor = request.actor
    handed = fetch_return(request, pk)
    context = seen(actor, handed)
    if context["may_certify"] and handed.state == S.CONFIRMED and "plain" not in request.GET:
        return render(request, "rounds/certify.html", context)
    if context["may_verify"]:
        return render(request, "rounds/verify.html", context | markable(context, request.GET.get("row", "")))
    return render(request, "rounds/return.html", context)


def seen(actor: Actor, handed: Return) -> dict[str, Any]:
    """What the pages of a return show: totals beside the round before, changes, findings, marks, what may be done."""
    sheet = sheet_of(handed)
    scope = scope_of(handed.round, [handed.unit_id])
    rows = rows_now(handed, sheet, with_rows=True)
    totals = totals_now(sheet, scope).get(handed.unit_id, [])
    before, snapshot = snapshot_before(handed)
    vouched = handed.state in (S.CONFIRMED, S.CERTIFIED, S.VERIFIED)
    changed_since = rows.digest != handed.digest if vouched else False
    since_confirm = None
    if changed_since:
        last = handed.snapshots.first()
        since_confirm = compare_rows(rows.rows, last.rows) if last else None
    found = dress(
        visible(
            actor,
            Finding.objects.filter(round_id=handed.round_id, unit_id=handed.unit_id, sheet=handed.sheet),
        )
        .exclude(state=FindingState.CORRECTED)
        .select_related("unit", "other_unit", "post", "round")
        .order_by("-level", "code", "pk")[: MOST_LISTED + 1]
    )
    left = [row for row in found if row.state in UNSETTLED]
    explained = [row for row in found if row.state not in UNSETTLED]
    changes = compare_rows(rows.rows, snapshot.rows) if snapshot else None
    may_read = not sheet.sees or can(actor, sheet.sees, handed.unit)
    counted = whole(totals)
    n = rows.count if counted is None else counted
    open_ = handed.round.is_open
    confirms = open_ and can(actor, CONFIRM, handed)
    oath = sheet.oath or _(
        "ข้าพเจ้าตรวจแล้ว ขอรับรองว่าข้อมูล %(sheet)s ทั้ง %(n)s %(counter)s ถูกต้องครบถ้วน ณ วันที่ %(day)s"
    )
    place = PLACE.get(ReturnState(handed.state), 0)
    if handed.state in (S.NOT_STARTED, S.ENTERING) and handed.cleared_at is None and handed.started_at:
        place = 0
    answer = getattr(handed, "answer", None) if handed.form_id else None
    return {
        "handed": handed,
        "round": handed.round,
        "sheet": sheet,
        "rows": rows,
        "n": n,
        "lines": compare_totals(totals, snapshot),
        "before": before if snapshot else None,
        "changes": changes,
        "change_groups": [
            (name, words, [(label, row_link(sheet, key)) for key, label in listed[:MOST_LISTED]], len(listed))
            for name, words, listed in (
                ("new", _("เพิ่มใหม่"), changes.new),
                ("gone", _("หายไป"), changes.gone),
                ("changed", _("ข้อมูลเปลี่ยน"), changes.changed),
            )
            if listed
        ] if changes and may_read else [],
        "changed_since": changed_since,
        "since_confirm": since_confirm,
        "findings": left[:MOST_LISTED],
        "stops": sum(1 for row in left if row.level == "stop"),
        "explained": explained[:MOST_LISTED],
        "marks": list(Mark.objects.filter(handed=handed, settled_at__isnull=True)) if may_read else [],
        "covered": [] if may_read else [sheet.title],
        "steps": [(words, "past" if number < place else "now" if number == place else "") for number, words in enumerate(STEPS)],
        "oath": str(oath) % {"n": f"{n:,}", "day": thai_date_long(handed.round.as_at), "sheet": sheet.title, "counter": sheet.counter},
        "may_fill": confirms and handed.state in (S.NOT_STARTED, S.ENTERING, S.CLEARED, S.RETURNED),
        "may_recheck": confirms and changed_since and handed.state != S.VERIFIED,
        "may_certify": open_ and can(actor, CERTIFY, handed),
        "may_verify": open_ and can(actor, VERIFY, handed),
        "register_url": reverse("register:list", args=[sheet.record]) if sheet.kind == SheetKind.REGISTER and may_read else "",
        "answer": answer,
        "questions": questions_of(handed, answer) if handed.form_id else [],
        "files": list(attachments(handed)) if sheet.kind == SheetKind.FILE or handed.form_id else [],
        "now": timezone.now(),
    }  # fmt: skip


def questions_of(handed: Return, answer: Any, typed: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The questions with what was answered (or just typed)."""
    values = {**(answer.values if answer else {}), **(typed or {})}
    return [{**q, "value": values.get(q["code"], "")} for q in handed.form.questions]


ACTS = {"start": CONFIRM, "submit": CONFIRM, "confirm": CONFIRM, "certify": CERTIFY, "decline": CERTIFY, "verify": VERIFY, "give_back": VERIFY}  # fmt: skip


@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One step of the chain; what may not be done now is answered with a sentence, on the page it came from."""
    if act not in ACTS:
        raise Http404
    actor = request.actor
    handed = fetch_return(request, pk, ACTS[act])
    given: dict[str, Any] = {"actor": actor, "handed": handed}
    try:
        if act == "start":
            start(**given)
        elif act == "submit":
            after = submit(**given)
            if after.state != S.CLEARED:
                messages.warning(request, _("มีรายการที่ซ้ำกับโรงเรียนอื่น ตรวจหลักฐานแล้วแก้ หรือให้เขตชี้ขาด"))
            else:
                messages.success(request, _("ตรวจแล้ว ไม่มีรายการซ้ำกับโรงเรียนอื่น"))
        elif act == "confirm":
            done = confirm(**given)
            messages.success(request, _("ยืนยันแล้ว %(n)s ส่งให้ผู้อำนวยการรับรอง") % {"n": f"{done.n:,}"})
        elif act == "certify":
            done = certify(**given, agreed=bool(request.POST.get("agreed")))
            messages.success(request, _("รับรองแล้ว %(n)s ส่งถึงเขตแล้ว") % {"n": f"{done.n:,}"})
            return redirect("rounds:mine")
        elif act == "decline":
            decline(**given, reason=request.POST.get("reason", ""))
            messages.success(request, _("ส่งคืนให้เจ้าหน้าที่แก้แล้ว"))
            return redirect("rounds:mine")
        elif act == "verify":
            verify(actor=actor, round=handed.round, returns=[handed])
            messages.success(request, _("ตรวจรับแล้ว"))
            return redirect(f"{reverse('rounds:board', args=[handed.round_id])}?state=certified")
        else:
            give_back(**given, reason=request.POST.get("reason", ""), marks=_marks(request))
            messages.success(request, _("ส่งคืนแล้ว แจ้งโรงเรียนแล้ว"))
            return redirect("rounds:board", handed.round_id)
    except (Conflict, Refusal) as why:
        if why.status not in (400, 409):
            raise
        context = seen(actor, fetch_return(request, pk))
        context |= {
            "refusal": why.sentence,
            "typed": request.POST.get("reason", ""),
            "typed_marks": dict(_typed_marks(request)),
        }
        template = {
            "certify": "certify",
            "decline": "certify",
            "verify": "verify",
            "give_back": "verify",
        }.get(act, "return")
        if template == "certify" and context["handed"].state != S.CONFIRMED:
            template = "return"
        if template == "verify":
            context |= markable(context, "", context["typed_marks"])
        return render(request, f"rounds/{template}.html", context, status=why.status)
    return redirect("rounds:return", pk)


def _typed_marks(request: HttpRequest):
    for name, note in request.POST.items():
        if name.startswith("mark:") and note.strip():
            yield name.removeprefix("mark:")[:40], note


def _marks(request: HttpRequest) -> list[tuple[str, str, str]]:
    return [(key, request.POST.get(f"label:{key}", key), note) for key, note in _typed_marks(request)]


@require_POST
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a form: by itself every few seconds (answers JSON), or by the button."""
    handed = fetch_return(request, pk, CONFIRM)
    values = {name.removeprefix("q:"): text for name, text in request.POST.items() if name.startswith("q:")}
    version = request.POST.get("version", "")
    try:
        saved = save_answers(
            actor=request.actor,
            handed=handed,
            values=values,
            version=int(version) if version.isdecimal() else None,
        )
    except Refusal as why:
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"sentence": str(why.sentence), "field": why.field}, status=why.status)
        context = seen(request.actor, fetch_return(request, pk))
        context["questions"] = questions_of(handed, context["answer"], values)
        context |= {"refusal": why.sentence, "wrong": why.field}
        return render(request, "rounds/return.html", context, status=422)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(
            {"version": saved.version, "saved_at": timezone.localtime(saved.saved_at).strftime("%H.%M")}
        )
    messages.success(request, _("บันทึกแล้ว"))
    return redirect("rounds:return", pk)


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    handed = fetch_return(request, pk, CONFIRM)
    given = request.FILES.get("file")
    if given is None:
        raise Refusal(_("เลือกไฟล์ก่อน"), code="rounds.no_file", field="file")
    hand_in(actor=request.actor, handed=handed, upload=given, question=request.POST.get("question", "")[:40])
    messages.success(request, _("แนบไฟล์แล้ว"))
    return redirect("rounds:return", pk)
