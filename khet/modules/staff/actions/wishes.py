"""Owners of records ask for corrections; the personnel group answers."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.lib.thai.words import normalise
from khet.base.notices.api import tell
from khet.base.org.api import Actor, entry, own_units, save, verb
from khet.base.org.choices import UnitKind
from khet.modules.staff.choices import WISH_PARTS, WishState
from khet.modules.staff.models import CorrectionWish, Official, ServiceRow
from khet.modules.staff.queries.service import is_owner
from khet.modules.staff.rules import RECORD

MOST_OPEN = 10


@verb("staff.ask_correction", gettext_lazy("ขอแก้ไขทะเบียนประวัติของตนเอง"), capability="")
def ask_correction(
    *, actor: Actor, official: Official, about: str, words: str, row: ServiceRow | None = None
) -> CorrectionWish:
    """The owner says what is wrong, and with which paper that can be seen. Nothing of the record changes by it."""
    if not is_owner(actor, official):
        raise Forbidden(_("ขอแก้ไขได้เฉพาะทะเบียนประวัติของตนเอง"), code="staff.not_own")
    if about not in WISH_PARTS:
        raise Refusal(_("เลือกส่วนของทะเบียนที่ต้องแก้ไข"), code="staff.wish_about", field="about")
    words = normalise(words)
    if len(words) < 10:
        raise Refusal(_("บอกว่าที่ถูกต้องคืออะไร และมีหลักฐานใด"), code="staff.wish_words", field="words")
    if row is not None and row.official_id != official.pk:
        raise Refusal(_("รายการนี้ไม่ใช่ของทะเบียนนี้"), code="staff.other_record", field="row")
    if CorrectionWish.objects.filter(official=official, state=WishState.OPEN).count() >= MOST_OPEN:
        raise Conflict(_("มีคำขอที่รอตรวจอยู่ %(n)d เรื่องแล้ว รอคำตอบก่อน") % {"n": MOST_OPEN}, code="staff.wishes")
    wish = CorrectionWish.objects.create(official=official, row=row, about=about, words=words[:600])
    entry().on(official, official.person, official.unit)
    entry().tell(wish=wish.pk, about=about)
    tell(
        event=f"staff.correction_asked:{wish.pk}",
        title=_("%(name)sขอแก้ไขทะเบียนประวัติ: %(part)s")
        % {"name": official.person.full_name, "part": wish.part_words},
        url=reverse("staff:settle_wish", args=[wish.pk]),
        units=own_units().filter(kind__in=[UnitKind.OFFICE, UnitKind.GROUP]),
        capability=RECORD,
        but=actor.person,
    )
    return wish


@verb("staff.settle_correction", gettext_lazy("ตอบคำขอแก้ไขทะเบียนประวัติ"), capability=RECORD, on="wish")
def settle_correction(*, actor: Actor, wish: CorrectionWish, state: str, answer: str) -> CorrectionWish:
    """Say what was done: corrected (the correction itself is a row or a change of its own), or why not."""
    if is_owner(actor, wish.official):
        raise Forbidden(_("ตอบคำขอของตนเองไม่ได้ ให้ผู้อื่นในกลุ่มบริหารงานบุคคลตอบ"), code="staff.own_record")
    wish = (
        CorrectionWish.objects.select_for_update(of=("self",))
        .select_related("official__person", "official__unit")
        .get(pk=wish.pk)
    )
    if wish.state != WishState.OPEN:
        raise Conflict(_("คำขอนี้มีผู้ตอบไปแล้ว"), code="staff.wish_settled")
    if state not in (WishState.DONE, WishState.DECLINED):
        raise Refusal(_("เลือกว่าแก้ไขแล้วหรือไม่แก้ไข"), code="staff.wish_state", field="state")
    answer = normalise(answer)
    if state == WishState.DECLINED and len(answer) < 8:
        raise Refusal(_("บอกเหตุที่ไม่แก้ไข อย่างน้อย 8 ตัวอักษร"), code="staff.wish_answer", field="answer")
    entry().on(wish.official, wish.official.person, wish.official.unit)
    entry().tell(wish=wish.pk)
    save(wish, state=state, answer=answer[:400], settled_at=timezone.now(), settled_by=actor.name[:200])
    tell(
        event=f"staff.correction_settled:{wish.pk}",
        title=_("คำขอแก้ไขทะเบียนประวัติของคุณ: %(state)s") % {"state": WishState(state).label},
        body=wish.answer,
        url=reverse("staff:mine"),
        people=[wish.official.person_id],
    )
    return wish
