"""What a password must be: long, not on the list of the usual ones, not the office's own name. Nothing else."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from khet.base.org.api import Unit
from khet.base.org.choices import UnitKind

SHORTEST = 12
LONGEST = 512


def folded(text: str) -> str:
    """Lower case, composed, without spaces, marks of punctuation and digits at the ends."""
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in text if unicodedata.category(c)[0] in "LMN")


class Length:
    def validate(self, password: str, user: Any = None) -> None:
        length = len(unicodedata.normalize("NFC", password))
        if length < SHORTEST:
            raise ValidationError(
                _("รหัสผ่านมี %(n)d ตัว ใช้อย่างน้อย %(least)d ตัว เช่น คำไทยสี่คำต่อกัน")
                % {"n": length, "least": SHORTEST},
                code="password_too_short",
            )
        if length > LONGEST:
            raise ValidationError(
                _("รหัสผ่านยาวเกิน %(most)d ตัว ใช้ให้สั้นลง") % {"most": LONGEST}, code="password_too_long"
            )

    def get_help_text(self) -> str:
        return _("อย่างน้อย %(least)d ตัว ยาวได้ วางได้ ใช้ภาษาไทยและเว้นวรรคได้") % {"least": SHORTEST}


class NotUsual:
    """Refuses the twenty thousand most used passwords, also with digits hung on, and one piece repeated."""

    usual: frozenset[str] = frozenset()

    def __init__(self) -> None:
        if not NotUsual.usual:
            NotUsual.usual = frozenset(CommonPasswordValidator().passwords)

    def validate(self, password: str, user: Any = None) -> None:
        lower = unicodedata.normalize("NFC", password).strip().lower()
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", lower)
        piece = re.fullmatch(r"(.{1,6}?)\1+.{0,5}", lower)
        halves = re.fullmatch(r"(.+?)\1+", core)
        candidates = {lower, core, halves.group(1) if halves else core}
        digits = "01234567890123456789"
        if candidates & self.usual or piece or lower in digits or lower in digits[::-1]:
            raise ValidationError(
                _("รหัสผ่านนี้อยู่ในรายการที่คนใช้กันมาก จึงเดาได้ง่าย เลือกคำอื่น"), code="password_too_common"
            )

    def get_help_text(self) -> str:
        return _("ไม่ใช่รหัสที่คนใช้กันมาก")


class NotTheOffice:
    """Refuses the names everybody here knows: the office, the account, its person, with little added."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = folded(password)
        for name in sorted((folded(name) for name in self.names(user)), key=len, reverse=True):
            if len(name) > 2:
                rest = rest.replace(name, "")
        if len(rest) < 8 and rest != folded(password):
            raise ValidationError(
                _("รหัสผ่านนี้ใกล้กับชื่อสำนักงานหรือชื่อของคุณเกินไป เลือกคำที่ไม่เกี่ยวกัน"), code="password_known_name"
            )

    def names(self, user: Any) -> list[str]:
        names = ["khet", "เขต", "สพป", "สำนักงานเขตพื้นที่การศึกษา", "ประถมศึกษา", "สพฐ", "โรงเรียน"]
        for unit in Unit.objects.filter(kind=UnitKind.OFFICE):
            names += [
                unit.name,
                unit.short_name,
                unit.name_en,
                *re.split(r"[\s.]+", f"{unit.name} {unit.short_name}"),
            ]
        if user is not None and getattr(user, "username", ""):
            names += [user.username, user.email.partition("@")[0]]
            if user.person_id:
                names += [user.person.first_name, user.person.last_name]
        return names

    def get_help_text(self) -> str:
        return _("ไม่ใช่ชื่อสำนักงานหรือชื่อของคุณ")
