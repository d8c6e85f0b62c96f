"""Setting up a unit's saraban: its code and address, its emblem, signatures, saved lists of receivers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor, Person, Unit, entry, save, verb
from khet.modules.letters import papers
from khet.modules.letters.models import AddresseeGroup, Bureau, Signature
from khet.modules.letters.rules import DRAFT, SETUP
from khet.modules.letters.wording import tidy

_FIELDS = frozenset({"prefix", "sub_prefix", "address", "phone", "fax", "email", "stamp_name"})


@verb("letters.set_bureau", _("ตั้งค่างานสารบรรณ"), capability=SETUP, on="unit")
def set_bureau(*, actor: Actor, unit: Unit, garuda: Any = None, **fields: Any) -> Bureau:
    """Set the code, address and stamp of a unit; ``garuda`` is an uploaded picture of the emblem."""
    unknown = fields.keys() - _FIELDS
    if unknown:
        raise TypeError(f"not a field of a bureau: {sorted(unknown)}")
    bureau = Bureau.objects.select_for_update().filter(unit=unit).first()
    if bureau is None:
        bureau = Bureau(unit=unit, **fields)
        bureau.full_clean()
        bureau.save()
    else:
        save(bureau, **fields)
    if garuda is not None:
        papers.keep_picture(actor=actor, owner=bureau, upload=garuda, kind="garuda")
    entry().on(bureau, unit)
    return bureau


@verb("letters.set_signature", _("ตั้งลายมือชื่อ"), capability="")
def set_signature(*, actor: Actor, person: Person, picture: Any) -> Signature:
    """Keep the picture of one's own signature. Nobody sets another person's."""
    if not actor.is_system and (actor.person is None or actor.person.pk != person.pk):
        raise Refusal(_("ตั้งได้เฉพาะลายมือชื่อของตนเอง"), code="letters.own_signature")
    signature, _made = Signature.objects.get_or_create(person=person)
    papers.keep_picture(actor=actor, owner=signature, upload=picture, kind="signature")
    entry().on(signature, person)
    return signature


@verb("letters.save_addressees", _("บันทึกกลุ่มผู้รับ"), capability=DRAFT, on="unit")
def save_addressees(
    *, actor: Actor, unit: Unit, name: str, members: Iterable[int], group: AddresseeGroup | None = None
) -> AddresseeGroup:
    """Save a list of receivers under a name; an empty list takes the name away."""
    name, members = tidy(name)[:120], sorted(set(members))
    if not name:
        raise Refusal(_("ตั้งชื่อกลุ่มผู้รับ"), code="letters.missing", field="name")
    if not members:
        AddresseeGroup.objects.filter(unit=unit, name=name).delete()
        entry().tell(name=name, removed=True)
        return AddresseeGroup(unit=unit, name=name)
    known = Unit.objects.filter(pk__in=members).count()
    if known != len(members):
        raise Refusal(_("มีผู้รับที่ไม่อยู่ในระบบ เลือกจากรายชื่ออีกครั้ง"), code="letters.unknown_unit", field="members")
    saved, _made = AddresseeGroup.objects.update_or_create(
        unit=unit, name=name, defaults={"members": members}
    )
    entry().on(saved, unit)
    entry().tell(name=name, members=len(members))
    return saved
