"""What a map may be of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SchoolSymbols(models.TextChoices):
    """What the symbols of schools tell."""

    SIZE = "size", _("ขนาดและระดับ")
    LEVEL = "level", _("ระดับที่เปิดสอน")
    NETWORK = "network", _("เครือข่าย")
    INDICATOR = "indicator", _("ตัวชี้วัด")
