"""Writing the record of reading: one statement, however many people were read about."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from khet.base.journal.api import label
from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor, entry, rule_of, today, verb
from khet.base.org.choices import UnitKind
from khet.base.privacy.bases import retentions
from khet.base.privacy.choices import DataKind, Via
from khet.base.privacy.models import KeptFor
from khet.base.privacy.rules import COPY, KEEPING, READINGS_VIEW

# The machine's own time, so that the order of readings is the order of the database.
_INSERT = """
INSERT INTO privacy_reading
  (at, occasion, size, person_id, reader, acting_for, reader_unit_id, subject, subject_words, subject_unit_id,
   is_outside, what, via, reason, address)
SELECT statement_timestamp(), %(occasion)s, %(size)s, %(person)s, %(reader)s, %(acting_for)s, %(unit)s,
       s.subject, s.words, s.unit, NOT %(whole_area)s AND s.unit IS NOT NULL AND s.unit <> ALL(%(own)s::bigint[]),
       %(what)s::varchar[], %(via)s, %(reason)s, %(address)s
FROM unnest(%(subjects)s::text[], %(words)s::text[], %(units)s::bigint[]) AS s(subject, words, unit)
"""


@dataclass(frozen=True)
class Subject:
    """About whom one reads: the record's name in the journal, its words for a person, its unit.

    Make it from what is already loaded (``Subject("students.pupil:512", "เด็กชายกล้า ใจดี", 14)``), or from a
    record with ``Subject.of``.
    """

    label: str
    words: str
    unit_id: int | None = None

    @classmethod
    def of(cls, record: models.Model, words: str = "", unit_id: int | None = None) -> Subject:
        """The subject of a loaded record. Without ``unit_id`` the path of the record's rule is walked, which
        asks the database for what ``select_related`` has not brought."""
        return cls(label(record), words or str(record), unit_id if unit_id is not None else _unit_of(record))


def _unit_of(record: models.Model) -> int | None:
    path = rule_of(type(record)).unit
    value: Any = record
    for part in (path or "").split("__"):
        value = getattr(value, part, None)
        if not isinstance(value, (int, models.Model)):
            return None  # no unit, or several of them
    return value if isinstance(value, int) else None


def record_reading(
    *,
    actor: Actor,
    what: Iterable[str],
    subject: Subject | models.Model | None = None,
    subjects: Iterable[Subject] = (),
    reason: str = "",
    via: str = Via.PAGE,
) -> uuid.UUID | None:
    """Note that ``actor`` read ``what`` (kinds of ``DataKind``) about one ``subject`` or many ``subjects``.

    One INSERT for any number of subjects. Returns the occasion they share, or None when there was nobody to
    read about. When it cannot be written the error goes on: what is not recorded is not shown.
    """
    kinds = sorted({DataKind(kind).value for kind in what})
    everyone = [*([subject] if subject is not None else []), *subjects]
    about = [one if isinstance(one, Subject) else Subject.of(one) for one in everyone]
    if not kinds or not about:
        return None
    occasion = uuid.uuid4()
    units = [capacity.unit for capacity in actor.capacities]
    with override("th"):
        phrases = sorted({capacity.phrase for capacity in actor.capacities if capacity.phrase})
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "occasion": occasion,
                "size": len(about),
                "person": actor.person.pk if actor.person else None,
                "reader": actor.name[:200],
                "acting_for": ", ".join(phrases)[:200],
                "unit": actor.unit.pk if actor.unit else None,
                # The office's own people work for every school; a school's people for theirs.
                "whole_area": actor.is_system
                or any(unit.kind in {UnitKind.OFFICE, UnitKind.GROUP} for unit in units),
                "own": [unit.pk for unit in units],
                "what": kinds,
                "via": Via(via).value,
                "reason": reason.strip()[:300],
                "address": actor.address,
                "subjects": [one.label[:80] for one in about],
                "words": [one.words[:200] for one in about],
                "units": [one.unit_id for one in about],
            },
        )
    return occasion


def typed_reason(text: str) -> str:
    """A reason as it is kept; ``Refusal`` on field ``reason`` when it says nothing."""
    reason = " ".join(text.split())
    if len(reason) < 8:
        raise Refusal(_("พิมพ์เหตุผลอย่างน้อย 8 ตัวอักษร เช่น ทำบัตรนักเรียนใหม่"), code="privacy.reason", field="reason")
    return reason[:300]


@verb(
    "privacy.take_out_readings",
    gettext_lazy("ส่งออกบันทึกการอ่านข้อมูลส่วนบุคคล"),
    capability=READINGS_VIEW,
    fresh=True,
)
def take_out_readings(*, actor: Actor, reason: str, conditions: dict[str, str]) -> None:
    """Note in the journal that the record of reading itself was taken out, and why."""
    entry().tell(reason=typed_reason(reason), conditions=conditions)


@verb(
    "privacy.copy", gettext_lazy("ทำสำเนาข้อมูลส่วนบุคคลให้เจ้าของข้อมูล"), capability=COPY, on="record", fresh=True
)
def copy_for_owner(*, actor: Actor, record: models.Model, reason: str, kinds: Iterable[str]) -> None:
    """Note in the journal, and in the record of reading, that all that is kept about a person was taken out for them (PDPA s. 30)."""
    why = typed_reason(reason)
    entry().tell(reason=why)
    record_reading(actor=actor, what=kinds, subject=record, reason=why, via=Via.COPY)


@verb("privacy.copy_mine", gettext_lazy("ทำสำเนาข้อมูลส่วนบุคคลของตนเอง"), capability="", fresh=True)
def copy_mine(*, actor: Actor) -> None:
    """Note that somebody took out what is kept about themselves: nobody else's right is asked."""
    if actor.person is None:
        raise Refusal(_("บัญชีนี้ไม่ผูกกับบุคคล"), code="privacy.nobody")
    entry().on(actor.person)


@verb("privacy.set_years", gettext_lazy("กำหนดระยะเวลาเก็บข้อมูลส่วนบุคคล"), capability=KEEPING)
def set_years(*, actor: Actor, code: str, years: int) -> None:
    """Keep what the retention ``code`` speaks of for other ``years``; ``Refusal`` under what it must be kept at least."""
    one = retentions[code]
    if not one.least <= years <= 100:
        raise Refusal(
            _("ต้องเก็บไว้ไม่น้อยกว่า %(least)d ปี และไม่เกิน 100 ปี") % {"least": one.least},
            code="privacy.years",
            field="years",
        )
    before = kept_years(code)
    KeptFor.objects.update_or_create(pk=code, defaults={"years": years, "set_by": actor.name[:200]})
    entry().tell(kept=str(one.title), years_before=before, years=years)


@verb("privacy.forget", gettext_lazy("ลบข้อมูลส่วนบุคคลที่ครบระยะเวลาเก็บ"), capability=KEEPING, fresh=True)
def forget(*, actor: Actor, code: str, reason: str) -> int:
    """Forget everybody whose time is over by the retention ``code``, at once. There is no way back but a backup."""
    count = retentions[code].forget(actor=actor, before=cut_off(code))
    entry().tell(reason=typed_reason(reason), kept=str(retentions[code].title), people=count)
    return count


def kept_years(code: str) -> int:
    """Years by the office's own setting, else as declared."""
    return kept_years_of_all()[code]


def kept_years_of_all() -> dict[str, int]:
    """Code of each retention → its years."""
    own = dict(KeptFor.objects.values_list("code", "years"))
    return {one.code: own.get(one.code) or one.years for one in retentions}


def cut_off(code: str) -> date:
    """Whoever left before this day has been kept long enough."""
    return years_back(kept_years(code))


def years_back(years: int) -> date:
    """Today so many years ago; on the leap day the day before."""
    day = today()
    year = day.year - years
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)
