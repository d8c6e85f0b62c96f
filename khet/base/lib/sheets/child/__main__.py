"""The child that reads one sheet: ``python -m khet.base.lib.sheets.child PATH REQUEST`` → a head and columns.

The first line is the head (or a refusal) as JSON. Then, for each column, its distinct texts as JSON and the place of each
row's text among them, in integers of 2 or 4 bytes: a sheet of a million cells has few distinct ones, and whoever reads
on need look at each once. ``parts`` of the head tells the lengths in bytes.
"""

from __future__ import annotations

import gc
import itertools
import json
import re
import sys
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson

from khet.base.lib.limited import limit_self
from khet.base.lib.sheets.child import delimited, page, workbook
from khet.base.lib.sheets.child.archive import check_archive
from khet.base.lib.sheets.child.heads import Range, compose
from khet.base.lib.sheets.child.refused import Refused

MEMORY = 1536 * 1024 * 1024
SECONDS = 60
HEAD_ROWS = 30
_NOISE = re.compile(r"[\s\u200b-\u200f\ufeff\u00ad.,:;/()\[\]\"'*_\-–]+")


def main() -> None:
    limit_self(memory=MEMORY, seconds=SECONDS)
    gc.disable()  # a million cells are looked through for circles again and again, and the process ends soon
    path, request = Path(sys.argv[1]), json.loads(sys.argv[2])
    out = sys.stdout.buffer
    try:
        lines = coded(*answer(path, request))
    except Refused as why:
        lines = [orjson.dumps({"refused": why.code, "facts": why.facts})]
    except MemoryError:
        lines = [orjson.dumps({"refused": "memory", "facts": {}})]
    except BaseException as why:
        # Panics of the reader are not Exceptions; whatever it is, the file cannot be read.
        lines = [
            orjson.dumps({"refused": "broken", "facts": {"detail": f"{type(why).__name__}: {why}"[:300]}})
        ]
    out.writelines(lines)
    out.flush()


def coded(head: dict[str, Any], rows: list[list[str]]) -> list[bytes]:
    """The answer in pieces."""
    pieces: list[bytes] = []
    parts: list[list[int]] = []
    for column in zip(*rows, strict=True):
        # A text not met before gets the next number: one look-up a cell, and none of them in Python.
        places: defaultdict[str, int] = defaultdict(itertools.count().__next__)
        numbers = list(map(places.__getitem__, column))
        index = array("H" if len(places) <= 65_536 else "I", numbers).tobytes()
        texts = orjson.dumps(list(places))
        parts.append([len(texts), len(index) // len(rows), len(index)])
        pieces += [texts, index]
    head["height"] = len(rows)
    head["blank"] = [place for place, row in enumerate(rows) if not any(row)]
    head["parts"] = parts
    return [orjson.dumps(head) + b"\n", *pieces]


def answer(path: Path, request: dict[str, Any]) -> tuple[dict[str, Any], list[list[str]]]:
    with path.open("rb") as file:
        kind = kind_of(file.read(8192), path, file)
        demand_name(kind, request["name"])
        if kind == "csv":
            file.seek(0)
            rows, encoding = delimited.rows_of(file.read())
            return table(rows, request["known"], encoding=encoding)
        if kind == "html":
            file.seek(0)
            return of_page(file.read(), request["known"])
        notes: dict[str, int] = {}
        if kind in ("xlsx", "ods"):
            looked = workbook.look_over(check_archive(file))
            if looked.formulas:
                notes["formulas"] = looked.formulas
    book = workbook.open_workbook(str(path))
    names = workbook.visible_sheets(book)
    if not names:
        raise Refused("empty")
    wanted = request.get("sheet")
    if wanted and wanted not in names:
        raise Refused("sheet", name=wanted, names=names[:20])
    chosen = wanted or (names[0] if len(names) == 1 else best_sheet(book, names, request["known"]))
    sheet, rows_iter = workbook.sheet_rows(book, chosen)
    merged = list(sheet.merged_cell_ranges or []) if kind in ("xlsx", "xls") else []
    notes["merged"] = len(merged)
    return table(
        list(rows_iter), request["known"], sheet_name=chosen, sheet_names=names, notes=notes, merged=merged
    )


def of_page(data: bytes, known: list[str]) -> tuple[dict[str, Any], list[list[str]]]:
    """The table of a web page that has the most known heads near its top; of equals, the longest."""
    found, encoding = page.tables_of(data)
    if not found:
        raise Refused("html")
    keys = frozenset(map(plain, known))
    best = max(
        found,
        key=lambda one: (
            max((head_score(row, keys) for row in one.rows[:HEAD_ROWS]), default=0),
            len(one.rows),
        ),
    )
    return table(best.rows, known, encoding=encoding, notes={"merged": len(best.merged)}, merged=best.merged)


def kind_of(start: bytes, path: Path, file: Any) -> str:
    """The kind by structure, never by name."""
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        archive = check_archive(file)
        names = set(archive.namelist())
        if "xl/workbook.bin" in names:
            raise Refused("xlsb")
        if "xl/workbook.xml" in names:
            return "xlsx"
        said = (
            archive.read("mimetype")
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200
            else b""
        )
        if said.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return "ods"
        raise Refused("word" if "word/document.xml" in names else "zip")
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        data = path.read_bytes()
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused("encrypted")
        if "_VBA_PROJECT".encode("utf-16-le") in data:
            raise Refused("macros")
        if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
            return "xls"
        raise Refused("word")
    if start.startswith((b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")):
        raise Refused("old")
    text = start.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip()[:600].lower()
    if text.startswith(b"<?xml") and b"schemas-microsoft-com:office:spreadsheet" in text:
        raise Refused("xml")
    if re.match(rb"<(!doctype html|html|head|meta|table|style|body|div)\b", text):
        return "html"
    if text.startswith((b"%pdf-", b"\x89png", b"\xff\xd8\xff", b"gif8", b"rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise Refused("other")
    if not start.strip():
        raise Refused("empty")
    return "csv"


_NAMES = {
    "xlsx": (".xlsx",),
    "xls": (".xls",),
    "ods": (".ods",),
    "csv": (".csv", ".txt", ".tsv"),
    "html": (".xls", ".html", ".htm"),
}


def demand_name(kind: str, name: str) -> None:
    suffix = Path(name).suffix.lower()
    if suffix in (".xlsm", ".xltm", ".xlam"):
        raise Refused("macros")
    if kind == "html" and suffix not in _NAMES[kind]:
        raise Refused("html")
    if suffix and suffix not in _NAMES[kind]:
        raise Refused("misnamed", suffix=suffix, kind=kind, right=_NAMES[kind][0])


def plain(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFC", text).replace("\u0e4d\u0e32", "\u0e33")).lower()


def head_score(row: Iterable[str], known: frozenset[str]) -> int:
    return len({key for cell in row if cell and (key := plain(cell)) in known})


def best_sheet(book: Any, names: list[str], known: list[str]) -> str:
    """The sheet with the most known heads near its top; else the first that holds anything."""
    keys = frozenset(map(plain, known))
    scored: list[tuple[int, int, str]] = []
    for place, name in enumerate(names[:40]):
        sheet, rows = workbook.sheet_rows(book, name)
        if not sheet.height:
            continue
        top = list(itertools.islice(rows, HEAD_ROWS))
        score = max((head_score(row, keys) for row in top), default=0)
        scored.append((-score, place, name))
        if not keys:
            break
    return min(scored)[2] if scored else names[0]


def find_head(rows: list[list[str]], known: frozenset[str]) -> int:
    """Index of the header row: most known heads; else the first row nearly as full as the fullest near the top."""
    top = rows[:HEAD_ROWS]
    scores = [head_score(row, known) for row in top]
    if scores and max(scores) >= min(2, len(known) or 2):
        return scores.index(max(scores))
    filled = [sum(1 for cell in row if cell.strip()) for row in top]
    most = max(filled, default=0)
    return next((n for n, count in enumerate(filled) if count and count >= most * 0.6), 0)


def table(
    rows: list[list[str]],
    known: list[str],
    *,
    encoding: str = "",
    sheet_name: str = "",
    sheet_names: list[str] | None = None,
    notes: dict[str, int] | None = None,
    merged: Sequence[Range] = (),
) -> tuple[dict[str, Any], list[list[str]]]:
    """Head and body, squared: every row as wide as the widest that holds something."""
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise Refused("empty")
    top, at, composed = compose(rows, find_head(rows, frozenset(map(plain, known))), merged)
    width = 0
    for row in rows[at:]:
        last = len(row)
        while last > width and not row[last - 1].strip():
            last -= 1
        width = max(width, last)
    if width * (len(rows) - at) > workbook.MOST_CELLS:
        raise Refused("cells", rows=len(rows), columns=width)
    squared = [row[:width] + [""] * (width - len(row)) if len(row) != width else row for row in rows[at:]]
    columns = [re.sub(r"\s+", " ", cell).strip() for cell in (composed or squared[0])[:width]]
    columns += [""] * (width - len(columns))
    head = {
        "columns": columns,
        "header_row": at + 1,
        "head_rows": at - top + 1,
        "encoding": encoding,
        "sheet_name": sheet_name,
        "sheet_names": sheet_names or [],
        "notes": {key: count for key, count in (notes or {}).items() if count},
    }
    return head, squared[1:]


if __name__ == "__main__":
    main()
