"""Receiving: paper from outside, letters from units of the system, sending back, passing on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from khet.base.lib.errors import Conflict, Forbidden, NotFound, Refusal
from khet.base.notices.api import tell
from khet.base.org.api import Actor, Unit, can, entry, forbidden, verb
from khet.kits.search.api import index
from khet.modules.letters import papers
from khet.modules.letters.choices import (
    LetterKind,
    LetterState,
    Origin,
    RegisterKind,
    Secrecy,
    Speed,
)
from khet.modules.letters.models import Entry, Letter, Receipt
from khet.modules.letters.numbers import take
from khet.modules.letters.queries.duplicates import duplicates
from khet.modules.letters.rules import RECEIVE, VIEW
from khet.modules.letters.wording import tidy, tidy_number

_REGISTERED = """
    UPDATE letters_receipt AS receipt
       SET opened_at = coalesce(opened_at, %s), registered_at = %s, entry_id = made.entry_id
      FROM unnest(%s::bigint[], %s::bigint[]) AS made (receipt_id, entry_id)
     WHERE receipt.id = made.receipt_id
"""


@verb("letters.receive", _("ลงรับหนังสือ"), capability=RECEIVE, on="unit")
def receive(
    *,
    actor: Actor,
    unit: Unit,
    subject: str,
    from_text: str,
    number_text: str = "",
    dated_on: date | None = None,
    to_text: str = "",
    kind: str = LetterKind.EXTERNAL,
    speed: int = Speed.NORMAL,
    secrecy: int = Secrecy.OPEN,
    answer_by: date | None = None,
    action: str = "",
    remark: str = "",
    despite: str = "",
    form_key: str | None = None,
    paper: Iterable[Any] = (),
    enclosures: Iterable[Any] = (),
) -> Entry:
    """Register a paper from outside the system: take the number, keep its scan.

    ``paper``: uploads of the letter itself, a PDF or pictures of its pages. ``despite``: why a second row is right although
    the same sender, number and date stand in the register. ``form_key``: the same form sent twice gives the
    same row. Raises Conflict ``letters.duplicate`` with ``letter_id``.
    """
    subject, from_text = tidy(subject), tidy(from_text)
    for name, value, sentence in (
        ("subject", subject, _("กรอกเรื่องของหนังสือ")),
        ("from_text", from_text, _("กรอกว่าหนังสือมาจากหน่วยงานใด")),
    ):
        if not value:
            raise Refusal(sentence, code="letters.missing", field=name)
    # The register's row is locked by taking the number: two clerks with the same letter come here in turn.
    taken = take(unit.pk, RegisterKind.RECEIVE, secret=secrecy != Secrecy.OPEN)
    if form_key:
        before = Entry.objects.filter(letter__form_key=form_key, letter__unit=unit).first()
        if before:
            raise Conflict(
                _("แบบนี้ส่งไปแล้ว ได้เลขรับ %(number)s") % {"number": before.number},
                code="letters.sent_twice",
                entry_id=before.pk,
                letter_id=before.letter_id,
            )
    number_text = tidy_number(number_text)
    twin = duplicates(unit, from_text=from_text, number_text=number_text, dated_on=dated_on).first()
    if twin and not despite.strip():
        raise Conflict(
            _("หนังสือเลขที่นี้จากผู้ส่งนี้ลงรับแล้ว เปิดฉบับเดิม หรือบอกเหตุผลที่ต้องลงรับอีกครั้ง"),
            code="letters.duplicate",
            field="number_text",
            letter_id=twin.pk,
        )
    now = timezone.now()
    letter = Letter.objects.create(
        origin=Origin.OUTSIDE,
        kind=kind,
        state=LetterState.RECEIVED,
        unit=unit,
        number_text=number_text,
        dated_on=dated_on,
        from_text=from_text[:300],
        to_text=tidy(to_text)[:500] or unit.name,
        subject=subject[:500],
        speed=speed,
        secrecy=secrecy,
        answer_by=answer_by,
        form_key=form_key,
    )
    row = Entry.objects.create(
        register_id=taken.register_id,
        number=taken.first,
        letter=letter,
        taken_at=now,
        taken_by=actor.person,
        action=tidy(action)[:200],
        remark=tidy(remark)[:300],
    )
    entry().on(letter, unit)
    entry().tell(number=taken.first, year=taken.year, sender=number_text, despite=despite)
    papers.keep(actor=actor, letter=letter, paper=paper, enclosures=enclosures)
    papers.stamp(actor=actor, row=row, unit=unit)
    index(Letter, [letter.pk])
    return row


def _lock(actor: Actor, receipt: Receipt) -> Receipt:
    """The receipt's current row, locked; the unit's right to receive is asked on it."""
    if not can(actor, RECEIVE, receipt.unit):
        if not can(actor, VIEW, receipt):
            raise NotFound(_("ไม่พบรายการนี้ อาจถูกย้าย หรืออยู่นอกขอบเขตที่คุณดูได้"), code="not_found")
        raise forbidden(RECEIVE, receipt.unit)
    return Receipt.objects.select_for_update(of=("self",)).select_related("letter", "unit").get(pk=receipt.pk)


@verb("letters.open", _("เปิดอ่านหนังสือ"), capability="", on="receipt")
def mark_opened(*, actor: Actor, receipt: Receipt) -> Receipt:
    """The receiver has opened the letter; the time stays that of the first opening."""
    current = _lock(actor, receipt)
    if current.recalled_at:
        raise Conflict(_("ผู้ส่งเรียกหนังสือฉบับนี้คืนแล้ว"), code="letters.recalled")
    if current.opened_at is None:
        current.opened_at = timezone.now()
        current.save(update_fields=["opened_at"])
    entry().on(current, current.letter)
    return current


@verb("letters.register", _("ลงรับหนังสือจากหน่วยงานในระบบ"), capability=RECEIVE, on="unit")
def register(*, actor: Actor, unit: Unit, receipts: Iterable[int], action: str = "") -> list[Entry]:
    """Register letters that arrived through the system, in the order in which they were sent.

    ``receipts``: ids. One that is registered, sent back or recalled already stops the whole act, so that a
    clerk never believes in numbers that were not given. Open and secret letters take from their own runs.
    """
    wanted = sorted(set(receipts))
    rows = list(
        Receipt.objects.select_for_update(of=("self",))
        .filter(unit=unit, pk__in=wanted)
        .select_related("letter")
        .order_by("sent_at", "pk")
    )
    if not rows or len(rows) != len(wanted):
        raise NotFound(_("ไม่พบหนังสือที่จะลงรับ รายการอาจเปลี่ยนไปแล้ว เปิดหน้าใหม่อีกครั้ง"), code="not_found")
    for row in rows:
        if row.registered_at:
            raise Conflict(
                _("หนังสือ %(number)s ลงรับไปแล้ว เปิดหน้าใหม่เพื่อดูเลขรับ") % {"number": row.letter},
                code="letters.registered_already",
                letter_id=row.letter_id,
            )
        if row.recalled_at:
            raise Conflict(
                _("ผู้ส่งเรียกหนังสือ %(number)s คืนแล้ว") % {"number": row.letter}, code="letters.recalled"
            )
        if row.returned_at:
            raise Conflict(
                _("หนังสือ %(number)s ส่งกลับให้แก้ไปแล้ว") % {"number": row.letter}, code="letters.returned_already"
            )
    now = timezone.now()
    entries: list[Entry] = []
    for secret in (False, True):
        part = [row for row in rows if row.letter.is_secret == secret]
        if not part:
            continue
        taken = take(unit.pk, RegisterKind.RECEIVE, secret=secret, count=len(part))
        made = Entry.objects.bulk_create(
            Entry(
                register_id=taken.register_id,
                number=taken.first + place,
                letter=row.letter,
                taken_at=now,
                taken_by=actor.person,
                action=tidy(action)[:200],
            )
            for place, row in enumerate(part)
        )
        with connection.cursor() as cursor:
            cursor.execute(_REGISTERED, [now, now, [row.pk for row in part], [number.pk for number in made]])
        entries += made
        entry().tell(**{("secret_numbers" if secret else "numbers"): [taken.first, taken.last]})
    draft = entry()
    draft.on(rows[0].letter, unit, *[row.letter for row in rows[1:200]])
    draft.tell(year=taken.year, count=len(entries))
    return entries


@verb("letters.send_back", _("ส่งกลับให้แก้"), capability="", on="receipt")
def send_back(*, actor: Actor, receipt: Receipt, reason: str) -> Receipt:
    """Give a letter back to its sender with the reason; it no longer waits here."""
    reason = tidy(reason)
    if not reason:
        raise Refusal(_("บอกเหตุผลที่ส่งกลับ เพื่อให้ผู้ส่งรู้ว่าต้องแก้อะไร"), code="letters.missing", field="reason")
    current = _lock(actor, receipt)
    if current.recalled_at or current.returned_at or current.answered_at:
        raise Conflict(_("ส่งกลับไม่ได้ หนังสือนี้ตอบ ส่งกลับ หรือถูกเรียกคืนไปแล้ว"), code="letters.settled")
    now = timezone.now()
    current.opened_at = current.opened_at or now
    current.returned_at = now
    current.reason = reason[:300]
    current.save(update_fields=["opened_at", "returned_at", "reason"])
    letter = current.letter
    entry().on(letter, current.unit)
    entry().tell(reason=reason)
    with override("th"):  # kept and read by others, whatever language the actor reads
        words = _("%(unit)s ส่งกลับให้แก้: %(subject)s") % {
            "unit": current.unit.short_name,
            "subject": letter.open_title,
        }
    tell(
        event=f"letters.returned:{current.pk}:{now:%s}",
        title=words,
        body=reason,
        url=reverse("letters:board", args=[letter.pk]),
        posts=[letter.drafter_post_id] if letter.drafter_post_id else [],
        units=[letter.issuer_id or letter.unit_id],
        capability="letters.dispatch",
    )
    return current


@verb("letters.forward", _("ส่งต่อภายใน"), capability="", on="letter")
def forward(*, actor: Actor, letter: Letter, by_unit: Unit, units: list[Unit], note: str = "") -> int:
    """Pass a registered letter on to other units inside, each with its own receipt; returns how many are new.

    ``by_unit`` is the unit that holds it: the owner of a paper from outside, or a receiver.
    """
    if not can(actor, RECEIVE, by_unit):
        raise forbidden(RECEIVE, by_unit)
    holds = (
        letter.unit_id == by_unit.pk
        or Receipt.objects.filter(letter=letter, unit=by_unit, registered_at__isnull=False).exists()
    )
    if not holds:
        raise Conflict(_("ลงรับหนังสือก่อน แล้วจึงส่งต่อภายใน"), code="letters.not_registered")
    outside = [u for u in units if by_unit.pk not in u.ancestors or u.pk == by_unit.pk]
    if outside:
        raise Forbidden(
            _("ส่งต่อได้เฉพาะหน่วยงานภายใน %(unit)s ส่วน %(other)s ให้ออกหนังสือส่ง")
            % {"unit": by_unit.short_name, "other": outside[0].short_name},
            code="letters.outside",
        )
    there = set(Receipt.objects.filter(letter=letter).values_list("unit_id", flat=True))
    now = timezone.now()
    fresh = [unit for unit in units if unit.pk not in there]
    Receipt.objects.bulk_create(
        Receipt(
            letter=letter,
            unit=unit,
            via=by_unit,
            sent_at=now,
            answer_by=letter.answer_by,
            reason=tidy(note)[:300],
        )
        for unit in fresh
    )
    entry().on(letter, by_unit)
    entry().tell(units=[unit.pk for unit in fresh], note=tidy(note))
    if fresh:
        with override("th"):
            words = _("ส่งต่อ: %(subject)s") % {"subject": letter.open_title}
        tell(
            event=f"letters.forwarded:{letter.pk}:{now:%s}",
            title=words,
            body=tidy(note),
            url=reverse("letters:letter", args=[letter.pk]),
            units=[unit.pk for unit in fresh],
            capability="letters.registers",
            but=actor.person,
        )
    return len(fresh)
