"""The numbers a person is known by: sealed, found by fingerprint, shown masked, opened only with a reason.

Every opening is a journal entry on the person: who read which number of whom, and why.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.ids import is_g_code, normalise_citizen_id, valid_citizen_id
from khet.base.org.actors import Actor
from khet.base.org.choices import IdKind
from khet.base.org.models import Person, PersonId, today
from khet.base.org.rules import ORG_MANAGE, READ_IDS
from khet.base.org.sealing import fingerprint, fingerprints, seal, unseal
from khet.base.org.verbs import entry, verb


def normalise_id(kind: str, value: str) -> str:
    """The number as it is sealed and compared; ``Refusal`` on field ``value`` when it cannot be one."""
    text = normalise_citizen_id(value)
    if kind == IdKind.CITIZEN and not valid_citizen_id(text):
        raise Refusal(
            _("เลขประจำตัวประชาชนต้องมี 13 หลักและหลักสุดท้ายต้องตรง ตรวจกับบัตรแล้วพิมพ์ใหม่"),
            code="org.id_wrong",
            field="value",
        )
    if kind == IdKind.G_CODE and not is_g_code(text):
        raise Refusal(_("รหัส G มีตัว G แล้วตามด้วยเลข 12 หลัก ตรวจแล้วพิมพ์ใหม่"), code="org.id_wrong", field="value")
    if not re.fullmatch(r"[A-Z0-9]{4,20}", text):
        raise Refusal(_("เลขนี้มีได้เฉพาะตัวอักษรอังกฤษและตัวเลข 4–20 ตัว"), code="org.id_wrong", field="value")
    return text


def masked_id(record: PersonId) -> str:
    """What anybody who sees the person may see: enough to ask "does yours end in …?", no more."""
    if record.kind == IdKind.CITIZEN:
        return f"x-xxxx-xxxxx-{record.tail}-x"
    return f"xxxx{record.tail}"


def person_by_id(kind: str, value: str) -> Person | None:
    """Whose number this is today. For matching imports and ThaID; opens nothing, so it leaves no trace."""
    try:
        text = normalise_id(kind, value)
    except Refusal:
        return None
    held = PersonId.objects.on().filter(kind=kind, fingerprint__in=fingerprints(text, kind))
    return Person.objects.filter(ids__in=held).first()


@dataclass(frozen=True)
class SealedId:
    """A number as it may lie in the database: sealed, its fingerprint, and the digits that may be shown."""

    kind: str
    sealed: bytes
    fingerprint: str
    tail: str


def seal_id(kind: str, value: str) -> SealedId:
    """Seal a number that is about to be kept; ``Refusal`` on field ``value`` when it cannot be one."""
    return _sealed(kind, normalise_id(kind, value))


def _sealed(kind: str, text: str) -> SealedId:
    tail = text[10:12] if kind == IdKind.CITIZEN else text[-2:]
    return SealedId(kind, seal(text), fingerprint(text, kind), tail)


def people_by_fingerprint(kind: str, wanted: Sequence[str]) -> dict[str, int]:
    """Fingerprint → person id, for today's numbers among these fingerprints; one query."""
    held = PersonId.objects.on().filter(kind=kind, fingerprint__in=list(wanted))
    return dict(held.values_list("fingerprint", "person"))


@verb("org.add_people", gettext_lazy("เพิ่มบุคคลเป็นชุด"), capability="")
def add_people(
    *,
    actor: Actor,
    people: list[Person],
    since: date | None = None,
    ids: Sequence[tuple[Person, SealedId]] = (),
) -> list[Person]:
    """Create many people, and numbers of people, in two statements.

    Called by a module's verb that has asked for its own right, such as the import of staff. A number that
    somebody bears already is refused by the database; look with ``people_by_fingerprint`` first.
    """
    Person.objects.bulk_create(people, batch_size=2000)
    PersonId.objects.bulk_create(
        [
            PersonId(
                person=person, kind=one.kind, since=since or today(), sealed=one.sealed,
                fingerprint=one.fingerprint, tail=one.tail,
            )
            for person, one in ids
        ],
        batch_size=2000,
    )  # fmt: skip
    entry().tell(people=len(people), ids=len(ids))
    return people


@verb("org.remove_people", gettext_lazy("นำบุคคลที่เพิ่งนำเข้าออก"), capability="")
def remove_people(*, actor: Actor, people: Sequence[int]) -> None:
    """Take back people whom an import has just made; whoever holds a post, an account or a paper stays and stops it."""
    Person.objects.filter(pk__in=people).delete()
    entry().tell(people=len(people))


def _add(person: Person, kind: str, value: str, since: date) -> PersonId:
    text = normalise_id(kind, value)
    taken = PersonId.objects.on().filter(kind=kind, fingerprint__in=fingerprints(text, kind))
    if taken.exists():
        raise Conflict(
            _("เลขนี้มีผู้ใช้แล้วในทะเบียนบุคคล ตรวจว่าเป็นคนเดียวกันหรือไม่"), code="org.id_taken", field="value"
        )
    try:
        with transaction.atomic():
            return PersonId.objects.create(person=person, since=since, **vars(_sealed(kind, text)))
    except IntegrityError:
        raise Conflict(
            _("มีผู้บันทึกเลขนี้ไปเมื่อครู่ ตรวจทะเบียนบุคคลอีกครั้ง"), code="org.id_taken", field="value"
        ) from None


@verb("org.add_person_id", gettext_lazy("เพิ่มเลขประจำตัวบุคคล"), capability=ORG_MANAGE, on="person")
def add_person_id(
    *, actor: Actor, person: Person, kind: str, value: str, since: date | None = None
) -> PersonId:
    """Record a number; a person may have several kinds, and of one kind one at a time."""
    if PersonId.objects.on().filter(person=person, kind=kind).exists():
        raise Conflict(_("บุคคลนี้มีเลขชนิดนี้อยู่แล้ว ใช้การเปลี่ยนเลขแทน"), code="org.id_there", field="kind")
    record = _add(person, kind, value, since or today())
    entry().tell(kind=kind, masked=masked_id(record))
    return record


@verb("org.replace_person_id", gettext_lazy("เปลี่ยนเลขประจำตัวบุคคล"), capability=ORG_MANAGE, on="person")
def replace_person_id(
    *, actor: Actor, person: Person, kind: str, value: str, since: date | None = None
) -> PersonId:
    """A new number from a day (G-code → citizen id stays two kinds; this is for the same kind)."""
    since = since or today()
    for old in PersonId.objects.select_for_update().filter(person=person, kind=kind, until__isnull=True):
        if old.since >= since:
            old.delete()
        else:
            old.until = since - timedelta(days=1)
            old.save(update_fields=["until"])
    record = _add(person, kind, value, since)
    entry().tell(kind=kind, masked=masked_id(record))
    return record


@verb("org.open_person_id", gettext_lazy("เปิดดูเลขประจำตัวเต็ม"), capability=READ_IDS, on="person")
def open_person_id(*, actor: Actor, person: Person, kind: str, reason: str) -> str:
    """The full number, for a typed reason; the reading is journaled on the person."""
    reason = reason.strip()
    if len(reason) < 8:
        raise Refusal(_("พิมพ์เหตุผลที่ต้องดูเลขเต็ม อย่างน้อย 8 ตัวอักษร"), code="org.id_reason", field="reason")
    record = PersonId.objects.on().filter(person=person, kind=kind).first()
    if record is None:
        raise Refusal(_("บุคคลนี้ยังไม่มีเลขชนิดนี้ในทะเบียน"), code="org.id_absent")
    entry().tell(kind=kind, masked=masked_id(record), reason=reason[:300])
    return unseal(record.sealed)
