"""How files come into a register: the columns with the names real files give them, and how cells are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.calendar import parse_date
from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.ids import mask_citizen_id
from khet.base.lib.thai.words import fold, normalise
from khet.base.org.api import Actor
from khet.base.org.sealing import seal, unseal
from khet.kits.register.bases.codes import CodeList
from khet.kits.register.choices import Kind, RowState

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_INERT = re.compile(r"^'(?=[=+\-@\t\r＝＋－＠])")
_USUAL_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/(2[4-6][0-9]{2}|19[0-9]{2}|20[0-9]{2})")
_NOTHING = {"-", "–", "—", "ไม่มี", "n/a"}


class Wrong(ValueError):
    """A cell that cannot be read; the argument is the sentence for the person who mends the file."""


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row: the import column, the sentence, and whether it stops the row (``stop``) or not."""

    column: str
    sentence: str
    stops: bool = True


@dataclass
class Checked:
    """A row of a file after reading: meaning, faults, and what it would do to the register."""

    number: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    state: str = RowState.WRONG
    changes: dict[str, list[Any]] = field(default_factory=dict)
    record: models.Model | None = None

    def wrong(self, column: str, sentence: str) -> None:
        self.faults.append(Fault(column, sentence))

    def look(self, column: str, sentence: str) -> None:
        """Worth a look, does not stand in the way."""
        self.faults.append(Fault(column, sentence, stops=False))

    @property
    def is_wrong(self) -> bool:
        return any(fault.stops for fault in self.faults)


@dataclass(frozen=True)
class ImportColumn:
    """A column of a file. ``aliases`` are the headings under which real files have it; the label is one of them.

    ``length`` is the exact number of digits of a code; a ``unique`` value may stand in a file
    once (the key always); ``low`` and ``high`` bound numbers; ``choices`` maps
    the words of files to values; ``read`` replaces the reading by kind and raises ``Wrong``; ``write`` gives
    the cell of the export (default: the value). A masked column is read, and never written. ``codes`` reads by
    a list of codes. A ``sealed`` column holds numbers of people: they are kept and shown masked only. A ``rare`` one is
    of many that few files have: it is known like the others, pages fold it away, and an export has it where it says something.
    """

    code: str
    label: Any
    aliases: Sequence[str] = ()
    kind: str = Kind.TEXT
    required: bool = False
    unique: bool = False
    length: int = 0
    max_length: int = 0
    low: Decimal | int | None = None
    high: Decimal | int | None = None
    places: int = 0
    choices: Mapping[str, Any] | None = None
    read: Callable[[str], Any] | None = None
    write: Callable[[Any], Any] | None = None
    masked: bool = False
    codes: CodeList | None = None
    sealed: bool = False
    rare: bool = False

    def headings(self) -> list[str]:
        """Every heading it is known by: the label in each language, and the aliases."""
        return [*in_every_language(self.label), *self.aliases]

    def names(self) -> set[str]:
        return {heading_key(heading) for heading in self.headings()}

    def parse(self, cell: str) -> Any:
        """The meaning of a cell; None when empty. Raises ``Wrong`` with a sentence."""
        return self.parse_tidy(clean(cell))

    def parse_tidy(self, text: str) -> Any:
        """``parse`` for a text that is clean already."""
        if not text or text in _NOTHING:
            if self.required:
                raise Wrong(_("%(column)s ว่างอยู่ เติมในไฟล์ แล้วตรวจใหม่") % {"column": self.label})
            return None
        if self.read is not None:
            return self.read(text)
        if self.codes is not None:
            return self.codes.read(text)
        return getattr(self, f"_{self.kind}")(text)

    def shown(self, text: str) -> str:
        """A value's written form as it may stand in a sentence or on a page."""
        if self.sealed:
            return mask_citizen_id(text)
        if self.kind == Kind.DATE and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return f"{text[8:]}/{text[5:7]}/{int(text[:4]) + 543}"
        return self.codes.label(text) if self.codes is not None else text

    def _text(self, text: str) -> str:
        if self.max_length and len(text) > self.max_length:
            raise Wrong(
                _("%(column)sยาว %(n)d ตัวอักษร รับได้ไม่เกิน %(max)d ย่อให้สั้นลง")
                % {"column": self.label, "n": len(text), "max": self.max_length}
            )
        return text

    def _code(self, text: str) -> str:
        digits = re.sub(r"[\s\-]", "", to_arabic_digits(text))
        digits = re.sub(r"\.0$", "", digits)
        for place, letter in enumerate(digits, start=1):
            if not letter.isascii() or not letter.isdigit():
                raise Wrong(
                    _(
                        "%(column)sมีตัวอักษร %(letter)s ในหลักที่ %(place)d แก้ในไฟล์ให้เป็นตัวเลข %(length)d หลัก แล้วตรวจใหม่"
                    )
                    % {"column": self.label, "letter": letter, "place": place, "length": self.length}
                )
        if self.length and len(digits) != self.length:
            raise Wrong(
                _("%(column)sมี %(n)d หลัก ต้องมี %(length)d หลัก แก้ในไฟล์ แล้วตรวจใหม่")
                % {"column": self.label, "n": len(digits), "length": self.length}
            )
        return digits

    def _number(self, text: str) -> Decimal:
        plain = to_arabic_digits(text).replace(",", "").replace(" ", "").replace("−", "-")
        try:
            number = Decimal(plain)
        except InvalidOperation:
            raise Wrong(
                _("%(column)s “%(text)s” ไม่ใช่ตัวเลข แก้ในไฟล์ให้เป็นตัวเลข แล้วตรวจใหม่")
                % {"column": self.label, "text": text[:40]}
            ) from None
        if not number.is_finite() or abs(number) > 10**12:
            raise Wrong(
                _("%(column)s “%(text)s” มากเกินไป ตรวจจำนวนอีกครั้ง") % {"column": self.label, "text": text[:40]}
            )
        if (self.low is not None and number < self.low) or (self.high is not None and number > self.high):
            raise Wrong(
                _("%(column)s %(number)s อยู่นอกช่วง %(low)s ถึง %(high)s ตรวจกับเอกสาร")
                % {"column": self.label, "number": text[:40], "low": self.low, "high": self.high}
            )
        return number

    def _whole(self, text: str) -> int:
        number = self._number(text)
        if number != number.to_integral_value():
            raise Wrong(
                _("%(column)s %(text)s มีเศษ ต้องเป็นจำนวนเต็ม") % {"column": self.label, "text": text[:40]}
            )
        return int(number)

    def _decimal(self, text: str) -> Decimal:
        number = self._number(text)
        return number.quantize(Decimal(1).scaleb(-self.places)) if self.places else number

    def _date(self, text: str) -> date:
        if usual := _USUAL_DATE.fullmatch(text):
            year = int(usual[3])
            try:
                return date(year - 543 if year >= 2400 else year, int(usual[2]), int(usual[1]))
            except ValueError:
                pass  # the long way has the sentence
        text = re.sub(r"[ T]00[:.]00([:.]00)?$", "", text)
        try:
            return parse_date(text)
        except Refusal as why:
            raise Wrong(f"{self.label} {text[:40]}: {why.sentence}") from None

    def _choice(self, text: str) -> Any:
        known = {
            fold(said): value
            for word, value in (self.choices or {}).items()
            for said in in_every_language(word)
        }
        if fold(text) in known:
            return known[fold(text)]
        words = ", ".join(str(word) for word in list(dict.fromkeys(self.choices or {}))[:8])
        raise Wrong(
            _("ไม่รู้จัก%(column)s “%(text)s” ใช้คำใดคำหนึ่งใน %(words)s")
            % {"column": self.label, "text": text[:40], "words": words}
        )


def in_every_language(words: Any) -> list[str]:
    """A label as each language has it: a file comes from whoever made it, not from whoever brings it."""
    said = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.append(str(words))
    return said


def clean(cell: Any) -> str:
    """A cell as text: controls and direction marks removed, Thai spelled one way, our own guard stripped."""
    text = _INERT.sub("", "" if cell is None else str(cell))
    return normalise(_CONTROLS.sub("", text)).strip()


def heading_key(heading: str) -> str:
    """A heading as it is compared: folded, without spaces and punctuation."""
    return re.sub(r"[\W_]+", "", fold(clean(heading)))


class Import:
    """How a type of record takes files. Subclass: columns, key, and what to do with the good rows.

    ``tells`` are columns that say which row it is, shown beside its faults. ``prefilled`` are those that a blank sheet of ours
    comes filled with (``starters``): a row with nothing else in it counts as blank. ``apply`` and ``remove`` hand the rows to verbs of the module, set-based, inside the kit's transaction.
    """

    capability: str = ""
    columns: Sequence[ImportColumn] = ()
    key: str = ""
    heading: str = ""
    group: str = ""
    group_label: Any = ""
    examples: Sequence[str] = ()
    tells: Sequence[str] = ()
    prefilled: Sequence[str] = ()
    # False where the files are another system's and need what an export never carries: then the export has the columns of the list.
    comes_back: bool = True

    def __init__(self) -> None:
        self.by_code = {column.code: column for column in self.columns}

    def starters(self) -> Iterable[Mapping[str, Any]]:
        """Rows with which a blank sheet begins, cells by column."""
        return ()

    def occurring(self, rows: models.QuerySet[Any]) -> Collection[str]:
        """The rare columns that say something in these records."""
        return ()

    def leaving(self, rows: models.QuerySet[Any]) -> list[ImportColumn]:
        """The columns of an export of these records. Masked ones are not among them."""
        there = self.occurring(rows) if any(column.rare for column in self.columns) else ()
        return [c for c in self.columns if not c.masked and (not c.rare or c.code in there)]

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        """The records that stand under these natural keys, in a fixed number of queries."""
        raise NotImplementedError

    def values(self, record: Any) -> dict[str, Any]:
        """What the register says today, by import column."""
        raise NotImplementedError

    def editable(self, actor: Actor, found: Iterable[models.Model]) -> set[int]:
        """Primary keys of those the actor may write."""
        raise NotImplementedError

    def complete(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """Once over all rows of a file, before they are compared: fill in what a row says in several cells, such as
        a natural key of school, type and number. Values set here are kept with the row; faults may be added."""

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """Rules between cells, rows and register; set-based; add faults to the rows."""

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[dict[str, Any]],
        changed: Sequence[tuple[Any, dict[str, Any]]],
        source: str,
    ) -> list[int]:
        """Write; returns the primary keys of the new records in the order of ``new``."""
        raise NotImplementedError

    def remove(self, *, actor: Actor, records: Sequence[Any], source: str) -> None:
        """Take away records that an import made and nobody has touched or used."""
        raise NotImplementedError

    def group_counts(self, pks: Sequence[int]) -> dict[str, int]:
        """How many of these records the register holds now, by the words of ``group``."""
        raise NotImplementedError

    def group_of(self, values: Mapping[str, Any]) -> str:
        """The words under which a row is counted, as ``group_counts`` says them."""
        return str(values.get(self.group) or "") if self.group else ""

    def match(self, headings: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> dict[str, int]:
        """Which column stands where, by the names known; a heading is used once. ``rows`` are there for imports that
        know of mislabelled columns."""
        keys = [heading_key(str(heading)) for heading in headings]
        mapping: dict[str, int] = {}
        used: set[int] = set()
        for column in self.columns:
            names = column.names()
            for index, key in enumerate(keys):
                if key and index not in used and key in names:
                    mapping[column.code] = index
                    used.add(index)
                    break
        return mapping

    def missing(self, mapping: Mapping[str, int]) -> list[ImportColumn]:
        """Columns without which a file cannot be read."""
        return [c for c in self.columns if (c.required or c.code == self.key) and c.code not in mapping]

    def parse(self, code: str, value: Any) -> Any:
        """A value as stored with a row (JSON) back into its type."""
        if value is None:
            return None
        kind = self.by_code[code].kind if code in self.by_code else Kind.TEXT
        if kind == Kind.DATE:
            return date.fromisoformat(value)
        if kind == Kind.DECIMAL:
            return Decimal(value)
        return value

    def stored(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a row as they are kept: numbers of people sealed."""
        sealed = {column.code for column in self.columns if column.sealed}
        return {
            code: {"sealed": seal(value).decode()} if code in sealed and isinstance(value, str) else value
            for code, value in values.items()
        }

    def parsed(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The values again."""
        return {
            code: unseal(value["sealed"].encode())
            if isinstance(value, dict) and set(value) == {"sealed"}
            else self.parse(code, value)
            for code, value in stored.items()
        }
