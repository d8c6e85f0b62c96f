"""The register of pupils: who they are and where they are now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.ids import citizen_check_digit, format_citizen_id, is_g_code, normalise_citizen_id
from khet.base.org.api import Actor, can
from khet.base.org.sealing import unseal
from khet.base.privacy.api import COPY
from khet.base.ui import dates
from khet.kits.register.api import Record
from khet.kits.register.bases import Action, Cell, Column, Facet, Fact, Panel, Section, Tab, View
from khet.kits.register.choices import Kind
from khet.modules.students.actions import add_pupil, change_pupil
from khet.modules.students.actions.pupils import (
    HOME_FIELDS,
    LIVE_FIELDS,
    ORIGIN_FIELDS,
    PERSON_FIELDS,
)
from khet.modules.students.choices import OCCUPATIONS, PRESENT, RELIGIONS, Grade, GuardianRole, Sex, State
from khet.modules.students.forms import PupilForm
from khet.modules.students.models import Enrolment, Pupil
from khet.modules.students.queries import id_fingerprints, with_class
from khet.modules.students.records.shared import class_name, example_school, number, pages, school_cell, state
from khet.modules.students.rules import EDIT, EXPORT, FAMILY, HEALTH, MOVE, READ_IDS


def _born(pupil: Pupil) -> str:
    return dates.short(pupil.born_on) if pupil.born_on else ""


def _full_number(pupil: Pupil) -> str:
    held = pupil.ids.filter(until__isnull=True).order_by("kind")
    return ", ".join(format_citizen_id(unseal(number.sealed)) for number in held)


def _guardians(actor: Actor, pupil: Pupil) -> dict[str, Any]:
    """Who cares for the pupil. Incomes stand behind the lock of the family's circumstances, not here."""
    people = []
    for guardian in sorted(pupil.guardians.all(), key=lambda g: list(GuardianRole).index(g.role)):
        people.append(
            {
                "role": guardian.get_role_display(), "name": guardian.name, "relation": guardian.relation,
                "occupation": OCCUPATIONS.label(guardian.occupation), "phone": guardian.phone,
            }
        )  # fmt: skip
    return {"people": people, "may_edit": can(actor, EDIT, pupil), "pupil": pupil}


def _years(actor: Actor, pupil: Pupil) -> dict[str, Any]:
    rows = pupil.enrolments.select_related("school").order_by("-school_year", "-term", "-pk")
    return {"enrolments": rows}


def _numbers(actor: Actor, pupil: Pupil) -> dict[str, Any]:
    return {
        "numbers": pupil.ids.order_by("until", "-since"), "pupil": pupil, "may_edit": can(actor, EDIT, pupil),
    }  # fmt: skip


class PupilRecord(Record[Pupil]):
    code = "pupils"
    model = Pupil
    label = gettext_lazy("นักเรียน")
    label_many = pgettext_lazy("many", "นักเรียน")
    counter = pgettext_lazy("counted", "คน")
    icon = "users"
    folded = "search_text"
    default_order = "name"
    edit = add = EDIT
    exporting = EXPORT
    stylesheets: Sequence[str] = ("students/students.css",)

    columns = (
        Column("name", gettext_lazy("ชื่อ นามสกุล"), "full_name", order="sort_name"),
        Column("number", gettext_lazy("เลขประจำตัว"), "number_", show=number, order=""),
        Column("school", gettext_lazy("โรงเรียน"), "school__name", show=school_cell, order="school__sort_name"),
        Column("class", gettext_lazy("ชั้น"), "grade", show=class_name, order="grade_order"),
        Column("sex", gettext_lazy("เพศ"), "sex"),
        Column("born", gettext_lazy("วันเกิด"), "born_on", kind=Kind.DATE),
        Column("state", gettext_lazy("สถานภาพ"), "state", show=state),
        Column("year", gettext_lazy("ปีการศึกษา"), "school_year", kind=Kind.CODE, shown=False),
        Column("nationality", gettext_lazy("สัญชาติ"), "nationality", shown=False),
        Column("tambon", gettext_lazy("ตำบลที่อยู่"), "live_tambon", shown=False),
        Column("religion", gettext_lazy("ศาสนา"), "religion", show=lambda p: RELIGIONS.label(p.religion), order="", mask=FAMILY, shown=False),
        Column("blood", gettext_lazy("กลุ่มเลือด"), "blood", order="", mask=HEALTH, shown=False),
    )  # fmt: skip
    facets = (
        Facet("grade", gettext_lazy("ชั้น"), "grade", dict(Grade.choices)),
        Facet("room", gettext_lazy("ห้อง"), "room", {n: str(n) for n in range(1, 21)}, folded=True),
        Facet("sex", gettext_lazy("เพศ"), "sex", dict(Sex.choices)),
        Facet("state", gettext_lazy("สถานภาพ"), "state", dict(State.choices), folded=True, default=tuple(PRESENT)),
        Facet("school", gettext_lazy("โรงเรียน"), "school__name", folded=True),
        Facet("nationality", gettext_lazy("สัญชาติ"), "nationality", folded=True),
    )  # fmt: skip
    views = (
        View("all", gettext_lazy("ทั้งหมด")),
        View("kindergarten", gettext_lazy("อนุบาล"), {"grade": ["k1", "k2", "k3"]}),
        View("primary", gettext_lazy("ประถม"), {"grade": ["p1", "p2", "p3", "p4", "p5", "p6"]}),
        View("secondary", gettext_lazy("มัธยม"), {"grade": ["m1", "m2", "m3", "m4", "m5", "m6"]}),
        View("traced", gettext_lazy("อยู่ระหว่างติดตาม"), {"state": ["traced"]}),
    )
    sections = (
        Section("person", gettext_lazy("นักเรียน"), PERSON_FIELDS),
        Section("enrolment", gettext_lazy("เข้าเรียน"), ("id_value", "school", "grade", "room", "student_no", "entered_on"), gettext_lazy("นักเรียนที่เคยอยู่โรงเรียนอื่นในเขต ให้ขอย้าย ไม่ต้องเพิ่มใหม่")),
        Section("origin", gettext_lazy("สัญชาติ ศาสนา และครอบครัว"), ORIGIN_FIELDS),
        Section("home", gettext_lazy("ที่อยู่ตามทะเบียนบ้าน"), HOME_FIELDS),
        Section("live", gettext_lazy("ที่อยู่ปัจจุบัน"), LIVE_FIELDS),
    )  # fmt: skip
    form = PupilForm
    panels = (
        Panel(
            "facts", gettext_lazy("ข้อมูลนักเรียน"),
            (
                Fact(gettext_lazy("ชื่อ นามสกุล"), lambda p: p.full_name),
                Fact(gettext_lazy("ชื่อภาษาอังกฤษ"), lambda p: f"{p.first_name_en} {p.last_name_en}".strip()),
                Fact(gettext_lazy("เลขประจำตัว"), number),
                Fact(gettext_lazy("เลขเต็ม"), _full_number, mask=READ_IDS, what="citizen_id"),
                Fact(gettext_lazy("เพศ"), lambda p: p.get_sex_display()),
                Fact(gettext_lazy("วันเกิด"), _born),
                Fact(gettext_lazy("โรงเรียน"), school_cell),
                Fact(gettext_lazy("ชั้น"), class_name),
            ),
            section="person",
        ),
        Panel(
            "origin", gettext_lazy("สัญชาติ ศาสนา และครอบครัว"),
            (
                Fact(gettext_lazy("สัญชาติ"), lambda p: p.nationality),
                Fact(gettext_lazy("เชื้อชาติ"), lambda p: p.race, mask=FAMILY),
                Fact(gettext_lazy("ศาสนา"), lambda p: RELIGIONS.label(p.religion), mask=FAMILY),
                Fact(gettext_lazy("กลุ่มเลือด"), lambda p: p.blood, mask=HEALTH),
                Fact(gettext_lazy("พี่น้อง"), lambda p: _siblings(p)),
                Fact(gettext_lazy("จังหวัดที่เกิด"), lambda p: p.birth_province),
            ),
            section="origin",
        ),
        Panel(
            "home", gettext_lazy("ที่อยู่"),
            (
                Fact(gettext_lazy("ทะเบียนบ้าน"), lambda p: p.address("home")),
                Fact(gettext_lazy("ปัจจุบัน"), lambda p: p.address("live")),
                Fact(gettext_lazy("โทรศัพท์"), lambda p: p.phone),
            ),
            section="live",
        ),
        Panel("guardians", gettext_lazy("บิดา มารดา ผู้ปกครอง"), template="students/panel_guardians.html", context=_guardians, side=True),
    )  # fmt: skip
    tabs = (
        Tab("years", gettext_lazy("การเข้าเรียน"), "students/tab_years.html", _years),
        Tab("numbers", gettext_lazy("เลขประจำตัว"), "students/tab_numbers.html", _numbers),
    )

    def queryset(self, actor: Actor) -> models.QuerySet[Pupil]:
        return with_class()

    def title(self, record: Pupil) -> str:
        return record.full_name

    def tags(self, record: Pupil) -> list[Any]:
        return [class_name(record), record.school.name if record.school else ""]

    def state(self, record: Pupil) -> Cell | None:
        return state(record) if record.state and record.state != State.STUDYING else None

    def facts_line(self, record: Pupil) -> list[tuple[Any, Any]]:
        return [(_("เลขประจำตัว"), number(record).text)]

    def trail(self, record: Pupil) -> list[tuple[Any, str]]:
        return [(record.get_grade_display(), f"grade={record.grade}")] if record.grade else []

    def search_condition(self, text: str) -> Q:
        """A whole number finds its pupil by the fingerprint, also by a former number; else words of the name."""
        whole = normalise_citizen_id(to_arabic_digits(text))
        if is_g_code(whole) or (len(whole) == 13 and whole.isascii() and whole.isdigit()):
            return Q(ids__fingerprint__in=id_fingerprints(whole))
        return super().search_condition(text)

    def editable(self, actor: Actor, record: Pupil | None = None) -> list[Section]:
        """Class and number are written once, when the pupil is added; later each by its own verb."""
        sections = super().editable(actor, record)
        return sections if record is None else [s for s in sections if s.code != "enrolment"]

    def actions(self, actor: Actor, record: Pupil) -> list[Action]:
        found = []
        if record.state in PRESENT and can(actor, MOVE, record):
            found.append(Action(_("ย้าย"), reverse("students:move", args=[record.pk]), "arrow-right-left"))
        if can(actor, EDIT, record):
            if record.state in PRESENT:
                found.append(Action(_("จำหน่าย"), reverse("students:leave", args=[record.pk]), "log-out"))
            found.append(Action(_("ผู้ปกครอง"), reverse("students:guardians", args=[record.pk]), "users"))
            found.append(Action(_("เปลี่ยนเลข"), reverse("students:number", args=[record.pk]), "id-card"))
        if can(actor, COPY, record):
            copy = reverse("privacy:copy", args=["students.pupil", record.pk])
            found.append(Action(_("สำเนาให้เจ้าของข้อมูล"), copy, "download"))
        return found

    def pages(self, actor: Actor) -> list[Action]:
        return pages(actor)

    def used_in(self, record: Pupil) -> list[models.Model]:
        return [record]

    def create(self, *, actor: Actor, **values: Any) -> Pupil:
        return add_pupil(actor=actor, **values)

    def update(self, *, actor: Actor, record: Pupil, **values: Any) -> Pupil:
        return change_pupil(actor=actor, pupil=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        twelve = f"199020{number:06d}"
        return {
            "title": "เด็กหญิง", "first_name": f"สมมุติ{number}", "last_name": "ตัวอย่าง", "sex": Sex.FEMALE, "nationality": "ไทย",
            "live_tambon": "ไร่ธาร", "home_road": "ซอยตัวอย่าง", "id_value": f"{twelve}{citizen_check_digit(twelve)}",
            "school": example_school(), "grade": "p1", "room": 1,
        }  # fmt: skip


def _siblings(pupil: Pupil) -> str:
    if pupil.siblings is None:
        return ""
    order = _("คนที่ %(n)d") % {"n": pupil.birth_order} if pupil.birth_order else ""
    return " ".join(word for word in (_("%(n)d คน") % {"n": pupil.siblings}, order) if word)


def page_of(enrolment: Enrolment) -> str:
    """The page of an enrolment's pupil."""
    return reverse("register:detail", args=["pupils", enrolment.pupil_id])
