"""Delimited text as offices have it: UTF-8 with or without BOM, cp874 (TIS-620), UTF-16; comma, semicolon, tab."""

from __future__ import annotations

import codecs
import csv
import io
import re
from statistics import median

from khet.base.lib.sheets.child.refused import Refused

LONGEST_LINE = 1_000_000
LONGEST_CELL = 100_000
_UTF8_THAI = re.compile(rb"\xe0[\xb8\xb9][\x80-\xbf]")
_HIGH = re.compile(rb"[\x80-\xff]")
_GUARDED = re.compile("^'+[\\s\\u200b\\ufeff]*[=+\\-@\t\r\n＝＋－＠]")


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises ``Refused`` ``encoding`` with the line that cannot be read."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strict(data, name), name
    sample = data[:4096]
    if b"\0" in sample:
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        # Latin letters and delimiters of UTF-16 have a zero on one side only.
        if len(data) % 2 == 0 and max(even, odd) >= 4 and min(even, odd) * 10 <= max(even, odd):
            name = "utf-16-be" if even > odd else "utf-16-le"
            return _strict(data, name), name
    if (at := data.find(b"\0")) >= 0:
        raise Refused("nul", line=data.count(b"\n", 0, at) + 1)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as why:
        high = len(_HIGH.findall(data))
        if high and len(_UTF8_THAI.findall(data)) * 3 > high / 2:
            raise Refused("encoding", line=data.count(b"\n", 0, why.start) + 1) from why
    return _strict(data, "cp874"), "cp874"


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as why:
        newline = "\n".encode("utf-16-le" if name == "utf-16" else name.removesuffix("-sig"))
        raise Refused("encoding", line=data.count(newline, 0, why.start) + 1) from why


def delimiter_of(text: str) -> str:
    """The sign that cuts the first lines most evenly; a comma when nothing does."""
    best, most = ",", 0.0
    head = text[:65_536]
    if (last := head.rfind("\n")) > 0 and len(text) > len(head):
        head = head[:last]
    for sign in (",", ";", "\t", "|"):
        widths: list[int] = []
        try:
            for row in csv.reader(io.StringIO(head, newline=""), delimiter=sign):
                if row:
                    widths.append(len(row))
                if len(widths) == 40:
                    break
        except csv.Error:
            continue
        if not widths:
            continue
        middle = median(widths)
        even = sum(width == middle for width in widths) / len(widths)
        score = (middle - 1) * (0.5 + even)
        if score > most:
            best, most = sign, score
    return best


def rows_of(data: bytes) -> tuple[list[list[str]], str]:
    """All records and the encoding. Guards that ``inert`` put before = + - @ are taken off again."""
    text, encoding = decode(data)
    start = 0
    line = 1
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > LONGEST_LINE:
            raise Refused("line", line=line, characters=end - start)
        start = end + 1
        line += 1
    said = re.match(r'^"?sep=(.)"?\r?\n', text)
    if said:
        text = text[said.end() :]
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=said[1] if said else delimiter_of(text))
    rows: list[list[str]] = []
    begun = 1
    try:
        for row in reader:
            rows.append([cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell for cell in row])
            begun = reader.line_num + 1
    except csv.Error as why:
        raise Refused("cell", line=begun) from why
    return rows, encoding
