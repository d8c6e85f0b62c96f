"""What the area does with a certified sheet: verify, return with marks on rows, or say that none is owed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from khet.base.lib.errors import Conflict, Refusal
from khet.base.notices.api import tell
from khet.base.org.api import Actor, Unit, entry, save, verb
from khet.kits.rounds.actions.handing import expect, locked, sheet_title
from khet.kits.rounds.actions.stale import mark_stale
from khet.kits.rounds.choices import OWING, ReturnState, RoundState
from khet.kits.rounds.models import Mark, Return, Round
from khet.kits.rounds.rules import CONFIRM, VERIFY

S = ReturnState


@verb("rounds.verify", _("ตรวจรับข้อมูล"), capability=VERIFY, on="round")
def verify(*, actor: Actor, round: Round, returns: Sequence[Return | int]) -> int:
    """Verify certified returns, set-based. What has changed since it was certified is left out and shown as such."""
    if Round.objects.select_for_update().get(pk=round.pk).state != RoundState.OPEN:
        raise Conflict(_t("%(round)s ไม่ได้เปิดอยู่") % {"round": round.title}, code="rounds.not_open")
    ids = [getattr(one, "pk", one) for one in returns]
    mark_stale(round)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rounds_return SET state = 'verified', verified_at = %s, verified_by_id = %s"
            " WHERE round_id = %s AND id = ANY(%s) AND state = 'certified' AND NOT is_stale RETURNING id",
            [timezone.now(), actor.person.pk if actor.person else None, round.pk, ids],
        )
        done = [row[0] for row in cursor.fetchall()]
    if not done:
        raise Conflict(
            _t("ไม่มีชุดที่ตรวจรับได้: ตรวจไปแล้ว ยังไม่รับรอง หรือข้อมูลเปลี่ยนหลังรับรอง"), code="rounds.nothing_to_verify"
        )
    entry().tell(returns=done)
    return len(done)


@verb("rounds.give_back", _("ส่งคืนข้อมูลให้โรงเรียนแก้"), capability=VERIFY, on="handed")
def give_back(
    *, actor: Actor, handed: Return, reason: str, marks: Sequence[tuple[str, str, str]] = ()
) -> Return:
    """Return a certified (or verified) sheet with a reason and marks on rows: (row key, words, what to look at)."""
    handed = locked(handed)
    expect(handed, S.CONFIRMED, S.CERTIFIED, S.VERIFIED)
    if not reason.strip():
        raise Refusal(_t("บอกเหตุผลที่ส่งคืน ให้โรงเรียนรู้ว่าต้องแก้อะไร"), code="rounds.reason", field="reason")
    save(
        handed,
        state=S.RETURNED,
        returned_at=timezone.now(),
        returned_by=actor.person,
        reason=reason.strip()[:500],
    )
    Mark.objects.bulk_create(
        [
            Mark(handed=handed, row_key=key[:40], label=label[:200], note=note[:300])
            for key, label, note in marks
        ]
    )
    entry().tell(marks=len(marks))
    with override("th"):
        tell(
            event=f"rounds.returned:{handed.pk}:{handed.returned_at:%Y%m%dT%H%M%S%f}",
            title=f"เขตส่งคืน {sheet_title(handed)} {handed.round.title}",
            body=handed.reason,
            url=f"/rounds/returns/{handed.pk}/",
            units=[handed.unit_id],
            capability=CONFIRM,
            urgent=True,
        )
    return handed


@verb("rounds.exempt", _("กำหนดว่าไม่ต้องตอบ"), capability=VERIFY, on="round")
def exempt(*, actor: Actor, round: Round, unit: Unit, reason: str, sheet: str = "") -> int:
    """A unit owes nothing (or not this sheet) in this round, and why; what it has certified stays."""
    if not reason.strip():
        raise Refusal(_t("บอกเหตุผลที่ไม่ต้องตอบ"), code="rounds.reason", field="reason")
    if Round.objects.select_for_update().get(pk=round.pk).state != RoundState.OPEN:
        raise Conflict(_t("%(round)s ไม่ได้เปิดอยู่") % {"round": round.title}, code="rounds.not_open")
    rows = Return.objects.filter(round=round, unit=unit, state__in=OWING).exclude(state=S.CONFIRMED)
    if sheet:
        rows = rows.filter(sheet=sheet)
    done = rows.update(state=S.EXEMPT, reason=reason.strip()[:500])
    entry().tell(unit=unit.pk, sheet=sheet, returns=done, reason=reason[:300])
    return done


@verb("rounds.unexempt", _("ยกเลิกการไม่ต้องตอบ"), capability=VERIFY, on="round")
def unexempt(*, actor: Actor, round: Round, unit: Unit) -> int:
    done = Return.objects.filter(round=round, unit=unit, state=S.EXEMPT, round__state=RoundState.OPEN).update(
        state=S.NOT_STARTED, reason=""
    )
    entry().tell(unit=unit.pk, returns=done)
    return done
