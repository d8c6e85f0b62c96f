"""Ways of dividing figures, with their Thai words in the natural order. The words are those of the registers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from khet.modules.schools.choices import Grade, Size
from khet.modules.students.choices import DISADVANTAGES, Disability, Sex
from khet.outlets.statistics.bases import Dim


def words_of(choices: Iterable[tuple[Any, Any]]) -> Callable[[], Mapping[str, Any]]:
    """Labels from a Django choices class."""
    listed = {str(code): words for code, words in choices}
    return lambda: listed


def words_in(codes: Any) -> Callable[[], Mapping[str, Any]]:
    """Labels from a code list of the register kit, as the office has corrected it."""
    return lambda: codes


GRADE = Dim("grade", _("ชั้น"), words_of(Grade.choices))
STAGE = Dim(
    "stage",
    _("ระดับ"),
    words_of(
        [
            ("k", _("ก่อนประถมศึกษา")),
            ("p", _("ประถมศึกษา")),
            ("l", _("มัธยมศึกษาตอนต้น")),
            ("u", _("มัธยมศึกษาตอนปลาย")),
        ]
    ),
)
SEX = Dim("sex", _("เพศ"), words_of(Sex.choices))
SIZE = Dim("size", _("ขนาดโรงเรียน"), words_of(Size.choices))
DISABILITY = Dim("disability", _("ประเภทความพิการ"), words_of(Disability.choices))
DISADVANTAGE = Dim("disadvantage", _("ความด้อยโอกาส"), words_in(DISADVANTAGES))
