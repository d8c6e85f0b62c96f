"""Taking numbers from a register: one statement, in the transaction of the act that uses the number."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from khet.base.lib.errors import Refusal
from khet.base.org.api import Unit, today
from khet.modules.letters.choices import LetterKind, RegisterKind
from khet.modules.letters.models import BUDDHIST, Bureau, Letter

_TAKE = """
    INSERT INTO letters_register (unit_id, kind, is_secret, year, last_number)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT ON CONSTRAINT letters_register_once
    DO UPDATE SET last_number = letters_register.last_number + EXCLUDED.last_number
    RETURNING id, last_number
"""


@dataclass(frozen=True)
class Taken:
    """Numbers ``first`` … ``last`` of one register, ours alone once the transaction commits."""

    register_id: int
    year: int
    first: int
    last: int


def this_year() -> int:
    """The Buddhist year in Bangkok now; registers run by it."""
    return today().year + BUDDHIST


def take(unit_id: int, kind: str, *, secret: bool = False, count: int = 1) -> Taken:
    """Take the next ``count`` numbers of this year's register, opening it if need be.

    The row of the register stays locked until the transaction ends; when that is rolled back the numbers
    were never taken. So there is no gap and no double, whoever else asks at the same time.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken only inside the transaction that uses it")
    year = this_year()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [unit_id, kind, secret, year, count])
        register_id, last = cursor.fetchone()
    return Taken(register_id, year, last - count + 1, last)


def bureau_of(unit: Unit) -> Bureau:
    """The saraban settings that serve a unit: its own, else those of the nearest unit above it."""
    found = {
        bureau.unit_id: bureau
        for bureau in Bureau.objects.filter(unit__in=unit.ancestors or [unit.pk]).select_related("unit")
    }
    for pk in reversed(unit.ancestors or [unit.pk]):
        if pk in found:
            return found[pk]
    raise Refusal(
        f"{unit.short_name} ยังไม่มีเลขประจำของเจ้าของเรื่อง ตั้งค่าที่ หนังสือ › ตั้งค่างานสารบรรณ แล้วทำรายการนี้อีกครั้ง",
        code="letters.no_bureau",
    )


def written(bureau: Bureau, letter: Letter, run: str, number: int, year: int) -> str:
    """The number as it stands on the paper, in Arabic digits: ศธ 04321/ว182, 12/2569."""
    if run in {RegisterKind.ORDER, RegisterKind.ANNOUNCEMENT}:
        return f"{number}/{year}"
    mark = "ล" if letter.is_secret else ("ว" if run == RegisterKind.CIRCULAR else "")
    return f"{bureau.code}/{mark}{number}"


def run_for(kind: str, is_circular: bool) -> str:
    """Which run numbers a letter of this kind."""
    plain = {
        LetterKind.MEMO: RegisterKind.MEMO,
        LetterKind.ORDER: RegisterKind.ORDER,
        LetterKind.ANNOUNCEMENT: RegisterKind.ANNOUNCEMENT,
    }.get(LetterKind(kind), RegisterKind.SEND)
    return RegisterKind.CIRCULAR if is_circular and plain == RegisterKind.SEND else plain
