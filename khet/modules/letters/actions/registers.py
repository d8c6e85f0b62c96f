"""Registers themselves: cancelling a number, noting what was done, closing a matter, starting mid-year."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Conflict, Refusal
from khet.base.org.api import Actor, Unit, can, entry, forbidden, save, verb
from khet.modules.letters.choices import LetterState, RegisterKind
from khet.modules.letters.models import Entry, Letter, Receipt, Register
from khet.modules.letters.numbers import this_year
from khet.modules.letters.rules import CANCEL, RECEIVE, SETUP
from khet.modules.letters.wording import tidy


@verb("letters.cancel", _("ยกเลิกเลขหนังสือ"), capability=CANCEL, on="row")
def cancel_entry(*, actor: Actor, row: Entry, reason: str) -> Entry:
    """Cancel a number. The row stays with its reason; the number is never given again.

    A sent letter whose copies were opened cannot vanish from its receivers: it is corrected instead.
    """
    reason = tidy(reason)
    if not reason:
        raise Refusal(_("บอกเหตุผลที่ยกเลิก จะคงอยู่ในทะเบียน"), code="letters.missing", field="reason")
    current = (
        Entry.objects.select_for_update(of=("self",)).select_related("register", "letter").get(pk=row.pk)
    )
    if current.cancelled_at:
        raise Conflict(_("เลขนี้ยกเลิกไปแล้ว"), code="letters.cancelled_already")
    if current.register.is_closed:
        raise Conflict(
            _("ทะเบียนปี %(year)s ปิดแล้ว แก้ไขไม่ได้") % {"year": current.register.year}, code="letters.closed"
        )
    now = timezone.now()
    letter = current.letter
    if current.register.kind == RegisterKind.RECEIVE:
        _give_up_receiving(current, letter, reason)
    else:
        opened = Receipt.objects.filter(letter=letter, opened_at__isnull=False).count()
        if opened:
            raise Conflict(
                _("มี %(count)s หน่วยงานเปิดอ่านแล้ว ยกเลิกเลขไม่ได้ ใช้ ส่งฉบับแก้ไข แทน") % {"count": opened},
                code="letters.opened",
            )
        Receipt.objects.filter(letter=letter, recalled_at__isnull=True).update(
            recalled_at=now, reason=reason[:300]
        )
        save(letter, state=LetterState.CANCELLED, cancel_reason=reason[:300])
    save(current, cancelled_at=now, cancel_reason=reason[:300])
    entry().on(current, letter)
    entry().tell(number=current.number, reason=reason)
    return current


def _give_up_receiving(row: Entry, letter: Letter, reason: str) -> None:
    """A cancelled receive number frees the receipt to be registered again under a new number."""
    receipt = Receipt.objects.select_for_update().filter(entry=row).first()
    if receipt is None:
        save(letter, state=LetterState.CANCELLED, cancel_reason=reason[:300])
        return
    if receipt.answered_at:
        raise Conflict(_("หนังสือนี้ตอบแล้ว ยกเลิกเลขรับไม่ได้"), code="letters.settled")
    receipt.registered_at = None
    receipt.entry = None
    receipt.save(update_fields=["registered_at", "entry"])


@verb("letters.note", _("บันทึกการปฏิบัติในทะเบียน"), capability=RECEIVE, on="unit")
def note_action(*, actor: Actor, unit: Unit, row: Entry, action: str, remark: str = "") -> Entry:
    """Fill in the columns การปฏิบัติ and หมายเหตุ of a row."""
    current = Entry.objects.select_for_update(of=("self",)).select_related("register").get(pk=row.pk)
    if current.register.unit_id != unit.pk:
        raise forbidden(RECEIVE, unit)
    save(current, action=tidy(action)[:200], remark=tidy(remark)[:300])
    entry().on(current, current.letter)
    return current


@verb("letters.close", _("ปิดเรื่อง"), capability="", on="letter")
def close(*, actor: Actor, letter: Letter, note: str = "") -> Letter:
    """The matter of a received or sent letter is done."""
    if not can(actor, RECEIVE, letter.unit) and not can(actor, "letters.dispatch", letter):
        raise forbidden(RECEIVE, letter.unit)
    current = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if current.state not in {LetterState.RECEIVED, LetterState.SENT}:
        raise Conflict(_("ปิดได้เมื่อหนังสือลงรับหรือส่งแล้ว"), code="letters.not_open")
    save(current, state=LetterState.CLOSED)
    entry().on(current)
    entry().tell(note=tidy(note))
    return current


@verb("letters.start_register", _("ตั้งเลขเริ่มทะเบียน"), capability=SETUP, on="unit")
def start_register(
    *, actor: Actor, unit: Unit, kind: str, last_number: int, secret: bool = False
) -> Register:
    """An office that begins mid-year goes on from the last number of its paper register.

    Possible only while nothing has been numbered here this year.
    """
    if not 0 <= last_number <= 999_999:
        raise Refusal(_("เลขล่าสุดอยู่ระหว่าง 0 ถึง 999,999"), code="letters.number_range", field="last_number")
    register, _made = Register.objects.select_for_update().get_or_create(
        unit=unit, kind=RegisterKind(kind), is_secret=secret, year=this_year()
    )
    if Entry.objects.filter(Q(register=register)).exists():
        raise Conflict(
            _("ทะเบียนนี้ออกเลขในระบบแล้ว เปลี่ยนเลขเริ่มไม่ได้"), code="letters.register_in_use", field="last_number"
        )
    save(register, last_number=last_number)
    entry().on(register, unit)
    return register
