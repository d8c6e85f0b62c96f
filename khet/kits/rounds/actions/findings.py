"""The life of a finding besides being corrected: explained by the unit, accepted or refused by the area, settled between two."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from khet.base.lib.errors import Conflict, Refusal
from khet.base.notices.api import tell
from khet.base.org.api import Actor, Unit, entry, save, verb
from khet.kits.rounds.bases import checks
from khet.kits.rounds.choices import UNSETTLED, FindingState, Level, RoundState
from khet.kits.rounds.models import Finding
from khet.kits.rounds.rules import CONFIRM, VERIFY


def _locked(pk: int) -> Finding:
    found = Finding.objects.select_for_update(of=("self",)).select_related("round", "unit").get(pk=pk)
    if found.round.state != RoundState.OPEN:
        raise Conflict(_t("รอบของผลตรวจนี้ไม่ได้เปิดอยู่"), code="rounds.not_open")
    return found


@verb("rounds.explain", _("ชี้แจงผลตรวจ"), capability=CONFIRM, on="finding")
def explain(*, actor: Actor, finding: Finding, reason: str) -> Finding:
    """Why the record is right although the rule doubts it; not possible where the rule says stop."""
    finding = _locked(finding.pk)
    if finding.level == Level.STOP:
        raise Refusal(_t("ข้อนี้ต้องแก้ให้ถูก ชี้แจงแทนไม่ได้"), code="rounds.must_correct")
    if finding.state not in (*UNSETTLED, FindingState.EXPLAINED):
        raise Conflict(_t("ผลตรวจนี้เรียบร้อยแล้ว"), code="rounds.settled")
    if len(reason.strip()) < 5:
        raise Refusal(
            _t("เขียนเหตุผลให้เขตเข้าใจ เช่น เข้าเรียนช้าเพราะป่วย มีใบรับรองแพทย์"), code="rounds.reason", field="reason"
        )
    save(
        finding, state=FindingState.EXPLAINED, reason=reason.strip()[:500], explained_by=actor.person, explained_at=timezone.now(), answer="",
    )  # fmt: skip
    return finding


@verb("rounds.accept", _("รับคำชี้แจง"), capability=VERIFY)
def accept(*, actor: Actor, findings: Sequence[int] | QuerySet[Finding]) -> int:
    """The area accepts explanations, set-based."""
    ids = [getattr(one, "pk", one) for one in findings]
    done = Finding.objects.filter(
        pk__in=ids, state=FindingState.EXPLAINED, round__state=RoundState.OPEN
    ).update(state=FindingState.ACCEPTED, settled_by=actor.person, settled_at=timezone.now())
    if not done:
        raise Conflict(_t("ไม่มีคำชี้แจงที่รออยู่ในรายการที่เลือก"), code="rounds.settled")
    entry().tell(findings=ids, accepted=done)
    return done


@verb("rounds.refuse", _("ไม่รับคำชี้แจง"), capability=VERIFY, on="finding")
def refuse(*, actor: Actor, finding: Finding, answer: str) -> Finding:
    """The explanation does not do: the finding is open again, with the area's answer."""
    finding = _locked(finding.pk)
    if finding.state not in (FindingState.EXPLAINED, FindingState.ACCEPTED):
        raise Conflict(_t("ผลตรวจนี้ไม่มีคำชี้แจงให้ตอบ"), code="rounds.settled")
    if not answer.strip():
        raise Refusal(_t("บอกว่าทำไมไม่รับ และต้องทำอะไร"), code="rounds.reason", field="answer")
    save(
        finding,
        state=FindingState.REOPENED,
        answer=answer.strip()[:500],
        settled_by=actor.person,
        settled_at=timezone.now(),
    )
    with override("th"):
        tell(
            event=f"rounds.refused:{finding.pk}:{finding.settled_at:%Y%m%dT%H%M%S%f}",
            title="เขตไม่รับคำชี้แจงผลตรวจข้อมูล",
            body=finding.answer,
            url=f"/rounds/findings/{finding.pk}/",
            units=[finding.unit_id],
            capability=CONFIRM,
        )
    return finding


@verb("rounds.settle", _("ชี้ขาดรายการที่ซ้ำกันสองโรงเรียน"), capability=VERIFY, on="finding")
def settle(*, actor: Actor, finding: Finding, keeper: Unit, reason: str) -> list[Finding]:
    """A record that two units claim: the area says whose it is. The keeper's findings are accepted; the others must correct.

    Both are told. The decision rests on evidence named in ``reason``.
    """
    finding = _locked(finding.pk)
    if finding.other_unit_id is None:
        raise Refusal(_t("ผลตรวจนี้ไม่ได้ซ้ำกับโรงเรียนอื่น"), code="rounds.not_shared")
    declared = checks.get(finding.code)
    if declared is not None and declared.settled_at is not None:
        raise Refusal(_t("ข้อนี้ตกลงและชี้ขาดกันที่หน้ารายการซ้ำ เปิดจากปุ่มในผลตรวจนี้"), code="rounds.settled_elsewhere")
    if not reason.strip():
        raise Refusal(_t("บอกหลักฐานที่ใช้ชี้ขาด เช่น ใบย้ายลงวันที่…"), code="rounds.reason", field="reason")
    both = {finding.unit_id, finding.other_unit_id}
    if keeper.pk not in both:
        raise Refusal(_t("เลือกหนึ่งในสองโรงเรียนที่ซ้ำกัน"), code="rounds.keeper", field="keeper")
    now = timezone.now()
    pair = list(
        Finding.objects.select_for_update(of=("self",))
        .filter(round_id=finding.round_id, code=finding.code, unit_id__in=both, other_unit_id__in=both)
        .filter(facts__contains={"pair": finding.facts["pair"]} if "pair" in finding.facts else {})
        .exclude(state=FindingState.CORRECTED)
    )
    if "pair" not in finding.facts:
        # Without a word for what is shared, only this one and its mirror about the same record.
        pair = [one for one in pair if one.subject_id == finding.subject_id] or [finding]
    for one in pair:
        if one.unit_id == keeper.pk:
            save(
                one,
                state=FindingState.ACCEPTED,
                reason=reason.strip()[:500],
                settled_by=actor.person,
                settled_at=now,
            )
        else:
            save(
                one,
                state=FindingState.REOPENED,
                answer=reason.strip()[:500],
                settled_by=actor.person,
                settled_at=now,
            )
    entry().tell(keeper=keeper.pk, findings=[one.pk for one in pair])
    with override("th"):
        tell(
            event=f"rounds.settled:{finding.pk}:{now:%Y%m%dT%H%M%S%f}",
            title=f"เขตชี้ขาดรายการซ้ำซ้อน: เป็นของ {keeper.short_name}",
            body=reason.strip(),
            url="/rounds/mine/",
            units=sorted(both),
            capability=CONFIRM,
        )
    return pair
