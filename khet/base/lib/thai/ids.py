"""Identifiers of people: the 13-digit citizen number and the G-code of pupils without registration."""

from __future__ import annotations

import re
from functools import cache

from khet.base.lib.thai.digits import to_arabic_digits

G_CODE = re.compile(r"^G\d{12}$", re.ASCII)

_SEPARATORS = re.compile(r"[\s\-‐-―−.\u00a0\u200b-\u200f\ufeff]+")
_THIRTEEN = re.compile(r"^\d{13}$", re.ASCII)


def normalise_citizen_id(text: object) -> str:
    """Digits only: Thai digits become Arabic; spaces, dashes, dots and zero-width characters go.

    Anything else stays, so that a wrong character is still there to be named. A G-code comes back with a
    capital G.
    """
    return _SEPARATORS.sub("", to_arabic_digits(text)).upper()


def citizen_check_digit(first_twelve: str) -> int:
    """The thirteenth digit that belongs to twelve: ``(11 - sum(d_i * (14 - i)) mod 11) mod 10``."""
    first, second, third, fourth = _sums()
    try:
        total = (
            first[first_twelve[:3]]
            + second[first_twelve[3:6]]
            + third[first_twelve[6:9]]
            + fourth[first_twelve[9:]]
        )
    except KeyError:
        raise ValueError("twelve digits are needed") from None
    return (11 - total % 11) % 10


@cache
def _sums() -> list[dict[str, int]]:
    """What three digits at each of the four places add to the sum: a whole area's numbers are checked in milliseconds."""
    return [
        {
            f"{number:03d}": number // 100 * weight
            + number // 10 % 10 * (weight - 1)
            + number % 10 * (weight - 2)
            for number in range(1000)
        }
        for weight in (13, 10, 7, 4)
    ]


def valid_citizen_id(text: object) -> bool:
    """Thirteen digits with a right check digit. A first digit 0 (no registered status) is valid as well."""
    digits = normalise_citizen_id(text)
    return bool(_THIRTEEN.match(digits)) and citizen_check_digit(digits[:12]) == int(digits[12])


def is_g_code(text: object) -> bool:
    """``G`` and twelve digits: BE year (2), province (2), running number (8). It has no check digit."""
    return bool(G_CODE.match(normalise_citizen_id(text)))


def format_citizen_id(text: object) -> str:
    """``1-2345-67890-12-1``; what is not thirteen digits comes back normalised only."""
    digits = normalise_citizen_id(text)
    if not _THIRTEEN.match(digits):
        return digits
    return f"{digits[0]}-{digits[1:5]}-{digits[5:10]}-{digits[10:12]}-{digits[12]}"


def mask_citizen_id(text: object) -> str:
    """``1-2345-xxxxx-12-x``: enough to tell two people of a list apart, not enough to use.

    A G-code keeps its year and province (``G64-42-xxxxxxxx``). Of anything else only the last character is
    kept, so that a wrong number does not leak by being wrong.
    """
    digits = normalise_citizen_id(text)
    if _THIRTEEN.match(digits):
        return f"{digits[0]}-{digits[1:5]}-xxxxx-{digits[10:12]}-x"
    if G_CODE.match(digits):
        return f"{digits[:3]}-{digits[3:5]}-xxxxxxxx"
    return "x" * max(len(digits) - 1, 0) + digits[-1:]
