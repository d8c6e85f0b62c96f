"""Schools, their codes and states over time. Photographs are files of the school."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from khet.base.org.models import Dated
from khet.modules.schools.choices import SIZE_LIMITS, CodeKind, Levels, PositionState, Size, Status


class School(models.Model):
    """The basics of a school; the unit it is in the organisation carries posts, people and letters.

    The codes and the area here are those of today, kept beside their history in ``SchoolCode`` so that lists
    can sort and filter by them. ``name`` is written without โรงเรียน, as everybody in the office says it.
    """

    personal_data = {"saraban_name": "contact", "saraban_phone": "contact", "position_by": "conduct"}

    unit = models.OneToOneField("org.Unit", models.PROTECT, related_name="school", editable=False)
    name = models.CharField(_("ชื่อโรงเรียน"), max_length=150)
    name_en = models.CharField(_("ชื่อภาษาอังกฤษ"), max_length=200, blank=True)
    sort_name = models.CharField(max_length=600, editable=False)
    search_text = models.TextField(editable=False)

    smis8 = models.CharField(_("รหัส 8 หลัก"), max_length=8, blank=True, default="")
    obec10 = models.CharField(_("รหัส 10 หลัก"), max_length=10, blank=True, default="")
    obec6 = models.CharField(_("รหัส 6 หลัก"), max_length=6, blank=True, default="")
    area_code = models.CharField(_("รหัสเขตพื้นที่"), max_length=6, blank=True, default="")
    area_name = models.CharField(_("เขตพื้นที่"), max_length=120, blank=True)

    levels = models.CharField(_("ระดับที่เปิดสอน"), max_length=2, choices=Levels.choices, blank=True)
    founded_on = models.DateField(_("วันก่อตั้ง"), null=True, blank=True)
    status = models.CharField(
        _("สถานะ"), max_length=12, choices=Status.choices, default=Status.NORMAL, editable=False
    )
    joined = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="received", editable=False
    )
    local_government = models.CharField(_("องค์กรปกครองส่วนท้องถิ่น"), max_length=120, blank=True)

    address = models.CharField(_("บ้านเลขที่ หมู่ ถนน"), max_length=200, blank=True)
    tambon = models.CharField(_("ตำบล"), max_length=80, blank=True)
    tambon_code = models.CharField(_("รหัสตำบล"), max_length=6, blank=True)
    amphoe = models.CharField(_("อำเภอ"), max_length=80, blank=True)
    amphoe_code = models.CharField(_("รหัสอำเภอ"), max_length=4, blank=True)
    province = models.CharField(_("จังหวัด"), max_length=80, blank=True)
    postcode = models.CharField(_("รหัสไปรษณีย์"), max_length=5, blank=True)
    km_to_office = models.DecimalField(
        _("ระยะทางถึงเขตพื้นที่ (กม.)"), max_digits=6, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(999)],
    )  # fmt: skip
    km_to_amphoe = models.DecimalField(
        _("ระยะทางถึงอำเภอ (กม.)"), max_digits=6, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(999)],
    )  # fmt: skip

    latitude = models.DecimalField(
        _("ละติจูด"), max_digits=8, decimal_places=5, null=True, blank=True, editable=False
    )
    longitude = models.DecimalField(
        _("ลองจิจูด"), max_digits=8, decimal_places=5, null=True, blank=True, editable=False
    )
    position_state = models.CharField(
        _("พิกัด"), max_length=9, choices=PositionState.choices, default=PositionState.NONE, editable=False
    )
    position_source = models.CharField(max_length=120, blank=True, editable=False)
    position_by = models.CharField(max_length=200, blank=True, editable=False)
    position_at = models.DateTimeField(null=True, blank=True, editable=False)

    # Metres outside the outline of its tambon, 0 inside; empty where position or outline is missing. Kept by the verbs.
    outside_m = models.PositiveIntegerField(null=True, editable=False)

    phone = models.CharField(_("โทรศัพท์"), max_length=60, blank=True)
    fax = models.CharField(_("โทรสาร"), max_length=60, blank=True)
    email = models.EmailField(_("อีเมล"), blank=True)
    website = models.URLField(_("เว็บไซต์"), blank=True)
    line_id = models.CharField("LINE", max_length=60, blank=True)
    saraban_name = models.CharField(_("ผู้ติดต่องานสารบรรณ"), max_length=120, blank=True)
    saraban_phone = models.CharField(_("โทรศัพท์ผู้ติดต่อ"), max_length=60, blank=True)

    pupils = models.PositiveIntegerField(_("จำนวนนักเรียน"), null=True, blank=True)
    pupils_on = models.DateField(_("จำนวนนักเรียน ณ วันที่"), null=True, blank=True)
    pupils_source = models.CharField(_("ที่มาของจำนวนนักเรียน"), max_length=120, blank=True)
    size = models.GeneratedField(
        verbose_name=_("ขนาด"),
        expression=Case(
            When(pupils__isnull=True, then=Value(None)),
            *(When(pupils__lte=limit, then=Value(int(size))) for limit, size in SIZE_LIMITS),
            default=Value(int(Size.SEVEN)),
        ),
        output_field=models.PositiveSmallIntegerField(null=True),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("โรงเรียน")
        ordering = ["sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["smis8"], condition=~Q(smis8=""), name="schools_smis8_once"),
            models.UniqueConstraint(fields=["obec10"], condition=~Q(obec10=""), name="schools_obec10_once"),
            models.UniqueConstraint(fields=["obec6"], condition=~Q(obec6=""), name="schools_obec6_once"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(5, 21), longitude__range=(97, 106)),
                name="schools_position_in_thailand",
            ),
            models.CheckConstraint(
                condition=~Q(joined=F("pk")) | Q(joined__isnull=True), name="schools_not_into_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["amphoe_code"]),
            models.Index(fields=["area_code"]),
            models.Index(fields=["sort_name"]),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"โรงเรียน{self.name}"

    @property
    def position_confirmed(self) -> bool:
        return self.position_state == PositionState.CONFIRMED

    @property
    def full_address(self) -> str:
        """As written on an envelope: หมู่ 4 ตำบล… อำเภอ… จังหวัด… 99130."""
        parts = [
            self.address,
            f"ตำบล{self.tambon}" if self.tambon else "",
            f"อำเภอ{self.amphoe}" if self.amphoe else "",
            f"จังหวัด{self.province}" if self.province else "",
            self.postcode,
        ]
        return " ".join(part for part in parts if part)


class SchoolCode(Dated):
    """A code by which a school is or was known. An old code still finds the school that bears it, or took it over."""

    personal_data = None

    school = models.ForeignKey(School, models.CASCADE, related_name="codes")
    kind = models.CharField(max_length=6, choices=CodeKind.choices)
    value = models.CharField(max_length=10)

    class Meta(Dated.Meta):
        ordering = ["kind", "-since", "-pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["school", "kind"], condition=Q(until__isnull=True), name="schools_code_one_open"
            ),
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=Q(until__isnull=True) & ~Q(kind="area"),
                name="schools_code_once",
            ),
        ]
        indexes = [models.Index(fields=["value"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class SchoolStatus(Dated):
    """A state of a school from a day, by an order or announcement."""

    personal_data = None

    school = models.ForeignKey(School, models.CASCADE, related_name="statuses")
    status = models.CharField(max_length=12, choices=Status.choices)
    other = models.ForeignKey(School, models.PROTECT, null=True, related_name="+")
    reference = models.CharField(_("คำสั่งหรือประกาศที่"), max_length=120, blank=True)
    note = models.CharField(_("หมายเหตุ"), max_length=200, blank=True)

    class Meta(Dated.Meta):
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return f"{self.school_id} {self.status} {self.since}"
