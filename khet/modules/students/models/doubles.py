"""A pupil on the rolls of two or more schools in one term: what each school says, and how it was settled."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.modules.students.choices import ClaimKind, DoubleState
from khet.modules.students.models.pupils import Pupil, _words

WAITING = (DoubleState.OPEN, DoubleState.DISPUTED)


class Double(models.Model):
    """One pupil, one term, and every school that has the pupil on its roll (``rolls``): one case, however many they are.

    ``due_on`` is the last day on which the schools settle it between themselves; afterwards, or once they contradict
    each other, the area decides. ``keeper`` is the school where the pupil stays. Evidence of the area's decision hangs on
    it; that of the schools on their claims.
    """

    personal_data = {"pupil": "schooling", "keeper": "schooling", "reason": "schooling", "closer": "conduct"}

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="doubles", verbose_name=_("นักเรียน"))
    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"))
    term = models.PositiveSmallIntegerField(_("ภาคเรียน"))
    state = models.CharField(
        _("สถานะ"),
        max_length=8,
        choices=DoubleState.choices,
        default=DoubleState.OPEN,
        db_default=DoubleState.OPEN,
    )
    opened_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("ตกลงกันภายใน"))
    keeper = models.ForeignKey(
        "schools.School", models.PROTECT, null=True, related_name="+", verbose_name=_("เรียนอยู่ที่")
    )
    reason = _words(_("เหตุผลที่ชี้ขาด"), 500)
    closed_at = models.DateTimeField(null=True)
    closer = _words("", 200)

    class Meta:
        verbose_name = _("นักเรียนซ้ำหลายโรงเรียน")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "school_year", "term"],
                condition=Q(state__in=["open", "disputed"]),
                name="students_double_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "disputed"], closed_at__isnull=True)
                | (~Q(state__in=["open", "disputed"]) & Q(closed_at__isnull=False)),
                name="students_double_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "decided"]) | Q(keeper__isnull=False),
                name="students_double_settled_has_keeper",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | ~Q(reason=""), name="students_double_decided_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.term}/{self.school_year}"

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def shape(self) -> str:
        return DoubleState(self.state).shape


class DoubleRoll(models.Model):
    """A school of a case. ``left_on`` is the first day without the pupil there, once the case is settled for another school."""

    personal_data = {"school": "schooling", "left_on": "schooling"}

    double = models.ForeignKey(Double, models.CASCADE, related_name="rolls")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    left_on = models.DateField(_("ออกตั้งแต่วันที่"), null=True)

    class Meta:
        verbose_name = _("โรงเรียนที่มีชื่อนักเรียนซ้ำ")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["double", "school"], name="students_doubleroll_once"),
        ]

    def __str__(self) -> str:
        return f"{self.double_id} {self.school_id}"


class Claim(models.Model):
    """What a school said, with its evidence (files); the newest of each school counts, the earlier ones remain."""

    personal_data = {"kind": "schooling", "left_on": "schooling", "words": "schooling", "by": "conduct"}

    double = models.ForeignKey(Double, models.CASCADE, related_name="claims")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=ClaimKind.choices)
    left_on = models.DateField(_("ออกตั้งแต่วันที่"), null=True)
    words = _words(_("ข้อความ"), 500)
    made_at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("คำแจ้งของโรงเรียน")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="stays", left_on__isnull=True) | Q(kind="left", left_on__isnull=False),
                name="students_claim_day_when_left",
            )
        ]

    def __str__(self) -> str:
        return f"{self.double_id} {self.school_id} {self.kind}"
