"""What a map may be of, and how it leaves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SchoolSymbols(models.TextChoices):
    """What the symbols of schools tell."""

    SIZE = "size", _("ขนาดและระดับ")
    LEVEL = "level", _("ระดับที่เปิดสอน")
    NETWORK = "network", _("เครือข่าย")
    INDICATOR = "indicator", _("ตัวชี้วัด")


class ShapeLayer(models.TextChoices):
    """The layers that go out as files."""

    SCHOOLS = "schools", _("โรงเรียน (จุด)")
    DISTRICTS = "districts", _("แนวเขตอำเภอ")
    TAMBONS = "tambons", _("แนวเขตตำบล")
    SERVICE = "service", _("เขตพื้นที่บริการ (โดยประมาณ)")
    STRUCK = "struck", _("พื้นที่ประสบภัยของเหตุที่เปิดอยู่")


class SheetSize(models.TextChoices):
    A4 = "a4", "A4"
    A3 = "a3", "A3"
