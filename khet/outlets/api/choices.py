"""What a token opens."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TokenScope(models.TextChoices):
    """One thing a program may do with a token. ``NEEDS`` says which right of the person stands behind it."""

    LETTERS = "letters.waiting", _("อ่านรายการหนังสือที่รอลงรับ (เลขที่ เรื่อง ผู้ส่ง)")
    REGISTER = "letters.register", _("ลงรับหนังสือในนามของผู้สร้างโทเคน")
    PUPILS = "pupils.read", _("อ่านรายชื่อนักเรียนของโรงเรียน (เลขประจำตัวปิดบัง)")
    PUPIL_IDS = "pupils.ids", _("อ่านเลขประจำตัวเต็มของนักเรียน")
    FIGURES = "figures.read", _("อ่านสถิติของโรงเรียนจากรอบที่ปิดแล้ว")


NEEDS: dict[str, frozenset[str]] = {
    TokenScope.LETTERS: frozenset({"letters.receive"}),
    TokenScope.REGISTER: frozenset({"letters.receive"}),
    TokenScope.PUPILS: frozenset({"students.view"}),
    TokenScope.PUPIL_IDS: frozenset({"students.view", "students.read_ids"}),
    TokenScope.FIGURES: frozenset({"rounds.view"}),
}
"""Scope → the capabilities it lends to a program; nobody lends what they do not have."""

LIFETIMES = [(30, _("30 วัน")), (90, _("90 วัน")), (365, _("1 ปี"))]
