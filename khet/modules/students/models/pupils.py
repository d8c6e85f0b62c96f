"""A pupil is one person, once, with several numbers over time; guardians and scholarships hang on it.

Every column has a default in the database, so that set-based statements may leave out what they do not know. A key
that is the first column of another index has none of its own: an import pays for every index 25,000 times.
"""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from khet.base.org.models import Dated
from khet.modules.students.choices import (
    Blood,
    Grade,
    GuardianRole,
    IdKind,
    Sex,
    State,
)


def _words(label: Any, length: int, **more: Any) -> models.CharField:
    """A text that may be empty, also for statements that do not name it."""
    return models.CharField(label, max_length=length, blank=True, default="", db_default="", **more)


class Pupil(models.Model):
    """Who a pupil is, and where the pupil is now.

    ``school``, ``grade``, ``room``, ``state``, ``school_year`` and ``term`` repeat the latest enrolment, so that lists need no join;
    ``actions.placing.place`` keeps them. ``home_*`` is the registered address, ``live_*`` the present one.
    """

    personal_data = {
        "title": "name", "first_name": "name", "last_name": "name", "first_name_en": "name", "last_name_en": "name",
        "sex": "sex", "born_on": "birth", "birth_province": "birth", "blood": "health", "religion": "religion",
        "race": "origin", "nationality": "nationality", "siblings": "family", "birth_order": "family",
        "phone": "contact", "house_id": "address", "home_no": "address", "home_moo": "address",
        "home_road": "address", "home_tambon": "address", "home_amphoe": "address", "home_province": "address",
        "home_code": "address", "home_postcode": "address", "live_no": "address", "live_moo": "address",
        "live_road": "address", "live_tambon": "address", "live_amphoe": "address", "live_province": "address",
        "live_code": "address", "live_postcode": "address", "school": "schooling", "grade": "schooling",
        "state": "schooling",
    }  # fmt: skip

    title = _words(_("คำนำหน้า"), 30)
    first_name = models.CharField(_("ชื่อ"), max_length=100)
    last_name = _words(_("นามสกุล"), 100)
    first_name_en = _words(_("ชื่อภาษาอังกฤษ"), 100)
    last_name_en = _words(_("นามสกุลภาษาอังกฤษ"), 100)
    sex = _words(_("เพศ"), 1, choices=Sex.choices)
    born_on = models.DateField(_("วันเกิด"), null=True, blank=True)
    birth_province = _words(_("จังหวัดที่เกิด"), 60)
    blood = _words(_("กลุ่มเลือด"), 2, choices=Blood.choices)
    religion = _words(_("ศาสนา"), 20)
    race = _words(_("เชื้อชาติ"), 40)
    nationality = _words(_("สัญชาติ"), 40)
    siblings = models.PositiveSmallIntegerField(_("จำนวนพี่น้อง"), null=True, blank=True)
    birth_order = models.PositiveSmallIntegerField(_("เป็นบุตรคนที่"), null=True, blank=True)
    phone = _words(_("โทรศัพท์"), 40)

    house_id = _words(_("รหัสประจำบ้าน"), 11)
    home_no = _words(_("บ้านเลขที่ตามทะเบียนบ้าน"), 40)
    home_moo = _words(_("หมู่"), 10)
    home_road = _words(_("ถนน/ซอย"), 100)
    home_tambon = _words(_("ตำบล"), 80)
    home_amphoe = _words(_("อำเภอ"), 80)
    home_province = _words(_("จังหวัด"), 80)
    home_code = _words(_("รหัสตำบลตามทะเบียนบ้าน"), 6)
    home_postcode = _words(_("รหัสไปรษณีย์"), 5)
    live_no = _words(_("บ้านเลขที่ปัจจุบัน"), 40)
    live_moo = _words(_("หมู่ (ปัจจุบัน)"), 10)
    live_road = _words(_("ถนน/ซอย (ปัจจุบัน)"), 100)
    live_tambon = _words(_("ตำบล (ปัจจุบัน)"), 80)
    live_amphoe = _words(_("อำเภอ (ปัจจุบัน)"), 80)
    live_province = _words(_("จังหวัด (ปัจจุบัน)"), 80)
    live_code = _words(_("รหัสตำบลปัจจุบัน"), 6)
    live_postcode = _words(_("รหัสไปรษณีย์ (ปัจจุบัน)"), 5)

    school = models.ForeignKey(
        "schools.School", models.PROTECT, null=True, related_name="pupils_now", editable=False,
        verbose_name=_("โรงเรียน"), db_index=False,
    )  # fmt: skip
    grade = _words(_("ชั้น"), 2, choices=Grade.choices, editable=False)
    room = models.PositiveSmallIntegerField(_("ห้อง"), default=1, db_default=1, editable=False)
    state = _words(_("สถานภาพ"), 10, choices=State.choices, editable=False)
    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"), null=True, editable=False)
    term = models.PositiveSmallIntegerField(_("ภาคเรียน"), null=True, editable=False)

    sort_name = models.CharField(max_length=600, editable=False)
    search_text = models.CharField(max_length=600, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    masked_fields = (
        "born_on", "blood", "religion", "race", "phone", "house_id", "home_no", "live_no", "home_moo", "live_moo",
    )  # fmt: skip

    class Meta:
        verbose_name = _("นักเรียน")
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["sort_name"], name="students_pupil_name"),
            models.Index(fields=["school", "grade"], name="students_pupil_school"),
            # the facets of the register: counted without reading the rows, which are wide
            models.Index(
                fields=["state", "grade", "room", "sex", "nationality", "school", "id"],
                name="students_pupil_facets",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def full_name(self) -> str:
        return f"{self.title}{self.name}"

    def address(self, kind: str) -> str:
        """``home`` or ``live`` on one line: 12/3 หมู่ 4 ตำบล… อำเภอ… จังหวัด… 99130."""
        part = {
            n: getattr(self, f"{kind}_{n}")
            for n in ("no", "moo", "road", "tambon", "amphoe", "province", "postcode")
        }
        written = [
            part["no"],
            f"หมู่ {part['moo']}" if part["moo"] else "",
            part["road"],
            f"ตำบล{part['tambon']}" if part["tambon"] else "",
            f"อำเภอ{part['amphoe']}" if part["amphoe"] else "",
            f"จังหวัด{part['province']}" if part["province"] else "",
            part["postcode"],
        ]
        return " ".join(word for word in written if word)


class PupilId(Dated):
    """A number a pupil is or was known by. Sealed; found by its keyed fingerprint, the same for every kind.

    ``is_valid`` is told when it is written (check digit, or the form of a G-code): the sealed number cannot be
    checked in SQL. A wrong number may be kept, because DMC has it; a check then says so.
    """

    personal_data = {"pupil": "citizen_id", "sealed": "citizen_id", "fingerprint": "citizen_id", "tail": "citizen_id"}  # fmt: skip

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="ids")
    kind = models.CharField(_("ชนิดเลข"), max_length=10, choices=IdKind.choices)
    sealed = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    tail = models.CharField(max_length=4)
    first = models.CharField(max_length=1, db_default="", default="")
    is_valid = models.BooleanField()

    class Meta(Dated.Meta):
        verbose_name = _("เลขประจำตัวนักเรียน")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["fingerprint"], condition=Q(until__isnull=True), name="students_pupilid_once"
            ),
        ]
        indexes = [models.Index(fields=["fingerprint"], name="students_pupilid_print", condition=Q(until__isnull=False))]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} …{self.tail}"

    @property
    def masked(self) -> str:
        """Enough to tell two pupils of a list apart, not enough to use."""
        return f"x-xxxx-xxxxx-{self.tail}-x" if self.kind == IdKind.CITIZEN else f"xxxx{self.tail}"


class Guardian(models.Model):
    """Father, mother or the person who has the care; a row each. The number is optional and sealed."""

    personal_data = {
        "pupil": "family", "role": "family", "title": "family", "first_name": "family", "last_name": "family",
        "relation": "family", "occupation": "family", "income": "income", "phone": "contact", "sealed": "citizen_id",
        "fingerprint": "citizen_id", "tail": "citizen_id",
    }  # fmt: skip

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="guardians", db_index=False)
    role = models.CharField(_("ฐานะ"), max_length=8, choices=GuardianRole.choices)
    title = _words(_("คำนำหน้า"), 30)
    first_name = _words(_("ชื่อ"), 100)
    last_name = _words(_("นามสกุล"), 100)
    relation = _words(_("ความเกี่ยวข้องกับนักเรียน"), 40)
    occupation = _words(_("อาชีพ"), 20)
    income = models.DecimalField(
        _("รายได้ต่อเดือน (บาท)"), max_digits=9, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(9_999_999)],
    )  # fmt: skip
    phone = _words(_("โทรศัพท์"), 40)
    sealed = models.BinaryField(null=True, editable=False)
    fingerprint = _words("", 64, editable=False)
    tail = _words("", 4, editable=False)

    masked_fields = ("income", "phone")

    class Meta:
        verbose_name = _("ผู้ปกครอง")
        ordering = ["pupil", "role"]
        constraints = [
            models.UniqueConstraint(fields=["pupil", "role"], name="students_guardian_one_of_a_role")
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.name}"

    @property
    def name(self) -> str:
        return f"{self.title}{self.first_name} {self.last_name}".strip()


class Scholarship(models.Model):
    """Money a pupil receives: ปัจจัยพื้นฐานนักเรียนยากจน, a foundation's grant, a fund of the school."""

    personal_data = {"pupil": "welfare", "name": "welfare", "source": "welfare", "amount": "welfare", "received_on": "welfare"}  # fmt: skip

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="scholarships")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"))
    name = models.CharField(_("ทุน"), max_length=150)
    source = _words(_("แหล่งทุน"), 150)
    amount = models.DecimalField(
        _("จำนวนเงิน (บาท)"), max_digits=9, decimal_places=2, validators=[MinValueValidator(0)]
    )
    received_on = models.DateField(_("วันที่รับ"), null=True, blank=True)

    class Meta:
        verbose_name = _("ทุนการศึกษา")
        ordering = ["-school_year", "name", "pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.school_year}"
