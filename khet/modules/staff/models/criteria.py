"""Criteria as dated data: how many people a school may have, and between which amounts a salary of a level lies."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.models import Dated
from khet.modules.staff.choices import Level


class Criterion(Dated):
    """One line of a manpower criterion: what a school with so many pupils is given.

    Either one teacher for so many pupils (``pupils_per_teacher``), or teachers by room: pupils of a grade are put
    into rooms of the given size, and a rest of at least ``rest_opens`` opens one more.
    """

    personal_data = None

    edition = models.CharField(_("เกณฑ์"), max_length=120)
    pupils_from = models.PositiveIntegerField(_("นักเรียนตั้งแต่"), default=0)
    pupils_to = models.PositiveIntegerField(_("ถึง"), null=True, blank=True)
    principals = models.PositiveSmallIntegerField(_("ผู้อำนวยการ"), default=1)
    vice_principals = models.PositiveSmallIntegerField(_("รองผู้อำนวยการ"), default=0)
    pupils_per_teacher = models.PositiveSmallIntegerField(
        _("นักเรียนต่อครู 1 คน"), null=True, blank=True, help_text=_("เว้นว่างเมื่อคิดตามห้องเรียน"),
        validators=[MinValueValidator(1)],
    )  # fmt: skip
    room_kindergarten = models.PositiveSmallIntegerField(
        _("นักเรียนต่อห้อง อนุบาล"), default=30, validators=[MinValueValidator(1)]
    )
    room_primary = models.PositiveSmallIntegerField(
        _("นักเรียนต่อห้อง ประถม"), default=40, validators=[MinValueValidator(1)]
    )
    room_secondary = models.PositiveSmallIntegerField(
        _("นักเรียนต่อห้อง มัธยม"), default=40, validators=[MinValueValidator(1)]
    )
    per_kindergarten = models.DecimalField(_("ครูต่อห้อง อนุบาล"), max_digits=3, decimal_places=1, default=1)
    per_primary = models.DecimalField(_("ครูต่อห้อง ประถม"), max_digits=3, decimal_places=1, default=1)
    per_secondary = models.DecimalField(_("ครูต่อห้อง มัธยม"), max_digits=3, decimal_places=1, default=2)
    rest_opens = models.PositiveSmallIntegerField(
        _("เศษที่เปิดเพิ่มอีกห้อง"), default=1, validators=[MinValueValidator(1)]
    )
    is_confirmed = models.BooleanField(_("ตรวจกับหนังสือแล้ว"), default=False)
    note = models.CharField(_("ที่มา"), max_length=200, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("เกณฑ์อัตรากำลัง")
        ordering = ["-since", "edition", "pupils_from", "pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(pupils_to__isnull=True) | Q(pupils_to__gte=F("pupils_from")),
                name="staff_criterion_from_to",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.pupils_from}–{self.pupils_to or ''}"


class SalaryBand(Dated):
    """Lowest and highest salary of a level, baht a month."""

    personal_data = None

    level = models.CharField(_("ระดับ"), max_length=10, choices=Level.choices)
    low = models.DecimalField(_("ขั้นต่ำ"), max_digits=9, decimal_places=2)
    high = models.DecimalField(_("ขั้นสูง"), max_digits=9, decimal_places=2)
    is_confirmed = models.BooleanField(_("ตรวจกับบัญชีแล้ว"), default=False)
    note = models.CharField(_("ที่มา"), max_length=200, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("บัญชีเงินเดือน")
        ordering = ["level", "-since", "pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=Q(high__gte=F("low")), name="staff_band_low_high"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.low}–{self.high}"
