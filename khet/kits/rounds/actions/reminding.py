"""Reminding those who are late: by one press, every night, by official letter; and excusing for some days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.calendar import thai_date, thai_date_long, thai_datetime
from khet.base.notices.api import tell
from khet.base.org.api import Actor, Unit, entry, verb
from khet.kits.rounds.bases.reminders import LateUnits, reminder_letters
from khet.kits.rounds.choices import OWING, ReturnState, RoundState
from khet.kits.rounds.models import Reminder, Return, Round
from khet.kits.rounds.queries.periods import sheets_of
from khet.kits.rounds.rules import CERTIFY, CONFIRM, REMIND

S = ReturnState


def owing_units(round_: Round, wanted: Sequence[int] | None = None) -> dict[int, int]:
    """Units that still owe something in a round, the excused left out: unit id → how many sheets."""
    rows = Return.objects.filter(round=round_, state__in=OWING).filter(
        Q(excused_until__isnull=True) | Q(excused_until__lt=timezone.localdate())
    )
    if wanted is not None:
        rows = rows.filter(unit_id__in=list(wanted))
    return dict(rows.order_by().values_list("unit_id").annotate(n=Count("pk")))


def days_late(round_: Round, units: Iterable[int]) -> dict[int, int]:
    """Unit → whole days since it should have handed in: since the hour due, or since the last day it was excused."""
    now = timezone.now()
    excused = dict(
        Return.objects.filter(round=round_, unit_id__in=list(units), excused_until__isnull=False)
        .order_by()
        .values_list("unit_id")
        .annotate(until=Max("excused_until"))
    )
    due = timezone.localdate(round_.due_at)
    since = {pk: max(due, excused.get(pk, due)) for pk in units}
    return {
        pk: max((timezone.localdate(now) - day).days, 0) if round_.due_at < now else 0
        for pk, day in since.items()
    }


@verb("rounds.remind", _("เตือนโรงเรียนที่ยังไม่ส่งข้อมูล"), capability=REMIND, on="round")
def remind(*, actor: Actor, round: Round, units: Sequence[int] | None = None, number: int = 0) -> Reminder:
    """Tell the clerks and heads of units that owe something, set-based. ``number`` is that on the button: once each."""
    round = Round.objects.select_for_update().get(pk=round.pk)
    if round.state != RoundState.OPEN:
        raise Conflict(_t("%(round)s ไม่ได้เปิดอยู่") % {"round": round.title}, code="rounds.not_open")
    next_number = Reminder.objects.filter(round=round).count() + 1
    if number and number != next_number:
        raise Conflict(_t("เตือนครั้งที่ %(n)d ไปแล้ว เปิดหน้าใหม่ก่อนเตือนอีก") % {"n": number}, code="rounds.reminded")
    owing = owing_units(round, units)
    if not owing:
        raise Refusal(_t("ไม่มีโรงเรียนที่ต้องเตือนในรายการที่เลือก"), code="rounds.nobody")
    made = Reminder.objects.create(
        round=round, number=next_number, sent_at=timezone.now(), sent_by=actor.person, unit_ids=sorted(owing)
    )
    _tell(round, sorted(owing), f"rounds.reminded:{round.pk}:{next_number}", number=next_number)
    entry().tell(number=next_number, units=sorted(owing))
    return made


def _tell(round_: Round, units: Sequence[int], event: str, *, number: int = 0) -> int:
    late = round_.due_at < timezone.now()
    with override("th"):
        title = f"{'เลยกำหนดส่ง' if late else 'ยังส่งไม่ครบ'} {round_.title}"
        body = f"กำหนดส่ง {thai_datetime(round_.due_at)}" + (f" เตือนครั้งที่ {number}" if number else "")
        told = 0
        for capability in (CONFIRM, CERTIFY):
            told += tell(
                event=event,
                title=title,
                body=body,
                url="/rounds/mine/",
                units=list(units),
                capability=capability,
                urgent=late,
            )
    return told


def remind_nightly() -> int:
    """Three days before and on the day a round is due the owing units are told; from the day after on, daily, their heads too.

    The event carries the day, so running it twice adds nothing.
    """
    today = timezone.localdate()
    told = 0
    for round_ in Round.objects.filter(state=RoundState.OPEN):
        due = timezone.localdate(round_.due_at)
        if today < due - timedelta(days=3) or (due - timedelta(days=3) < today < due):
            continue
        units = sorted(owing_units(round_))
        if units:
            told += _tell(round_, units, f"rounds.nightly:{round_.pk}:{today:%Y%m%d}")
    return told


@verb("rounds.remind_by_letter", _("ร่างหนังสือถึงโรงเรียนที่ล่าช้า"), capability=REMIND, on="round")
def remind_by_letter(
    *, actor: Actor, round: Round, units: Sequence[int] | None = None, number: int = 0
) -> str:
    """One official letter to all late units, drafted by the module that writes letters; returns its address.

    It is a reminder of the round, numbered with the others; ``number`` is that on the button: once each.
    """
    writer = next(iter(reminder_letters), None)
    if writer is None:
        raise Refusal(_t("ระบบนี้ไม่มีส่วนหนังสือราชการ ใช้การเตือนในระบบแทน"), code="rounds.no_letters")
    round = Round.objects.select_for_update().get(pk=round.pk)
    next_number = Reminder.objects.filter(round=round).count() + 1
    if number and number != next_number:
        raise Conflict(_t("เตือนครั้งที่ %(n)d ไปแล้ว เปิดหน้าใหม่ก่อนเตือนอีก") % {"n": number}, code="rounds.reminded")
    owing = owing_units(round, units)
    if not owing or round.state != RoundState.OPEN:
        raise Refusal(_t("ไม่มีโรงเรียนที่ต้องเตือนในรายการที่เลือก"), code="rounds.nobody")
    with override("th"):  # read by others, whatever language the actor reads
        titles = {one.code: str(one.title) for one in sheets_of(round)}
        missing: dict[int, list[str]] = {}
        for unit, sheet in Return.objects.filter(round=round, unit_id__in=owing, state__in=OWING).values_list(
            "unit_id", "sheet"
        ):
            missing.setdefault(unit, []).append(titles.get(sheet, sheet))
        label, url = writer.draft(
            actor,
            LateUnits(
                subject=f"การรายงานข้อมูล {round.title}",
                round_title=round.title,
                as_at_words=thai_date_long(round.as_at),
                due_at=round.due_at,
                missing=missing,
                days_late=days_late(round, owing),
                key=f"rounds:{round.pk}:{next_number}",
            ),
        )
    Reminder.objects.create(
        round=round,
        number=next_number,
        sent_at=timezone.now(),
        sent_by=actor.person,
        unit_ids=sorted(owing),
        letter=label,
    )
    entry().tell(units=sorted(owing), letter=label)
    return url


@verb("rounds.excuse", _("ผ่อนผันกำหนดส่งข้อมูล"), capability=REMIND, on="round")
def excuse(*, actor: Actor, round: Round, unit: Unit, until: date | None, reason: str = "") -> int:
    """Not late before ``until``, for a reason that everybody sees (flood); None takes it back."""
    if until is not None and not reason.strip():
        raise Refusal(_t("บอกเหตุผลที่ผ่อนผัน เช่น น้ำท่วมปิดเรียน"), code="rounds.reason", field="reason")
    done = Return.objects.filter(round=round, unit=unit).update(
        excused_until=until, excuse=reason.strip()[:200] if until else ""
    )
    if not done:
        raise Refusal(_t("โรงเรียนนี้ไม่อยู่ในรอบ"), code="rounds.no_unit", field="unit")
    entry().tell(unit=unit.pk, until=thai_date(until) if until else "", reason=reason.strip()[:200])
    return done
