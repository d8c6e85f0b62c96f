"""Children of the service area, where they stand in each school year, and the tracing of those in no school.

Every column has a default in the database, so that set-based statements may leave out what they do not know.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from khet.modules.children.choices import (
    LEAVE_REASONS,
    NEXT_STEPS,
    TRACE_STATES,
    Cause,
    Outcome,
    Registered,
    Sex,
    State,
    Way,
)
from khet.modules.schools.choices import Grade
from khet.modules.students.choices import IdKind


def _words(label: Any, length: int, **more: Any) -> models.CharField:
    """A text that may be empty, also for statements that do not name it."""
    return models.CharField(label, max_length=length, blank=True, default="", db_default="", **more)


class Child(models.Model):
    """A child as the civil register has it (ทร.14), or as found in the area without being registered there.

    ``village`` is told by tambon and หมู่, ``school`` by whose service area the village is (``actions.placing``). ``state``,
    ``state_year``, ``at_school`` and ``at_grade`` repeat the standing of the last year that was matched. ``tail``, ``first``:
    digits of the sealed number that may be shown. ``birth_year`` is Buddhist.
    """

    personal_data = {
        "title": "name", "first_name": "name", "last_name": "name", "sex": "sex", "born_on": "birth", "birth_year": "birth", "nationality": "nationality",
        "sealed": "citizen_id", "fingerprint": "citizen_id", "tail": "citizen_id", "house_id": "address", "home_no": "address",
        "home_moo": "address", "home_tambon": "address", "home_amphoe": "address", "home_province": "address", "village": "address",
        "moved_in_on": "address", "father": "family", "mother": "family", "father_nationality": "family",
        "mother_nationality": "family", "school": "schooling", "state": "schooling", "at_school": "schooling",
        "at_grade": "schooling",
    }  # fmt: skip

    title = _words(_("คำนำหน้า"), 30)
    first_name = models.CharField(_("ชื่อ"), max_length=100)
    last_name = _words(_("นามสกุล"), 100)
    sex = _words(_("เพศ"), 1, choices=Sex.choices)
    born_on = models.DateField(_("วันเกิด"))
    birth_year = models.PositiveSmallIntegerField(_("ปีเกิด (พ.ศ.)"), editable=False)
    nationality = _words(_("สัญชาติ"), 40)

    id_kind = _words(_("ชนิดเลข"), 10, choices=IdKind.choices, editable=False)
    sealed = models.BinaryField(null=True, editable=False)
    fingerprint = _words("", 64, editable=False)
    tail = _words("", 4, editable=False)
    first = _words("", 1, editable=False)
    is_valid = models.BooleanField(default=True, db_default=True, editable=False)

    house_id = _words(_("รหัสประจำบ้าน"), 11)
    home_no = _words(_("บ้านเลขที่"), 40)
    home_moo = _words(_("หมู่ที่"), 10)
    home_tambon = _words(_("ตำบล"), 80)
    home_amphoe = _words(_("อำเภอ"), 80)
    home_province = _words(_("จังหวัด"), 80)
    moved_in_on = models.DateField(_("วันย้ายเข้า"), null=True, blank=True)
    father = _words(_("ชื่อบิดา"), 200)
    father_nationality = _words(_("สัญชาติบิดา"), 40)
    mother = _words(_("ชื่อมารดา"), 200)
    mother_nationality = _words(_("สัญชาติมารดา"), 40)
    registered = models.CharField(
        _("สถานะทะเบียนราษฎร"), max_length=8, choices=Registered.choices, default=Registered.HERE, db_default=Registered.HERE
    )  # fmt: skip

    village = models.ForeignKey(
        "schools.Village", models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("หมู่บ้าน")
    )  # fmt: skip
    school = models.ForeignKey(
        "schools.School", models.SET_NULL, null=True, blank=True, related_name="service_children", editable=False,
        verbose_name=_("โรงเรียนเขตบริการ"),
    )  # fmt: skip

    state = _words(_("การเข้าเรียน"), 10, choices=State.choices, editable=False)
    state_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"), null=True, editable=False)
    at_school = models.ForeignKey(
        "schools.School", models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("เรียนที่")
    )  # fmt: skip
    at_grade = _words(_("ชั้น"), 2, choices=Grade.choices, editable=False)

    sort_name = models.CharField(max_length=600, editable=False)
    search_text = models.CharField(max_length=600, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    masked_fields = (
        "born_on", "house_id", "home_no", "home_moo", "father", "mother", "father_nationality", "mother_nationality", "moved_in_on",
    )  # fmt: skip

    class Meta:
        verbose_name = _("เด็กในเขตบริการ")
        ordering = ["sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~Q(fingerprint=""), name="children_child_once"
            )
        ]
        indexes = [
            models.Index(fields=["school", "state"], name="children_child_school"),
            models.Index(fields=["sort_name"], name="children_child_name"),
            models.Index(fields=["birth_year"], name="children_child_year"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def full_name(self) -> str:
        return f"{self.title}{self.name}"

    @property
    def masked(self) -> str:
        """Enough of the number to tell two children apart."""
        if not self.tail:
            return ""
        return f"x-xxxx-xxxxx-{self.tail}-x" if self.id_kind == IdKind.CITIZEN else f"xxxx{self.tail}"

    def age_in(self, school_year: int) -> int:
        """Age by calendar years, as the law counts it."""
        return school_year - self.birth_year

    @property
    def place(self) -> str:
        """The village without the house: หมู่ 4 ตำบล… อำเภอ…"""
        parts = [
            f"หมู่ {self.home_moo}" if self.home_moo else "",
            f"ตำบล{self.home_tambon}" if self.home_tambon else "",
            f"อำเภอ{self.home_amphoe}" if self.home_amphoe else "",
        ]
        return " ".join(part for part in parts if part)


class Standing(models.Model):
    """Where a child stands in one school year (BE): at which school, or why at none.

    ``is_by_hand``: written by a person with evidence, and kept by later matching unless the child turns up on a roll of the area.
    """

    personal_data = {
        "child": "schooling", "state": "schooling", "school": "schooling", "pupil": "schooling", "grade": "schooling",
        "place": "schooling", "evidence": "schooling", "recorded_by": "conduct",
    }  # fmt: skip

    child = models.ForeignKey(Child, models.CASCADE, related_name="standings")
    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"))
    state = models.CharField(_("การเข้าเรียน"), max_length=10, choices=State.choices)
    pupil = models.ForeignKey("students.Pupil", models.SET_NULL, null=True, related_name="+")
    school = models.ForeignKey("schools.School", models.SET_NULL, null=True, related_name="+")
    grade = _words(_("ชั้น"), 2, choices=Grade.choices)
    is_by_hand = models.BooleanField(default=False, db_default=False)
    place = _words(_("เรียนที่"), 150)
    evidence = _words(_("หลักฐาน"), 200)
    recorded_by = _words(_("ผู้บันทึก"), 200)
    recorded_at = models.DateTimeField(null=True)

    masked_fields = ("evidence",)

    class Meta:
        verbose_name = _("การเข้าเรียนของเด็กในเขตบริการ")
        ordering = ["-school_year"]
        constraints = [
            models.UniqueConstraint(fields=["child", "school_year"], name="children_standing_once"),
            models.CheckConstraint(
                condition=Q(school_year__range=(2500, 2700)), name="children_standing_year_is_buddhist"
            ),
        ]
        indexes = [models.Index(fields=["school_year", "state"], name="children_standing_state")]

    def __str__(self) -> str:
        return f"{self.school_year} {self.get_state_display()}"


class Case(models.Model):
    """The tracing of one child or former pupil in no school (พาน้องกลับมาเรียน), until it is closed.

    Either ``child`` or ``pupil`` is known, or both as the same person. ``school`` is responsible; without one it is the office.
    ``state``, ``reason``, ``next_step`` and ``due_on`` repeat the latest visit.
    """

    personal_data = {
        "child": "schooling", "pupil": "schooling", "school": "schooling", "name": "name", "birth_year": "birth", "cause": "schooling", "state": "schooling",
        "reason": "welfare", "told": "welfare", "outcome": "schooling", "closing_note": "welfare", "opened_by": "conduct",
        "closed_by": "conduct", "next_step": "schooling",
    }  # fmt: skip

    child = models.ForeignKey(
        Child, models.CASCADE, null=True, blank=True, related_name="cases", verbose_name=_("เด็ก")
    )
    pupil = models.ForeignKey(
        "students.Pupil", models.CASCADE, null=True, blank=True, related_name="trace_cases", verbose_name=_("นักเรียนเดิม")
    )  # fmt: skip
    name = models.CharField(_("ชื่อ"), max_length=250, editable=False)
    sort_name = models.CharField(max_length=600, editable=False)
    search_text = models.CharField(max_length=600, editable=False)
    birth_year = models.PositiveSmallIntegerField(_("ปีเกิด (พ.ศ.)"), null=True, editable=False)
    school = models.ForeignKey(
        "schools.School", models.SET_NULL, null=True, blank=True, related_name="trace_cases", verbose_name=_("โรงเรียนที่รับผิดชอบ")
    )  # fmt: skip
    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"), editable=False)
    cause = models.CharField(_("เหตุที่ติดตาม"), max_length=10, choices=Cause.choices, editable=False)
    opened_at = models.DateTimeField(_("เปิดเรื่องเมื่อ"), db_default=Now(), editable=False)
    opened_by = _words("", 200, editable=False)

    state = _words(_("ผลการติดตาม"), 20, editable=False)
    reason = _words(_("สาเหตุ"), 20)
    told = _words(_("ข้อความที่แจ้ง"), 500)
    next_step = _words(_("ขั้นต่อไป"), 20)
    due_on = models.DateField(_("ทำภายในวันที่"), null=True, blank=True)
    visits_count = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    visited_on = models.DateField(_("ติดตามล่าสุด"), null=True, editable=False)

    outcome = _words(_("ผลเมื่อปิดเรื่อง"), 10, choices=Outcome.choices, editable=False)
    closed_at = models.DateTimeField(_("ปิดเรื่องเมื่อ"), null=True, editable=False)
    closed_by = _words("", 200, editable=False)
    closing_note = _words(_("บันทึกเมื่อปิดเรื่อง"), 500, editable=False)

    masked_fields = ("reason", "told", "closing_note")

    class Meta:
        verbose_name = _("เรื่องติดตามเด็ก")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(child__isnull=False) | Q(pupil__isnull=False), name="children_case_of_somebody"
            ),
            models.UniqueConstraint(
                fields=["child"], condition=Q(closed_at__isnull=True), name="children_case_child_once"
            ),
            models.UniqueConstraint(
                fields=["pupil"], condition=Q(closed_at__isnull=True), name="children_case_pupil_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="children_case_closed_with_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["school", "due_on"], condition=Q(closed_at__isnull=True), name="children_case_open"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def state_words(self) -> str:
        return TRACE_STATES.label(self.state)

    @property
    def reason_words(self) -> str:
        return LEAVE_REASONS.label(self.reason)

    @property
    def step_words(self) -> str:
        return NEXT_STEPS.label(self.next_step)


class Visit(models.Model):
    """One visit or call in a case; added, never changed."""

    personal_data = {
        "by_name": "name", "by": "conduct", "state": "schooling", "reason": "welfare", "note": "welfare", "visited_on": "schooling",
        "next_step": "schooling",
    }  # fmt: skip

    case = models.ForeignKey(Case, models.CASCADE, related_name="visits")
    visited_on = models.DateField(_("วันที่ติดตาม"))
    way = models.CharField(_("วิธี"), max_length=8, choices=Way.choices, default=Way.HOME)
    state = _words(_("ผลการติดตาม"), 20)
    reason = _words(_("สาเหตุ"), 20)
    note = _words(_("บันทึก"), 1000)
    next_step = _words(_("ขั้นต่อไป"), 20)
    due_on = models.DateField(_("ทำภายในวันที่"), null=True, blank=True)
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", editable=False)
    by_name = models.CharField(max_length=200, editable=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    masked_fields = ("reason", "note")

    class Meta:
        verbose_name = _("การติดตาม")
        ordering = ["-visited_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.visited_on}"

    @property
    def state_words(self) -> str:
        return TRACE_STATES.label(self.state)

    @property
    def reason_words(self) -> str:
        return LEAVE_REASONS.label(self.reason)

    @property
    def step_words(self) -> str:
        return NEXT_STEPS.label(self.next_step)
