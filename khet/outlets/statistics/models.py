"""Figures of the years before khet, as the office's old books have them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.outlets.statistics.choices import Level


class PastFigure(models.Model):
    """One cell of a table of an old book. It stands beside the censuses, never in one.

    ``number`` is the round and ``term`` the term of the school year, each None where the book does not say. ``place`` is the code
    of a district, network or school and empty for the area; ``place_name`` what it was called when the file came. ``dims``: dim →
    code of its value, of those by which the figure is divided. ``source`` is the book and its page, ``file`` the file it came in.
    ``code`` says all that makes it this figure and no other.
    """

    personal_data = None

    code = models.CharField(max_length=300, unique=True, editable=False)
    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"))
    number = models.PositiveSmallIntegerField(_("รอบ"), null=True, blank=True)
    term = models.PositiveSmallIntegerField(_("ภาคเรียน"), null=True, blank=True)
    indicator = models.CharField(_("รหัสตัวชี้วัด"), max_length=60)
    level = models.CharField(_("ระดับ"), max_length=8, choices=Level.choices)
    place = models.CharField(_("หน่วย"), max_length=20, blank=True)
    place_name = models.CharField(_("ชื่อหน่วย"), max_length=200, blank=True)
    dims = models.JSONField(_("แยกตาม"), default=dict, blank=True)
    value = models.DecimalField(_("ค่า"), max_digits=18, decimal_places=4)
    source = models.CharField(_("ที่มา"), max_length=200)
    file = models.CharField(_("ไฟล์ที่นำเข้า"), max_length=255, editable=False)
    search_text = models.TextField(editable=False)

    class Meta:
        verbose_name = _("ตัวเลขก่อนใช้ระบบ")
        ordering = ["-school_year", "indicator", "pk"]
        indexes = [models.Index(fields=["indicator", "level", "place"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(level=Level.AREA, place="") | (~Q(level=Level.AREA) & ~Q(place="")),
                name="statistics_pastfigure_place",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="statistics_pastfigure_says_source"),
            models.CheckConstraint(
                condition=(Q(number=None) | Q(number__in=[1, 2, 3])) & (Q(term=None) | Q(term__in=[1, 2])),
                name="statistics_pastfigure_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.school_year}"

    @property
    def short(self) -> str:
        """1/2560 where the round is known, else the year: as heads of columns are written."""
        return f"{self.number}/{self.school_year}" if self.number else str(self.school_year)
