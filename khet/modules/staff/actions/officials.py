"""Adding and changing officials, one or a whole sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.sorting import sort_key
from khet.base.lib.thai.words import fold, normalise
from khet.base.org.actions import add_people, add_person_id, remove_people, replace_person_id
from khet.base.org.api import Actor, Person, Unit, entry, today, verb
from khet.base.org.choices import IdKind
from khet.base.org.identities import SealedId
from khet.base.org.models import PersonId
from khet.kits.search.api import index
from khet.modules.staff.actions.positions import find_or_make
from khet.modules.staff.choices import EducationLevel, LicenceKind, Standing, job_of, subject_of
from khet.modules.staff.models import Education, Incumbency, Licence, Official, Secondment
from khet.modules.staff.rules import EDIT, EDIT_SCHOOL, IMPORT

PERSON_FIELDS = {
    "prefix": "title",
    "first_name": "first_name",
    "last_name": "last_name",
    "phone": "phone",
    "email": "email",
}
FACT_FIELDS = (
    "kind", "title", "standing", "standing_on", "level", "subject", "major", "sex", "born_on", "religion", "spouse",
    "father", "mother", "skills", "appointed_on", "started_on", "in_position_since", "salary", "standing_pay",
    "compensation", "position_pay",
)  # fmt: skip
# What a school's own people keep up to date themselves.
SCHOOL_FIELDS = ("phone", "email", "skills")
EDUCATION_FIELDS = {
    "education_level": "level",
    "degree": "degree",
    "institute": "institute",
    "graduated": "year",
}
LICENCE_FIELDS = {
    "licence_number": "number",
    "licence_issued_on": "issued_on",
    "licence_expires_on": "expires_on",
}


@verb("staff.add", gettext_lazy("เพิ่มบุคลากร"), capability=EDIT)
def add_official(*, actor: Actor, **values: Any) -> Official:
    """Add one person to the staff; values as for ``import_officials``. ``person`` names somebody who is known already."""
    official = _create(actor, [values])[0]
    entry().on(official, official.person, official.unit)
    return official


@verb("staff.change", gettext_lazy("แก้ไขข้อมูลบุคลากร"), capability=EDIT, on="official")
def change_official(*, actor: Actor, official: Official, **values: Any) -> Official:
    """Change facts, name and contact of one official. Moves have verbs of their own, for they have days and orders."""
    entry().on(official, official.person, official.unit)
    _change(actor, [(official, values)], journal=True)
    return official


@verb("staff.change_contacts", gettext_lazy("แก้ไขข้อมูลติดต่อของบุคลากร"), capability=EDIT_SCHOOL, on="official")
def change_contacts(*, actor: Actor, official: Official, **values: Any) -> Official:
    """What the school's own people write."""
    if values.keys() - set(SCHOOL_FIELDS):
        raise Refusal(
            _("โรงเรียนแก้ได้เฉพาะข้อมูลติดต่อและวิชาที่สอน ข้อมูลอื่นแจ้งกลุ่มบริหารงานบุคคล"), code="staff.contacts_only"
        )
    entry().on(official, official.person, official.unit)
    _change(actor, [(official, values)], journal=True)
    return official


@verb("staff.import", gettext_lazy("นำเข้าทะเบียนบุคลากร"), capability=IMPORT)
def import_officials(
    *,
    actor: Actor,
    new: Sequence[Mapping[str, Any]],
    changed: Sequence[tuple[Official, Mapping[str, Any]]],
    source: str,
) -> list[Official]:
    """Add and change many officials, set-based; returns the new ones in order.

    Values are named like the fields of ``Official``, with ``prefix``, ``first_name``, ``last_name``, ``phone``, ``email``
    of the person; ``unit`` and ``work_unit`` are units, ``position_number`` a number (a position that is not there is
    made), ``citizen_id`` a ``SealedId``; education and licence as in ``EDUCATION_FIELDS`` and ``LICENCE_FIELDS``.
    """
    made = _create(actor, new)
    _change(actor, changed)
    entry().tell(source=source, new=len(new), changed=len(changed))
    return made


@verb("staff.remove_imported", gettext_lazy("นำบุคลากรที่นำเข้าออก"), capability=IMPORT)
def remove_imported(*, actor: Actor, officials: Sequence[Official], source: str) -> None:
    """Take away officials that an import has just made. Whatever refers to them stops it (``ProtectedError``)."""
    gone = [official.pk for official in officials]
    people = [official.person_id for official in officials]
    entry().tell(source=source, codes=[official.code for official in officials][:500], removed=len(gone))
    Official.objects.filter(pk__in=gone).delete()
    index(Official, gone)
    # Whoever had a post or an account before the import keeps on being known.
    idle = Person.objects.filter(
        pk__in=people, holdings__isnull=True, account__isnull=True, memberships__isnull=True
    )
    remove_people(actor=actor, people=list(idle.values_list("pk", flat=True)))


@verb("staff.set_citizen_id", gettext_lazy("บันทึกเลขประจำตัวประชาชนของบุคลากร"), capability=EDIT, on="official")
def set_citizen_id(*, actor: Actor, official: Official, value: str) -> PersonId:
    """Keep the citizen id, sealed, in place of the one before."""
    entry().on(official, official.person, official.unit)
    held = PersonId.objects.on().filter(person=official.person, kind=IdKind.CITIZEN).exists()
    write = replace_person_id if held else add_person_id
    return write(actor=actor, person=official.person, kind=IdKind.CITIZEN, value=value)


def _create(actor: Actor, rows: Sequence[Mapping[str, Any]]) -> list[Official]:
    if not rows:
        return []
    people, ids, officials = [], [], []
    keys = _new_keys(len(rows))
    for row, pk in zip(rows, keys, strict=True):
        if not row.get("first_name") and row.get("person") is None:
            raise Refusal(_("ยังไม่ได้ใส่ชื่อ"), code="staff.name", field="first_name")
        if row.get("unit") is None:
            raise Refusal(_("ยังไม่ได้เลือกหน่วยงานต้นสังกัด"), code="staff.unit", field="unit")
        if not row.get("title"):
            raise Refusal(_("ยังไม่ได้ใส่ตำแหน่ง"), code="staff.title", field="title")
        person = row.get("person")
        if person is None:
            person = Person(**{to: normalise(str(row.get(name) or "")) for name, to in PERSON_FIELDS.items()})
            people.append(person)
        if isinstance(row.get("citizen_id"), SealedId):
            ids.append((person, row["citizen_id"]))
        official = Official(pk=pk, code=f"B{pk:06d}", person=person, unit=row["unit"], **_facts(row))
        official.work_unit = row.get("work_unit") or row["unit"]
        officials.append(official)
    known = [o.person_id for o in officials if o.person_id]
    if known and Official.objects.filter(person__in=known).exists():
        raise Conflict(_("บุคคลนี้มีทะเบียนบุคลากรอยู่แล้ว เปิดทะเบียนเดิม"), code="staff.there", field="first_name")
    add_people(actor=actor, people=people, ids=ids)
    positions = find_or_make(
        actor,
        [
            (row["position_number"], official)
            for row, official in zip(rows, officials, strict=True)
            if row.get("position_number")
        ],
    )
    for row, official in zip(rows, officials, strict=True):
        official.person = official.person  # takes over the key the person has got by now
        official.position = positions.get(row.get("position_number") or "")
        _derive(official)
    Official.objects.bulk_create(officials, batch_size=1000)
    day = today()
    Incumbency.objects.bulk_create(
        [
            Incumbency(official=o, position=o.position, since=min(o.in_position_since or day, day))
            for o in officials
            if o.position
        ],
        batch_size=2000,
    )
    Secondment.objects.bulk_create(
        [
            Secondment(
                official=o, unit=o.work_unit, since=row.get("work_since") or day, until=row.get("work_until")
            )
            for row, o in zip(rows, officials, strict=True)
            if o.is_elsewhere
        ],
        batch_size=2000,
    )
    _write_education(zip(officials, rows, strict=True), {})
    _write_licences(zip(officials, rows, strict=True), {})
    index(Official, keys)
    return officials


def _change(
    actor: Actor, rows: Sequence[tuple[Official, Mapping[str, Any]]], *, journal: bool = False
) -> None:
    if not rows:
        return
    touched: set[str] = set()
    people: dict[int, Person] = {}
    moved: list[tuple[Official, Any, date]] = []
    elsewhere: list[tuple[Official, Unit]] = []
    ids: list[tuple[Person, SealedId]] = []
    masked = set(Official.masked_fields)
    numbers = find_or_make(
        actor,
        [(values["position_number"], official) for official, values in rows if values.get("position_number")],
    )
    for official, given in rows:
        for name, value in _facts(given).items():
            before = getattr(official, name)
            if before != value:
                setattr(official, name, value)
                touched.add(name)
                if journal:
                    entry().changed(name, *(("…", "…") if name in masked else (before, value)))
        for name, to in PERSON_FIELDS.items():
            if name in given:
                before, value = getattr(official.person, to), normalise(str(given[name] or ""))
                if before != value:
                    setattr(official.person, to, value)
                    people[official.person_id] = official.person
                    if journal:
                        entry().changed(name, before, value)
        if given.get("unit") is not None and given["unit"] != official.unit:
            if not official.is_elsewhere:
                official.work_unit = given["unit"]
            if journal:
                entry().changed("unit", official.unit.name, given["unit"].name)
            official.unit = given["unit"]
            touched |= {"unit", "work_unit"}
        if "position_number" in given:
            position = numbers.get(given["position_number"] or "")
            if position != official.position:
                moved.append(
                    (official, position, max(given.get("in_position_since") or today(), date(1900, 1, 1)))
                )
                official.position = position
                touched.add("position")
        if "work_unit" in given and (given["work_unit"] or official.unit) != official.work_unit:
            official.work_unit = given["work_unit"] or official.unit
            elsewhere.append((official, official.work_unit))
            touched.add("work_unit")
        if isinstance(given.get("citizen_id"), SealedId):
            ids.append((official.person, given["citizen_id"]))
        _derive(official)
    Person.objects.bulk_update(people.values(), [*set(PERSON_FIELDS.values())], batch_size=500)
    add_people(actor=actor, people=[], ids=ids)
    officials = [official for official, _values in rows]
    Official.objects.bulk_update(
        officials, sorted(touched | {"sort_name", "search_text", "job"}), batch_size=500
    )
    open_incumbencies(moved)
    open_secondments(elsewhere)
    pks = [official.pk for official in officials]
    best: dict[int, Education] = {}
    if any(given.keys() & EDUCATION_FIELDS.keys() for _o, given in rows):
        shown = {o.education["pk"] for o in officials if getattr(o, "education", None)}
        best = {row.official_id: row for row in Education.objects.filter(pk__in=shown)}
        _write_education(rows, best)
    if any(given.keys() & LICENCE_FIELDS.keys() for _o, given in rows):
        shown = {o.licence["pk"] for o in officials if getattr(o, "licence", None)}
        _write_licences(rows, {row.official_id: row for row in Licence.objects.filter(pk__in=shown)})
    index(Official, pks)


def open_incumbencies(moved: Sequence[tuple[Official, Any, date]], reference: str = "") -> None:
    """Close what these officials held the day before, open the new; ``None`` for a position leaves them without one."""
    since = {official.pk: day for official, _position, day in moved}
    close_open(Incumbency, since)
    Incumbency.objects.bulk_create(
        [
            Incumbency(official=official, position=position, since=day, reference=reference)
            for official, position, day in moved
            if position is not None
        ],
        batch_size=2000,
    )


def open_secondments(
    moved: Sequence[tuple[Official, Unit]],
    since: date | None = None,
    until: date | None = None,
    reference: str = "",
) -> None:
    """Close the secondments of these officials the day before, open new ones where they work elsewhere than on paper."""
    day = since or today()
    close_open(Secondment, {official.pk: day for official, _unit in moved})
    Secondment.objects.bulk_create(
        [
            Secondment(official=official, unit=unit, since=day, until=until, reference=reference)
            for official, unit in moved
            if unit != official.unit
        ],
        batch_size=2000,
    )


def close_open(model: Any, since: Mapping[int, date]) -> None:
    """End the open rows of these officials the day before theirs; one that would end before it began never was."""
    if not since:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {model._meta.db_table} t USING unnest(%s::bigint[], %s::date[]) AS s(id, day)"
            " WHERE t.official_id = s.id AND (t.until IS NULL OR t.until >= s.day) AND t.since >= s.day",
            [list(since), list(since.values())],
        )
        cursor.execute(
            f"UPDATE {model._meta.db_table} t SET until = s.day - 1 FROM unnest(%s::bigint[], %s::date[]) AS s(id, day)"
            " WHERE t.official_id = s.id AND (t.until IS NULL OR t.until >= s.day)",
            [list(since), list(since.values())],
        )


def _new_keys(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('staff_official', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """Only the facts, each in the one spelling; None becomes the field's own emptiness."""
    facts = {}
    for name in FACT_FIELDS:
        if name in values:
            value = values[name]
            field = Official._meta.get_field(name)
            if value is None and not field.null:
                value = field.default if field.has_default() else ""
            facts[name] = normalise(value) if isinstance(value, str) else value
    return facts


def _derive(official: Official) -> None:
    person = official.person
    official.job = job_of(official.title)
    official.standing = official.standing or Standing.NONE
    if official.major and not official.subject:
        official.subject = subject_of(official.major)
    official.sort_name = sort_key(f"{person.first_name} {person.last_name}")[:600]
    number = official.position.number if official.position else ""
    official.search_text = fold(
        " ".join(
            words
            for words in (
                person.full_name,
                official.code,
                number,
                official.title,
                official.unit.name,
                official.major,
            )
            if words
        )
    )


def refresh_words(officials: Iterable[Official]) -> None:
    """Rewrite what lists sort and search by, after names, positions or units changed elsewhere."""
    officials = list(officials)
    for official in officials:
        _derive(official)
    Official.objects.bulk_update(officials, ["sort_name", "search_text", "job", "subject"], batch_size=500)
    index(Official, [official.pk for official in officials])


def _write_education(
    rows: Iterable[tuple[Official, Mapping[str, Any]]], held: Mapping[int, Education]
) -> None:
    """The highest education as a sheet says it: the one that is shown is rewritten, or a first one made."""
    new, changed = [], []
    for official, given in rows:
        values = {to: given[name] for name, to in EDUCATION_FIELDS.items() if name in given}
        if not any(value not in (None, "") for value in values.values()) and official.pk not in held:
            continue
        row = held.get(official.pk) or Education(official=official, level=EducationLevel.BACHELOR)
        for name, value in values.items():
            setattr(row, name, value if value is not None or name == "year" else "")
        row.level = row.level or EducationLevel.BACHELOR
        if not row.major:
            row.major = official.major
        (changed if row.pk else new).append(row)
    Education.objects.bulk_create(new, batch_size=2000)
    Education.objects.bulk_update(changed, [*EDUCATION_FIELDS.values(), "major"], batch_size=500)


def _write_licences(rows: Iterable[tuple[Official, Mapping[str, Any]]], held: Mapping[int, Licence]) -> None:
    new, changed = [], []
    for official, given in rows:
        values = {to: given[name] for name, to in LICENCE_FIELDS.items() if name in given}
        if not any(value not in (None, "") for value in values.values()) and official.pk not in held:
            continue
        row = held.get(official.pk) or Licence(official=official, kind=LicenceKind.TEACHER)
        for name, value in values.items():
            setattr(row, name, value if value is not None or name != "number" else "")
        (changed if row.pk else new).append(row)
    Licence.objects.bulk_create(new, batch_size=2000)
    Licence.objects.bulk_update(changed, [*LICENCE_FIELDS.values()], batch_size=500)
