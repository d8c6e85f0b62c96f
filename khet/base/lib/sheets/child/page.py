"""Tables of a web page that was saved under the name of a spreadsheet, as older systems of the ministry hand out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from khet.base.lib.sheets.child import delimited
from khet.base.lib.sheets.child.refused import Refused
from khet.base.lib.sheets.child.workbook import MOST_CELLS

WIDEST = 1_000
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,20})", re.I)
_THAI = {"windows-874", "tis-620", "tis620", "iso-8859-11", "cp874", "874"}
_BLANKS = re.compile(r"[ \t\r\n]+")
_UNREAD = {"script", "style", "title", "head"}

Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class Found:
    """One table: its rows, and the ranges of cells that span more than one place."""

    rows: list[list[str]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)


def tables_of(data: bytes) -> tuple[list[Found], str]:
    """Every table that holds a row, in the order of the page, and the page's encoding.

    A table within a cell counts as a table of its own. Nothing is run, fetched or resolved.
    """
    text, encoding = decode(data)
    reader = _Tables()
    reader.feed(text)
    reader.close()
    reader.finish()
    return [table for table in reader.done if table.rows], encoding


def decode(data: bytes) -> tuple[str, str]:
    """By byte-order mark, by what the page says of itself if that can be read, else as text is guessed."""
    said = _CHARSET.search(data[:4096])
    if said and said[1].decode().lower() in _THAI and b"\0" not in data[:4096]:
        try:
            return data.decode("cp874"), "cp874"
        except UnicodeDecodeError:
            pass  # many pages say one thing and hold another
    return delimited.decode(data)


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.done: list[Found] = []
        self._open: list[_Open] = []
        self._unread = 0
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread += tag in ("script", "style")
        elif tag == "table":
            if len(self._open) > 20:
                raise Refused("broken")
            self._open.append(_Open())
        elif not self._open:
            return
        elif tag == "tr":
            self._open[-1].begin_row()
        elif tag in ("td", "th"):
            given = dict(attrs)
            self._cells += 1
            wide, high = _span(given.get("colspan"), WIDEST), _span(given.get("rowspan"), 10_000)
            self._cells += wide - 1
            if self._cells > MOST_CELLS:
                raise Refused("cells", rows=len(self._open[-1].table.rows), columns=wide)
            self._open[-1].begin_cell(wide, high)
        elif tag in ("br", "p", "div", "li"):
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._unread = max(0, self._unread - 1)
        elif not self._open:
            return
        elif tag == "table":
            self.done.append(self._open.pop().finish())
        elif tag == "tr":
            self._open[-1].end_row()
        elif tag in ("td", "th"):
            self._open[-1].end_cell()

    def handle_data(self, data: str) -> None:
        if self._open and not self._unread and self._open[-1].text is not None:
            self._open[-1].text.append(data)

    def finish(self) -> None:
        """A page that breaks off in the middle still gives what it has."""
        while self._open:
            self.done.append(self._open.pop().finish())


class _Open:
    """A table under way. ``hanging`` are cells of earlier rows that reach down: column → rows still to come."""

    def __init__(self) -> None:
        self.table = Found()
        self.row: list[str] | None = None
        self.text: list[str] | None = None
        self.hanging: dict[int, int] = {}
        self.span = (1, 1)

    def begin_row(self) -> None:
        self.end_row()
        self.row = []
        self._fill()

    def _fill(self) -> None:
        assert self.row is not None
        while self.hanging.get(len(self.row), 0) > 0:
            self.hanging[len(self.row)] -= 1
            self.row.append("")

    def begin_cell(self, wide: int, high: int) -> None:
        if self.row is None:
            self.begin_row()
        self.end_cell()
        self.text, self.span = [], (wide, high)

    def end_cell(self) -> None:
        if self.text is None or self.row is None:
            return
        wide, high = self.span
        at = len(self.row)
        self.row.append(_BLANKS.sub(" ", "".join(self.text)).replace("\u00a0", " ").strip())
        self.row.extend([""] * (wide - 1))
        if len(self.row) > WIDEST:
            raise Refused("cells", rows=len(self.table.rows) + 1, columns=len(self.row))
        if wide > 1 or high > 1:
            top = len(self.table.rows)
            self.table.merged.append(((top, at), (top + high - 1, at + wide - 1)))
        if high > 1:
            for column in range(at, at + wide):
                self.hanging[column] = high - 1
        self.text = None
        self._fill()

    def end_row(self) -> None:
        self.end_cell()
        if self.row is not None:
            self.table.rows.append(self.row)
        self.row = None

    def finish(self) -> Found:
        self.end_row()
        return self.table


def _span(said: str | None, most: int) -> int:
    return min(int(said), most) if said and said.strip().isdigit() and int(said) > 0 else 1
