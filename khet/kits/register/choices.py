"""States of an import and of its rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    RECEIVED = "received", _("รับไฟล์แล้ว")
    MATCHING = "matching", _("รอจับคู่คอลัมน์")
    CHECKING = "checking", _("กำลังตรวจ")
    CHECKED = "checked", _("ตรวจแล้ว รอยืนยัน")
    APPLYING = "applying", _("กำลังนำเข้า")
    APPLIED = "applied", _("นำเข้าแล้ว")
    UNDONE = "undone", _("ย้อนกลับแล้ว")
    DROPPED = "dropped", _("ยกเลิก")
    FAILED = "failed", _("อ่านไฟล์ไม่ได้")


class Phase(models.TextChoices):
    """What a check is doing, for the page that waits."""

    READING = "reading", _("อ่าน")
    COMPARING = "comparing", _("เทียบกับทะเบียน")
    KEEPING = "keeping", _("เก็บผลตรวจ")


class RowState(models.TextChoices):
    NEW = "new", _("ใหม่")
    CHANGED = "changed", _("เปลี่ยน")
    SAME = "same", _("เหมือนเดิม")
    WRONG = "wrong", _("ผิด")


class Kind(models.TextChoices):
    """What a value of a column is; decides how it is read, aligned, written and compared."""

    TEXT = "text", _("ข้อความ")
    CODE = "code", _("รหัส")
    WHOLE = "whole", _("จำนวนเต็ม")
    DECIMAL = "decimal", _("จำนวนทศนิยม")
    DATE = "date", _("วันที่")
    CHOICE = "choice", _("รายการให้เลือก")
