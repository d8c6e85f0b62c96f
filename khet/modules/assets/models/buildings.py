"""Land, buildings, their repairs and their demolition. Photographs are files of the building."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khet.base.lib.thai.places import WA_A_NGAN, WA_A_RAI, written_area
from khet.modules.assets.choices import (
    BudgetSource,
    BuildingCondition,
    BuildingKind,
    DemolitionState,
    LandKind,
    RepairState,
    Standing,
)

# Years of the Buddhist era that a building or parcel may carry.
EARLIEST, LATEST = 2400, 2700


def year_field(label: str, **given: object) -> models.PositiveSmallIntegerField:
    """A year of the Buddhist era. The form bounds it loosely; a year to come is a finding of the checks."""
    return models.PositiveSmallIntegerField(
        label,
        null=True,
        blank=True,
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        **given,
    )


class Land(models.Model):
    """A parcel on which a school or the office stands. ``number`` counts the parcels of one unit."""

    personal_data = None

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("โรงเรียน"))
    code = models.CharField(max_length=40, unique=True, editable=False)
    number = models.PositiveSmallIntegerField(_("แปลงที่"), validators=[MinValueValidator(1)])
    kind = models.CharField(_("ประเภทที่ดิน"), max_length=10, choices=LandKind.choices)
    document = models.CharField(_("เลขที่เอกสารสิทธิ์"), max_length=80, blank=True)
    treasury_number = models.CharField(_("ทะเบียนราชพัสดุ (ทรส.)"), max_length=60, blank=True)
    rai = models.PositiveIntegerField(_("ไร่"), default=0, validators=[MaxValueValidator(99_999)])
    ngan = models.PositiveSmallIntegerField(_("งาน"), default=0, validators=[MaxValueValidator(3)])
    wa = models.DecimalField(
        _("ตารางวา"), max_digits=5, decimal_places=2, default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(Decimal("99.99"))],
    )  # fmt: skip
    area_wa = models.GeneratedField(
        verbose_name=_("เนื้อที่ (ตารางวา)"),
        expression=F("rai") * WA_A_RAI + F("ngan") * WA_A_NGAN + F("wa"),
        output_field=models.DecimalField(max_digits=12, decimal_places=2),
        db_persist=True,
    )
    note = models.CharField(_("หมายเหตุ"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("ที่ดิน")
        ordering = ["unit_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="assets_land_number_once"),
            models.CheckConstraint(condition=Q(ngan__lte=3, wa__lt=100, wa__gte=0), name="assets_land_area"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document or self.treasury_number}".strip()

    @property
    def area(self) -> str:
        """12-2-35 as surveyors write it: rai, ngan, square wa."""
        return written_area(Decimal(self.rai * WA_A_RAI + self.ngan * WA_A_NGAN) + self.wa)


class Building(models.Model):
    """A building or structure of B-OBEC. ``number`` counts those of one kind in one unit; ``code`` joins all three.

    Years are of the Buddhist era. A demolished building keeps its place and its number.
    """

    personal_data = None

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("โรงเรียน"))
    code = models.CharField(_("รหัสสิ่งก่อสร้าง"), max_length=30, unique=True, editable=False)
    kind = models.CharField(_("ประเภท"), max_length=2, choices=BuildingKind.choices)
    number = models.PositiveSmallIntegerField(
        _("ลำดับที่"), validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    name = models.CharField(_("ชื่อ"), max_length=150)
    model = models.CharField(_("แบบ"), max_length=60, blank=True)
    search_text = models.TextField(editable=False)

    rooms_plan = models.PositiveSmallIntegerField(_("จำนวนห้องตามแปลน"), null=True, blank=True)
    rooms_used = models.PositiveSmallIntegerField(_("ห้องที่ใช้เป็นห้องเรียน"), null=True, blank=True)
    seats = models.PositiveSmallIntegerField(_("จำนวนที่นั่งส้วม"), null=True, blank=True)
    floors = models.PositiveSmallIntegerField(
        _("จำนวนชั้น"), null=True, blank=True, validators=[MaxValueValidator(20)]
    )
    width = models.DecimalField(_("กว้าง (ม.)"), max_digits=7, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])  # fmt: skip
    length = models.DecimalField(_("ยาว (ม.)"), max_digits=7, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])  # fmt: skip
    year_built = year_field(_("สร้าง (พ.ศ.)"))
    budget = models.DecimalField(_("งบประมาณก่อสร้าง (บาท)"), max_digits=13, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])  # fmt: skip
    budget_source = models.CharField(
        _("ที่มาของงบ"), max_length=10, choices=BudgetSource.choices, blank=True, default=BudgetSource.UNKNOWN
    )
    condition = models.CharField(
        _("สภาพปัจจุบัน"), max_length=4, choices=BuildingCondition.choices, blank=True, default=""
    )
    standing = models.CharField(
        _("สถานะ"), max_length=10, choices=Standing.choices, default=Standing.STANDING, editable=False
    )
    land = models.ForeignKey(
        Land, models.PROTECT, null=True, blank=True, related_name="buildings", verbose_name=_("อยู่บนที่ดินแปลง")
    )
    treasury_number = models.CharField(_("ทะเบียนราชพัสดุ (ทรส.)"), max_length=60, blank=True)
    repaired_year = year_field(_("ปีที่ซ่อมล่าสุด (พ.ศ.)"))
    note = models.CharField(_("หมายเหตุ"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("สิ่งก่อสร้าง")
        ordering = ["unit_id", "kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "number"], name="assets_building_number_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Repair(models.Model):
    """A repair of a building or of an article, from the day it begins to what came of it."""

    personal_data = {"done_by": "name"}

    building = models.ForeignKey(Building, models.CASCADE, null=True, related_name="repairs")
    article = models.ForeignKey("assets.Article", models.CASCADE, null=True, related_name="repairs")
    state = models.CharField(_("สถานะ"), max_length=6, choices=RepairState.choices, default=RepairState.OPEN)
    began_on = models.DateField(_("วันที่เริ่ม"))
    ended_on = models.DateField(_("วันที่เสร็จ"), null=True, blank=True)
    what = models.CharField(_("รายการซ่อม"), max_length=200)
    cost = models.DecimalField(_("ค่าซ่อม (บาท)"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])  # fmt: skip
    source = models.CharField(_("แหล่งเงิน"), max_length=80, blank=True)
    done_by = models.CharField(_("ผู้ซ่อม"), max_length=120, blank=True)

    class Meta:
        ordering = ["-began_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(building__isnull=True) ^ Q(article__isnull=True), name="assets_repair_of_one"
            ),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state="open"), name="assets_repair_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")), name="assets_repair_days"
            ),
        ]

    def __str__(self) -> str:
        return self.what


class Demolition(models.Model):
    """One way of a building from the request to the rubble. A building has at most one that is not settled."""

    personal_data = {"asked_by": "conduct", "answered_by": "conduct", "reason": "opinion", "note": "opinion"}

    building = models.ForeignKey(Building, models.CASCADE, related_name="demolitions")
    state = models.CharField(max_length=9, choices=DemolitionState.choices, default=DemolitionState.ASKED)
    asked_on = models.DateField(_("วันที่ขอ"))
    asked_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(_("เหตุที่ขอรื้อถอน"), max_length=300)
    document = models.CharField(_("หนังสือที่ขอ"), max_length=120, blank=True)
    answered_on = models.DateField(_("วันที่อนุญาต"), null=True, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    order_reference = models.CharField(_("หนังสือหรือคำสั่งอนุญาตที่"), max_length=120, blank=True)
    done_on = models.DateField(_("วันที่รื้อถอนเสร็จ"), null=True, blank=True)
    proceeds = models.DecimalField(_("เงินจากการขายวัสดุรื้อถอน (บาท)"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])  # fmt: skip
    note = models.CharField(_("หมายเหตุ"), max_length=300, blank=True)

    class Meta:
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["building"],
                condition=Q(state__in=["asked", "permitted"]),
                name="assets_demolition_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.building_id} {self.state}"
