"""Words of the province's export: kinds of file, encodings, where a column's value comes from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileType(models.TextChoices):
    """What the tables of a format are written as."""

    XLSX = "xlsx", _("Excel แฟ้มเดียว ตารางละแผ่น")
    CSV = "csv", _("CSV ตารางละแฟ้ม")
    JSON = "json", _("JSON ตารางละแฟ้ม")


class Encoding(models.TextChoices):
    """How the words of a CSV file are written."""

    UTF8 = "utf-8-sig", _("UTF-8 มี BOM")
    THAI = "cp874", _("TIS-620 (Windows-874)")


class Take(models.TextChoices):
    """Where a column's value comes from."""

    COLUMN = "column", _("คอลัมน์ของข้อมูลที่ตรึงไว้")
    SUM = "sum", _("ผลรวมของคอลัมน์")
    COUNT = "count", _("จำนวนแถว")
    INDICATOR = "indicator", _("ตัวชี้วัด")
    FACT = "fact", _("ข้อเท็จจริงของรอบ")
    FIXED = "fixed", _("ค่าคงที่")
    RUNNING = "running", _("ลำดับที่")
