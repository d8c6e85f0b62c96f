"""xlsx, xls and ods through calamine, after their parts were looked over."""

from __future__ import annotations

import datetime as dt
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import python_calamine as calamine

from khet.base.lib.sheets.child.refused import Refused

MOST_CELLS = 4_000_000
MOST_STRINGS = 3_000_000
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']\s*([A-Za-z]{1,3})([0-9]{1,9})\s*[\"'][^>]*?(/?)>")
# The usual way of writing them, at a tenth of the cost, whatever stands in the cell.
_USUAL = re.compile(rb"<c r=\"([A-Z]{1,3})[0-9]")
_USUAL_ROW = re.compile(rb"<row r=\"([0-9]{1,9})\"")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ENTITY = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_REPEATED = re.compile(
    rb"<table:table-(cell|row)\b[^>]*?number-(?:columns|rows)-repeated=[\"']([0-9]+)[\"'][^>]*?(/?)>"
)
_BLOCK = 1 << 20


@dataclass
class Looked:
    """What the parts told before the reader saw them."""

    formulas: int = 0
    notes: dict[str, int] = field(default_factory=dict)


def look_over(archive: zipfile.ZipFile) -> Looked:
    """Refuse entity declarations, sheets whose outermost cells span too much, too many texts, macros."""
    names = set(archive.namelist())
    if any(
        name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names
    ):
        raise Refused("macros")
    looked = Looked()
    for info in archive.infolist():
        if info.is_dir() or info.filename.lower().endswith(
            (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bin")
        ):
            continue
        _scan(archive, info, looked)
    return looked


@dataclass
class Reach:
    """The outermost cells seen; empty ones count too, which costs a fraction of telling them apart."""

    top: int = 1 << 40
    left: int = 1 << 40
    bottom: int = 0
    right: int = 0
    # Finds a cell further right than those seen, or of another spelling: in all blocks but the first there is none.
    beyond: re.Pattern[bytes] | None = None

    @property
    def cells(self) -> int:
        return (
            (self.bottom - self.top + 1) * (self.right - self.left + 1) if self.bottom and self.right else 0
        )

    def add(self, data: bytes) -> None:
        """Usual files are read by their usual spelling, other spellings cell by cell. A row number that a cell invents
        against its row is left to the child's memory limit."""
        if self.beyond is not None and self.beyond.search(data) is None and b":c " not in data:
            self.widen([int(number) for number in _USUAL_ROW.findall(data)], [])
            return None
        letters = _USUAL.findall(data)
        if len(letters) < data.count(b"<c ") + data.count(b":c ") + data.count(b"<c\t") + data.count(b"<c\n"):
            return Exactly.add(self, data)  # type: ignore[arg-type]
        self.widen(
            [int(number) for number in _USUAL_ROW.findall(data)], [_column(one) for one in set(letters)]
        )
        if self.right and self.left == 1:
            self.beyond = _beyond(self.right)
        return None

    def widen(self, rows: list[int], columns: list[int]) -> None:
        if rows:
            self.top, self.bottom = min(self.top, *rows), max(self.bottom, *rows)
        if columns:
            self.left, self.right = min(self.left, *columns), max(self.right, *columns)


class Exactly(Reach):
    """The outermost cells that hold something."""

    def add(self, data: bytes) -> None:
        full = [(int(number), letters) for letters, number, closed in _CELL.findall(data) if not closed]
        self.widen(
            [row for row, _letters in full], [_column(letters) for letters in {one for _row, one in full}]
        )
        if self.cells > MOST_CELLS:
            raise Refused("cells", rows=self.bottom, columns=self.right)


def _scan(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, looked: Looked, reach: Reach | None = None
) -> None:
    reach = reach or Reach()
    formulas = looked.formulas
    strings = 0
    rest = b""
    sheet = prefixed = False
    first = True
    try:
        with archive.open(info) as part:
            while block := part.read(_BLOCK):
                data = rest + block
                if any(mark in data for mark in _ENTITY):
                    raise Refused("entities")
                if first:
                    first = False
                    if info.filename == "[Content_Types].xml" and b"macroEnabled" in data:
                        raise Refused("macros")
                    if info.filename == "META-INF/manifest.xml" and b"encryption-data" in data:
                        raise Refused("encrypted")
                # A tag cut by the block's end is looked at with the next block.
                cut = data.rfind(b"<")
                data, rest = (data[:cut], data[cut:]) if cut > 0 else (data, b"")
                if len(rest) > _BLOCK:
                    raise Refused("broken")
                sheet = sheet or b"sheetData" in data
                if sheet:
                    prefixed = prefixed or b":sheetData" in data[:200_000]
                    if b"<f" in data or (prefixed and b":f" in data):
                        looked.formulas += len(_FORMULA.findall(data))
                    reach.add(data)
                    if reach.cells > MOST_CELLS:
                        # Empty formatted cells far away are no harm: look again, at what holds something.
                        looked.formulas = formulas
                        return _scan(archive, info, looked, Exactly())
                else:
                    strings += data.count(b"<si>") + data.count(b"<si ")
                    if strings > MOST_STRINGS:
                        raise Refused("cells", rows=strings, columns=1)
                    for kind, count, closed in _REPEATED.findall(data):
                        if not closed and int(count) > (16_384 if kind == b"cell" else 1_048_576):
                            raise Refused("cells", rows=int(count), columns=1)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as why:
        raise Refused("broken") from why
    except Exception as why:
        if type(why).__module__ == "zlib":
            raise Refused("broken") from why
        raise


@cache
def _beyond(right: int) -> re.Pattern[bytes] | None:
    """What finds a cell that is not in the first ``right`` columns, told in the usual spelling; None: too many columns."""
    if right > 26 * 27:
        return None
    first, last = divmod(right - 1, 26)
    end = bytes([65 + last])
    near = [b"[A-" + end + b"]"] if not first else [b"[A-Z]", bytes([64 + first]) + b"[A-" + end + b"]"]
    if first > 1:
        near.append(b"[A-" + bytes([63 + first]) + b"][A-Z]")
    return re.compile(b'<c(?! r="(?:' + b"|".join(near) + b")[0-9])[\\s/>]")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def text_of(value: Any) -> str:
    """A cell as a person would type it: days as วว/ดด/พ.ศ., whole numbers without a point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
            return str(int(value))
        return (
            repr(value)
            if abs(value) >= 1e15 or not math.isfinite(value) or abs(value) < 1e-4
            else f"{value:.15g}"
        )
    if isinstance(value, dt.datetime):
        day = text_of(value.date())
        return day if value.time() == dt.time() else f"{day} {value.hour:02d}.{value.minute:02d} น."
    if isinstance(value, dt.date):
        # A year of 2400 and later was typed in the Buddhist era as it stands.
        return f"{value.day:02d}/{value.month:02d}/{value.year if value.year >= 2400 else value.year + 543}"
    if isinstance(value, dt.time):
        return f"{value.hour:02d}.{value.minute:02d}"
    if isinstance(value, dt.timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}.{minutes % 60:02d}"
    return str(value)


def open_workbook(path: str) -> calamine.CalamineWorkbook:
    try:
        return calamine.load_workbook(path)
    except calamine.PasswordError as why:
        raise Refused("encrypted") from why
    except calamine.CalamineError as why:
        if "password" in str(why).lower():
            raise Refused("encrypted") from why
        raise Refused("broken") from why


def visible_sheets(book: calamine.CalamineWorkbook) -> list[str]:
    """Names of the shown worksheets, or of all when every one is hidden."""
    sheets = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
    shown = [meta.name for meta in sheets if meta.visible == calamine.SheetVisibleEnum.Visible]
    return shown or [meta.name for meta in sheets]


def sheet_rows(
    book: calamine.CalamineWorkbook, name: str
) -> tuple[calamine.CalamineSheet, Iterator[list[str]]]:
    """The sheet and its rows from row 1, column A on."""
    try:
        sheet = book.get_sheet_by_name(name)
    except calamine.CalamineError as why:
        raise Refused("encrypted" if isinstance(why, calamine.PasswordError) else "broken") from why
    if sheet.height * max(sheet.width, 1) > MOST_CELLS:
        raise Refused("cells", rows=sheet.height, columns=sheet.width)
    start = sheet.start or (0, 0)

    def rows() -> Iterator[list[str]]:
        # The reader starts at the first used cell; rows keep the numbers that Excel shows.
        for _ in range(start[0]):
            yield []
        lead = [""] * start[1]
        for row in sheet.iter_rows():
            cells = [cell if type(cell) is str else text_of(cell) for cell in row]
            yield lead + cells if lead else cells

    return sheet, rows()
