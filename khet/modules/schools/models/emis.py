"""What a school says of itself once a school year (EMIS): utilities, computers, land, distances, small-school facts."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.lib.thai.places import written_area
from khet.base.org.api import today
from khet.modules.schools.choices import (
    Hardship,
    Installed,
    InternetState,
    LocalKind,
    Standing,
    Terrain,
)
from khet.modules.schools.models.schools import School

_KM = [MinValueValidator(0), MaxValueValidator(999)]


def _count(label: object) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(label, null=True, blank=True, validators=[MaxValueValidator(9_999)])


class Emis(models.Model):
    """The facts of one school in one school year (BE). Empty means not said; nought means none.

    Computers are told as in the ministry's table: by purpose, there by source and, apart from it, by whether they work.
    ``land_wa`` is the whole land in square wa (1 rai = 400). Distances and the local government of the newest year are
    written into the register of schools too.
    """

    personal_data = None

    school = models.ForeignKey(School, models.PROTECT, related_name="emis", editable=False)
    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"), editable=False)
    code = models.CharField(max_length=20, unique=True, editable=False)

    electricity = models.CharField(_("ไฟฟ้า"), max_length=20, blank=True)
    water = models.CharField(_("น้ำใช้"), max_length=20, blank=True)

    internet_kind = models.CharField(_("ประเภทอินเทอร์เน็ต"), max_length=20, blank=True)
    internet_provider = models.CharField(_("ผู้ให้บริการ"), max_length=80, blank=True)
    internet_mbps = models.PositiveIntegerField(
        _("ความเร็ว (Mbps)"), null=True, blank=True, validators=[MaxValueValidator(100_000)]
    )
    internet_state = models.CharField(
        _("สถานะอินเทอร์เน็ต"), max_length=4, choices=InternetState.choices, blank=True
    )
    internet_baht = models.DecimalField(
        _("งบต่อเดือน (บาท)"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    lan = models.CharField("LAN", max_length=3, choices=Installed.choices, blank=True)
    wireless = models.CharField("Wireless LAN", max_length=3, choices=Installed.choices, blank=True)

    teach_obec = _count(_("เรียนการสอน: งบ สพฐ."))
    teach_own = _count(_("เรียนการสอน: จัดหาเองหรือบริจาค"))
    teach_usable = _count(_("เรียนการสอน: ใช้ได้"))
    teach_broken = _count(_("เรียนการสอน: ใช้ไม่ได้"))
    office_obec = _count(_("บริหารจัดการ: งบ สพฐ."))
    office_own = _count(_("บริหารจัดการ: จัดหาเองหรือบริจาค"))
    office_usable = _count(_("บริหารจัดการ: ใช้ได้"))
    office_broken = _count(_("บริหารจัดการ: ใช้ไม่ได้"))

    km_to_office = models.DecimalField(
        _("ระยะทางถึงเขตพื้นที่ (กม.)"), max_digits=6, decimal_places=1, null=True, blank=True, validators=_KM
    )
    km_to_amphoe = models.DecimalField(
        _("ระยะทางถึงอำเภอ (กม.)"), max_digits=6, decimal_places=1, null=True, blank=True, validators=_KM
    )
    land_wa = models.DecimalField(
        _("ที่ดิน (ไร่-งาน-ตร.วา)"), max_digits=9, decimal_places=1, null=True, blank=True
    )

    standing = models.CharField(_("การจัดการของโรงเรียน"), max_length=6, choices=Standing.choices, blank=True)
    mother = models.ForeignKey(
        School,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("โรงเรียนหลักที่ไปเรียนรวม"),
    )
    terrain = models.CharField(_("ลักษณะพื้นที่"), max_length=8, choices=Terrain.choices, blank=True)
    hardship = models.CharField(_("ความทุรกันดาร"), max_length=3, choices=Hardship.choices, blank=True)
    local_kind = models.CharField(_("ชนิด อปท."), max_length=7, choices=LocalKind.choices, blank=True)
    local_government = models.CharField(_("องค์กรปกครองส่วนท้องถิ่น"), max_length=120, blank=True)
    note = models.CharField(_("หมายเหตุ"), max_length=300, blank=True)
    told_on = models.DateField(_("ข้อมูล ณ วันที่"), default=today, editable=False)

    class Meta:
        verbose_name = _("ข้อมูลพื้นฐานโรงเรียน (EMIS)")
        ordering = ["-school_year", "code"]
        constraints = [
            models.UniqueConstraint(fields=["school", "school_year"], name="schools_emis_once"),
            models.CheckConstraint(
                condition=Q(mother__isnull=True) | ~Q(mother=models.F("school")),
                name="schools_emis_not_own_mother",
            ),
            models.CheckConstraint(
                condition=Q(land_wa__isnull=True) | Q(land_wa__gte=0),
                name="schools_emis_land_not_below_nought",
            ),
        ]
        indexes = [models.Index(fields=["school_year"])]

    def __str__(self) -> str:
        return self.code

    @property
    def land(self) -> str:
        """The land as surveyors write it: 12-2-35."""
        return written_area(self.land_wa)
