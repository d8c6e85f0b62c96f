"""The register of enrolments: pupils at a school in a term, with what was known of them then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.journal.api import label as journal_label
from khet.base.lib.thai.ids import citizen_check_digit
from khet.base.org.api import Actor
from khet.base.ui import dates
from khet.kits.register.api import Record
from khet.kits.register.bases import Action, Bulk, Cell, Change, Column, Facet, Fact, Panel, Section, View
from khet.kits.register.choices import Kind
from khet.modules.students.actions import add_pupil, change_enrolment, decide, enrol
from khet.modules.students.actions.enrolments import (
    CLASS_FIELDS,
    FAMILY_FIELDS,
    HEALTH_FIELDS,
    JOURNEY_FIELDS,
)
from khet.modules.students.choices import (
    DISADVANTAGES,
    JOURNEYS,
    LACKING,
    LEAVE_REASONS,
    LIVES_WITH,
    PARENTS_STATUS,
    PRESENT,
    Grade,
    Outcome,
    Sex,
    State,
)
from khet.modules.students.forms import DecideForm, EnrolmentForm
from khet.modules.students.models import Enrolment, Pupil
from khet.modules.students.queries import with_facts
from khet.modules.students.records.imports import DmcImport
from khet.modules.students.records.pupils import page_of
from khet.modules.students.records.shared import (
    THIS_TERM,
    THIS_YEAR,
    class_name,
    example_school,
    number,
    pages,
    school_cell,
    state,
)
from khet.modules.students.rules import DECIDE, EDIT, EXPORT, FAMILY, HEALTH


def _disability(e: Enrolment) -> str:
    return " ".join(
        str(w)
        for w in (
            e.get_disability_display(),
            f"({e.get_disability_level_display()})" if e.disability_level else "",
        )
        if w
    )


def _km(e: Enrolment) -> Any:
    parts = [km for km in (e.km_paved, e.km_unpaved, e.km_water) if km is not None]
    return sum(parts) if parts else None


def _preview_outcome(
    *, actor: Actor, records: models.QuerySet, outcome: str = "", reason: str = ""
) -> list[Change]:
    words = dict(Outcome.choices)
    usual = _("ตามปกติ")
    return [
        Change(
            e,
            words.get(e.decision, usual),
            words.get(outcome, usual),
            _("เลื่อนชั้นไปแล้ว") if e.closed_by_id else "",
        )
        for e in records
        if e.decision != outcome
    ]


def _decide(*, actor: Actor, records: models.QuerySet, outcome: str = "", reason: str = "") -> int:
    return decide(
        actor=actor, enrolments=records.values_list("pk", flat=True), outcome=outcome, reason=reason
    )


class EnrolmentRecord(Record[Enrolment]):
    code = "enrolments"
    model = Enrolment
    label = gettext_lazy("การเข้าเรียน")
    label_many = gettext_lazy("การเข้าเรียนรายภาค")
    counter = pgettext_lazy("counted", "คน")
    icon = "clipboard-list"
    folded = "pupil__search_text"
    default_order = "class"
    edit = EDIT
    exporting = EXPORT
    stylesheets: Sequence[str] = ("students/students.css",)

    columns = (
        Column("name", gettext_lazy("ชื่อ นามสกุล"), "pupil__full_name", order="pupil__sort_name"),
        Column("number", gettext_lazy("เลขประจำตัว"), "number_", show=number, order=""),
        Column("school", gettext_lazy("โรงเรียน"), "school__name", show=school_cell, order="school__sort_name"),
        Column("class", gettext_lazy("ชั้น"), "grade", show=class_name, order="grade_order"),
        Column("student_no", gettext_lazy("เลขประจำตัวนักเรียน"), "student_no", kind=Kind.CODE),
        Column("sex", gettext_lazy("เพศ"), "pupil__sex", show=lambda e: e.pupil.get_sex_display()),
        Column("state", gettext_lazy("สถานภาพ"), "state", show=state),
        Column("term", gettext_lazy("ภาคเรียน"), "school_year", show=lambda e: f"{e.term}/{e.school_year}", shown=False),
        Column("entered", gettext_lazy("วันเข้าเรียน"), "entered_on", kind=Kind.DATE, shown=False),
        Column("left", gettext_lazy("วันที่ออก"), "left_on", kind=Kind.DATE, shown=False),
        Column("weight", gettext_lazy("น้ำหนัก"), "weight", kind=Kind.DECIMAL, order="", mask=HEALTH, shown=False),
        Column("height", gettext_lazy("ส่วนสูง"), "height", kind=Kind.DECIMAL, order="", mask=HEALTH, shown=False),
        Column("disability", gettext_lazy("ความพิการ"), "disability", show=_disability, order="", mask=HEALTH, shown=False),
        Column("disadvantage", gettext_lazy("ความด้อยโอกาส"), "disadvantage", show=lambda e: DISADVANTAGES.label(e.disadvantage), order="", mask=FAMILY, shown=False),
        Column("journey", gettext_lazy("การเดินทาง"), "journey", show=lambda e: JOURNEYS.label(e.journey), shown=False),
        Column("unreleased", gettext_lazy("3.1.8"), "unreleased", shown=False),
    )  # fmt: skip
    facets = (
        Facet("year", gettext_lazy("ปีการศึกษา"), "school_year", {y: str(y) for y in range(2560, 2600)}, folded=True, default=THIS_YEAR, narrows=True),
        Facet("term", gettext_lazy("ภาคเรียน"), "term", {1: "1", 2: "2"}, folded=True, default=THIS_TERM, narrows=True),
        Facet("grade", gettext_lazy("ชั้น"), "grade", dict(Grade.choices)),
        Facet("room", gettext_lazy("ห้อง"), "room", {n: str(n) for n in range(1, 21)}, folded=True),
        Facet("sex", gettext_lazy("เพศ"), "pupil__sex", dict(Sex.choices), by_row=True),
        Facet("state", gettext_lazy("สถานภาพ"), "state", dict(State.choices), folded=True, default=tuple(PRESENT)),
        Facet("school", gettext_lazy("โรงเรียน"), "school__name", folded=True),
    )  # fmt: skip
    views = (
        View("all", gettext_lazy("ทั้งหมด")),
        View(
            "left",
            gettext_lazy("ออกระหว่างภาค"),
            {"state": ["moved", "resigned", "dismissed", "died", "traced"]},
        ),
    )
    sections = (
        Section("class", gettext_lazy("ชั้นเรียน"), CLASS_FIELDS),
        Section("health", gettext_lazy("สุขภาพ"), HEALTH_FIELDS),
        Section("journey", gettext_lazy("การเดินทางมาโรงเรียน"), JOURNEY_FIELDS),
        Section("family", gettext_lazy("ครอบครัวและความเป็นอยู่"), FAMILY_FIELDS),
    )
    form = EnrolmentForm
    imports = DmcImport()
    bulk = (
        Bulk("outcome", gettext_lazy("กำหนดผลสิ้นปี"), DECIDE, _decide, _preview_outcome, "graduation-cap", DecideForm),
    )  # fmt: skip
    panels = (
        Panel(
            "class", gettext_lazy("ชั้นเรียน"),
            (
                Fact(gettext_lazy("นักเรียน"), lambda e: Cell(e.pupil.full_name, href=page_of(e))),
                Fact(gettext_lazy("เลขประจำตัว"), number),
                Fact(gettext_lazy("โรงเรียน"), school_cell),
                Fact(gettext_lazy("ภาคเรียน"), lambda e: f"{e.term}/{e.school_year}"),
                Fact(gettext_lazy("ชั้น"), class_name),
                Fact(gettext_lazy("เลขที่"), lambda e: e.number),
                Fact(gettext_lazy("เลขประจำตัวนักเรียน"), lambda e: e.student_no),
                Fact(gettext_lazy("วันเข้าเรียน"), lambda e: dates.short(e.entered_on) if e.entered_on else ""),
                Fact(gettext_lazy("สถานภาพ"), state),
                Fact(gettext_lazy("วันที่ออก"), lambda e: dates.short(e.left_on) if e.left_on else ""),
                Fact(gettext_lazy("สาเหตุที่ออก"), lambda e: LEAVE_REASONS.label(e.leave_reason), mask=FAMILY),
                Fact(gettext_lazy("ไปเรียนต่อที่"), lambda e: e.destination),
                Fact(gettext_lazy("ผลสิ้นปี"), lambda e: e.get_outcome_display() or (_("กำหนดไว้: %(outcome)s") % {"outcome": e.get_decision_display()} if e.decision else "")),
                Fact(gettext_lazy("ยังไม่สามารถจำหน่ายได้ (3.1.8)"), lambda e: e.unreleased),
            ),
            section="class",
        ),
        Panel(
            "health", gettext_lazy("สุขภาพ"),
            (
                Fact(gettext_lazy("น้ำหนัก"), lambda e: _("%(n)s กก.") % {"n": e.weight} if e.weight is not None else "", mask=HEALTH),
                Fact(gettext_lazy("ส่วนสูง"), lambda e: _("%(n)s ซม.") % {"n": e.height} if e.height is not None else "", mask=HEALTH),
                Fact(gettext_lazy("วันที่ชั่งวัด"), lambda e: dates.short(e.measured_on) if e.measured_on else "", mask=HEALTH),
                Fact(gettext_lazy("น้ำหนักตามเกณฑ์ส่วนสูง"), lambda e: e.get_nutrition_display(), mask=HEALTH),
                Fact(gettext_lazy("ส่วนสูงตามเกณฑ์อายุ"), lambda e: e.get_stature_display(), mask=HEALTH),
                Fact(gettext_lazy("ความพิการ"), _disability, mask=HEALTH),
            ),
            section="health",
        ),
        Panel(
            "journey", gettext_lazy("การเดินทางมาโรงเรียน"),
            (
                Fact(gettext_lazy("การเดินทาง"), lambda e: JOURNEYS.label(e.journey)),
                Fact(gettext_lazy("ระยะทาง"), lambda e: _("%(n)s กม.") % {"n": _km(e)} if _km(e) is not None else ""),
                Fact(gettext_lazy("เวลา"), lambda e: _("%(n)d นาที") % {"n": e.minutes} if e.minutes is not None else ""),
            ),
            section="journey", side=True,
        ),
        Panel(
            "family", gettext_lazy("ครอบครัวและความเป็นอยู่"),
            (
                Fact(gettext_lazy("ความด้อยโอกาส"), lambda e: DISADVANTAGES.label(e.disadvantage), mask=FAMILY),
                Fact(gettext_lazy("ขาดแคลน"), lambda e: ", ".join(LACKING.label(v) for v in e.lacking), mask=FAMILY),
                Fact(gettext_lazy("อาศัยอยู่กับ"), lambda e: LIVES_WITH.label(e.lives_with), mask=FAMILY),
                Fact(gettext_lazy("บิดามารดา"), lambda e: PARENTS_STATUS.label(e.parents_status), mask=FAMILY),
                Fact(gettext_lazy("บัตรสวัสดิการแห่งรัฐ"), lambda e: _("มี") if e.welfare_card else _("ไม่มี"), mask=FAMILY),
            ),
            section="family", side=True,
        ),
    )  # fmt: skip

    def queryset(self, actor: Actor) -> models.QuerySet[Enrolment]:
        return with_facts()

    def title(self, record: Enrolment) -> str:
        return f"{record.pupil.full_name} {record.term}/{record.school_year}"

    def tags(self, record: Enrolment) -> list[Any]:
        return [class_name(record), record.school.name]

    def state(self, record: Enrolment) -> Cell | None:
        return state(record) if record.state != State.STUDYING else None

    def trail(self, record: Enrolment) -> list[tuple[Any, str]]:
        return [(record.get_grade_display(), f"grade={record.grade}")]

    def actions(self, actor: Actor, record: Enrolment) -> list[Action]:
        return [Action(_("ดูนักเรียน"), reverse("register:detail", args=["pupils", record.pupil_id]), "user")]

    def pages(self, actor: Actor) -> list[Action]:
        return pages(actor)

    def about(self, record: Enrolment) -> tuple[str, str]:
        return journal_label(record.pupil), record.pupil.full_name

    def subjects(self, record: Enrolment) -> list[str]:
        return [journal_label(record)]

    def create(self, *, actor: Actor, **values: Any) -> Enrolment:
        return enrol(actor=actor, **values)

    def editable(self, actor: Actor, record: Enrolment | None = None) -> list[Section]:
        """New enrolments come by adding a pupil, a transfer or a new school year, not by this form."""
        return [] if record is None else super().editable(actor, record)

    def update(self, *, actor: Actor, record: Enrolment, **values: Any) -> Enrolment:
        return change_enrolment(actor=actor, enrolment=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        """A pupil of last year's, who begins this term."""
        twelve = f"199021{number:06d}"
        school = example_school()
        system = Actor.system()
        pupil = add_pupil(
            actor=system, school=school, grade="p1", id_value=f"{twelve}{citizen_check_digit(twelve)}", first_name=f"สมมุติ{number}",
            last_name="ตัวอย่าง", title="เด็กชาย", sex=Sex.MALE,
        )  # fmt: skip
        Enrolment.objects.filter(pupil=pupil).update(school_year=2560, term=2)
        return {"pupil": Pupil.objects.get(pk=pupil.pk), "school": school, "grade": "p2", "student_no": f"{number:05d}", "unreleased": "ขาดเรียนนาน"}  # fmt: skip
