"""How cells of old tables are read and written: years, figures, values by which a figure is divided, and near names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from khet.base.lib.thai.calendar import school_year
from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.words import fold
from khet.base.org.api import today
from khet.kits.register.bases import ImportColumn, Wrong
from khet.kits.register.choices import Kind
from khet.outlets.statistics.bases import Dim, Indicator, indicators
from khet.outlets.statistics.choices import Chapter, Level
from khet.outlets.statistics.choices import Kind as Counted
from khet.outlets.statistics.models import PastFigure
from khet.outlets.statistics.queries.past import plain, shortest, value_words

EARLIEST = 2480
MOST_DECIMALS = 4
WHOLE = {"รวม", "ทั้งหมด", "รวมทั้งหมด", "รวมทั้งสิ้น", "total", "all"}
LEVELS = {
    gettext_lazy("เขต"): "area", Level.AREA.label: "area", gettext_lazy("อำเภอ"): "district", gettext_lazy("เครือข่าย"): "network",
    Level.NETWORK.label: "network", "ศูนย์เครือข่าย": "network", "กลุ่มเครือข่าย": "network", gettext_lazy("โรงเรียน"): "school", "สถานศึกษา": "school",
}  # fmt: skip
LEVEL_WORDS = {"area": "เขต", "district": "อำเภอ", "network": "เครือข่าย", "school": "โรงเรียน"}


def takes(said: Indicator) -> bool:
    """Whether an old book can have it: what was forecast is no figure of its year."""
    return said.chapter != Chapter.FORECAST


def place_words(figure: PastFigure) -> str:
    return figure.place_name or figure.place or str(Level.AREA.label)


def dims_words(figure: PastFigure) -> str:
    """ชั้น ป.1 · เพศ ชาย"""
    said = indicators.get(figure.indicator)
    return " · ".join(
        f"{dim.title} {value_words(dim, figure.dims[dim.code])}"
        for dim in (said.dims if said else ())
        if dim.code in figure.dims
    )


def of_words(figure: PastFigure) -> str:
    """What a figure is of: its place, and the part of it."""
    return " · ".join(part for part in (place_words(figure), dims_words(figure)) if part)


def read_year(text: str) -> int:
    digits = re.sub(r"(\.0+)?$", "", to_arabic_digits(text).removeprefix("พ.ศ.").strip())
    if not re.fullmatch(r"\d{4}", digits):
        raise Wrong(_("อ่านปีการศึกษา “%(text)s” ไม่ได้ ใส่เป็น พ.ศ. สี่หลัก เช่น 2560") % {"text": text[:20]})
    year = int(digits)
    if 1900 <= year <= 2100:
        raise Wrong(_("ปี %(year)d เป็น ค.ศ. ใส่เป็น พ.ศ. %(be)d") % {"year": year, "be": year + 543})
    this = school_year(today())
    if year < EARLIEST or year > this:
        raise Wrong(_("ปีการศึกษา %(year)d อยู่นอกช่วง %(low)d ถึง %(high)d ตรวจกับเอกสาร") % {"year": year, "low": EARLIEST, "high": this - 1})  # fmt: skip
    return year


def _numbered(text: str, words: str, most: int, label: str) -> int:
    found = re.fullmatch(rf"(?:{words})?\s*(\d)(?:\.0+)?", to_arabic_digits(text).strip())
    if found is None or not 1 <= int(found[1]) <= most:
        numbers = ", ".join(str(number) for number in range(1, most + 1))
        raise Wrong(_("%(column)s “%(text)s” ต้องเป็น %(numbers)s หรือเว้นว่างเมื่อเอกสารไม่ได้บอก") % {"column": label, "text": text[:20], "numbers": numbers})  # fmt: skip
    return int(found[1])


def read_value(text: str) -> Decimal:
    """A figure, without separators and signs of per cent; what a spreadsheet adds beyond four decimals is its own."""
    plain_text = re.sub(r"[,\s]|%$", "", to_arabic_digits(text)).replace("−", "-")
    if not re.fullmatch(r"-?\d{1,12}(\.\d+)?([eE]-?\d{1,2})?", plain_text):
        raise Wrong(_("ค่า “%(text)s” ไม่ใช่ตัวเลข แก้ในไฟล์ให้เป็นตัวเลข แล้วตรวจใหม่") % {"text": text[:40]})
    return shortest(round(Decimal(plain_text), MOST_DECIMALS))


def is_share(said: Indicator) -> bool:
    return said.kind != Counted.COUNT and said.scale == 100


def value_fault(said: Indicator, value: Decimal) -> str:
    """Why an indicator cannot have a value, in a sentence; empty where it can."""
    low, high = said.span
    if said.kind == Counted.COUNT and not said.digits and value != value.to_integral_value():
        return _("ค่า %(value)s มีเศษ %(title)sนับเป็น%(unit)s ต้องเป็นจำนวนเต็ม") % {"value": value, "title": said.title, "unit": said.unit}  # fmt: skip
    if (low is None or value >= low) and (high is None or value <= high):
        return ""
    if is_share(said) and high is not None:
        return _("ค่า %(value)s ไม่อยู่ระหว่าง 0 ถึง 100 %(title)sเป็นร้อยละ ตรวจกับเอกสาร") % {"value": value, "title": said.title}  # fmt: skip
    return _("ค่า %(value)s น้อยกว่า 0 %(title)sติดลบไม่ได้ ตรวจกับเอกสาร") % {"value": value, "title": said.title}


@dataclass(frozen=True)
class CodeColumn(ImportColumn):
    """The natural key, which no file has: in a sentence it is told in words."""

    def shown(self, text: str) -> str:
        year, _number, _term, code, level, place, dims = text.split(".", 6)
        said = indicators.get(code)
        parts = [
            str(said.title) if said else code,
            year,
            LEVEL_WORDS.get(level, level),
            place,
            dims.replace(";", " "),
        ]
        return " ".join(part for part in parts if part)


def export_dim(title: str, figure: PastFigure) -> str | None:
    """The cell of an export under the heading of a dim."""
    said = indicators.get(figure.indicator)
    for dim in said.dims if said else ():
        if thai(dim.title) == title and dim.code in figure.dims:
            return value_words(dim, figure.dims[dim.code])
    return None


def thai(words: Any) -> str:
    with override("th"):
        return str(words)


def fixed_columns() -> list[ImportColumn]:
    return [
        ImportColumn("school_year", gettext_lazy("ปีการศึกษา"), ("ปี", "ปีการศึกษา (พ.ศ.)", "ปี พ.ศ."), required=True, read=read_year),
        ImportColumn("number", gettext_lazy("รอบ"), ("รอบที่", "รอบข้อมูล"), read=lambda text: _numbered(text, "รอบที่|รอบ", 3, _("รอบ"))),
        ImportColumn("term", gettext_lazy("ภาคเรียน"), ("ภาคเรียนที่", "เทอม"), read=lambda text: _numbered(text, "ภาคเรียนที่|ภาคเรียน|เทอม", 2, _("ภาคเรียน"))),
        ImportColumn("indicator", gettext_lazy("รหัสตัวชี้วัด"), ("ตัวชี้วัด", "รหัส", "indicator"), max_length=200),
        ImportColumn("title", gettext_lazy("ชื่อตัวชี้วัด"), ("ชื่อตาราง",), max_length=300, write=lambda f: thai(indicators[f.indicator].title) if f.indicator in indicators else ""),
        ImportColumn("level", gettext_lazy("ระดับ"), ("ระดับพื้นที่", "level"), kind=Kind.CHOICE, choices=LEVELS, write=lambda f: LEVEL_WORDS[f.level]),
        ImportColumn("where", gettext_lazy("หน่วย"), ("รหัสหน่วย", "รหัสโรงเรียน", "รหัสพื้นที่"), max_length=200, write=lambda f: f.place),
        ImportColumn("place_name", gettext_lazy("ชื่อหน่วย"), ("ชื่อโรงเรียน", "พื้นที่"), max_length=200, write=lambda f: f.place_name),
        ImportColumn("value", gettext_lazy("ค่า"), ("จำนวน", "value"), kind=Kind.DECIMAL, required=True, read=read_value, write=lambda f: plain(f.value)),
        ImportColumn("unit", gettext_lazy("หน่วยนับ"), (), max_length=60, write=lambda f: thai(indicators[f.indicator].unit) if f.indicator in indicators else ""),
        ImportColumn("source", gettext_lazy("ที่มา"), ("แหล่งที่มา", "เอกสาร", "source"), required=True, max_length=200),
        ImportColumn("divided", gettext_lazy("แยกได้ตาม"), (), max_length=300, write=lambda f: ""),
        CodeColumn("code", gettext_lazy("รหัสแถว"), (), masked=True, rare=True),
    ]  # fmt: skip


def value_code(dim: Dim, text: str) -> str | None:
    """The code of a value by its code or its words in any language; what a dim does not list may be a number, or any word where it
    lists next to nothing."""
    labels = dim.labels()
    if text in labels:
        return text
    wanted = fold(text)
    for language in ("th", "en"):
        with override(language):
            for code, words in labels.items():
                if fold(str(words)) == wanted:
                    return str(code)
            if wanted in (fold(str(dim.unsaid)) if dim.unsaid else "", fold(_("ไม่ระบุ"))):
                return ""
    number = re.sub(r"\.0+$", "", to_arabic_digits(text))
    if not labels:
        return number if re.fullmatch(r"-?\d{1,4}", number) else None
    return text[:40] if len(labels) == 1 else None


def near(text: str, known: Iterable[str], *, key: Any = fold, all_of: int = 0) -> str:
    """The end of a sentence: the nearest name there is, or all of them where they are few."""
    by_key = {key(one): one for one in known if one}
    close = get_close_matches(key(text), list(by_key), n=1, cutoff=0.6)
    if close:
        return _(" ใกล้ที่สุดคือ “%(near)s” ถ้าใช่แก้ในไฟล์ให้ตรง") % {"near": by_key[close[0]]}
    if 0 < len(by_key) <= all_of:
        return _(" ใช้คำใดคำหนึ่งใน %(words)s") % {"words": ", ".join(by_key.values())}
    return _(" ตรวจการสะกด หรือใช้รหัส")
