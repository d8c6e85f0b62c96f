"""What a unit does with one sheet: start, have it checked, confirm, certify, or hand it back to its own clerk.

Every verb locks the row of the return first, so that of two presses one acts and the other is told what was done.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai import normalise
from khet.base.lib.thai.calendar import thai_datetime
from khet.base.org.api import Actor, demand, entry, save, verb
from khet.kits.rounds.actions.checking import checks_of, run
from khet.kits.rounds.bases import Sheet
from khet.kits.rounds.choices import UNSETTLED, Level, ReturnState, RoundState
from khet.kits.rounds.models import Finding, Mark, Return, Snapshot
from khet.kits.rounds.queries.periods import scope_of, sheet_in
from khet.kits.rounds.queries.states import Rows, rows_now, totals_now, whole
from khet.kits.rounds.rules import CERTIFY, CONFIRM, VERIFY

S = ReturnState


def locked(handed: Return) -> Return:
    """The return as it stands now, kept from everybody else until the transaction ends; its round must be open."""
    found = (
        Return.objects.select_for_update(of=("self",))
        .select_related("round", "unit", "form")
        .get(pk=handed.pk)
    )
    if found.round.state != RoundState.OPEN:
        raise Conflict(
            _t("%(round)s ไม่ได้เปิดอยู่ ติดต่อเขตถ้าต้องแก้ข้อมูล") % {"round": found.round.title},
            code="rounds.not_open",
        )
    return found


def expect(handed: Return, *states: str, done: str = "", at: Any = None) -> None:
    """Refuse unless the return stands in one of these states; ``done`` names what a second press repeats."""
    if handed.state in states:
        return
    if done and at:
        raise Conflict(f"{done} {thai_datetime(at)}", code="rounds.done_already")
    raise Conflict(
        _t("ทำขั้นนี้ยังไม่ได้ ตอนนี้ %(sheet)s อยู่ขั้น “%(state)s” เปิดหน้าใหม่เพื่อดูขั้นต่อไป")
        % {"sheet": sheet_title(handed), "state": handed.label},
        code="rounds.out_of_order",
    )


def sheet_title(handed: Return) -> str:
    found = sheet_in(handed.round, handed.sheet)
    return str(found.title) if found else handed.sheet


def sheet_of(handed: Return) -> Sheet:
    found = sheet_in(handed.round, handed.sheet)
    if found is None:
        raise Refusal(
            _t("ชุดข้อมูล %(code)s ไม่มีในระบบแล้ว แจ้งผู้ดูแลระบบ") % {"code": handed.sheet}, code="rounds.no_sheet"
        )
    return found


def open_findings(handed: Return) -> Any:
    """Unsettled findings of one return."""
    return Finding.objects.filter(
        round_id=handed.round_id, unit_id=handed.unit_id, sheet=handed.sheet, state__in=UNSETTLED
    )


@verb("rounds.start", _("เริ่มกรอกข้อมูล"), capability=CONFIRM, on="handed")
def start(*, actor: Actor, handed: Return) -> Return:
    """The unit begins; a second press changes nothing."""
    handed = locked(handed)
    if handed.state == S.NOT_STARTED:
        save(handed, state=S.ENTERING, started_at=timezone.now())
    return handed


@verb("rounds.submit", _("ส่งให้ตรวจซ้ำซ้อน"), capability=CONFIRM, on="handed")
def submit(*, actor: Actor, handed: Return) -> Return:
    """The area's check: all rules of the sheet, records that another unit claims too above all.

    The sheet is cleared when no such record is left open; otherwise it stays where it is and the findings say with whom
    it must be settled. Everything else that was found may still be corrected before confirming.
    """
    handed = locked(handed)
    expect(handed, S.NOT_STARTED, S.ENTERING, S.CLEARED, S.RETURNED, S.CONFIRMED, S.CERTIFIED)
    now = timezone.now()
    if handed.state == S.NOT_STARTED:
        save(handed, state=S.ENTERING, started_at=now)
    found, _changed, vanished = run(
        handed.round, scope_of(handed.round, [handed.unit_id]), checks_of([handed.sheet])
    )
    entry().tell(found=found, vanished=vanished)
    if open_findings(handed).filter(other_unit__isnull=False).exists():
        if handed.state == S.CLEARED:
            save(handed, state=S.ENTERING)
        return handed
    if handed.state in (S.CONFIRMED, S.CERTIFIED):
        rows = rows_now(handed, sheet_of(handed))
        if rows.digest == handed.digest:
            return handed
    save(handed, state=S.CLEARED, cleared_at=now)
    return handed


def _refuse_open(handed: Return) -> None:
    """Refuse while a STOP finding stands or an EXPLAIN one lacks its reason."""
    levels = list(open_findings(handed).values_list("level", flat=True))
    if not levels:
        return
    stops = sum(1 for level in levels if level == Level.STOP)
    words = []
    if stops:
        words.append(_t("ต้องแก้อีก %(n)d รายการ") % {"n": stops})
    if len(levels) - stops:
        rest = len(levels) - stops
        words.append(_t("ต้องแก้หรือชี้แจงอีก %(n)d รายการ") % {"n": rest})
    raise Refusal(_t("ยังยืนยันไม่ได้: %(what)s") % {"what": " ".join(words)}, code="rounds.findings")


@verb("rounds.confirm", _("ยืนยันข้อมูล"), capability=CONFIRM, on="handed")
def confirm(*, actor: Actor, handed: Return) -> Return:
    """The unit's officer vouches: the rules run once more, the rows are counted and their digest taken."""
    handed = locked(handed)
    sheet = sheet_of(handed)
    if sheet.enters:
        demand(actor, sheet.enters, handed.unit)
    expect(
        handed,
        S.CLEARED,
        done=_t("%(sheet)s ยืนยันไปแล้วเมื่อ") % {"sheet": sheet.title},
        at=handed.confirmed_at if handed.state in (S.CONFIRMED, S.CERTIFIED, S.VERIFIED) else None,
    )
    scope = scope_of(handed.round, [handed.unit_id])
    run(handed.round, scope, checks_of([handed.sheet]))
    _refuse_open(handed)
    if handed.form_id:
        _refuse_unanswered(handed)
    rows = rows_now(handed, sheet, with_rows=True)
    totals = totals_now(sheet, scope).get(handed.unit_id, [])
    counted = whole(totals)
    n = rows.count if counted is None else counted
    now = timezone.now()
    Snapshot.objects.create(
        handed=handed, taken_at=now, digest=rows.digest, n=n, totals=totals, rows=rows.rows
    )
    Mark.objects.filter(handed=handed, settled_at__isnull=True).update(settled_at=now)
    save(
        handed, state=S.CONFIRMED, confirmed_at=now, confirmed_by=actor.person, digest=rows.digest, n=n, is_stale=False,
        reason="", certified_at=None, certified_by=None, verified_at=None, verified_by=None,
    )  # fmt: skip
    entry().tell(n=n, digest=rows.digest)
    return handed


def _refuse_unanswered(handed: Return) -> None:
    given = getattr(handed, "answer", None)
    values = given.values if given else {}
    missing = [
        q["label"] for q in handed.form.questions if q["required"] and values.get(q["code"]) in (None, "")
    ]
    if missing:
        raise Refusal(_t("ยังตอบไม่ครบ: %(what)s") % {"what": ", ".join(missing[:5])}, code="rounds.unanswered")


def refuse_changed(handed: Return, sheet: Sheet) -> Rows:
    """Refuse when the rows are no longer those that were confirmed."""
    rows = rows_now(handed, sheet)
    if rows.digest != handed.digest:
        raise Conflict(
            _t("ข้อมูลของ %(sheet)s เปลี่ยนไปหลังยืนยัน ให้เจ้าหน้าที่ตรวจและยืนยันใหม่ก่อน") % {"sheet": sheet.title},
            code="rounds.changed",
        )
    return rows


@verb("rounds.certify", _("รับรองข้อมูล"), capability=CERTIFY, on="handed", fresh=True)
def certify(*, actor: Actor, handed: Return, agreed: bool) -> Return:
    """The head vouches for what was confirmed, unchanged since."""
    handed = _certifiable(locked(handed))
    if not agreed:
        raise Refusal(_t("ทำเครื่องหมายหน้าข้อความรับรองก่อน"), code="rounds.not_agreed", field="agreed")
    save(handed, state=S.CERTIFIED, certified_at=timezone.now(), certified_by=actor.person)
    entry().tell(n=handed.n, digest=handed.digest)
    return handed


@verb("rounds.certify_on_paper", _("รับแบบรับรองที่ลงนามบนกระดาษ"), capability=VERIFY, on="handed")
def certify_on_paper(*, actor: Actor, handed: Return, paper: str) -> Return:
    """The area takes a head's signature on paper for what was confirmed: nobody is named as certifier, the journal says which ``paper`` it was."""
    handed = _certifiable(locked(handed))
    if not paper.strip():
        raise Refusal(_t("บอกว่าแบบรับรองที่ลงนามแล้วคือฉบับใด และเก็บไว้ที่ไหน"), code="rounds.no_paper", field="paper")
    save(handed, state=S.CERTIFIED, certified_at=timezone.now(), certified_by=None)
    entry().tell(n=handed.n, digest=handed.digest, paper=normalise(paper))
    return handed


def _certifiable(handed: Return) -> Return:
    """Refuse what was not confirmed, or is no longer what was."""
    sheet = sheet_of(handed)
    expect(
        handed,
        S.CONFIRMED,
        done=_t("%(sheet)s รับรองไปแล้วเมื่อ") % {"sheet": sheet.title},
        at=handed.certified_at if handed.state in (S.CERTIFIED, S.VERIFIED) else None,
    )
    refuse_changed(handed, sheet)
    if open_findings(handed).exists():
        raise Conflict(_t("มีผลตรวจใหม่หลังยืนยัน ให้เจ้าหน้าที่ตรวจและยืนยันใหม่ก่อน"), code="rounds.changed")
    return handed


@verb("rounds.decline", _("ส่งคืนให้เจ้าหน้าที่แก้"), capability=CERTIFY, on="handed")
def decline(*, actor: Actor, handed: Return, reason: str) -> Return:
    """The head hands it back to the clerk with a reason."""
    handed = locked(handed)
    expect(handed, S.CONFIRMED)
    if not reason.strip():
        raise Refusal(_t("บอกเหตุผลที่ส่งคืน ให้ผู้กรอกรู้ว่าต้องแก้อะไร"), code="rounds.reason", field="reason")
    save(
        handed,
        state=S.RETURNED,
        returned_at=timezone.now(),
        returned_by=actor.person,
        reason=reason.strip()[:500],
    )
    return handed
