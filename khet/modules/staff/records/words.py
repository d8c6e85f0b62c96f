"""How the cells of staff sheets are read: standings, levels, kinds of people, numbers of people."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.ids import mask_citizen_id, valid_citizen_id
from khet.base.lib.thai.words import normalise
from khet.base.org.choices import IdKind
from khet.base.org.identities import SealedId, seal_id
from khet.kits.register.bases import Wrong
from khet.modules.staff.choices import EducationLevel, Level, PersonKind, Standing

SEXES = {"ชาย": "m", "หญิง": "f", "ช": "m", "ญ": "f", "m": "m", "f": "f", "male": "m", "female": "f"}

_KINDS = (
    (r"38\s*ค|บุคลากรทางการศึกษา", PersonKind.CIVIL), (r"พนักงานราชการ", PersonKind.GOVERNMENT), (r"ลูกจ้างประจำ", PersonKind.PERMANENT),
    (r"ลูกจ้างชั่วคราว", PersonKind.TEMPORARY), (r"เหมา", PersonKind.SERVICE), (r"อัตราจ้าง|จ้างสอน|ครูจ้าง", PersonKind.CONTRACT),
    (r"ข้าราชการ", PersonKind.TEACHER),
)  # fmt: skip
_STANDINGS = (
    (r"ชำนาญการพิเศษ|^ชนพ|คศ\.?\s*3", Standing.SENIOR), (r"เชี่ยวชาญพิเศษ|^ชชพ|คศ\.?\s*5", Standing.ADVISORY),
    (r"เชี่ยวชาญ|^ชช|คศ\.?\s*4", Standing.EXPERT), (r"ชำนาญการ|^ชน|คศ\.?\s*2", Standing.EXPERIENCED),
    (r"ไม่มี|^ครู$|^ครูผู้ช่วย$|คศ\.?\s*1", Standing.NONE),
)  # fmt: skip
_LEVELS = (
    (r"ครูผู้ช่วย", Level.ASSISTANT), (r"คศ\.?\s*1", Level.K1), (r"คศ\.?\s*2", Level.K2), (r"คศ\.?\s*3", Level.K3),
    (r"คศ\.?\s*4", Level.K4), (r"คศ\.?\s*5", Level.K5), (r"ปฏิบัติงาน", Level.O1), (r"ชำนาญงาน", Level.O2), (r"อาวุโส", Level.O3),
    (r"ปฏิบัติการ", Level.A1), (r"ชำนาญการพิเศษ", Level.A3), (r"ชำนาญการ", Level.A2),
)  # fmt: skip
_EDUCATION = (
    (r"ฝึกอบรม|ดูงาน", EducationLevel.TRAINING), (r"เอก|ดุษฎี|ph\.?d", EducationLevel.DOCTOR), (r"โท|มหาบัณฑิต|ม\.$", EducationLevel.MASTER),
    (r"ประกาศนียบัตรบัณฑิต|ป\.?บัณฑิต", EducationLevel.DIPLOMA), (r"ต่ำกว่า|ปวช|ปวส|อนุปริญญา|มัธยม|ประถม|ป\.กศ", EducationLevel.BELOW),
    (r"ตรี|บัณฑิต|บ\.$", EducationLevel.BACHELOR),
)  # fmt: skip


def reader(label: Any, patterns: tuple[tuple[str, Any], ...], words: str) -> Callable[[str], str]:
    """Read a cell by the first pattern found in it; what none fits is refused with examples."""

    def read(text: str) -> str:
        plain = normalise(text).lower().strip()
        for pattern, value in patterns:
            if re.search(pattern, plain):
                return str(value)
        raise Wrong(
            _("ไม่รู้จัก%(column)s “%(text)s” เขียนเช่น %(words)s")
            % {"column": label, "text": text[:40], "words": words}
        )

    return read


read_kind = reader(gettext_lazy("ประเภทบุคลากร"), _KINDS, "ข้าราชการครู, พนักงานราชการ, ลูกจ้างประจำ")
read_standing = reader(gettext_lazy("วิทยฐานะ"), _STANDINGS, "ชำนาญการ, ชำนาญการพิเศษ, เชี่ยวชาญ")
read_level = reader(gettext_lazy("ระดับ"), _LEVELS, "คศ.1, คศ.2, ครูผู้ช่วย, ปฏิบัติการ")
read_education = reader(gettext_lazy("ระดับการศึกษา"), _EDUCATION, "ปริญญาตรี, ปริญญาโท")


def read_year(text: str) -> int:
    """A Buddhist year of four digits, or two; a Christian one is turned."""
    digits = re.sub(r"\D", "", to_arabic_digits(text))
    year = int(digits) if digits else 0
    if 1 <= len(digits) <= 2:
        year += 2500
    if 1900 <= year <= 2150:
        year += 543
    if not 2440 <= year <= 2700:
        raise Wrong(_("ปี “%(text)s” ไม่ใช่ปี พ.ศ. เขียนเช่น 2545") % {"text": text[:20]})
    return year


def read_position_number(text: str) -> str:
    """The number of a position as papers write it, without spaces: 1234, 1234-5, อ 12."""
    number = re.sub(r"\s+", "", to_arabic_digits(text))
    number = re.sub(r"\.0$", "", number)
    if not re.fullmatch(r"[\w.\-/]{1,20}", number):
        raise Wrong(
            _("เลขที่ตำแหน่ง “%(text)s” มีได้เฉพาะตัวเลข ตัวอักษร ขีด และทับ ไม่เกิน 20 ตัว") % {"text": text[:30]}
        )
    return number


def read_person_code(text: str) -> str:
    code = re.sub(r"\s", "", to_arabic_digits(text)).upper()
    if not re.fullmatch(r"B\d{6,9}", code):
        raise Wrong(_("รหัสบุคลากร “%(text)s” ต้องเป็น B ตามด้วยตัวเลข 6 หลักขึ้นไป") % {"text": text[:20]})
    return code


def read_citizen_id(text: str) -> str:
    """A citizen id, sealed at once: what is kept with the rows of an import is ``fingerprint.tail.sealed``, never the number.

    The sentence of a refusal names no digit but those that a list may show.
    """
    try:
        sealed = seal_id(IdKind.CITIZEN, text)
    except Refusal:
        raise Wrong(
            _("เลขประจำตัวประชาชน %(masked)s ไม่ถูกต้อง ต้องมี 13 หลักและหลักสุดท้ายต้องตรง ตรวจกับบัตรแล้วแก้ในไฟล์")
            % {"masked": mask_citizen_id(text)}
        ) from None
    return f"{sealed.fingerprint}.{sealed.tail}.{base64.b64encode(sealed.sealed).decode()}"


def sealed_of(value: str) -> SealedId:
    """Back from the text that ``read_citizen_id`` gave."""
    fingerprint, tail, sealed = value.split(".", 2)
    return SealedId(IdKind.CITIZEN, base64.b64decode(sealed), fingerprint, tail)


def without_ids(cells: list[str]) -> list[str]:
    """The cells of a row as they may be kept: whatever is a citizen id is masked."""
    return [mask_citizen_id(cell) if valid_citizen_id(cell) else cell for cell in cells]
