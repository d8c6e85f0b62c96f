"""Printed copies of the service record: each is noted, and can be asked about by its address."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, demand, entry, save, verb
from khet.modules.staff.choices import CopyKind
from khet.modules.staff.models import Official, ServiceCopy, ServiceRow
from khet.modules.staff.queries.service import digest_of, is_owner, seal_of
from khet.modules.staff.rules import CERTIFY


@verb("staff.certify_copy", gettext_lazy("รับรองสำเนา ก.พ.7"), capability=CERTIFY, on="official")
def certify_copy(*, actor: Actor, official: Official, purpose: str) -> ServiceCopy:
    """Certify that a printed copy is true to the record of this moment; whoever certifies stands on it with their post.

    Raises ``Forbidden`` for one's own record: a copy is certified by another.
    """
    if is_owner(actor, official):
        raise Forbidden(_("รับรองสำเนา ก.พ.7 ของตนเองไม่ได้ ให้เจ้าหน้าที่ผู้อื่นรับรอง"), code="staff.own_copy")
    return _copy(actor, official, CopyKind.CERTIFIED, purpose)


@verb("staff.print_own_record", gettext_lazy("พิมพ์ ก.พ.7 ของตนเอง"), capability="")
def print_own_record(*, actor: Actor, official: Official, purpose: str = "") -> ServiceCopy:
    """A copy for the owner's own use: it can be verified like any other, and says that nobody has certified it."""
    if not is_owner(actor, official):
        demand(actor, CERTIFY, official)
    return _copy(actor, official, CopyKind.OWN, purpose or _("ใช้ส่วนตัว"))


@verb("staff.withdraw_copy", gettext_lazy("ยกเลิกสำเนา ก.พ.7"), capability=CERTIFY, on="official")
def withdraw_copy(*, actor: Actor, official: Official, copy: ServiceCopy, reason: str) -> ServiceCopy:
    """From now on the public page says that this paper no longer holds."""
    if copy.official_id != official.pk:
        raise Refusal(_("สำเนานี้ไม่ใช่ของบุคลากรผู้นี้"), code="staff.other_record")
    if copy.withdrawn_at is not None:
        raise Conflict(_("สำเนานี้ยกเลิกไปแล้ว"), code="staff.copy_withdrawn")
    reason = normalise(reason)
    if len(reason) < 8:
        raise Refusal(_("บอกเหตุที่ยกเลิกอย่างน้อย 8 ตัวอักษร"), code="staff.reason", field="reason")
    entry().on(official, official.person, official.unit)
    save(copy, withdrawn_at=timezone.now(), withdrawn_why=reason[:200])
    return copy


def _copy(actor: Actor, official: Official, kind: str, purpose: str) -> ServiceCopy:
    purpose = normalise(purpose)
    if len(purpose) < 4:
        raise Refusal(
            _("บอกว่าจะใช้สำเนานี้ทำอะไร เช่น ประกอบคำขอมีวิทยฐานะ"), code="staff.purpose", field="purpose"
        )
    rows = list(ServiceRow.objects.filter(official=official))
    post = next((capacity.post for capacity in actor.capacities if capacity.post), None)
    certified = kind == CopyKind.CERTIFIED
    copy = ServiceCopy(
        official=official, kind=kind, masked_name=masked_name(official)[:120], purpose=purpose[:200],
        certified_by=actor.name[:200] if certified else "", certified_post=(post.title if post and certified else "")[:300],
        rows=sum(1 for row in rows if not row.is_void), last_row=max((row.pk for row in rows), default=0),
        digest=digest_of(rows), made_by=actor.name[:200],
    )  # fmt: skip
    copy.seal = seal_of(copy)
    copy.save()
    entry().on(official, official.person, official.unit)
    entry().tell(copy=copy.public_id, rows=copy.rows, purpose=copy.purpose, digest=copy.digest)
    return copy


def masked_name(official: Official) -> str:
    """The name as a stranger may see it, enough for who holds the paper: นางสาวสxxx จxxx."""
    person = official.person
    return f"{person.title}{_first(person.first_name)} {_first(person.last_name)}".strip()


def _first(name: str) -> str:
    """A name's first consonant, with the vowel written before it."""
    lead = 2 if name[:1] in ("เ", "แ", "โ", "ใ", "ไ") else 1
    return f"{name[:lead]}xxx" if name else ""
