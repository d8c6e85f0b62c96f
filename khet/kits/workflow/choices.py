"""Words shared by everything that travels: speed, secrecy, parts played, and how a state is drawn."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Urgency(models.IntegerChoices):
    """Speed class; the number sorts."""

    NORMAL = 0, _("ปกติ")
    URGENT = 1, _("ด่วน")
    VERY_URGENT = 2, _("ด่วนมาก")
    MOST_URGENT = 3, _("ด่วนที่สุด")


class Secrecy(models.IntegerChoices):
    """Secrecy class; anything above zero is seen only by the posts on its route."""

    OPEN = 0, _("ปกติ")
    SECRET = 1, _("ลับ")
    VERY_SECRET = 2, _("ลับมาก")
    TOP_SECRET = 3, _("ลับที่สุด")


class Part(models.TextChoices):
    """What the addressee of a step is to the matter."""

    HOLDER = "holder", _("ผู้ถือเรื่อง")
    HOST = "host", _("เจ้าภาพหลัก")
    SECOND_HOST = "second_host", _("เจ้าภาพรอง")
    CO_HOST = "co_host", _("เจ้าภาพร่วม")
    MENTOR = "mentor", _("ผู้ดาม")
    OPINION = "opinion", _("ผู้ให้ความเห็น")
    INFORMED = "informed", _("เพื่อทราบ")


MAIN_PARTS = (Part.HOLDER, Part.HOST)
"""Parts that carry the matter; every other part runs beside it."""


class Shape(models.TextChoices):
    """The picture of a state; the codes are those of the ``shape`` tag."""

    EMPTY = "empty", _("ยังไม่ถึง")
    QUARTER = "quarter", _("กำลังร่าง")
    HALF = "half", _("รอความเห็นร่วม")
    FULL = "full", _("ผ่าน")
    DONE = "done", _("เสร็จ")
    CLOSED = "closed", _("เก็บ")
    RETURNED = "returned", pgettext_lazy("state", "ส่งคืน")
    LATE = "late", _("เลยกำหนด")
    OPINION = "opinion", _("ขอความเห็น")
    DRAFT = "draft", _("ร่าง")
    VOID = "void", _("ยกเลิก")
    NONE = "none", _("ไม่เกี่ยวข้อง")
