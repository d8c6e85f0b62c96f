"""Lists of codes that an office may correct: what a pupil's disadvantage is called, which money bought a desk.

A module declares a list with the values known today; the office renames, adds, retires and confirms values on a
page. What a record holds is the value, never the label.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.apps import apps
from django.core.signals import request_started
from django.db.models import Max
from django.utils.translation import gettext as _

from khet.base.lib.registry import Registry
from khet.base.lib.thai.words import fold, normalise

STALE_SECONDS = 2.0  # outside requests (jobs, commands) an edit made elsewhere is seen this soon
LONGEST_VALUE = 20


@dataclass(frozen=True)
class CodeRow:
    """One value as it stands: its words, whether new records may still take it, whether a source confirms it."""

    value: str
    label: str
    position: int = 0
    is_active: bool = True
    is_confirmed: bool = False
    source: str = ""


@dataclass
class _Known:
    """What this process last read of the table, by list and value."""

    version: int = -1
    asked_at: float = float("-inf")
    rows: dict[str, dict[str, CodeRow]] = field(default_factory=dict)


class _Store:
    """The table as this process knows it. One small question a request tells whether it is still so."""

    def __init__(self) -> None:
        self._known = _Known()
        self._generation = 0
        self._lock = Lock()

    def forget(self, **_signal: Any) -> None:
        """Ask the database again at the next use."""
        self._known.asked_at = float("-inf")

    def rows(self) -> tuple[int, dict[str, dict[str, CodeRow]]]:
        """A number that grows with every change seen, and all rows by list and value."""
        now = time.monotonic()
        with self._lock:
            if now - self._known.asked_at < STALE_SECONDS:
                return self._generation, self._known.rows
            model = apps.get_model("register", "Code")
            version = model.objects.aggregate(last=Max("version"))["last"] or 0
            if version != self._known.version:
                rows: dict[str, dict[str, CodeRow]] = {}
                for row in model.objects.order_by("list", "position", "pk"):
                    rows.setdefault(row.list, {})[row.value] = CodeRow(
                        row.value, row.label, row.position, row.is_active, row.is_confirmed, row.source
                    )
                self._known.rows, self._known.version = rows, version
                self._generation += 1
            self._known.asked_at = now
            return self._generation, self._known.rows


store = _Store()
request_started.connect(store.forget, dispatch_uid="khet.register.codes")


class CodeList(Mapping[str, str]):
    """A declared list. As a mapping it is value → label of everything known, retired values included."""

    def __init__(
        self, code: str, label: Any, declared: Sequence[CodeRow], aliases: Mapping[str, Sequence[str]]
    ) -> None:
        self.code = code
        self.title = label
        self.declared = {row.value: row for row in declared}
        self._aliases = {fold(word): value for value, words in aliases.items() for word in words}
        self._seen = -1
        self._rows: dict[str, CodeRow] = dict(self.declared)
        self._words: dict[str, str] = {}

    def rows(self) -> dict[str, CodeRow]:
        """Every value in order, as the office has it."""
        generation, found = store.rows()
        if generation != self._seen:
            rows = {**self.declared, **found.get(self.code, {})}
            self._rows = dict(sorted(rows.items(), key=lambda item: item[1].position))
            self._words = {fold(value): value for value in rows} | self._aliases
            self._words |= {fold(row.label): row.value for row in self.declared.values()}
            self._words |= {fold(row.label): row.value for row in rows.values()}
            self._seen = generation
        return self._rows

    def choices(self) -> list[tuple[str, str]]:
        """Values a new record may take, with their labels. Give the method itself to a form field."""
        return [(row.value, row.label) for row in self.rows().values() if row.is_active]

    def label(self, value: str | None) -> str:
        """The words for a value; the value itself when nobody knows it, nothing for nothing."""
        row = self.rows().get(value or "")
        return row.label if row else (value or "")

    def value_of(self, text: str) -> str | None:
        """The value that a file or a person calls ``text``: by label, by earlier label, by value or by alias."""
        self.rows()
        return self._words.get(fold(normalise(text)))

    def read(self, text: str) -> str:
        """``value_of`` for ``ImportColumn(read=…)``. Raises ``Wrong`` with the words that are known."""
        from khet.kits.register.bases.imports import Wrong  # noqa: PLC0415  imports stand above lists of codes

        value = self.value_of(text)
        if value is None:
            words = ", ".join(label for _value, label in self.choices()[:8])
            raise Wrong(
                _("ไม่รู้จัก%(list)s “%(text)s” ใช้คำใดคำหนึ่งใน %(words)s หรือให้ผู้ดูแลข้อมูลเพิ่มคำนี้ในรายการรหัส")
                % {"list": self.title, "text": text[:40], "words": words}
            )
        return value

    def __getitem__(self, value: str) -> str:
        return self.rows()[value].label

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows())

    def __len__(self) -> int:
        return len(self.rows())

    def __hash__(self) -> int:
        return hash(self.code)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __repr__(self) -> str:
        return f"<CodeList {self.code}>"


code_lists: Registry[CodeList] = Registry("code lists", drawer="choices")


def code_list(
    code: str,
    label: Any,
    values: Iterable[tuple[str, str]],
    *,
    confirmed: bool = False,
    source: str = "",
    aliases: Mapping[str, Sequence[str]] | None = None,
) -> CodeList:
    """Declare a list in an app's ``choices.py``.

    ``code`` is unique (``students.religion``); ``values`` are (value, label) in their order, a value of at most
    20 characters. ``confirmed`` says that ``source`` gives exactly these; otherwise the office is shown that they
    are to be confirmed. ``aliases`` are further words under which files know a value.
    """
    rows = [
        CodeRow(str(value), str(words), (place + 1) * 10, is_confirmed=confirmed, source=source)
        for place, (value, words) in enumerate(values)
    ]
    long = [row.value for row in rows if len(row.value) > LONGEST_VALUE or not row.value]
    if long or len({row.value for row in rows}) != len(rows):
        raise ValueError(
            f"code list {code}: values are unique and of 1 to {LONGEST_VALUE} characters: {long}"
        )
    return code_lists.add(code, CodeList(code, label, rows, aliases or {}))
