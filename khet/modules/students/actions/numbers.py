"""The numbers of a pupil: written and replaced."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.ids import is_g_code, normalise_citizen_id, valid_citizen_id
from khet.base.org.api import Actor, entry, today, verb
from khet.base.org.sealing import seal
from khet.modules.students.choices import IdKind
from khet.modules.students.models import Pupil, PupilId
from khet.modules.students.queries import id_fingerprint, id_fingerprints, kind_of_number
from khet.modules.students.rules import EDIT


def numbered(pupil: Pupil, value: str, since: date, *, kind: str = "", strict: bool = True) -> PupilId:
    """An unsaved ``PupilId``. ``strict`` refuses a wrong check digit; without it the number is kept as wrong."""
    text = normalise_citizen_id(value)
    if not re.fullmatch(r"[A-Z0-9]{4,20}", text):
        raise Refusal(
            _("เลขประจำตัวมีได้เฉพาะตัวเลขและอักษรอังกฤษ 4–20 ตัว"), code="students.id_form", field="id_value"
        )
    kind = kind or kind_of_number(text)
    if kind == IdKind.CITIZEN:
        is_valid = valid_citizen_id(text)
    elif kind == IdKind.G_CODE:
        is_valid = is_g_code(text)
    else:
        is_valid = True
    if strict and not is_valid:
        raise Refusal(
            _(
                "เลขประจำตัวประชาชนต้องมี 13 หลักและหลักสุดท้ายต้องตรง หรือเป็นรหัส G ตามด้วยเลข 12 หลัก ตรวจกับเอกสารแล้วพิมพ์ใหม่"
            ),
            code="students.id_wrong",
            field="id_value",
        )
    return PupilId(
        pupil=pupil, kind=kind, since=since, sealed=seal(text), fingerprint=id_fingerprint(text), is_valid=is_valid,
        tail=text[10:12] if kind == IdKind.CITIZEN else text[-2:], first=text[:1],
    )  # fmt: skip


def keep_number(number: PupilId, value: str) -> None:
    """Save a number, refusing one that another pupil bears today."""
    taken = PupilId.objects.filter(fingerprint__in=id_fingerprints(value), until__isnull=True)
    conflict = Conflict(
        _("เลขนี้เป็นของนักเรียนอีกคนในทะเบียน ค้นด้วยเลขนี้ก่อน ถ้าเป็นคนเดียวกันให้รับย้ายแทนการเพิ่มใหม่"),
        code="students.id_taken",
        field="id_value",
    )
    if taken.exists():
        raise conflict
    try:
        with transaction.atomic():
            number.save()
    except IntegrityError:
        raise conflict from None


@verb("students.replace_number", gettext_lazy("เปลี่ยนเลขประจำตัวนักเรียน"), capability=EDIT, on="pupil")
def replace_number(
    *, actor: Actor, pupil: Pupil, value: str, since: date | None = None, reason: str
) -> PupilId:
    """A new number from a day: a G-code becomes 13 digits, or a mistyped number is corrected. The old one still finds the pupil."""
    if len(reason.strip()) < 5:
        raise Refusal(_("พิมพ์เหตุผลหรือเอกสารที่ใช้เปลี่ยนเลข"), code="students.id_reason", field="reason")
    since = since or today()
    number = numbered(pupil, value, since)
    for old in PupilId.objects.select_for_update().filter(pupil=pupil, until__isnull=True):
        if old.fingerprint == number.fingerprint:
            raise Refusal(_("เลขนี้เป็นเลขปัจจุบันอยู่แล้ว"), code="students.id_same", field="id_value")
        old.until = max(since - timedelta(days=1), old.since)
        old.save(update_fields=["until"])
    keep_number(number, value)
    entry().tell(kind=number.kind, masked=number.masked, reason=reason.strip()[:300])
    return number
