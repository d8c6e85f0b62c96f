"""The end of a school year: opened by the area, decided by the schools, promoted in bulk, undone, locked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.modules.students.choices import RunKind
from khet.modules.students.models.pupils import _words


class YearEnd(models.Model):
    """A school year whose end the area has opened. Once locked, what was promoted stays."""

    personal_data = {"opened_by": "conduct", "locked_by": "conduct"}

    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"), primary_key=True)
    ends_on = models.DateField(_("วันสิ้นปีการศึกษา"))
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.CharField(max_length=200)
    locked_at = models.DateTimeField(null=True)
    locked_by = _words("", 200)

    class Meta:
        verbose_name = _("สิ้นปีการศึกษา")
        ordering = ["-school_year"]

    def __str__(self) -> str:
        return str(self.school_year)


class Promotion(models.Model):
    """One run of promotion, of a school or of the whole area (no school). Undoing keeps the row."""

    personal_data = {"by": "conduct", "undone_by": "conduct"}

    year_end = models.ForeignKey(YearEnd, models.PROTECT, null=True, related_name="runs")
    school = models.ForeignKey("schools.School", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=4, choices=RunKind.choices, default=RunKind.YEAR)
    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"))
    applied_at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=200)
    counts = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = _words("", 200)
    undo_reason = _words(_("เหตุผลที่ย้อนกลับ"), 300)

    class Meta:
        verbose_name = _("การเลื่อนชั้น")
        ordering = ["-applied_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year", "kind"],
                condition=Q(undone_at__isnull=True),
                name="students_promotion_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.school_year} {self.school_id or 'area'}"
