"""Proof of existence: pupils drawn by lot for a visit, and whether they were there."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.modules.students.choices import AbsentReason, Grade, VisitResult
from khet.modules.students.models.pupils import Pupil, _words


class Draw(models.Model):
    """One drawing of lots in a round.

    ``seed`` is made by the machine at the moment of drawing and never again, ``roll`` is what was drawn from
    ({school: {grade: [pupil, …]}}); from both, ``share`` (per cent of a school), ``least`` (pupils a school) and
    ``schools`` (how many schools, 0 for all) anybody gets the same pupils again (``queries.visits.drawn``). A further
    drawing in the same round needs a ``reason``, and the earlier ones remain.
    """

    personal_data = {"roll": "schooling", "by": "conduct"}

    round = models.ForeignKey("rounds.Round", models.PROTECT, related_name="+", verbose_name=_("รอบ"))
    number = models.PositiveSmallIntegerField(_("ครั้งที่"))
    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"))
    term = models.PositiveSmallIntegerField(_("ภาคเรียน"))
    share = models.PositiveSmallIntegerField(_("ร้อยละของนักเรียน"))
    least = models.PositiveSmallIntegerField(_("อย่างน้อยโรงเรียนละ (คน)"))
    schools = models.PositiveSmallIntegerField(_("จำนวนโรงเรียน"), default=0)
    seed = models.CharField(_("เลขสุ่มตั้งต้น"), max_length=64)
    roll = models.JSONField(default=dict)
    population = models.PositiveIntegerField(_("นักเรียนทั้งหมด"))
    drawn = models.PositiveIntegerField(_("สุ่มได้"))
    reason = _words(_("เหตุผลที่สุ่มอีกครั้ง"), 300)
    made_at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("การสุ่มตรวจ")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="students_draw_once"),
            models.CheckConstraint(
                condition=Q(share__range=(1, 100), least__range=(1, 100)), name="students_draw_in_range"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="students_draw_again_says_why"
            ),
        ]
        triggers = [pgtrigger.Protect(name="drawn", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.round_id} {self.number}"


class Visit(models.Model):
    """One pupil drawn, at the school and in the class of that day, and what the visit found there.

    The newest word counts; earlier ones stand in the journal.
    """

    personal_data = {"pupil": "schooling", "result": "schooling", "absent_for": "schooling", "words": "opinion", "checker": "conduct"}  # fmt: skip

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="visits")
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="visits")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    grade = models.CharField(_("ชั้น"), max_length=2, choices=Grade.choices)
    room = models.PositiveSmallIntegerField(_("ห้อง"), default=1)
    place = models.PositiveSmallIntegerField(_("ลำดับ"))
    result = _words(_("ผล"), 9, choices=VisitResult.choices)
    absent_for = _words(_("เหตุที่ไม่มา"), 8, choices=AbsentReason.choices)
    words = _words(_("ข้อความ"), 300)
    checked_at = models.DateTimeField(null=True)
    checker = _words("", 200)

    class Meta:
        verbose_name = _("นักเรียนที่สุ่มได้")
        ordering = ["draw", "school", "place"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "pupil", "school"], name="students_visit_once"),
            models.CheckConstraint(
                condition=Q(result="", checked_at__isnull=True)
                | (~Q(result="") & Q(checked_at__isnull=False)),
                name="students_visit_result_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(result="absent") & ~Q(absent_for="") | ~Q(result="absent") & Q(absent_for=""),
                name="students_visit_absent_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "draw"], name="students_visit_school"),
            models.Index(fields=["pupil"], name="students_visit_missing", condition=Q(result="not_found")),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.pupil_id}"

    @property
    def class_name(self) -> str:
        return f"{self.get_grade_display()}/{self.room}"

    @property
    def shape(self) -> str:
        return {"": "empty", "seen": "done", "absent": "half", "not_found": "late"}[self.result]
