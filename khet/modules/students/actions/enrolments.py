"""A pupil at a school in a term: enrolled, its facts changed, left."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.calendar import school_term, school_year
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, demand, entry, save, today, verb
from khet.modules.schools.api import School
from khet.modules.schools.choices import grades_of
from khet.modules.students.actions.placing import place
from khet.modules.students.choices import PRESENT, Grade, LeaveKind, State
from khet.modules.students.models import Enrolment, Pupil
from khet.modules.students.rules import EDIT

CLASS_FIELDS = ("grade", "room", "number", "student_no", "entered_on", "unreleased")
HEALTH_FIELDS = ("weight", "height", "measured_on", "nutrition", "stature", "disability", "disability_level")
FAMILY_FIELDS = ("disadvantage", "lacking", "lives_with", "parents_status", "welfare_card")
JOURNEY_FIELDS = ("journey", "km_paved", "km_unpaved", "km_water", "minutes")
FACT_FIELDS = (*CLASS_FIELDS, *HEALTH_FIELDS, *FAMILY_FIELDS, *JOURNEY_FIELDS)


def refuse_grade(school: School, grade: str) -> None:
    """A class outside what the school teaches cannot be entered by hand; files may bring it, and a check says so."""
    if grade not in Grade.values:
        raise Refusal(_("เลือกชั้นเรียน"), code="students.grade", field="grade")
    if school.levels and grade not in grades_of(school.levels):
        raise Refusal(
            _("%(school)sเปิดสอน%(levels)s ไม่มีชั้น %(grade)s ตรวจชั้น หรือแก้ระดับที่เปิดสอนในทะเบียนโรงเรียน")
            % {
                "school": school.full_name,
                "levels": school.get_levels_display(),
                "grade": Grade(grade).label,
            },
            code="students.grade_not_taught",
            field="grade",
        )


@verb("students.enrol", gettext_lazy("รับนักเรียนเข้าเรียน"), capability="")
def enrol(
    *,
    actor: Actor,
    pupil: Pupil,
    school: School,
    grade: str,
    room: int = 1,
    student_no: str = "",
    number: int | None = None,
    entered_on: date | None = None,
    year: int | None = None,
    term: int | None = None,
    **facts: Any,
) -> Enrolment:
    """A known pupil who is at no school now begins at this one. One who is on another school's roll comes by transfer."""
    demand(actor, EDIT, school.unit)
    refuse_grade(school, grade)
    Pupil.objects.select_for_update().get(pk=pupil.pk)
    year, term = year or school_year(today()), term or school_term(today())
    elsewhere = (
        Enrolment.objects.filter(pupil=pupil, school_year=year, term=term, state__in=PRESENT)
        .exclude(school=school)
        .select_related("school")
        .first()
    )
    if elsewhere is not None:
        raise Conflict(
            _("นักเรียนยังอยู่ที่%(school)s ขอย้ายจากโรงเรียนนั้นก่อน นักเรียนอยู่สองโรงเรียนพร้อมกันไม่ได้")
            % {"school": elsewhere.school.full_name},
            code="students.elsewhere",
        )
    values = _facts(facts)
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.create(
                pupil=pupil, school=school, school_year=year, term=term, grade=grade, room=room or 1, number=number,
                student_no=normalise(student_no or ""), entered_on=entered_on or today(), **values,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(
            _("นักเรียนมีชื่อที่โรงเรียนนี้ในภาคเรียนนี้แล้ว แก้รายการเดิมแทน"), code="students.enrolled"
        ) from None
    place([pupil.pk])
    entry().on(pupil, enrolment, school, school.unit)
    entry().tell(grade=grade, term=f"{term}/{year}")
    return enrolment


@verb("students.change_enrolment", gettext_lazy("แก้ไขข้อมูลการเข้าเรียน"), capability=EDIT, on="enrolment")
def change_enrolment(*, actor: Actor, enrolment: Enrolment, **values: Any) -> Enrolment:
    """Class, health, journey and circumstances of a term. Leaving and the year's end have their own verbs."""
    kept = _facts(values)
    if "grade" in kept:
        refuse_grade(enrolment.school, kept["grade"])
    entry().on(enrolment, enrolment.pupil)
    changed = save(enrolment, **kept)
    if changed:
        Enrolment.objects.filter(pk=enrolment.pk).update(updated_at=timezone.now())
    if changed.keys() & {"grade", "room", "entered_on"}:
        place([enrolment.pupil_id])
    return enrolment


@verb("students.leave", gettext_lazy("จำหน่ายนักเรียน"), capability=EDIT, on="enrolment")
def leave(
    *, actor: Actor, enrolment: Enrolment, kind: str, left_on: date, reason: str = "", destination: str = ""
) -> Enrolment:
    """The pupil is no longer taught here from ``left_on``; ``traced`` keeps the pupil on the roll while being looked for."""
    entry().on(enrolment, enrolment.pupil, enrolment.school.unit)
    return end(enrolment, kind=kind, left_on=left_on, reason=reason, destination=destination)


def end(
    enrolment: Enrolment, *, kind: str, left_on: date, reason: str = "", destination: str = ""
) -> Enrolment:
    """Take a pupil off a roll inside a running verb, which has asked for the right and written down on whom it acts."""
    if kind not in LeaveKind.values:
        raise Refusal(_("เลือกสาเหตุการจำหน่าย"), code="students.leave_kind", field="kind")
    if enrolment.state not in PRESENT:
        raise Conflict(
            _("นักเรียนพ้นจากโรงเรียนนี้แล้ว: %(state)s") % {"state": enrolment.get_state_display()},
            code="students.left",
        )
    if left_on > today():
        raise Refusal(_("วันที่ออกอยู่ในอนาคต"), code="students.left_on", field="left_on")
    if enrolment.entered_on and left_on < enrolment.entered_on:
        raise Refusal(_("วันที่ออกอยู่ก่อนวันเข้าเรียน"), code="students.left_on", field="left_on")
    if kind == LeaveKind.MOVED and not destination.strip():
        raise Refusal(_("บอกโรงเรียนที่ย้ายไป"), code="students.destination", field="destination")
    if kind in (LeaveKind.RESIGNED, LeaveKind.TRACED) and not reason:
        raise Refusal(_("เลือกสาเหตุที่ออก"), code="students.leave_reason", field="reason")
    save(
        enrolment, state=State(kind), left_on=left_on, leave_reason=reason, destination=normalise(destination)
    )
    place([enrolment.pupil_id])
    return enrolment


def _facts(values: dict[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, value in values.items():
        if name not in FACT_FIELDS:
            raise TypeError(f"{name} is no fact of an enrolment")
        if value is None and not Enrolment._meta.get_field(name).null:
            value = [] if name == "lacking" else ""
        kept[name] = normalise(value) if isinstance(value, str) else value
    return kept
