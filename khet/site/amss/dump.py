"""Reading the rows of chosen tables out of a MySQL dump (mysqldump, phpMyAdmin) without a MySQL server.

The file is walked statement by statement through a memory map, so that a text inside a value is never taken for a
statement; values are those of the dump's own quoting (``\\'``, ``''``, ``\\n``, hexadecimal, ``NULL``).
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal

MOST_BYTES = 4 * 1024**3
MOST_ROWS = 2_000_000

Row = dict[str, str]

_SPACE = re.compile(rb"(?:\s++|--[^\n]*+|#[^\n]*+|/\*(?!!).*?\*/)*+", re.S)
# One statement: anything but quotes and the semicolon, or a whole quoted text.
_STATEMENT = re.compile(
    rb"(?:[^'\"`;]++|'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'|\"[^\"\\]*+(?:(?:\\.|\"\")[^\"\\]*+)*+\"|`[^`]*+`)*+;",
    re.S,
)
_INSERT = re.compile(
    rb"(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?INTO\s+(?:`?\w+`?\.)?`?(\w+)`?\s*(?:\(([^)]*)\))?\s*VALUES\s*", re.I
)
_CREATE = re.compile(rb"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:`?\w+`?\.)?`?(\w+)`?\s*\(", re.I)
_COLUMN = re.compile(rb"^\s*`(\w+)`\s", re.M)
_VALUE = re.compile(
    rb"\s*(?:(?:_\w+\s*)?'([^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+)'|(0x[0-9A-Fa-f]+)|([^\s,()']++))\s*([,)])", re.S
)
_ESCAPE = re.compile(rb"\\(.)|''", re.S)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"0": b"", b"Z": b"", b"b": b""}
# MySQL's latin1 is windows-1252 whose five free places stand for themselves.
_LATIN1 = {bytes([n]).decode("cp1252", "ignore") or chr(n): n for n in range(256)}


def rows_of(path: Path, wanted: set[str]) -> dict[str, list[Row]]:
    """The rows of the wanted tables, each a dictionary of texts (``NULL`` is empty), by table.

    A table that the dump creates and does not fill is an empty list; one that it does not know is absent.
    Raises ``Refusal`` when the file is no dump, ends in the middle of a statement, or is larger than can be read.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Refusal(_("แฟ้มใหญ่กว่า 4 GB ส่งออกเฉพาะตารางที่ต้องใช้ แล้วลองใหม่"), code="amss.too_large")
    found: dict[str, list[Row]] = {}
    columns: dict[str, list[str]] = {}
    raw: dict[str, list[list[bytes]]] = {}
    total = 0
    for statement in _statements(path):
        created = _CREATE.match(statement)
        if created:
            table = created[1].decode().lower()
            if table in wanted:
                columns[table] = [name.decode().lower() for name in _COLUMN.findall(statement, created.end())]
                raw.setdefault(table, [])
            continue
        insert = _INSERT.match(statement)
        if not insert or (table := insert[1].decode().lower()) not in wanted:
            continue
        if insert[2]:
            names = [name.strip(b" `\r\n\t").decode().lower() for name in insert[2].split(b",")]
            if columns.setdefault(table, names) != names:
                if raw.get(table):
                    raise Refusal(
                        _("ตาราง %(table)s ในแฟ้มมีหัวตารางหลายแบบ ส่งออกใหม่เป็นแบบเดียว") % {"table": table},
                        code="amss.columns",
                    )
                columns[table] = names
        if table not in columns:
            raise Refusal(
                _("แฟ้มไม่บอกชื่อคอลัมน์ของตาราง %(table)s ส่งออกพร้อมโครงสร้างตาราง") % {"table": table},
                code="amss.columns",
            )
        many = raw.setdefault(table, [])
        before = len(many)
        many.extend(_tuples(statement, insert.end(), table, len(columns[table])))
        total += len(many) - before
        if total > MOST_ROWS:
            raise Refusal(_("แฟ้มมีมากกว่า 2,000,000 แถว ส่งออกเฉพาะตารางที่ต้องใช้"), code="amss.too_many")
    if not raw:
        raise Refusal(
            _("ไม่พบตารางของ AMSS++ ในแฟ้มนี้ ต้องเป็นแฟ้ม .sql ที่ส่งออกจาก phpMyAdmin หรือ mysqldump"),
            code="amss.no_dump",
        )
    decode = _decoder(raw)
    for table, many in raw.items():
        found[table] = [
            dict(zip(columns[table], map(decode, values), strict=True)) for values in many
        ]  # fmt: skip
    return found


def _statements(path: Path) -> Iterator[bytes]:
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        at = 3 if content[:3] == b"\xef\xbb\xbf" else 0
        while True:
            at = _SPACE.match(content, at).end()  # type: ignore[union-attr]
            if at >= len(content):
                return
            statement = _STATEMENT.match(content, at)
            if statement is None:
                raise Refusal(
                    _("แฟ้มขาดกลางคัน คำสั่งสุดท้ายไม่จบ (ไบต์ที่ %(at)d) คัดลอกหรือส่งออกแฟ้มใหม่") % {"at": at},
                    code="amss.cut",
                )
            yield statement[0]
            at = statement.end()


def _tuples(statement: bytes, at: int, table: str, width: int) -> Iterator[list[bytes]]:
    """The tuples of one INSERT; each must have as many values as the table has columns."""
    while True:
        at = _SPACE.match(statement, at).end()  # type: ignore[union-attr]
        if statement[at : at + 1] in (b";", b""):
            return
        if statement[at : at + 1] == b",":
            at += 1
            continue
        if statement[at : at + 1] != b"(":
            # ``ON DUPLICATE KEY …`` after the values.
            return
        at += 1
        values: list[bytes] = []
        while True:
            value = _VALUE.match(statement, at)
            if value is None:
                raise Refusal(
                    _("อ่านแถวของตาราง %(table)s ไม่ได้ ส่งออกแฟ้มใหม่เป็น SQL ธรรมดา") % {"table": table},
                    code="amss.row",
                )
            quoted, digits, bare, end = value.groups()
            if quoted is not None:
                values.append(_ESCAPE.sub(_plain, quoted) if b"\\" in quoted or b"''" in quoted else quoted)
            elif digits is not None:
                values.append(bytes.fromhex(digits[2:].decode()) if len(digits) % 2 == 0 else b"")
            else:
                values.append(b"" if bare.upper() == b"NULL" else bare)
            at = value.end()
            if end == b")":
                break
        if len(values) != width:
            raise Refusal(
                _("แถวหนึ่งของตาราง %(table)s มี %(n)d ค่า แต่ตารางมี %(width)d คอลัมน์ ส่งออกแฟ้มใหม่")
                % {"table": table, "n": len(values), "width": width},
                code="amss.row",
            )
        yield values


def _plain(found: re.Match[bytes]) -> bytes:
    return b"'" if found[1] is None else _ESCAPED.get(found[1], found[1])


def _decoder(raw: dict[str, list[list[bytes]]]):  # type: ignore[no-untyped-def]
    """How this dump's bytes become text: UTF-8; UTF-8 that MySQL took for latin1 and encoded again; else windows-874."""
    sample = b" ".join(
        value for many in raw.values() for values in many[:2000] for value in values if any(b > 127 for b in value)
    )  # fmt: skip
    try:
        text = sample.decode("utf-8")
    except UnicodeDecodeError:
        return lambda value: value.decode("cp874", "replace").replace("\x00", "").strip()
    twice = text.count("à¸") + text.count("à¹")
    if twice * 3 > sum(1 for letter in text if letter > "\x7f") / 3 and not re.search("[ก-๛]", text):
        return lambda value: _undone(value.decode("utf-8", "replace")).replace("\x00", "").strip()
    return lambda value: value.decode("utf-8", "replace").replace("\x00", "").strip()


def _undone(text: str) -> str:
    """Text encoded twice, put right; a text that was not stays."""
    try:
        return bytes(_LATIN1[letter] for letter in text).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return text
