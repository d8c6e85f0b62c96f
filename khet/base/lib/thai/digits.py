"""Thai and Arabic digits: Arabic on screen and in the database, Thai on paper."""

from __future__ import annotations

THAI = "๐๑๒๓๔๕๖๗๘๙"
ARABIC = "0123456789"
_TO_THAI = str.maketrans(ARABIC, THAI)
_TO_ARABIC = str.maketrans(THAI, ARABIC)


def to_thai_digits(value: object) -> str:
    """``"ศธ 04006/123"`` → ``"ศธ ๐๔๐๐๖/๑๒๓"``. Numbers are taken as ``str()`` writes them."""
    return str(value).translate(_TO_THAI)


def to_arabic_digits(value: object) -> str:
    """``"๒๓ พ.ย. ๖๙"`` → ``"23 พ.ย. 69"``; other characters stay."""
    return str(value).translate(_TO_ARABIC)
