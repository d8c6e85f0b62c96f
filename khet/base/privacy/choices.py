"""Kinds of personal data, and the ways by which they are read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DataKind(models.TextChoices):
    """What a field says about a person. Models name these in ``personal_data``, readings in ``what``."""

    NAME = "name", _("ชื่อ")
    CITIZEN_ID = "citizen_id", _("เลขประจำตัวประชาชน")
    OTHER_ID = "other_id", _("เลขประจำตัวอื่น")
    BIRTH = "birth", _("วันเกิด")
    SEX = "sex", _("เพศ")
    ADDRESS = "address", _("ที่อยู่")
    CONTACT = "contact", _("โทรศัพท์และอีเมล")
    FAMILY = "family", _("บิดามารดาและผู้ปกครอง")
    PHOTO = "photo", _("ภาพถ่าย")
    SIGNATURE = "signature", _("ลายมือชื่อ")
    SCHOOLING = "schooling", _("การเรียน")
    SERVICE = "service", _("ประวัติราชการ")
    LEAVE = "leave", _("การลา")
    SALARY = "salary", _("เงินเดือน")
    INCOME = "income", _("รายได้ครอบครัว")
    WELFARE = "welfare", _("ทุนและความช่วยเหลือ")
    DISADVANTAGE = "disadvantage", _("ความด้อยโอกาส")
    HEALTH = "health", _("สุขภาพ")
    DISABILITY = "disability", _("ความพิการ")
    RELIGION = "religion", _("ศาสนา")
    ORIGIN = "origin", _("เชื้อชาติ")
    NATIONALITY = "nationality", _("สัญชาติ")
    CRIMINAL = "criminal", _("ประวัติอาชญากรรม")
    BIOMETRIC = "biometric", _("ข้อมูลชีวภาพ")
    OPINION = "opinion", _("ข้อความที่บุคคลเขียน")
    LOCATION = "location", _("พิกัดบ้าน")
    ACCOUNT = "account", _("บัญชีผู้ใช้")
    CONDUCT = "conduct", _("การกระทำในระบบ")


# Not worth a line when a record is opened: what stands on a door plate, and what people did at work.
_EVERYDAY = frozenset(
    {
        DataKind.NAME,
        DataKind.CONTACT,
        DataKind.SEX,
        DataKind.PHOTO,
        DataKind.SIGNATURE,
        DataKind.NATIONALITY,
        DataKind.ACCOUNT,
        DataKind.CONDUCT,
        DataKind.OPINION,
    }
)
WATCHED = frozenset(DataKind) - _EVERYDAY  # opening a record that shows these is recorded


class Via(models.TextChoices):
    """How somebody came to read it."""

    PAGE = "page", _("หน้าจอ")
    CELL = "cell", _("เปิดข้อมูลที่ปิดบัง")
    EXPORT = "export", _("ส่งออกไฟล์")
    PRINT = "print", _("พิมพ์")
    API = "api", _("โปรแกรมอื่น")
    COPY = "copy", _("สำเนาให้เจ้าของข้อมูล")
