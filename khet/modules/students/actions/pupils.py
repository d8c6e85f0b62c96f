"""Adding and changing pupils and their guardians, one at a time; files go through ``importing``."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.calendar import school_term, school_year
from khet.base.lib.thai.sorting import sort_key
from khet.base.lib.thai.words import fold, normalise
from khet.base.org.api import Actor, demand, entry, save, today, verb
from khet.modules.schools.api import School
from khet.modules.students.actions.enrolments import refuse_grade
from khet.modules.students.actions.numbers import keep_number, numbered
from khet.modules.students.actions.placing import place
from khet.modules.students.choices import GuardianRole
from khet.modules.students.models import Enrolment, Guardian, Pupil
from khet.modules.students.rules import EDIT

PERSON_FIELDS = ("title", "first_name", "last_name", "first_name_en", "last_name_en", "sex", "born_on")
ORIGIN_FIELDS = ("nationality", "race", "religion", "blood", "birth_province", "siblings", "birth_order")
ADDRESS_PARTS = ("no", "moo", "road", "tambon", "amphoe", "province", "postcode")
HOME_FIELDS = ("house_id", *(f"home_{part}" for part in ADDRESS_PARTS))
LIVE_FIELDS = ("phone", *(f"live_{part}" for part in ADDRESS_PARTS))
FACT_FIELDS = (*PERSON_FIELDS, *ORIGIN_FIELDS, *HOME_FIELDS, *LIVE_FIELDS)
GUARDIAN_FIELDS = ("title", "first_name", "last_name", "relation", "occupation", "income", "phone")


def derived(first_name: str, last_name: str, english: str = "") -> dict[str, str]:
    """The copies by which lists sort and search a name."""
    name = f"{first_name} {last_name}".strip()
    return {"sort_name": sort_key(name)[:600], "search_text": fold(f"{name} {english}".strip())[:600]}


def facts(values: dict[str, Any]) -> dict[str, Any]:
    """Only facts of a pupil, each in the one spelling; None becomes the field's own emptiness."""
    kept = {}
    for name in FACT_FIELDS:
        if name in values:
            value = values[name]
            if value is None and not Pupil._meta.get_field(name).null:
                value = ""
            kept[name] = normalise(value) if isinstance(value, str) else value
    if kept.get("born_on") and kept["born_on"] > today():
        raise Refusal(_("วันเกิดอยู่ในอนาคต ตรวจปี พ.ศ."), code="students.born", field="born_on")
    return kept


@verb("students.add", gettext_lazy("เพิ่มนักเรียน"), capability="")
def add_pupil(
    *,
    actor: Actor,
    school: School,
    grade: str,
    id_value: str,
    room: int = 1,
    student_no: str = "",
    entered_on: date | None = None,
    **values: Any,
) -> Pupil:
    """A pupil not known yet, enrolled at a school in the present term. One who is known comes by transfer."""
    demand(actor, EDIT, school.unit)
    kept = facts(values)
    if not kept.get("first_name"):
        raise Refusal(_("ยังไม่ได้ใส่ชื่อนักเรียน"), code="students.name", field="first_name")
    refuse_grade(school, grade)
    day = entered_on or today()
    pupil = Pupil.objects.create(
        **kept,
        **derived(
            kept["first_name"], kept.get("last_name", ""), f"{kept.get('first_name_en', '')} {kept.get('last_name_en', '')}"
        ),
    )  # fmt: skip
    keep_number(numbered(pupil, id_value, day), id_value)
    Enrolment.objects.create(
        pupil=pupil, school=school, school_year=school_year(today()), term=school_term(today()), grade=grade,
        room=room or 1, student_no=normalise(student_no or ""), entered_on=day,
    )  # fmt: skip
    place([pupil.pk])
    pupil.refresh_from_db()
    entry().on(pupil, school, school.unit)
    entry().tell(grade=grade, room=room)
    return pupil


@verb("students.change", gettext_lazy("แก้ไขข้อมูลนักเรียน"), capability=EDIT, on="pupil")
def change_pupil(*, actor: Actor, pupil: Pupil, **values: Any) -> Pupil:
    """Change who the pupil is; class and number have their own verbs."""
    kept = facts(values)
    if "first_name" in kept and not kept["first_name"]:
        raise Refusal(_("ชื่อนักเรียนว่างไม่ได้"), code="students.name", field="first_name")
    merged = {name: kept.get(name, getattr(pupil, name)) for name in PERSON_FIELDS}
    entry().on(pupil)
    save(pupil, **kept)
    names = derived(
        merged["first_name"], merged["last_name"], f"{merged['first_name_en']} {merged['last_name_en']}"
    )
    Pupil.objects.filter(pk=pupil.pk).update(**names)
    return pupil


@verb("students.change_guardians", gettext_lazy("แก้ไขข้อมูลผู้ปกครอง"), capability=EDIT, on="pupil")
def change_guardians(*, actor: Actor, pupil: Pupil, guardians: dict[str, dict[str, Any]]) -> None:
    """Father, mother and guardian by role; a role whose names are empty goes."""
    entry().on(pupil)
    for role, values in guardians.items():
        if role not in GuardianRole.values:
            raise ValueError(role)
        kept = {
            name: (normalise(value) if isinstance(value, str) else value)
            for name, value in values.items()
            if name in GUARDIAN_FIELDS
        }
        if not (kept.get("first_name") or kept.get("last_name")):
            gone, _each = Guardian.objects.filter(pupil=pupil, role=role).delete()
            if gone:
                entry().changed(role, "…", "")
            continue
        guardian, made = Guardian.objects.get_or_create(pupil=pupil, role=role, defaults=kept)
        if made:
            entry().changed(role, "", "…")
        else:
            save(guardian, **kept)
