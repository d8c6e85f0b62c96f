"""Reading a format from TOML or JSON: every fault at once, each with the place where it stands and a sentence."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.outlets.province.bases.formats import FACTS, KINDS, Codes, Column, Format, Table, Where
from khet.outlets.province.choices import Encoding, FileType, Take

LARGEST = 512 * 1024
MOST_TABLES, MOST_COLUMNS, MOST_CODES = 60, 300, 2_000
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,38}[a-z0-9]")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")
_NAME = re.compile(r"[0-9A-Za-zก-๙_][0-9A-Za-zก-๙_ .-]{0,59}")
_SOURCE = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TAKES = (Take.COLUMN, Take.SUM, Take.COUNT, Take.INDICATOR, Take.FACT, Take.FIXED, Take.RUNNING)
_MISSING = object()


class BadFormat(Refusal):
    """The file is no format; ``faults`` says where and why, all of them."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        shown = "; ".join(f"{place}: {words}" for place, words in faults[:5])
        more = _(" และอีก %(n)d แห่ง") % {"n": len(faults) - 5} if len(faults) > 5 else ""
        super().__init__(
            _("แฟ้มนี้ยังใช้เป็นรูปแบบไม่ได้ แก้แล้วอัปโหลดใหม่ %(faults)s%(more)s") % {"faults": shown, "more": more},
            code="province.bad_format",
            field="file",
        )
        self.faults = faults


def read_format(text: str, *, source: str = "") -> Format:
    """The format in a TOML or JSON text (told by the first sign). Raises ``BadFormat`` naming every fault."""
    if len(text.encode()) > LARGEST:
        raise BadFormat([(source or _("แฟ้ม"), _("ใหญ่เกิน 512 KB"))])
    try:
        data = json.loads(text) if text.lstrip("\ufeff \r\n\t").startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as why:  # both readers' errors are ValueErrors
        raise BadFormat(
            [(source or _("แฟ้ม"), _("อ่านเป็น TOML หรือ JSON ไม่ได้ (%(why)s)") % {"why": why})]
        ) from None
    if not isinstance(data, dict):
        raise BadFormat([(source or _("แฟ้ม"), _("ต้องเป็นตารางชื่อกับค่า"))])
    reader = _Reader()
    found = reader.format(data, text)
    if reader.faults:
        raise BadFormat(reader.faults)
    return found


class _Reader:
    """Takes what is there piece by piece and notes what does not fit; ``faults`` empty means the result holds."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, str]] = []

    def fault(self, place: str, words: str) -> None:
        self.faults.append((place, words))

    def known(self, data: dict[str, Any], place: str, names: Iterable[str]) -> None:
        for name in sorted(set(data) - set(names)):
            self.fault(
                f"{place}.{name}" if place else name,
                _("ไม่รู้จักชื่อนี้ ใช้ได้คือ %(names)s") % {"names": ", ".join(names)},
            )

    def text(
        self, data: dict[str, Any], name: str, place: str, *, default: Any = _MISSING, like: re.Pattern[str] | None = None,
        among: Iterable[str] = (), longest: int = 300,
    ) -> Any:  # fmt: skip
        at = f"{place}.{name}" if place else name
        value = data.get(name, default)
        if value is _MISSING:
            self.fault(at, _("ต้องมี"))
            return ""
        if value is default:
            return value
        if not isinstance(value, str) or len(value) > longest:
            self.fault(at, _("ต้องเป็นข้อความไม่เกิน %(n)d ตัวอักษร") % {"n": longest})
            return ""
        if among and value not in among:
            self.fault(
                at, _("“%(value)s” ใช้ไม่ได้ ใช้ได้คือ %(names)s") % {"value": value, "names": ", ".join(among)}
            )
            return ""
        if like is not None and not like.fullmatch(value):
            self.fault(at, _("“%(value)s” เขียนผิดแบบ") % {"value": value})
            return ""
        return value

    def flag(self, data: dict[str, Any], name: str, place: str, default: bool = False) -> bool:
        value = data.get(name, default)
        if not isinstance(value, bool):
            self.fault(f"{place}.{name}" if place else name, _("ต้องเป็น true หรือ false"))
        return value is True

    def number(self, data: dict[str, Any], name: str, place: str, default: int, most: int) -> int:
        value = data.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            self.fault(f"{place}.{name}", _("ต้องเป็นจำนวนเต็ม 0–%(most)d") % {"most": most})
            return default
        return value

    def names(self, data: dict[str, Any], name: str, place: str, like: re.Pattern[str], default: tuple[str, ...] = ()) -> tuple[str, ...]:  # fmt: skip
        value = data.get(name, list(default))
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(
            isinstance(one, str) and like.fullmatch(one) for one in value
        ):
            self.fault(f"{place}.{name}", _("ต้องเป็นรายชื่อคอลัมน์"))
            return default
        return tuple(value)

    def list_of(self, data: dict[str, Any], name: str, place: str, most: int) -> list[dict[str, Any]]:
        value = data.get(name, [])
        if (
            not isinstance(value, list)
            or not all(isinstance(one, dict) for one in value)
            or not 0 < len(value) <= most
        ):
            self.fault(f"{place}.{name}" if place else name, _("ต้องมี 1–%(most)d รายการ") % {"most": most})
            return []
        return value

    def format(self, data: dict[str, Any], text: str) -> Format:
        self.known(
            data, "", ("code", "version", "name", "about", "file", "encoding", "separator", "heads", "dates", "round", "zip", "codes", "tables"),
        )  # fmt: skip
        code_lists = data.get("codes", {})
        if not isinstance(code_lists, dict):
            self.fault("codes", _("ต้องเป็นตารางชื่อกับค่า"))
            code_lists = {}
        codes = {name: self.codes(name, one) for name, one in code_lists.items()}
        tables = tuple(
            self.table(one, f"tables[{n}]", codes)
            for n, one in enumerate(self.list_of(data, "tables", "", MOST_TABLES), start=1)
        )
        self.once((table.name.casefold() for table in tables), "tables")
        file = self.text(data, "file", "", among=FileType.values) or FileType.CSV
        encoding = self.text(data, "encoding", "", default=Encoding.UTF8.value, among=Encoding.values)
        separator = self.text(data, "separator", "", default=",", longest=1)
        if separator not in {",", ";", "|", "\t"}:
            self.fault("separator", _("ใช้ได้คือ , ; | หรือแท็บ"))
        return Format(
            code=self.text(data, "code", "", like=_CODE),
            version=self.text(data, "version", "", like=_VERSION),
            name=self.text(data, "name", "", longest=150),
            about=self.text(data, "about", "", default="", longest=2000),
            file=FileType(file), tables=tables, codes=codes, encoding=Encoding(encoding or Encoding.UTF8), separator=separator,
            heads=self.text(data, "heads", "", default="title", among=("title", "name")),
            dates=self.text(data, "dates", "", default="be", among=("be", "iso")),
            round=self.text(data, "round", "", default="", among=("", "term", "yearly")),
            zip=self.flag(data, "zip", "", True), text=text, sha256=hashlib.sha256(text.encode()).hexdigest(),
        )  # fmt: skip

    def once(self, names: Iterable[str], place: str) -> None:
        seen: set[str] = set()
        for name in names:
            if name and name in seen:
                self.fault(place, _("ชื่อ “%(name)s” ซ้ำ") % {"name": name})
            seen.add(name)

    def codes(self, name: str, data: Any) -> Codes:
        place = f"codes.{name}"
        if not isinstance(data, dict):
            self.fault(place, _("ต้องเป็นตารางชื่อกับค่า"))
            return Codes(name, "", {})
        self.known(data, place, ("title", "map", "other", "empty"))
        given = data.get("map", {})
        if (
            not isinstance(given, dict)
            or len(given) > MOST_CODES
            or not all(isinstance(v, str) for v in given.values())
        ):
            self.fault(f"{place}.map", _('ต้องเป็นคู่ ค่าของเรา = "รหัสปลายทาง" ไม่เกิน %(n)d คู่') % {"n": MOST_CODES})
            given = {}
        return Codes(
            name, self.text(data, "title", place, default=name), given, self.text(data, "other", place, default=None),
            self.text(data, "empty", place, default=None),
        )  # fmt: skip

    def table(self, data: dict[str, Any], place: str, codes: dict[str, Codes]) -> Table:
        self.known(
            data, place, ("name", "title", "rows", "by", "where", "round", "optional", "key", "columns")
        )
        name = self.text(data, "name", place, like=_NAME, longest=60)
        by = self.names(data, "by", place, _SOURCE)
        columns = tuple(
            self.column(one, f"{place}.columns[{n}]", codes, by)
            for n, one in enumerate(self.list_of(data, "columns", place, MOST_COLUMNS), start=1)
        )
        self.once((one.name.casefold() for one in columns), f"{place}.columns")
        key = self.names(data, "key", place, _NAME)
        for one in key:
            if one not in {column.name for column in columns}:
                self.fault(f"{place}.key", _("ไม่มีคอลัมน์ชื่อ “%(name)s”") % {"name": one})
        return Table(
            name=name, title=self.text(data, "title", place, default=name), rows=self.text(data, "rows", place, like=_SOURCE),
            columns=columns, by=by, where=self.where(data, place), round=self.text(data, "round", place, default="", among=("", "term", "yearly")),
            optional=self.flag(data, "optional", place), key=key,
        )  # fmt: skip

    def where(self, data: dict[str, Any], place: str) -> tuple[Where, ...]:
        given = data.get("where", {})
        if not isinstance(given, dict):
            self.fault(f"{place}.where", _("ต้องเป็นตารางชื่อกับค่า"))
            return ()
        found = []
        for column, value in given.items():
            at = f"{place}.where.{column}"
            negated = isinstance(value, dict) and set(value) == {"not"}
            values = value["not"] if negated else value
            values = values if isinstance(values, list) else [values]
            if not _SOURCE.fullmatch(column) or not all(isinstance(one, str | int | bool) for one in values):
                self.fault(at, _("เงื่อนไขต้องเป็นค่า รายการค่า หรือ { not = … }"))
                continue
            found.append(Where(column, tuple(values), negated))
        return tuple(found)

    def column(
        self, data: dict[str, Any], place: str, codes: dict[str, Codes], by: tuple[str, ...]
    ) -> Column:
        self.known(
            data, place,
            ("name", "title", *(take.value for take in _TAKES), "table", "on", "where", "type", "codes", "required", "missing", "longest", "pattern", "decimals"),
        )  # fmt: skip
        name = self.text(data, "name", place, like=_NAME, longest=60)
        said = [take for take in _TAKES if take.value in data]
        if len(said) != 1:
            self.fault(
                place,
                _("บอกที่มาของค่าอย่างเดียว: %(names)s") % {"names": ", ".join(take.value for take in _TAKES)},
            )
        take = said[0] if said else Take.FIXED
        source = self.source(data, take, place)
        table = self.text(data, "table", place, default="", like=_SOURCE)
        if take == Take.COLUMN and by and not table and source and source not in by:
            self.fault(f"{place}.column", _("ตารางนี้รวมกลุ่ม ใช้ได้เฉพาะ %(names)s") % {"names": ", ".join(by)})
        if take in (Take.SUM, Take.COUNT) and not by and not table:
            self.fault(place, _("ผลรวมใช้กับตารางที่มี by หรือบอก table อื่น"))
        counted = take in (Take.SUM, Take.COUNT)
        kind = self.text(data, "type", place, default="int" if counted else "text", among=KINDS) or "text"
        code_list = self.text(data, "codes", place, default="")
        if code_list and code_list not in codes:
            self.fault(f"{place}.codes", _("ไม่มีรายการรหัสชื่อ “%(name)s”") % {"name": code_list})
        pattern = self.text(data, "pattern", place, default="", longest=80)
        try:
            if any(sign in pattern for sign in "(*+"):  # what can run without end over a long value
                raise re.error(_("ใช้ ( * + ไม่ได้ ใช้ {1,20} แทน"))
            re.compile(pattern)
        except re.error as why:
            self.fault(f"{place}.pattern", _("แบบของค่าเขียนผิด (%(why)s)") % {"why": why})
        return Column(
            name=name, title=self.text(data, "title", place, default=name), take=take, source=source, table=table,
            on=self.names(data, "on", place, _SOURCE, ("school",)), where=self.where(data, place), kind=kind, codes=code_list,
            required=self.flag(data, "required", place), missing=self.text(data, "missing", place, default=None),
            longest=self.number(data, "longest", place, 0, 100_000), pattern=pattern,
            decimals=self.number(data, "decimals", place, 2, 6),
        )  # fmt: skip

    def source(self, data: dict[str, Any], take: Take, place: str) -> str:
        if take in (Take.COUNT, Take.RUNNING):
            if data.get(take.value) is not True and take.value in data:
                self.fault(f"{place}.{take.value}", _("ต้องเป็น true"))
            return ""
        if take == Take.FIXED:
            return self.text(data, "fixed", place, default="")
        if take == Take.FACT:
            return self.text(data, "fact", place, among=FACTS)
        return self.text(
            data,
            take.value,
            place,
            like=_SOURCE if take != Take.INDICATOR else re.compile(r"[a-z][\w.]{0,62}"),
        )
