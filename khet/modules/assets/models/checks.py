"""The yearly check of supplies (ตรวจสอบพัสดุประจำปี): one per unit and fiscal year, and what was seen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from khet.modules.assets.choices import CheckState, Seen


class YearlyCheck(models.Model):
    """The check of one unit for one fiscal year (BE). It starts on the first working day after the year's end.

    ``committee`` are the members in words, as in the order that appoints them. Closing writes what was seen into
    the register.
    """

    personal_data = {"committee": "name", "opened_by": "conduct", "closed_by": "conduct"}

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField(_("ปีงบประมาณ"))
    state = models.CharField(max_length=6, choices=CheckState.choices, default=CheckState.OPEN)
    committee = models.TextField(_("คณะกรรมการ"), blank=True)
    order_reference = models.CharField(_("คำสั่งที่"), max_length=120, blank=True)
    starts_on = models.DateField(_("เริ่มตรวจ"))
    due_on = models.DateField(_("รายงานภายใน"))
    opened_by = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("การตรวจสอบพัสดุประจำปี")
        ordering = ["-fiscal_year", "unit_id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "fiscal_year"], name="assets_check_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.fiscal_year}"


class Sighting(models.Model):
    """What a person found at one article in a check; seen again, the last word counts."""

    personal_data = {"seen_by": "conduct", "note": "opinion"}

    check_of = models.ForeignKey(YearlyCheck, models.CASCADE, related_name="sightings")
    article = models.ForeignKey("assets.Article", models.CASCADE, related_name="sightings")
    seen = models.CharField(_("ผลตรวจ"), max_length=9, choices=Seen.choices)
    location = models.CharField(_("พบที่"), max_length=120, blank=True)
    note = models.CharField(_("หมายเหตุ"), max_length=300, blank=True)
    seen_at = models.DateTimeField()
    seen_by = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("ผลตรวจครุภัณฑ์")
        ordering = ["-seen_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["check_of", "article"], name="assets_seen_once")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.seen}"
