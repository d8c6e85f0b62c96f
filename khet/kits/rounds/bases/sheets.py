"""Sheets of a round: what a unit confirms, how it is counted, and the tables that closing freezes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import pgettext_lazy

from khet.base.lib.registry import Registry
from khet.kits.rounds.bases.checks import Query, Scope
from khet.kits.rounds.choices import SheetKind

CENSUS_TYPES = ("text", "int", "decimal", "float", "date", "bool")
"""``decimal`` is numeric(18, 4), ``float`` for positions on the earth."""

_COUNTED = pgettext_lazy("counted", "รายการ")

TOTAL_COLUMNS = ("unit_id", "position", "label", "n")
STATE_COLUMNS = ("unit_id", "row_key", "label", "digest")


@dataclass(frozen=True)
class CensusTable:
    """A table frozen when a round closes: ``<code>.parquet``.

    ``columns``: (name, type) in order, a type of ``CENSUS_TYPES``; the SELECT gives them under these names, ordered
    by a key, so that the same data makes the same bytes. No name of a person, no id: a row says which unit, and what
    is counted. ``total``: the integer column whose sum stands in the manifest; None counts rows.
    """

    code: str
    title: Any
    columns: Sequence[tuple[str, str]]
    select: Callable[[Scope], Query]
    total: str | None = None

    def __post_init__(self) -> None:
        names = [name for name, _type in self.columns]
        wrong = [kind for _name, kind in self.columns if kind not in CENSUS_TYPES]
        if wrong or len(set(names)) != len(names) or (self.total and self.total not in names):
            raise ValueError(f"{self.code}: columns {self.columns} do not fit")


@dataclass(frozen=True)
class Question:
    """One question of a FORM sheet as a module ships it; the office may write new versions as data.

    ``kind``: text, number, choice, date, file.
    """

    code: str
    label: Any
    kind: str = "text"
    required: bool = True
    help: Any = ""
    choices: Sequence[tuple[str, Any]] = ()


@dataclass(frozen=True)
class Sheet:
    """One thing a unit hands in.

    ``kind`` REGISTER: the unit confirms what its register (``record``, code in ``records.py``) holds on the day of the
    round. FORM: it answers ``questions``. FILE: it hands in a file. ``yearly``: belongs to the yearly round instead of each one.
    ``totals(scope)``: one SELECT ``unit_id, position int, label text, n bigint``; position 0 is the whole, shown last and
    named on the button («รับรอง 222 คน», with ``counter``). ``state(scope)``: one SELECT ``unit_id, row_key text,
    label text, digest text``: every row that is confirmed, its words for a list of changes, and a digest of what matters in it
    (md5 of the columns), so that a later change shows; ``row_key`` is the primary key of the record.
    ``oath``: what the head agrees to, with %(n)s and %(day)s; there is a default.
    ``enters``: capability without which one may not confirm (in the unit), besides that of the kit.
    ``sees``: capability to see single rows by name. Who lacks it reads counts and states of the sheet, but no finding about one
    of its rows (unless it is theirs to answer), no list of changes and no mark.
    """

    code: str
    title: Any
    kind: str = SheetKind.REGISTER
    record: str = ""
    yearly: bool = False
    counter: Any = _COUNTED
    totals: Callable[[Scope], Query] | None = None
    state: Callable[[Scope], Query] | None = None
    census: Sequence[CensusTable] = ()
    questions: Sequence[Question] = ()
    oath: Any = ""
    enters: str = ""
    sees: str = ""
    facets: dict[str, str] = field(default_factory=dict)


sheets: Registry[Sheet] = Registry("sheets", drawer="sheets")


references: Registry[CensusTable] = Registry("references", drawer="sheets")
"""Tables that every census holds, whatever its sheets: what its rows speak of, as it was on the day."""


def census_reference(table: CensusTable) -> CensusTable:
    """Freeze this table with every round, term or yearly, so that the rows of its sheets can be read without the register."""
    return references.add(table.code, table)


def sheet(declared: Sheet) -> Sheet:
    """Add a sheet to the closed registry, having looked whether its parts fit its kind."""
    needs = {
        SheetKind.REGISTER: ("record", "totals", "state"),
        SheetKind.FORM: ("questions",),
        SheetKind.FILE: (),
    }
    for word in needs[SheetKind(declared.kind)]:
        if not getattr(declared, word):
            raise ValueError(f"{declared.code}: a sheet of kind {declared.kind} has {word}")
    return sheets.add(declared.code, declared)
