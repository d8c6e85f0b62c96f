"""A pupil at a school in one term, with the facts as they were then."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now, Replace
from django.utils.translation import gettext_lazy as _

from khet.modules.students.choices import (
    Disability,
    DisabilityLevel,
    Grade,
    Nutrition,
    Outcome,
    State,
    Stature,
)
from khet.modules.students.models.pupils import Pupil, _words
from khet.modules.students.models.yearends import Promotion


def _measure(label: Any, digits: int, low: int, high: int) -> models.DecimalField:
    return models.DecimalField(
        label, max_digits=digits, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(Decimal(low)), MaxValueValidator(Decimal(high))],
    )  # fmt: skip


class Enrolment(models.Model):
    """One pupil, one school, one term of a school year (BE). The two rounds of a term and the year's end look here.

    ``entered_on`` is when the pupil came to this school, ``left_on`` the first day without the pupil. Two schools may
    have the same pupil in the same term: a fault that is found and settled, or a transfer within the term.
    ``decision`` is what the school wants at the year's end where it is not simply moving up; ``outcome`` what promotion made of it.
    """

    personal_data = {
        "pupil": "schooling", "school": "schooling", "grade": "schooling", "student_no": "other_id",
        "state": "schooling", "leave_reason": "schooling", "destination": "schooling", "outcome": "schooling", "decision": "schooling",
        "weight": "health", "height": "health", "measured_on": "health", "nutrition": "health", "stature": "health",
        "disadvantage": "disadvantage", "disability": "disability", "disability_level": "disability",
        "lacking": "welfare", "journey": "location", "lives_with": "family", "parents_status": "family",
        "welfare_card": "welfare",
    }  # fmt: skip

    pupil = models.ForeignKey(
        Pupil, models.CASCADE, related_name="enrolments", verbose_name=_("นักเรียน"), db_index=False
    )
    school = models.ForeignKey(
        "schools.School", models.PROTECT, related_name="enrolments", verbose_name=_("โรงเรียน")
    )
    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"))
    term = models.PositiveSmallIntegerField(_("ภาคเรียน"))
    grade = models.CharField(_("ชั้น"), max_length=2, choices=Grade.choices)
    room = models.PositiveSmallIntegerField(_("ห้อง"), default=1, db_default=1)
    number = models.PositiveSmallIntegerField(_("เลขที่"), null=True, blank=True)
    student_no = _words(_("เลขประจำตัวนักเรียน"), 13)
    state = models.CharField(
        _("สถานภาพ"), max_length=10, choices=State.choices, default=State.STUDYING, db_default=State.STUDYING
    )
    entered_on = models.DateField(_("วันเข้าเรียน"), null=True, blank=True)
    left_on = models.DateField(_("วันที่ออก"), null=True, blank=True)
    leave_reason = _words(_("สาเหตุที่ออก"), 20)
    destination = _words(_("ไปเรียนต่อที่"), 150)
    decision = _words(_("ผลที่โรงเรียนกำหนด"), 10, choices=Outcome.choices)
    outcome = _words(_("ผลสิ้นปี"), 10, choices=Outcome.choices)
    made_by = models.ForeignKey(
        Promotion, models.SET_NULL, null=True, blank=True, related_name="made", editable=False, db_index=False
    )
    closed_by = models.ForeignKey(
        Promotion,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="closed",
        editable=False,
        db_index=False,
    )
    unreleased = _words(_("ยังไม่สามารถจำหน่ายได้ (3.1.8)"), 60)

    weight = _measure(_("น้ำหนัก (กก.)"), 4, 1, 250)
    height = _measure(_("ส่วนสูง (ซม.)"), 4, 30, 250)
    measured_on = models.DateField(_("วันที่ชั่งวัด"), null=True, blank=True)
    nutrition = _words(_("น้ำหนักตามเกณฑ์ส่วนสูง"), 10, choices=Nutrition.choices)
    stature = _words(_("ส่วนสูงตามเกณฑ์อายุ"), 10, choices=Stature.choices)
    disadvantage = _words(_("ความด้อยโอกาส"), 20)
    disability = _words(_("ความพิการ"), 12, choices=Disability.choices)
    disability_level = _words(_("ระดับความพิการ"), 16, choices=DisabilityLevel.choices)
    lacking = ArrayField(
        models.CharField(max_length=20), verbose_name=_("ขาดแคลน"), default=list,
        db_default=[], blank=True,
    )  # fmt: skip
    journey = _words(_("การเดินทาง"), 20)
    km_paved = _measure(_("ระยะทางลาดยาง (กม.)"), 5, 0, 999)
    km_unpaved = _measure(_("ระยะทางลูกรัง (กม.)"), 5, 0, 999)
    km_water = _measure(_("ระยะทางน้ำ (กม.)"), 5, 0, 999)
    minutes = models.PositiveSmallIntegerField(
        _("เวลาเดินทาง (นาที)"), null=True, blank=True, validators=[MaxValueValidator(600)]
    )
    lives_with = _words(_("อาศัยอยู่กับ"), 20)
    parents_status = _words(_("สถานภาพบิดามารดา"), 20)
    welfare_card = models.BooleanField(_("ครอบครัวมีบัตรสวัสดิการแห่งรัฐ"), default=False, db_default=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    masked_fields = (
        "weight", "height", "nutrition", "stature", "disadvantage", "disability", "disability_level", "lives_with",
        "parents_status", "leave_reason", "welfare_card", "lacking",
    )  # fmt: skip

    class Meta:
        verbose_name = _("การเข้าเรียน")
        ordering = ["-school_year", "-term", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "school_year", "term", "school"], name="students_enrolment_once"
            ),
            models.CheckConstraint(condition=Q(term__in=(1, 2)), name="students_enrolment_term"),
            models.CheckConstraint(
                condition=Q(school_year__range=(2500, 2700)), name="students_enrolment_year_is_buddhist"
            ),
        ]
        indexes = [
            models.Index(fields=["school_year", "term", "school", "grade"], name="students_enrolment_class"),
            # the facets of the register and what they hang on: counted without reading the rows themselves
            models.Index(
                fields=["school_year", "term", "state", "grade", "room", "school", "pupil"],
                name="students_enrolment_facets",
            ),
            # the register's own order (kindergarten, primary, secondary) within a term
            models.Index(
                "school_year",
                "term",
                Replace("grade", Value("m"), Value("q")),
                "id",
                name="students_enrolment_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_grade_display()}/{self.room} {self.term}/{self.school_year}"

    @property
    def class_name(self) -> str:
        return f"{self.get_grade_display()}/{self.room}"
