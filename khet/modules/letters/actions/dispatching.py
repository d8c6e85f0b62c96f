"""Dispatch and what follows it: reminders, excuses, recalls, corrections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from khet.base.lib.errors import Conflict, Refusal
from khet.base.notices.api import tell
from khet.base.org.api import Actor, Unit, entry, save, today, verb
from khet.kits.search.api import index
from khet.modules.letters import papers
from khet.modules.letters.choices import LetterKind, LetterState, Origin, Secrecy, Speed
from khet.modules.letters.models import Entry, Letter, Receipt, Reminder
from khet.modules.letters.numbers import bureau_of, run_for, take, written
from khet.modules.letters.queries.receivers import resolve
from khet.modules.letters.rules import DISPATCH, REMIND
from khet.modules.letters.wording import tidy, tidy_number

_SEND = """
    INSERT INTO letters_receipt (letter_id, unit_id, sent_at, answer_by, reason)
    SELECT %s, unit.id, %s, %s, '' FROM org_unit AS unit WHERE unit.id = ANY(%s)
    ON CONFLICT (letter_id, unit_id) DO NOTHING
"""


def deliver(*, actor: Actor, letter: Letter, units: Iterable[int]) -> int:
    """Inside a verb: give the letter to its receivers in one statement and tell those who receive there.

    Networks and other cross-cutting units stand for their members of today; the issuer never receives its own.
    Returns how many receivers are new.
    """
    receivers = resolve(units) - {letter.issuer_id}
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_SEND, [letter.pk, now, letter.answer_by, sorted(receivers)])
        fresh = cursor.rowcount
    save(letter, state=LetterState.SENT, sent_at=letter.sent_at or now)
    if letter.answers_id:
        Receipt.objects.filter(
            Q(unit_id=letter.issuer_id) | Q(unit_id=letter.unit_id),
            letter_id=letter.answers_id,
            answered_at__isnull=True,
            returned_at__isnull=True,
            recalled_at__isnull=True,
        ).update(answered_at=now, opened_at=Coalesce(F("opened_at"), now), answer=letter)
    draft = entry()
    draft.tell(receivers=fresh)
    if fresh:
        with override("th"):  # kept and read by others, whatever language the actor reads
            words = _("หนังสือเข้า: %(subject)s") % {"subject": letter.open_title}
        tell(
            event=f"letters.sent:{letter.pk}:{now:%s}",
            title=words,
            body=f"{letter.from_text} {letter.number_text}",
            url=reverse("letters:letter", args=[letter.pk]),
            units=receivers,
            capability="letters.receive",
            urgent=letter.speed >= Speed.VERY_URGENT,
            but=actor.person,
        )
    if letter.corrects_id:
        entry().on(letter, letter.corrects)
    return fresh


@verb("letters.dispatch", _("ส่งหนังสือ"), on="letter")
def dispatch(*, actor: Actor, letter: Letter, units: Iterable[int] | None = None) -> int:
    """Send a signed letter to its addressees, or to more of them later; returns how many are new.

    Without any receiver in the system the letter counts as sent outside (post, e-mail).
    """
    current = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if current.state not in {LetterState.SIGNED, LetterState.SENT}:
        raise Conflict(
            _("ส่งได้เมื่อลงนามและออกเลขแล้ว หนังสือนี้อยู่ในสถานะ %(state)s")
            % {"state": LetterState(current.state).label},
            code="letters.not_signed",
        )
    chosen = list(current.to_units if units is None else units)
    if current.state == LetterState.SENT and not (resolve(chosen) - _receivers(current)):
        raise Conflict(_("หนังสือนี้ส่งไปแล้ว ไม่มีผู้รับใหม่"), code="letters.sent_already")
    if units is not None:
        save(current, to_units=sorted({*current.to_units, *chosen}))
    return deliver(actor=actor, letter=current, units=chosen)


def _receivers(letter: Letter) -> set[int]:
    return {letter.issuer_id, *Receipt.objects.filter(letter=letter).values_list("unit_id", flat=True)}


@verb("letters.send_ready", _("ส่งหนังสือที่ลงนามบนกระดาษ"), capability=DISPATCH, on="unit")
def send_ready(
    *,
    actor: Actor,
    unit: Unit,
    subject: str,
    to_text: str,
    units: Iterable[int] = (),
    kind: str = LetterKind.EXTERNAL,
    is_circular: bool = False,
    dated_on: date | None = None,
    speed: int = Speed.NORMAL,
    secrecy: int = Secrecy.OPEN,
    answer_by: date | None = None,
    answers: Letter | None = None,
    form_key: str | None = None,
    paper: Iterable[Any] = (),
    enclosures: Iterable[Any] = (),
    remark: str = "",
) -> Letter:
    """Number and send a paper signed by hand: its scan goes with it. How a school answers within a minute."""
    if form_key:
        before = Letter.objects.filter(form_key=form_key, unit=unit).first()
        if before:
            return before
    subject = tidy(subject)
    if not subject:
        raise Refusal(_("กรอกเรื่องของหนังสือ"), code="letters.missing", field="subject")
    bureau = bureau_of(unit)
    run = run_for(kind, is_circular)
    now = timezone.now()
    letter = Letter(
        origin=Origin.HERE,
        kind=kind,
        is_circular=is_circular,
        unit=unit,
        issuer=bureau.unit,
        from_text=bureau.unit.name,
        to_text=tidy(to_text)[:500],
        subject=subject[:500],
        speed=speed,
        secrecy=secrecy,
        answer_by=answer_by,
        answers=answers,
        to_units=sorted(set(units)),
        drafter_post=next((c.post for c in actor.capacities if c.post and c.unit.pk == unit.pk), None),
        form_key=form_key,
        state=LetterState.SIGNED,
        dated_on=dated_on or today(),
        signed_at=now,
    )
    taken = take(bureau.unit_id, run, secret=letter.is_secret)
    letter.number_text = tidy_number(written(bureau, letter, run, taken.first, taken.year))
    letter.save()
    Entry.objects.create(
        register_id=taken.register_id,
        number=taken.first,
        letter=letter,
        taken_at=now,
        taken_by=actor.person,
        remark=tidy(remark)[:300],
    )
    entry().on(letter, unit)
    entry().tell(number=letter.number_text)
    papers.keep(actor=actor, letter=letter, paper=paper, enclosures=enclosures)
    deliver(actor=actor, letter=letter, units=letter.to_units)
    index(Letter, [letter.pk])
    return letter


@verb("letters.remind", _("เตือนหน่วยงานที่ยังไม่ตอบ"), on="letter")
def remind(
    *, actor: Actor, letter: Letter, units: Iterable[int], number: int, channels: Iterable[str] = ("app",)
) -> Reminder:
    """Remind the chosen receivers that have neither answered nor been excused; kept as one row.

    ``number`` is the reminder the page offered ("เตือนครั้งที่ 2"): the button pressed twice reminds once.
    """
    current = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    done = Reminder.objects.filter(letter=current).count()
    if number != done + 1:
        raise Conflict(
            _("เตือนครั้งที่ %(number)s ส่งไปแล้ว เปิดหน้าใหม่เพื่อดูผล") % {"number": number},
            code="letters.reminded_already",
        )
    waiting = list(
        Receipt.objects.filter(
            letter=current,
            unit_id__in=list(units),
            answered_at__isnull=True,
            returned_at__isnull=True,
            recalled_at__isnull=True,
            excused_at__isnull=True,
        ).values_list("unit_id", flat=True)
    )
    if current.answer_by is None:
        waiting = list(
            Receipt.objects.filter(
                letter=current, unit_id__in=waiting, registered_at__isnull=True
            ).values_list("unit_id", flat=True)
        )
    if not waiting:
        raise Refusal(_("ไม่มีหน่วยงานที่ต้องเตือน เลือกหน่วยงานที่ยังไม่ตอบอย่างน้อยหนึ่งแห่ง"), code="letters.nobody")
    now = timezone.now()
    channels = list(dict.fromkeys(["app", *channels]))
    reminder = Reminder.objects.create(
        letter=current,
        number=number,
        sent_at=now,
        sent_by=actor.person,
        channels=channels,
        units=sorted(waiting),
    )
    with override("th"):
        words = _("เตือนครั้งที่ %(number)s: %(subject)s") % {"number": number, "subject": current.open_title}
    tell(
        event=f"letters.reminded:{current.pk}:{number}",
        title=words,
        body=f"{current.from_text} {current.number_text}",
        url=reverse("letters:letter", args=[current.pk]),
        units=waiting,
        capability="letters.receive",
        channels=channels,
        urgent=True,
    )
    entry().on(current)
    entry().tell(number=number, receivers=len(waiting), channels=channels)
    return reminder


@verb("letters.excuse", _("ผ่อนผันการตอบ"), capability=REMIND, on="letter")
def excuse(*, actor: Actor, letter: Letter, unit: Unit, reason: str) -> Receipt:
    """A receiver need not answer for now (flood, leave); an empty reason takes the excuse back."""
    receipt = Receipt.objects.select_for_update(of=("self",)).filter(letter=letter, unit=unit).first()
    if receipt is None:
        raise Refusal(_("หน่วยงานนี้ไม่ได้อยู่ในรายชื่อผู้รับ"), code="letters.not_receiver")
    if receipt.answered_at or receipt.recalled_at:
        raise Conflict(_("หน่วยงานนี้ตอบหรือถูกเรียกคืนแล้ว ไม่ต้องผ่อนผัน"), code="letters.settled")
    reason = tidy(reason)[:300]
    receipt.excused_at = timezone.now() if reason else None
    receipt.reason = reason
    receipt.save(update_fields=["excused_at", "reason"])
    entry().on(letter, unit)
    entry().tell(reason=reason)
    return receipt


@verb("letters.recall", _("เรียกหนังสือคืน"), capability=DISPATCH, on="letter")
def recall(*, actor: Actor, letter: Letter, reason: str) -> int:
    """Take back what nobody has opened yet; opened ones stay and need a correction. Returns how many came back."""
    reason = tidy(reason)
    if not reason:
        raise Refusal(_("บอกเหตุผลที่เรียกคืน"), code="letters.missing", field="reason")
    current = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    count = Receipt.objects.filter(letter=current, opened_at__isnull=True, recalled_at__isnull=True).update(
        recalled_at=timezone.now(), reason=reason[:300]
    )
    if not count:
        raise Conflict(_("ทุกหน่วยงานเปิดอ่านแล้ว เรียกคืนไม่ได้ ใช้ ส่งฉบับแก้ไข แทน"), code="letters.all_opened")
    entry().on(current)
    entry().tell(count=count, reason=reason)
    return count


@verb("letters.correct", _("ทำฉบับแก้ไข"), capability="letters.draft", on="unit")
def correct(*, actor: Actor, unit: Unit, letter: Letter) -> Letter:
    """A new draft that corrects a sent letter, to the same receivers, referring to the first."""
    if letter.state != LetterState.SENT or letter.origin != Origin.HERE:
        raise Conflict(_("ทำฉบับแก้ไขได้เฉพาะหนังสือที่ส่งแล้ว"), code="letters.not_sent")
    fresh = Letter.objects.create(
        origin=Origin.HERE,
        state=LetterState.DRAFT,
        kind=letter.kind,
        is_circular=letter.is_circular,
        unit=unit,
        issuer=letter.issuer,
        from_text=letter.from_text,
        to_text=letter.to_text,
        subject=tidy(f"{letter.subject} (ฉบับแก้ไข)")[:500],
        speed=letter.speed,
        secrecy=letter.secrecy,
        references=[tidy(f"{letter.from_text} ที่ {letter.number_text}")[:400]],
        enclosures=letter.enclosures,
        body=letter.body,
        closing=letter.closing,
        answer_by=letter.answer_by,
        to_units=letter.to_units,
        drafter_post=next((c.post for c in actor.capacities if c.post and c.unit.pk == unit.pk), None),
        corrects=letter,
    )
    entry().on(fresh, letter)
    return fresh
