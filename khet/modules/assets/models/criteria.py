"""What a school of some size should have: dated rows that the office edits, each with its source."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.models import today
from khet.modules.assets.choices import Need


class Criterion(models.Model):
    """For schools with ``low``–``high`` pupils: ``fixed`` pieces, and one more for every ``per`` pupils begun.

    Of the rows for one need and size, the one with the latest ``since`` not after the day counts. ``is_confirmed`` says
    that the office has compared the row with the document named in ``source``.
    """

    personal_data = None

    need = models.CharField(_("รายการ"), max_length=9, choices=Need.choices)
    since = models.DateField(_("ใช้ตั้งแต่วันที่"), default=today)
    low = models.PositiveIntegerField(_("นักเรียนตั้งแต่ (คน)"), default=0)
    high = models.PositiveIntegerField(_("ถึง (คน)"), default=99_999)
    fixed = models.PositiveSmallIntegerField(_("จำนวนพื้นฐาน"), default=0)
    per = models.PositiveSmallIntegerField(
        _("เพิ่ม 1 ต่อนักเรียน (คน)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    source = models.CharField(_("ที่มา"), max_length=200)
    is_confirmed = models.BooleanField(_("ตรวจกับเอกสารแล้ว"), default=False)

    class Meta:
        verbose_name = _("เกณฑ์อาคารและสิ่งก่อสร้าง")
        ordering = ["need", "-since", "low"]
        constraints = [
            models.CheckConstraint(condition=Q(high__gte=F("low")), name="assets_criterion_range"),
            models.UniqueConstraint(fields=["need", "since", "low"], name="assets_criterion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_need_display()} {self.low}–{self.high}"
