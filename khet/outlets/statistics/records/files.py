"""Files of figures of the years before khet: one row a cell of an old table, checked against what the indicator can say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property, partial
from typing import Any

from django.db import models
from django.db.models import Count
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from khet.base.lib.thai.calendar import school_year
from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.words import fold
from khet.base.org.api import Actor, office, today
from khet.kits.register.bases import Checked, Import, ImportColumn, Wrong
from khet.kits.register.choices import Kind
from khet.outlets.statistics.actions import import_past, remove_past
from khet.outlets.statistics.bases import Dim, Indicator, indicators
from khet.outlets.statistics.choices import Chapter, Level
from khet.outlets.statistics.choices import Kind as Counted
from khet.outlets.statistics.models import PastFigure
from khet.outlets.statistics.queries.past import covered_years, plain, value_words
from khet.outlets.statistics.queries.units import Units, bare
from khet.outlets.statistics.rules import PAST

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
    known = {dim.code: dim for dim in said.dims} if said else {}
    return " · ".join(
        f"{known[code].title} {value_words(known[code], value)}"
        for code, value in figure.dims.items()
        if code in known
    )


def read_year(text: str) -> int:
    digits = re.sub(r"(\.0+)?$", "", to_arabic_digits(text).removeprefix("พ.ศ.").strip())
    if not re.fullmatch(r"\d{4}", digits):
        raise Wrong(_("อ่านปีการศึกษา “%(text)s” ไม่ได้ ใส่เป็น พ.ศ. สี่หลัก เช่น 2560") % {"text": text[:20]})
    year = int(digits)
    if 1900 <= year <= 2100:
        raise Wrong(_("ปี %(year)d เป็น ค.ศ. ใส่เป็น พ.ศ. %(be)d") % {"year": year, "be": year + 543})
    this = school_year(today())
    if year < EARLIEST or year > this + 1:
        raise Wrong(_("ปีการศึกษา %(year)d อยู่นอกช่วง %(low)d ถึง %(high)d ตรวจกับเอกสาร") % {"year": year, "low": EARLIEST, "high": this - 1})  # fmt: skip
    if year >= this:
        raise Wrong(_("ปีการศึกษา %(year)d ยังไม่สิ้นปี ตัวเลขของปีนี้นับจากรอบข้อมูลในระบบ") % {"year": year})
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


def shortest(value: Decimal) -> Decimal:
    """One written form of equal numbers."""
    return Decimal(format(value.normalize(), "f"))


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


def _export_dim(title: str, figure: PastFigure) -> str | None:
    """The cell of an export under the heading of a dim."""
    said = indicators.get(figure.indicator)
    for dim in said.dims if said else ():
        if thai(dim.title) == title and dim.code in figure.dims:
            return value_words(dim, figure.dims[dim.code])
    return None


def thai(words: Any) -> str:
    with override("th"):
        return str(words)


def _fixed() -> list[ImportColumn]:
    return [
        ImportColumn("school_year", gettext_lazy("ปีการศึกษา"), ("ปี", "ปีการศึกษา (พ.ศ.)", "ปี พ.ศ."), required=True, read=read_year),
        ImportColumn("number", gettext_lazy("รอบ"), ("รอบที่", "รอบข้อมูล"), read=lambda text: _numbered(text, "รอบที่|รอบ", 3, _("รอบ"))),
        ImportColumn("term", gettext_lazy("ภาคเรียน"), ("ภาคเรียนที่", "เทอม"), read=lambda text: _numbered(text, "ภาคเรียนที่|ภาคเรียน|เทอม", 2, _("ภาคเรียน"))),
        ImportColumn("indicator", gettext_lazy("รหัสตัวชี้วัด"), ("ตัวชี้วัด", "รหัส", "indicator"), max_length=200),
        ImportColumn("title", gettext_lazy("ชื่อตัวชี้วัด"), ("ชื่อตาราง",), max_length=300, write=lambda f: thai(indicators[f.indicator].title) if f.indicator in indicators else ""),
        ImportColumn("level", gettext_lazy("ระดับ"), ("ระดับพื้นที่", "level"), kind=Kind.CHOICE, choices=LEVELS, write=lambda f: LEVEL_WORDS[f.level]),
        ImportColumn("place", gettext_lazy("หน่วย"), ("รหัสหน่วย", "รหัสโรงเรียน", "รหัสพื้นที่"), max_length=200),
        ImportColumn("place_name", gettext_lazy("ชื่อหน่วย"), ("ชื่อโรงเรียน", "พื้นที่"), max_length=200, write=lambda f: f.place_name),
        ImportColumn("value", gettext_lazy("ค่า"), ("จำนวน", "value"), kind=Kind.DECIMAL, required=True, read=read_value, write=lambda f: plain(f.value)),
        ImportColumn("unit", gettext_lazy("หน่วยนับ"), (), max_length=60, write=lambda f: thai(indicators[f.indicator].unit) if f.indicator in indicators else ""),
        ImportColumn("source", gettext_lazy("ที่มา"), ("แหล่งที่มา", "เอกสาร", "source"), required=True, max_length=200),
        ImportColumn("divided", gettext_lazy("แยกได้ตาม"), (), max_length=300, write=lambda f: ""),
        CodeColumn("code", gettext_lazy("รหัสแถว"), (), masked=True, rare=True),
    ]  # fmt: skip


class PastImport(Import):
    """A row is a cell of a table of an old book: year, indicator, place, the values by which it is divided, the figure, the page."""

    capability = PAST
    key = "code"
    heading = "words"
    tells = ("school_year", "indicator", "place", "value")
    group = "group"
    group_label = gettext_lazy("ตัวชี้วัด")
    prefilled = ("indicator", "title", "unit", "divided", "level")

    def __init__(self) -> None:
        """Columns are made when they are first asked for: while apps start, not every indicator is declared yet."""

    @cached_property
    def titles(self) -> dict[str, str]:
        """Thai title of a dim → the code of its column: one column for all dims that bear the same title."""
        found: dict[str, str] = {}
        taken: set[str] = set()
        for said in indicators:
            for dim in said.dims if takes(said) else ():
                title = thai(dim.title)
                if title not in found:
                    code = f"by_{dim.code}"
                    while code in taken:
                        code += "_"
                    taken.add(code)
                    found[title] = code
        return found

    @cached_property
    def columns(self) -> Sequence[ImportColumn]:  # type: ignore[override]
        fixed = _fixed()
        own = {name for column in fixed for name in column.names()}
        lazy = {thai(dim.title): dim.title for said in indicators for dim in said.dims}
        made = []
        for title, code in self.titles.items():
            plainly = ImportColumn(code, lazy[title])
            alias = format_lazy("{}{}", gettext_lazy("แยกตาม"), lazy[title])
            shared = bool(plainly.names() & own)
            made.append(
                ImportColumn(
                    code, alias if shared else lazy[title], () if shared else (f"แยกตาม{title}",), max_length=80, rare=True,
                    write=partial(_export_dim, title),
                )
            )  # fmt: skip
        at = next(place for place, column in enumerate(fixed) if column.code == "value")
        return [*fixed[:at], *made, *fixed[at:]]

    @cached_property
    def by_code(self) -> dict[str, ImportColumn]:  # type: ignore[override]
        return {column.code: column for column in self.columns}

    def missing(self, mapping: Mapping[str, int]) -> list[ImportColumn]:
        """The indicator is told by its code or by its title; the key is made of the row."""
        lacking = [c for c in self.columns if c.required and c.code not in mapping]
        return lacking if mapping.keys() & {"indicator", "title"} else [self.by_code["indicator"], *lacking]

    def starters(self) -> Iterable[Mapping[str, Any]]:
        for said in indicators:
            if takes(said):
                yield {
                    "indicator": said.code, "title": str(said.title), "level": LEVEL_WORDS["area"], "unit": str(said.unit),
                    "divided": ", ".join(str(self.by_code[self.titles[thai(dim.title)]].label) for dim in said.dims),
                }  # fmt: skip

    def occurring(self, rows: models.QuerySet[PastFigure]) -> Collection[str]:
        found = set()
        for code in rows.exclude(dims={}).order_by().values_list("indicator", flat=True).distinct():
            said = indicators.get(code)
            found |= {
                self.titles[title]
                for dim in (said.dims if said else ())
                if (title := thai(dim.title)) in self.titles
            }
        return found

    # What a row means.

    def complete(self, actor: Actor, rows: Sequence[Checked]) -> None:
        named = {
            fold(word): said for said in indicators for word in (said.code, thai(said.title), str(said.title))
        }
        units = Units(
            {word for row in rows for word in (row.values.get("place"), row.values.get("place_name")) if word}
        )
        own = office()
        for row in rows:
            values = row.values
            for name in ("unit", "divided", "code"):
                values.pop(name, None)
            column = "indicator" if values.get("indicator") else "title"
            told = values.pop("indicator", None) or values.get("title")
            values.pop("title", None)
            said = named.get(fold(str(told))) if told else None
            dims = {code: values.pop(code) for code in self.titles.values() if code in values}
            place = self._place(row, units, (own.code, own.name, own.short_name))
            if told is None:
                row.wrong("indicator", _("ไม่ได้บอกตัวชี้วัด ใส่รหัสตัวชี้วัดจากตารางเปล่าของระบบ"))
            elif said is None:
                row.wrong(column, _("ไม่รู้จักตัวชี้วัด “%(text)s”") % {"text": str(told)[:80]} + near(str(told), [thai(one.title) for one in indicators] + indicators.codes()))  # fmt: skip
            elif not takes(said):
                row.wrong(
                    column, _("%(title)sเป็นการคาดประมาณ ไม่ใช่ตัวเลขที่นับได้ของปี ลบแถวนี้ออก") % {"title": said.title}
                )
            else:
                chosen = self._dims(row, said, dims)
                self._value(row, said)
                if place is not None and chosen is not None and "school_year" in values:
                    level, code, name = place
                    words = ";".join(f"{dim}={value}" for dim, value in chosen.items())
                    key = f"{values['school_year']}.{values.get('number') or 0}.{values.get('term') or 0}.{said.code}.{level}.{code}.{words}"
                    values |= {
                        "code": key, "indicator": said.code, "level": level, "place": code, "place_name": name, "dims": chosen,
                        "group": thai(said.title)[:120], "words": f"{said.title} {values['school_year']} {name or Level.AREA.label}",
                    }  # fmt: skip
        self._sums(rows)

    def _place(self, row: Checked, units: Units, own: Sequence[str]) -> tuple[str, str, str] | None:
        """Level, code and name of the place; None where the row does not say one that is known."""
        if any(fault.column in ("level", "place") for fault in row.faults):
            return None
        level, told, name = (row.values.pop(code, None) for code in ("level", "place", "place_name"))
        column, word = ("place", told) if told else ("place_name", name)
        if level in (None, "area"):
            if word is None or fold(word) in {fold(one) for one in own} | {fold(str(Level.AREA.label))}:
                return "area", "", ""
            if level is None:
                row.wrong(
                    "level",
                    _("บอกหน่วย “%(text)s” แต่ไม่ได้บอกระดับ ใส่ อำเภอ เครือข่าย หรือโรงเรียน") % {"text": word[:60]},
                )
            else:
                row.wrong(
                    column, _("ระดับเขตเว้นหน่วยว่าง ถ้าเป็นตัวเลขของ “%(text)s” แก้ระดับให้ตรง") % {"text": word[:60]}
                )
            return None
        words = LEVEL_WORDS[level]
        if word is None:
            row.wrong("place", _("ระดับ%(level)sต้องบอกหน่วย ใส่รหัสหรือชื่อ") % {"level": words})
            return None
        found = units.find(level, word)
        if found is None:
            row.wrong(
                column,
                _("ไม่รู้จัก%(level)s “%(text)s”") % {"level": words, "text": word[:60]}
                + near(word, units.names(level), key=bare(level)),
            )
            return None
        return level, found[0], found[1]

    def _dims(self, row: Checked, said: Indicator, told: Mapping[str, str]) -> dict[str, str] | None:
        """Dim → code, in the order of the indicator; None where a value cannot be understood."""
        of = {self.titles[thai(dim.title)]: dim for dim in said.dims}
        found: dict[str, str] = {}
        good = True
        for column, dim in of.items():
            text = told.get(column)
            if text is None or fold(text) in WHOLE:
                continue
            value = value_code(dim, text)
            if value is None:
                good = False
                known = [str(words) for words in dim.labels().values()]
                row.wrong(
                    column,
                    _("ไม่รู้จัก%(dim)s “%(text)s”") % {"dim": dim.title, "text": text[:40]}
                    + near(text, known, all_of=12),
                )
            else:
                found[dim.code] = value
        for column in told.keys() - of.keys():
            if fold(told[column]) in WHOLE:
                continue
            good = False
            titles = (
                _(" แยกได้ตาม%(dims)s") % {"dims": ", ".join(str(dim.title) for dim in said.dims)}
                if said.dims
                else ""
            )
            row.wrong(column, _("%(title)sไม่ได้แยกตามช่องนี้ ลบค่าในช่องนี้ออก") % {"title": said.title} + titles)
        return found if good else None

    def _value(self, row: Checked, said: Indicator) -> None:
        value: Decimal | None = row.values.get("value")
        if value is None:
            return
        low, high = said.span
        is_share = said.kind != Counted.COUNT and said.scale == 100
        if said.kind == Counted.COUNT and not said.digits and value != value.to_integral_value():
            row.wrong("value", _("ค่า %(value)s มีเศษ %(title)sนับเป็น%(unit)s ต้องเป็นจำนวนเต็ม") % {"value": value, "title": said.title, "unit": said.unit})  # fmt: skip
        elif (low is not None and value < low) or (high is not None and value > high):
            if is_share and high is not None:
                row.wrong("value", _("ค่า %(value)s ไม่อยู่ระหว่าง 0 ถึง 100 %(title)sเป็นร้อยละ ตรวจกับเอกสาร") % {"value": value, "title": said.title})  # fmt: skip
            else:
                row.wrong(
                    "value",
                    _("ค่า %(value)s น้อยกว่า 0 %(title)sติดลบไม่ได้ ตรวจกับเอกสาร")
                    % {"value": value, "title": said.title},
                )
        elif is_share and 0 < value < 1:
            row.look("value", _("ค่า %(value)s น้อยกว่าร้อยละ 1 ถ้าเอกสารคือร้อยละ %(more)s ใส่ %(more)s") % {"value": value, "more": shortest(value * 100)})  # fmt: skip

    def _sums(self, rows: Sequence[Checked]) -> None:
        """Parts beside their whole: what does not agree, and what will be added up for want of a whole, is worth a look."""
        groups: dict[tuple[Any, ...], list[Checked]] = {}
        for row in rows:
            values = row.values
            if (
                "code" in values
                and "value" in values
                and not row.is_wrong
                and indicators[values["indicator"]].kind == Counted.COUNT
            ):
                key = tuple(
                    values.get(name)
                    for name in ("school_year", "number", "term", "indicator", "level", "place")
                )
                groups.setdefault(key, []).append(row)
        for group in groups.values():
            whole = next((row for row in group if not row.values["dims"]), None)
            divided: dict[tuple[str, ...], list[Checked]] = {}
            for row in group:
                if row.values["dims"]:
                    divided.setdefault(tuple(sorted(row.values["dims"])), []).append(row)
            for parts in divided.values():
                total = sum(row.values["value"] for row in parts)
                if whole is not None and total != whole.values["value"]:
                    whole.look("value", _("ค่ารวม %(whole)s แต่ %(n)d แถวที่แยกไว้รวมได้ %(total)s ตรวจกับเอกสาร") % {"whole": f"{whole.values['value']:,}", "n": len(parts), "total": f"{total:,}"})  # fmt: skip
            if whole is None and divided:
                parts = divided[min(divided, key=lambda dims: (len(dims), dims))]
                parts[0].look("value", _("ไม่มีแถวรวมของปีนี้ แนวโน้มจะใช้ผลรวมของ %(n)d แถวที่แยกไว้ คือ %(total)s") % {"n": len(parts), "total": f"{sum(row.values['value'] for row in parts):,}"})  # fmt: skip

    # The register.

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        rows = PastFigure.objects.filter(code__in=list(keys))
        return {row.code: row for row in (rows.select_for_update() if lock else rows)}

    def values(self, record: PastFigure) -> dict[str, Any]:
        return {
            "code": record.code, "school_year": record.school_year, "number": record.number, "term": record.term, "indicator": record.indicator,
            "level": record.level, "place": record.place, "dims": record.dims, "value": shortest(record.value), "source": record.source,
        }  # fmt: skip

    def editable(self, actor: Actor, found: Iterable[models.Model]) -> set[int]:
        return {row.pk for row in found} if actor.is_system or actor.has(PAST) else set()

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """Of a year that a closed round covers the census speaks: nothing comes in beside it, nor is changed."""
        covered = covered_years()
        for row in rows:
            title = covered.get(row.values.get("school_year", 0))
            record = row.record
            same = record is not None and all(
                row.values.get(name) == value
                for name, value in self.values(record).items()
                if name in ("value", "source")
            )
            if title and not same:
                row.wrong(
                    "school_year",
                    _("ปีการศึกษา %(year)d มีข้อมูลของ%(round)sที่ปิดในระบบแล้ว ตัวเลขของปีนี้นับจากรอบนั้น ลบแถวนี้ออกจากไฟล์")
                    % {"year": row.values["school_year"], "round": title},
                )

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[Mapping[str, Any]],
        changed: Sequence[tuple[PastFigure, Mapping[str, Any]]],
        source: str,
    ) -> list[int]:
        return [row.pk for row in import_past(actor=actor, new=new, changed=changed, source=source)]

    def remove(self, *, actor: Actor, records: Sequence[PastFigure], source: str) -> None:
        remove_past(actor=actor, figures=records, source=source)

    def group_counts(self, pks: Sequence[int]) -> dict[str, int]:
        counted = (
            PastFigure.objects.filter(pk__in=pks).order_by().values_list("indicator").annotate(Count("pk"))
        )
        return {
            (thai(indicators[code].title) if code in indicators else code)[:120]: n for code, n in counted
        }


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
