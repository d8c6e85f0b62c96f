"""What belongs to a person's record beside the orders: education, licences, lessons, decorations, discipline, leave."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.modules.staff.choices import EducationLevel, LicenceKind, Subject
from khet.modules.staff.models.officials import Official

_YEARS = [MinValueValidator(2440), MaxValueValidator(2700)]


class Education(models.Model):
    """A degree, or a training (``level`` training). Years are Buddhist."""

    personal_data = {
        "official": "schooling",
        "level": "schooling",
        "degree": "schooling",
        "major": "schooling",
        "institute": "schooling",
        "from_year": "schooling",
        "year": "schooling",
    }

    official = models.ForeignKey(Official, models.CASCADE, related_name="educations")
    level = models.CharField(_("ระดับการศึกษา"), max_length=10, choices=EducationLevel.choices)
    degree = models.CharField(_("วุฒิหรือหลักสูตร"), max_length=150)
    major = models.CharField(_("สาขาวิชาเอก"), max_length=120, blank=True)
    institute = models.CharField(_("สถานศึกษา"), max_length=150, blank=True)
    from_year = models.PositiveSmallIntegerField(_("ตั้งแต่ปี พ.ศ."), null=True, blank=True, validators=_YEARS)
    year = models.PositiveSmallIntegerField(_("ปีที่สำเร็จ พ.ศ."), null=True, blank=True, validators=_YEARS)

    class Meta:
        verbose_name = _("การศึกษา ฝึกอบรม ดูงาน")
        ordering = ["year", "pk"]
        indexes = [models.Index(fields=["official", "level"])]

    def __str__(self) -> str:
        return f"{self.degree} {self.major}".strip()


class Licence(models.Model):
    """A professional licence of the Teachers' Council."""

    personal_data = {
        "official": "service",
        "kind": "service",
        "number": "service",
        "issued_on": "service",
        "expires_on": "service",
    }

    official = models.ForeignKey(Official, models.CASCADE, related_name="licences")
    kind = models.CharField(
        _("ชนิดใบอนุญาต"), max_length=14, choices=LicenceKind.choices, default=LicenceKind.TEACHER
    )
    number = models.CharField(_("เลขที่ใบอนุญาต"), max_length=30)
    issued_on = models.DateField(_("วันออกใบอนุญาต"), null=True, blank=True)
    expires_on = models.DateField(_("วันหมดอายุ"), null=True, blank=True)

    class Meta:
        verbose_name = _("ใบอนุญาตประกอบวิชาชีพ")
        ordering = ["-expires_on", "pk"]
        indexes = [models.Index(fields=["official", "kind"]), models.Index(fields=["expires_on"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class Teaching(models.Model):
    """A subject that the person teaches in a school year (Buddhist), in which grades, how many hours a week."""

    personal_data = {
        "official": "service",
        "school_year": "service",
        "subject": "service",
        "grades": "service",
        "hours": "service",
    }

    official = models.ForeignKey(Official, models.CASCADE, related_name="teachings")
    school_year = models.PositiveSmallIntegerField(_("ปีการศึกษา"), validators=_YEARS)
    subject = models.CharField(_("วิชาที่สอน"), max_length=14, choices=Subject.choices)
    grades = ArrayField(models.CharField(max_length=2), verbose_name=_("ชั้นที่สอน"), default=list, blank=True)
    hours = models.DecimalField(
        _("ชั่วโมงต่อสัปดาห์"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(60)],
    )  # fmt: skip

    class Meta:
        verbose_name = _("วิชาที่สอน")
        ordering = ["-school_year", "subject", "pk"]
        indexes = [models.Index(fields=["official", "school_year"])]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.school_year}"


class Decoration(models.Model):
    """A royal decoration."""

    personal_data = {
        "official": "service",
        "name": "service",
        "received_on": "service",
        "reference": "service",
    }

    official = models.ForeignKey(Official, models.CASCADE, related_name="decorations")
    name = models.CharField(_("เครื่องราชอิสริยาภรณ์"), max_length=120)
    received_on = models.DateField(_("วันที่ได้รับ"), null=True, blank=True)
    reference = models.CharField(_("ราชกิจจานุเบกษา"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("เครื่องราชอิสริยาภรณ์")
        ordering = ["received_on", "pk"]
        indexes = [models.Index(fields=["official"])]

    def __str__(self) -> str:
        return self.name


class Discipline(models.Model):
    """A disciplinary punishment: item 11 of the form."""

    personal_data = {"official": "service", "given_on": "service", "words": "service", "reference": "service"}

    masked_fields = ("words", "reference", "given_on")

    official = models.ForeignKey(Official, models.CASCADE, related_name="disciplines")
    given_on = models.DateField(pgettext_lazy("discipline", "วันที่"), null=True, blank=True)
    words = models.CharField(pgettext_lazy("discipline", "รายการ"), max_length=300)
    reference = models.CharField(_("เอกสารอ้างอิง"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("การได้รับโทษทางวินัย")
        ordering = ["given_on", "pk"]
        indexes = [models.Index(fields=["official"])]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class PayGap(models.Model):
    """Days without pay, or of duty under martial law: item 12 of the form."""

    personal_data = {
        "official": "service",
        "since": "service",
        "until": "service",
        "words": "service",
        "reference": "service",
    }

    official = models.ForeignKey(Official, models.CASCADE, related_name="pay_gaps")
    since = models.DateField(_("ตั้งแต่วันที่"))
    until = models.DateField(_("ถึงวันที่"), null=True, blank=True)
    words = models.CharField(pgettext_lazy("pay gap", "รายการ"), max_length=300)
    reference = models.CharField(_("เอกสารอ้างอิง"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("วันที่ไม่ได้รับเงินเดือน")
        ordering = ["since", "pk"]
        indexes = [models.Index(fields=["official"])]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.since}"


class LeaveSummary(models.Model):
    """Leave of one fiscal year (Buddhist), as the brief sheet of the form has it: days, and times late."""

    personal_data = {
        "official": "leave",
        "fiscal_year": "leave",
        "sick": "leave",
        "personal": "leave",
        "vacation": "leave",
        "maternity": "leave",
        "other": "leave",
        "absent": "leave",
        "late": "leave",
    }

    official = models.ForeignKey(Official, models.CASCADE, related_name="leave_summaries")
    fiscal_year = models.PositiveSmallIntegerField(_("ปีงบประมาณ"), validators=_YEARS)
    sick = models.DecimalField(_("ลาป่วย (วัน)"), max_digits=5, decimal_places=1, default=0)
    personal = models.DecimalField(_("ลากิจส่วนตัว (วัน)"), max_digits=5, decimal_places=1, default=0)
    vacation = models.DecimalField(_("ลาพักผ่อน (วัน)"), max_digits=5, decimal_places=1, default=0)
    maternity = models.DecimalField(_("ลาคลอดบุตร (วัน)"), max_digits=5, decimal_places=1, default=0)
    other = models.DecimalField(_("ลาอื่น ๆ (วัน)"), max_digits=5, decimal_places=1, default=0)
    absent = models.DecimalField(_("ขาดราชการ (วัน)"), max_digits=5, decimal_places=1, default=0)
    late = models.PositiveSmallIntegerField(_("มาสาย (ครั้ง)"), default=0)

    class Meta:
        verbose_name = _("วันลา")
        ordering = ["fiscal_year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["official", "fiscal_year"], name="staff_leave_year_once")
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.fiscal_year}"
