"""How many people a school should have: rows of data, for each seat from a day on."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.models import today
from khet.modules.staff.choices import Seat, Stage


class Criterion(models.Model):
    """For schools with ``low``–``high`` pupils: ``fixed`` people on a seat, and more by the pupils of ``stage``.

    - ``per`` alone: one for every ``per`` pupils begun;
    - ``room_size`` alone: one a classroom;
    - both: ``room_size`` ÷ ``per`` a classroom, rows of a seat added up and then rounded (half up).

    The classrooms are those of the rule, grade by grade: full ones of ``room_size`` pupils, and one more from
    ``room_rest`` pupils left over; a grade with pupils has one at least. Of the rows of a seat, those of the latest ``since``
    not after the day count. A seat without any row is not compared. ``is_confirmed``: the office has compared the row with the
    document named in ``source``.
    """

    personal_data = None

    code = models.CharField(_("รหัสเกณฑ์"), max_length=30, unique=True)
    seat = models.CharField(_("ตำแหน่งที่นับ"), max_length=9, choices=Seat.choices, default=Seat.TEACHER)
    since = models.DateField(_("ใช้ตั้งแต่วันที่"), default=today)
    low = models.PositiveIntegerField(_("นักเรียนทั้งโรงเรียนตั้งแต่ (คน)"), default=1)
    high = models.PositiveIntegerField(_("ถึง (คน)"), default=99_999)
    stage = models.CharField(_("คิดจากนักเรียนระดับ"), max_length=3, choices=Stage.choices, default=Stage.ALL)
    fixed = models.PositiveSmallIntegerField(_("จำนวนคงที่ (คน)"), default=0)
    per = models.PositiveSmallIntegerField(
        _("นักเรียนต่อครู 1 คน"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    room_size = models.PositiveSmallIntegerField(
        _("นักเรียนต่อห้อง"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    room_rest = models.PositiveSmallIntegerField(
        _("เศษที่เปิดห้องเพิ่ม (คน)"), default=1, validators=[MinValueValidator(1)]
    )
    source = models.CharField(_("ที่มา"), max_length=200)
    is_confirmed = models.BooleanField(_("ตรวจกับเอกสารแล้ว"), default=False)

    class Meta:
        verbose_name = _("เกณฑ์อัตรากำลัง")
        ordering = ["-since", "seat", "low", "stage", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(high__gte=F("low")), name="staff_criterion_range"),
            models.UniqueConstraint(fields=["seat", "since", "low", "stage"], name="staff_criterion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_seat_display()} {self.low}–{self.high}"
