"""Files of figures of the years before khet: one row a cell of an old table, checked against what the indicator can say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from django.db import models
from django.db.models import Count
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.thai.calendar import school_year
from khet.base.lib.thai.words import fold
from khet.base.org.api import Actor, office, today
from khet.kits.register.bases import Checked, Import, ImportColumn
from khet.outlets.statistics.actions import import_past, remove_past
from khet.outlets.statistics.bases import Indicator, indicators
from khet.outlets.statistics.choices import Chapter, Level
from khet.outlets.statistics.choices import Kind as Counted
from khet.outlets.statistics.models import PastFigure
from khet.outlets.statistics.queries.past import coarsest, covered_years, shortest
from khet.outlets.statistics.queries.units import Units, bare
from khet.outlets.statistics.records.columns import (
    LEVEL_WORDS,
    WHOLE,
    export_dim,
    fixed_columns,
    is_share,
    near,
    takes,
    thai,
    value_code,
    value_fault,
)
from khet.outlets.statistics.rules import PAST


class PastImport(Import):
    """A row is a cell of a table of an old book: year, indicator, place, the values by which it is divided, the figure, the page."""

    capability = PAST
    key = "code"
    heading = "words"
    tells = ("school_year", "indicator", "where", "value")
    group = "group"
    group_label = gettext_lazy("ตัวชี้วัด")
    prefilled = ("indicator", "title", "unit", "divided", "level")

    def __init__(self) -> None:
        """Columns are made when they are first asked for: while apps start, not every indicator is declared yet."""

    @cached_property
    def titles(self) -> dict[str, str]:
        """Thai title of a dim → the code of its column, in the order of the chapters: one column for all dims of the same title."""
        found: dict[str, str] = {}
        taken: set[str] = set()
        for said in sorted(indicators, key=lambda one: list(Chapter).index(one.chapter)):
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
        fixed = fixed_columns()
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
                    write=partial(export_dim, title),
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
        for said in sorted(indicators, key=lambda one: list(Chapter).index(one.chapter)):
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
            {word for row in rows for word in (row.values.get("where"), row.values.get("place_name")) if word}
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
        if any(fault.column in ("level", "where") for fault in row.faults):
            return None
        level, told, name = (row.values.pop(code, None) for code in ("level", "where", "place_name"))
        column, word = ("where", told) if told else ("place_name", name)
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
            row.wrong("where", _("ระดับ%(level)sต้องบอกหน่วย ใส่รหัสหรือชื่อ") % {"level": words})
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
        if fault := value_fault(said, value):
            row.wrong("value", fault)
        elif is_share(said) and said.digits < 2 and 0 < value < 1:
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
                parts = coarsest(divided)
                parts[0].look("value", _("ไม่มีแถวรวมของปีนี้ แนวโน้มจะใช้ผลรวมของ %(n)d แถวที่แยกไว้ คือ %(total)s") % {"n": len(parts), "total": f"{sum(row.values['value'] for row in parts):,}"})  # fmt: skip

    # The register.

    def leaving(self, rows: models.QuerySet[PastFigure]) -> list[ImportColumn]:
        return [column for column in super().leaving(rows) if column.code != "divided"]

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
        """Of a year that a closed round covers the census speaks: nothing comes in beside it, nor is changed. A year that is not over
        will have its rounds."""
        covered, this = covered_years(), school_year(today())
        for row in rows:
            year, record = row.values.get("school_year"), row.record
            if year is None or (record is not None and not self._differs(record, row.values)):
                continue
            if year in covered:
                row.wrong(
                    "school_year",
                    _("ปีการศึกษา %(year)d มีข้อมูลของ%(round)s ที่ปิดในระบบแล้ว ตัวเลขของปีนี้นับจากรอบนั้น ลบแถวนี้ออกจากไฟล์")
                    % {"year": year, "round": covered[year]},
                )
            elif year >= this:
                row.wrong(
                    "school_year",
                    _("ปีการศึกษา %(year)d ยังไม่สิ้นปี ตัวเลขของปีนี้นับจากรอบข้อมูลในระบบ") % {"year": year},
                )

    def _differs(self, record: Any, values: Mapping[str, Any]) -> bool:
        held = self.values(record)
        return any(name in values and values[name] != held[name] for name in ("value", "source"))

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
