"""Filling a format: every cell looked up, summed, mapped and checked. What does not fit is named cell by cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from khet.outlets.province.bases import Codes, Column, Format, Table
from khet.outlets.province.bases.formats import Where
from khet.outlets.province.choices import Encoding, FileType, Take
from khet.outlets.province.queries.sources import Lake, Row

MOST_NAMED = 500
"""So many faults are listed; the rest is counted."""

Cell = str | int | Decimal | None


@dataclass(frozen=True)
class Problem:
    """One cell, or one table, that cannot be written. ``row`` names the row as a person knows it."""

    table: str
    row: str
    column: str
    value: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        words = {
            "empty": _("ไม่มีค่า แต่รูปแบบต้องการ เติมในทะเบียนแล้วปิดรอบใหม่ หรือกำหนดค่า missing ในรูปแบบ"),
            "unmapped": _("ไม่มีรหัสของค่านี้ในรายการ %(codes)s เพิ่มในรูปแบบแล้วอัปโหลดเป็นรุ่นใหม่"),
            "number": _("ไม่ใช่จำนวนเต็มหรือตัวเลข"),
            "day": _("ไม่ใช่วันที่"),
            "long": _("ยาวเกิน %(most)d ตัวอักษร"),
            "pattern": _("ไม่ตรงแบบ %(pattern)s"),
            "letters": _("มีตัวอักษร %(letters)s ที่เขียนเป็น TIS-620 ไม่ได้"),
            "many": _("พบ %(n)d แถวในตาราง %(table)s ต้องมีแถวเดียว"),
            "twice": _("ซ้ำกับแถวก่อนหน้าในคอลัมน์ %(key)s"),
            "no_table": _("ข้อมูลรอบนี้ไม่มีตาราง %(table)s เลือกรอบอื่น หรือกำหนดตารางนี้เป็น optional"),
            "no_round": _("ปีการศึกษานี้ยังไม่มีรอบที่ปิดแล้วแบบ %(round)s"),
            "no_column": _("ตาราง %(table)s ของรอบนี้ไม่มีคอลัมน์ %(source)s"),
            "no_indicator": _("ไม่มีตัวชี้วัด %(source)s หรือรอบนี้นับไม่ได้"),
        }
        return words[self.code] % self.facts


@dataclass
class FilledTable:
    """A table ready to be written: cells in the order of the columns, and the sums of its numbers."""

    table: Table
    rows: list[list[Cell]] = field(default_factory=list)

    @property
    def totals(self) -> dict[str, str]:
        """Sum of every column of amounts, exactly, as text; a year, a code or a running number is no amount."""
        found = {}
        for place, column in enumerate(self.table.columns):
            amounts = column.take in (Take.SUM, Take.COUNT) or (
                column.take == Take.COLUMN and not column.codes
            )
            if amounts and column.kind in ("int", "decimal"):
                numbers = (row[place] for row in self.rows)
                found[column.name] = str(
                    sum((one for one in numbers if isinstance(one, int | Decimal)), Decimal(0))
                )
        return found


@dataclass
class Filled:
    """A whole format filled: its tables, what is wrong (the first ``MOST_NAMED``) and how much in all."""

    format: Format
    tables: list[FilledTable] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    faults: int = 0
    left_out: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(len(one.rows) for one in self.tables)

    def fault(self, *given: Any, **facts: Any) -> None:
        self.faults += 1
        if len(self.problems) < MOST_NAMED:
            self.problems.append(Problem(*given, facts=facts))


Indicators = Callable[[str, tuple[Where, ...]], dict[str, Any] | None]
"""Code of an indicator and its conditions → school → value; None where it cannot be counted."""


def fill(format: Format, lake: Lake, indicators: Indicators) -> Filled:
    """Every table of ``format`` from the censuses of ``lake``. The same inputs give the same cells in the same order."""
    filled = Filled(format)
    for table in format.tables:
        _Filler(filled, table, lake, indicators).run()
    return filled


def _holds(row: Row, where: Iterable[Where]) -> bool:
    return all((row.get(one.column) in one.values) != one.negated for one in where)


def _order(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Sorts values of any kind, none first."""
    return tuple((value is not None, str(type(value)), value if value is not None else 0) for value in key)


class _Filler:
    def __init__(self, filled: Filled, table: Table, lake: Lake, indicators: Indicators) -> None:
        self.filled, self.table, self.lake, self.indicators = filled, table, lake, indicators
        self.format = filled.format
        self.thai = self.format.file == FileType.CSV and self.format.encoding == Encoding.THAI

    def run(self) -> None:
        rows = self._rows()
        if rows is None:
            return
        before = self.filled.faults
        self._has(rows, self.table.rows, [*self.table.by, *(one.column for one in self.table.where)], "")
        rows = [row for row in rows if _holds(row, self.table.where)]
        groups = self._groups(rows)
        getters = [self._getter(column, groups, rows) for column in self.table.columns]
        if self.filled.faults > before:
            return  # a table or a column is missing: every cell would say so again
        done = FilledTable(self.table)
        keys = [n for n, column in enumerate(self.table.columns) if column.name in self.table.key]
        seen: set[tuple[Cell, ...]] = set()
        for number, (key, row) in enumerate(groups, start=1):
            named = self._named(row)
            cells = [
                self._cell(column, get(number, key, row), named)
                for column, get in zip(self.table.columns, getters, strict=True)
            ]
            mark = tuple(cells[n] for n in keys)
            if mark and mark in seen:
                self.filled.fault(
                    self.table.title,
                    named,
                    self.table.key[0],
                    str(mark[0]),
                    "twice",
                    key=", ".join(self.table.key),
                )
            seen.add(mark)
            done.rows.append(cells)
        self.filled.tables.append(done)

    def _rows(self) -> list[Row] | None:
        rows = self.lake.table(self.table.rows, self.table.round)
        if rows is None and self.table.optional:
            self.filled.left_out.append(self.table.title)
        elif rows is None and self.lake.of(self.table.round) is None:
            self.filled.fault(self.table.title, "", "", "", "no_round", round=self.table.round)
        elif rows is None:
            self.filled.fault(self.table.title, "", "", "", "no_table", table=self.table.rows)
        return rows

    def _has(self, rows: list[Row], table: str, names: Iterable[str], column: str) -> bool:
        """Whether the source has the columns; an empty table has none to be missed."""
        missing = [name for name in names if rows and name not in rows[0]]
        for name in missing:
            self.filled.fault(self.table.title, "", column, "", "no_column", table=table, source=name)
        return not missing

    def _groups(self, rows: list[Row]) -> list[tuple[tuple[Any, ...], Row]]:
        """(key, first row) of each row of the result; without ``by`` each row of the census for itself, in its order."""
        if not self.table.by:
            return [((n,), row) for n, row in enumerate(rows)]
        first: dict[tuple[Any, ...], Row] = {}
        for row in rows:
            first.setdefault(tuple(row.get(name) for name in self.table.by), row)
        return sorted(first.items(), key=lambda one: _order(one[0]))

    def _named(self, row: Row) -> str:
        names = self.table.by or (("school",) if "school" in row else ())
        return " ".join(str(row.get(name)) for name in names if row.get(name) not in (None, ""))

    def _getter(
        self, column: Column, groups: list[tuple[tuple[Any, ...], Row]], own: list[Row]
    ) -> Callable[[int, tuple[Any, ...], Row], Any]:
        take = column.take
        if take == Take.FIXED:
            return lambda number, key, row: column.source
        if take == Take.RUNNING:
            return lambda number, key, row: number
        if take == Take.FACT:
            value = self.lake.facts[column.source]
            return lambda number, key, row: value
        if take == Take.INDICATOR:
            values = self.indicators(column.source, column.where)
            if values is None:
                self.filled.fault(
                    self.table.title, "", column.title, "", "no_indicator", source=column.source
                )
            return lambda number, key, row: (values or {}).get(row.get("school"))
        if not column.table:
            if not self._has(own, self.table.rows, [*([column.source] if column.source else []), *(w.column for w in column.where)], column.title):  # fmt: skip
                return lambda number, key, row: None
            if take == Take.COLUMN:
                return lambda number, key, row: row[column.source]
            summed = _sums(own, self.table.by, column)
            return lambda number, key, row: summed.get(key, 0)
        return self._from_other(column, own)

    def _from_other(self, column: Column, own: list[Row]) -> Callable[[int, tuple[Any, ...], Row], Any]:
        rows = self.lake.table(column.table, self.table.round)
        nothing: Callable[[int, tuple[Any, ...], Row], Any] = lambda number, key, row: None  # noqa: E731
        if rows is None:
            self.filled.fault(self.table.title, "", column.title, "", "no_table", table=column.table)
            return nothing
        wanted = [*column.on, *(w.column for w in column.where), *([column.source] if column.source else [])]
        if not (self._has(rows, column.table, wanted, column.title) & self._has(own, self.table.rows, column.on, column.title)):  # fmt: skip
            return nothing
        if column.take in (Take.SUM, Take.COUNT):
            summed = _sums(rows, column.on, column)
            return lambda number, key, row: summed.get(tuple(row.get(name) for name in column.on), 0)
        found: dict[tuple[Any, ...], list[Any]] = {}
        for row in rows:
            if _holds(row, column.where):
                found.setdefault(tuple(row[name] for name in column.on), []).append(row[column.source])

        def one(number: int, key: tuple[Any, ...], row: Row) -> Any:
            values = found.get(tuple(row.get(name) for name in column.on), [])
            if len(values) > 1:
                self.filled.fault(
                    self.table.title,
                    self._named(row),
                    column.title,
                    "",
                    "many",
                    n=len(values),
                    table=column.table,
                )
            return values[0] if values else None

        return one

    def _cell(self, column: Column, value: Any, named: str) -> Cell:
        """The value as it is written; a fault is noted and gives None."""

        given = _shown(value)

        def fault(code: str, **facts: Any) -> None:
            self.filled.fault(self.table.title, named, column.title, given, code, **facts)

        codes = self.format.codes.get(column.codes)
        if value is None or value == "":
            filler = codes.empty if codes is not None and codes.empty is not None else column.missing
            if filler is None and column.required:
                fault("empty")
            if filler is not None and column.kind in ("int", "decimal"):
                written = _number(filler, column.decimals, exact=column.kind == "int")
                return filler if written is None else written
            return filler
        if codes is not None:
            value, known = _mapped(codes, value)
            if not known:
                fault("unmapped", codes=codes.title)
                return None
        if column.kind in ("int", "decimal"):
            number = _number(
                value, 0 if column.kind == "int" else column.decimals, exact=column.kind == "int"
            )
            if number is None:
                fault("number")
            return number
        text = self._text(column, value)
        if text is None:
            fault("day")
        elif column.longest and len(text) > column.longest:
            fault("long", most=column.longest)
        elif column.pattern and not re.fullmatch(column.pattern, text):
            fault("pattern", pattern=column.pattern)
        elif self.thai and (strange := sorted({sign for sign in text if not _is_thai(sign)})):
            fault("letters", letters=" ".join(strange))
        return text

    def _text(self, column: Column, value: Any) -> str | None:
        if column.kind == "date":
            if not isinstance(value, dt.date):
                return None
            return (
                value.isoformat()
                if self.format.dates == "iso"
                else f"{value.day:02}/{value.month:02}/{value.year + 543}"
            )
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, dt.date):
            return value.isoformat()
        return format(value.normalize(), "f") if isinstance(value, Decimal) else " ".join(str(value).split())


def _sums(rows: list[Row], by: Iterable[str], column: Column) -> dict[tuple[Any, ...], Any]:
    names = tuple(by)
    found: dict[tuple[Any, ...], Any] = {}
    for row in rows:
        if _holds(row, column.where):
            key = tuple(row.get(name) for name in names)
            found[key] = found.get(key, 0) + ((row[column.source] or 0) if column.take == Take.SUM else 1)
    return found


def _mapped(codes: Codes, value: Any) -> tuple[Any, bool]:
    word = _shown(value)
    if word in codes.map:
        return codes.map[word], True
    return codes.other, codes.other is not None


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _number(value: Any, places: int, *, exact: bool) -> int | Decimal | None:
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    if isinstance(value, bool) or not number.is_finite() or (exact and number != number.to_integral_value()):
        return None
    return int(number) if exact else number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _is_thai(sign: str) -> bool:
    try:
        sign.encode("cp874")
    except UnicodeEncodeError:
        return False
    return True
