"""Places: outlines for maps, villages (หมู่), and which school serves a village."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khet.modules.schools.choices import OutlineLevel, ServiceLevel
from khet.modules.schools.models.schools import School


class Outline(models.Model):
    """The outline of a province, district or tambon, for maps drawn without tiles and to tell whether a school stands in
    its tambon. Uploaded by the office, kept in degrees (WGS 84)."""

    personal_data = None

    level = models.CharField(max_length=8, choices=OutlineLevel.choices, default=OutlineLevel.DISTRICT)
    code = models.CharField(_("รหัสพื้นที่"), max_length=6, unique=True)
    name = models.CharField(_("ชื่อ"), max_length=80)
    rings = models.JSONField(help_text="outer rings: [[[longitude, latitude], …], …]")
    holes = models.JSONField(default=list, help_text="rings cut out, in the same form")

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "code"])]

    def __str__(self) -> str:
        return self.name


class Village(models.Model):
    """A village (หมู่) of a tambon. ``code`` is the eight digits of the interior ministry: tambon and หมู่.

    หมู่ 0 stands for the part of a tambon that has no หมู่, as in the middle of a municipality.
    """

    personal_data = None

    code = models.CharField(_("รหัสหมู่บ้าน"), max_length=8, unique=True, editable=False)
    tambon_code = models.CharField(_("รหัสตำบล"), max_length=6)
    moo = models.PositiveSmallIntegerField(_("หมู่ที่"), validators=[MaxValueValidator(99)])
    name = models.CharField(_("ชื่อหมู่บ้าน"), max_length=120, blank=True)
    tambon = models.CharField(_("ตำบล"), max_length=80)
    amphoe = models.CharField(_("อำเภอ"), max_length=80)
    province = models.CharField(_("จังหวัด"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("หมู่บ้าน")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["tambon_code", "moo"], name="schools_village_once"),
            models.CheckConstraint(condition=Q(moo__lte=99), name="schools_village_moo"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def moo_words(self) -> str:
        return str(_("หมู่ %(moo)d") % {"moo": self.moo} if self.moo else _("ไม่มีหมู่"))

    @property
    def full_name(self) -> str:
        """หมู่ 3 บ้านควนงาม ตำบลไร่ธาร."""
        return " ".join(word for word in (self.moo_words, self.name, f"ตำบล{self.tambon}") if word)


class ServiceVillage(models.Model):
    """A village belongs to the service area of a school at a level, from a school year to another (both included, BE).

    One school per village, level and year: each child is called in, surveyed and looked for by one school.
    """

    personal_data = None

    village = models.ForeignKey(Village, models.PROTECT, related_name="services")
    school = models.ForeignKey(School, models.PROTECT, related_name="service_villages")
    level = models.CharField(
        _("ระดับ"), max_length=9, choices=ServiceLevel.choices, default=ServiceLevel.PRIMARY
    )
    since_year = models.PositiveSmallIntegerField(_("ตั้งแต่ปีการศึกษา"))
    until_year = models.PositiveSmallIntegerField(_("ถึงปีการศึกษา"), null=True)
    reference = models.CharField(_("ประกาศหรือมติ"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("หมู่บ้านในเขตพื้นที่บริการ")
        ordering = ["village__code", "level", "-since_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "level"],
                condition=Q(until_year__isnull=True),
                name="schools_service_one_open",
            ),
            models.UniqueConstraint(fields=["village", "level", "since_year"], name="schools_service_once"),
            models.CheckConstraint(
                condition=Q(until_year__isnull=True) | Q(until_year__gte=F("since_year")),
                name="schools_service_years_in_order",
            ),
        ]
        indexes = [models.Index(fields=["school", "until_year"])]

    def __str__(self) -> str:
        return f"{self.village_id} {self.level} {self.school_id} {self.since_year}"
