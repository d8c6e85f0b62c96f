"""The rows of a file as columns: each distinct text of a column is read once, whatever the number of rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.lib.sheets import Column, Sheet

if TYPE_CHECKING:
    from khet.kits.register.bases.imports import Fault, Import, ImportColumn

# A text without any of these is already as ``clean`` would make it.
_ODD = re.compile("[^ -~\u0e01-\u0e39\u0e3f-\u0e4c\u0e4f-\u0e5b]|^['\\s]|\\s$|\\s\\s|เเ|ำ[่้๊๋ำ]|[่้๊๋์็][ัิีึืุู]|์[่้๊๋]|([่้๊๋ัิีึืุู์็])\\1")


def tidy(text: str) -> str:
    """``clean``, which is needed by few cells of a file."""
    if not _ODD.search(text):
        return text
    from khet.kits.register.bases.imports import clean  # noqa: PLC0415  imports stand on tables

    return clean(text)


def text_of(value: Any) -> str:
    """The one written form of a value, equal exactly when values are; the register's side is written the same in SQL."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return str(value)


def double(column: ImportColumn, value: Any, count: int, others: Sequence[int]) -> str:
    """The sentence for a value that stands in a file ``count`` times, and in which other rows."""
    return _("%(column)s %(value)s อยู่ในไฟล์นี้ %(n)d แถว พบซ้ำที่แถว %(rows)s เก็บไว้แถวเดียว แล้วตรวจใหม่") % {
        "column": column.label,
        "value": column.shown(value),
        "n": count,
        "rows": ", ".join(str(number) for number in others[:5]),
    }


class Reader:
    """Reads one column."""

    def __init__(self, column: ImportColumn) -> None:
        self.column = column

    def read(self, cell: str) -> tuple[Any, str, str]:
        """Value, its written form, and the sentence of a fault (empty: none)."""
        from khet.kits.register.bases.imports import Wrong  # noqa: PLC0415  imports stand on tables

        try:
            value = self.column.parse_tidy(tidy(cell))
        except Wrong as why:
            return None, "", str(why)
        except Refusal as why:
            return None, "", str(why.sentence)
        return value, text_of(value), ""


def _untouched(importer: Import, mapping: Mapping[str, int], sheet: Sheet) -> list[int]:
    """Rows with nothing but what our own blank sheet comes with."""
    if not importer.prefilled:
        return []
    told = [
        sheet.body[at]
        for code, at in mapping.items()
        if code not in importer.prefilled and at < len(sheet.body)
    ]
    said = [[bool(text.strip()) for text in column.texts] for column in told]
    return [
        row
        for row in range(sheet.height)
        if not any(there[column.index[row]] for there, column in zip(said, told, strict=True))
    ]


class Table:
    """A file as read: row numbers, its columns as they came, and by column code the values and their written forms.

    Rows are spoken of by index from 0. ``texts`` may be given further fields by ``BulkImport.examine``.
    """

    def __init__(
        self, importer: Import, mapping: Mapping[str, int], numbers: list[int], body: Sequence[Column]
    ) -> None:
        self.importer = importer
        self.mapping = {code: at for code, at in mapping.items() if code in importer.by_code}
        self.numbers = numbers
        self.body = body
        self.values: dict[str, list[Any]] = {}
        self.texts: dict[str, list[str]] = {}
        self.faults: dict[int, list[Fault]] = {}
        self.options: dict[str, Any] = {}

    @classmethod
    def of_sheet(cls, importer: Import, mapping: Mapping[str, int], sheet: Sheet) -> Table:
        """A sheet without its blank rows, and without those of a prefilled sheet that nobody has filled in."""
        first = sheet.header_row + 1
        blank = {*sheet.blank, *_untouched(importer, mapping, sheet)}
        if not blank:
            return cls(importer, mapping, list(range(first, first + sheet.height)), sheet.body)
        kept = [place for place in range(sheet.height) if place not in blank]
        body = [Column(one.texts, [one.index[place] for place in kept]) for one in sheet.body]
        return cls(importer, mapping, [first + place for place in kept], body)

    def cells(self, index: int) -> list[str]:
        """A row as it came."""
        return [column.texts[column.index[index]] for column in self.body]

    def __len__(self) -> int:
        return len(self.numbers)

    def __contains__(self, code: str) -> bool:
        return code in self.mapping

    def read(self, done: Callable[[int], None] = lambda rows: None) -> None:
        """Give every mapped cell its meaning; faults are gathered, never raised. ``done`` hears how far it has come."""
        for place, (code, at) in enumerate(self.mapping.items(), start=1):
            if at < len(self.body):
                column = self.body[at]
            else:
                column = Column([""], [0] * len(self))
            read = Reader(self.importer.by_code[code]).read
            found = [read(text) for text in column.texts]
            self.values[code] = list(map([one[0] for one in found].__getitem__, column.index))
            self.texts[code] = list(map([one[1] for one in found].__getitem__, column.index))
            sentences = {place: one[2] for place, one in enumerate(found) if one[2]}
            if sentences:
                for index, which in enumerate(column.index):
                    if which in sentences:
                        self.wrong(index, code, sentences[which])
            if place % 8 == 0 or place == len(self.mapping):
                done(len(self) * place // len(self.mapping))

    def column(self, code: str) -> list[Any]:
        """Values of a column; nothing for every row when the file lacks it."""
        return self.values.get(code) or [None] * len(self)

    def wrong(self, index: int, column: str, sentence: str) -> None:
        from khet.kits.register.bases.imports import Fault  # noqa: PLC0415  imports stand on tables

        self.faults.setdefault(index, []).append(Fault(column, sentence))

    def look(self, index: int, column: str, sentence: str) -> None:
        """Worth a look, does not stand in the way."""
        from khet.kits.register.bases.imports import Fault  # noqa: PLC0415

        self.faults.setdefault(index, []).append(Fault(column, sentence, stops=False))

    def is_wrong(self, index: int) -> bool:
        return any(fault.stops for fault in self.faults.get(index, ()))

    def wrong_rows(self) -> set[int]:
        return {index for index, faults in self.faults.items() if any(fault.stops for fault in faults)}

    def mark_doubles(self, codes: Iterable[str]) -> None:
        """Rows of one file that share a value which may stand once: all of them are wrong, each names the others."""
        for code in codes:
            if code not in self.values:
                continue
            texts = self.texts[code]
            filled = [text for text in texts if text]
            if len(set(filled)) == len(filled):
                continue
            seen: dict[str, list[int]] = defaultdict(list)
            for index, text in enumerate(texts):
                if text:
                    seen[text].append(index)
            column = self.importer.by_code[code]
            for twins in seen.values():
                for index in twins if len(twins) > 1 else ():
                    others = [self.numbers[twin] for twin in twins[:6] if twin != index]
                    self.wrong(index, code, double(column, self.texts[code][index], len(twins), others))

    def rows(self, start: int, end: int) -> Iterator[tuple[int, dict[str, Any]]]:
        """Index and values by code (what is empty is absent) of some rows, for imports that look at rows one by one."""
        codes = list(self.values)
        columns = [self.values[code][start:end] for code in codes]
        for index, row in enumerate(
            zip(*columns, strict=True) if columns else [()] * (end - start), start=start
        ):
            yield index, {code: value for code, value in zip(codes, row, strict=True) if value is not None}
