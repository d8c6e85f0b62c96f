"""Places as papers write them: the number of a หมู่, and land in ไร่-งาน-ตารางวา."""

from __future__ import annotations

import re
from decimal import Decimal

from khet.base.lib.thai.digits import to_arabic_digits

#: Square wa of a ngan and of a rai.
WA_A_NGAN, WA_A_RAI = 100, 400

_MOO = re.compile(r"(?:หมู่บ้านที่|หมู่ที่|หมู่|ม\.?|moo)?\s*(\d{1,2})(?:\.0+)?(?:\s+\D*)?", re.IGNORECASE)
_NUMBER = r"\d{1,5}(?:\.\d{1,3})?"
_SURVEYED = re.compile(r"(\d{1,5})\s*[-–/]\s*([0-3])\s*[-–/]\s*(\d{1,2}(?:\.\d{1,3})?)")
_SPELLED = re.compile(
    rf"(?:({_NUMBER})\s*ไร่)?\s*(?:({_NUMBER})\s*งาน)?\s*(?:({_NUMBER})\s*(?:ตารางวา|ตร\.?\s*ว(?:า|\.)?|วา))?"
)


def moo_of(text: str) -> int | None:
    """The number of a หมู่ as registers write it, perhaps with the village's name after it: "4", "ม.4", "หมู่ที่ ๔", "4 บ้านนา".

    Nothing or "-" is 0, the part of a tambon without หมู่. None when it is not one number of at most two digits.
    """
    plain = to_arabic_digits(text or "").strip()
    if not plain.strip("-–—"):
        return 0
    found = _MOO.fullmatch(plain)
    return int(found[1]) if found else None


def read_area(text: str) -> Decimal | None:
    """Square wa of "12-2-35", "12 ไร่ 2 งาน 35.5 ตารางวา", "12.5 ไร่" or "12" (rai); None when it cannot be read."""
    plain = to_arabic_digits(text or "").replace(",", "").strip()
    if found := _SURVEYED.fullmatch(plain):
        return Decimal(found[1]) * WA_A_RAI + Decimal(found[2]) * WA_A_NGAN + Decimal(found[3])
    if re.fullmatch(_NUMBER, plain):
        return Decimal(plain) * WA_A_RAI
    found = _SPELLED.fullmatch(plain)
    if found is None or not any(found.groups()):
        return None
    rai, ngan, wa = (Decimal(part or 0) for part in found.groups())
    return rai * WA_A_RAI + ngan * WA_A_NGAN + wa


def area_parts(wa: Decimal) -> tuple[int, int, Decimal]:
    """Square wa → rai, ngan, wa."""
    rai, rest = divmod(wa, WA_A_RAI)
    ngan, left = divmod(rest, WA_A_NGAN)
    return int(rai), int(ngan), left


def written_area(wa: Decimal | None) -> str:
    """Square wa as surveyors write it: 5035 → 12-2-35; nothing for nothing."""
    if wa is None:
        return ""
    rai, ngan, left = area_parts(wa)
    words = f"{left:f}"
    return f"{rai}-{ngan}-{(words.rstrip('0').rstrip('.') if '.' in words else words) or 0}"
