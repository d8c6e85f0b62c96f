"""Imports of tens of thousands of rows: columns as lists, rows staged in the database, written by set-based SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor
from khet.kits.register.bases.imports import Import
from khet.kits.register.bases.tables import Table
from khet.kits.register.choices import RowState

EMPTIED = "\u001e"  # in a staged field, when an import is undone: this was empty before


@dataclass(frozen=True)
class Option:
    """What a file cannot say in its cells and a person is asked for, unless its name tells: the school year, the round.

    ``choices`` gives value → words at this moment; ``guess`` reads the file's name and returns a value or nothing.
    """

    code: str
    label: Any
    choices: Callable[[], Mapping[str, str]]
    guess: Callable[[str], str]


@dataclass(frozen=True)
class Standing:
    """What the register holds for a row: the record (or none yet), the record above it (a known pupil of a new
    enrolment), and a digest of everything of theirs that the file could change."""

    target: int | None
    anchor: int | None
    digest: str


@dataclass(frozen=True)
class Absent:
    """A record that should have been in the file and is not."""

    label: str
    group: str
    href: str = ""


class BulkImport(Import):
    """How a type takes large files. In place of ``load``, ``values``, ``check`` and ``apply``:

    ``examine`` adds rules and look-ups to the parsed table and may add staged fields (``table.texts``);
    ``standing`` tells in one or two statements what the register holds for all rows; ``current`` gives the written
    forms for the few that differ; ``write`` and ``unwrite`` work on the temporary table ``staged``: ``number``,
    ``state``, ``target``, ``anchor`` and every field with its type.

    ``keys`` are the staged fields by which a row finds its record. ``compared`` are the columns that the register can hold; a blank cell leaves the register as it is.
    ``sequences`` name the sequences of target and anchor: new records get their numbers when the file is checked.
    ``tally`` and ``split`` are the columns of the reconciliation's rows and columns (grade; boys and girls).
    """

    options: Sequence[Option] = ()
    keys: Sequence[str] = ()
    compared: Sequence[str] = ()
    fields: Mapping[str, str] = {}
    sequences: tuple[str, str] = ("", "")
    split: str = ""
    split_words: Mapping[str, Any] = {}
    tally: str = ""
    tally_label: Any = ""

    def examine(self, actor: Actor, table: Table) -> None:
        """Rules between cells, rows and register, set-based: ``table.wrong`` and ``table.look``."""

    def standing(
        self,
        actor: Actor,
        fields: Mapping[str, Sequence[str]],
        codes: Sequence[str],
        options: Mapping[str, Any],
        *,
        lock: bool = False,
    ) -> Mapping[int, Standing]:
        """What stands, by the index of the row in ``fields`` (the staged fields named in ``keys``); rows without
        anything are absent. The digest is ``md5`` of the written forms of ``codes`` joined by U+001F."""
        raise NotImplementedError

    def current(
        self, actor: Actor, standing: Mapping[int, Standing], codes: Sequence[str], options: Mapping[str, Any]
    ) -> Mapping[int, Sequence[str]]:
        """The written forms of ``codes`` in the register, for each of these rows."""
        raise NotImplementedError

    def write(self, *, actor: Actor, options: Mapping[str, Any], codes: Sequence[str], source: str) -> None:
        """Write every row of ``staged`` through the module's verb. ``before`` is empty where nothing stood."""
        raise NotImplementedError

    def unwrite(self, *, actor: Actor, options: Mapping[str, Any], codes: Sequence[str], source: str) -> None:
        """Take away what ``write`` made (state new), and put back what ``staged`` says; ``EMPTIED`` empties a field."""
        raise NotImplementedError

    def counted(self, batch_id: int) -> Iterable[tuple[str, str, str, int]]:
        """(group, tally, split, number) of what the register really holds of a batch's right rows."""
        raise NotImplementedError

    def absent(self, actor: Actor, table: Table) -> tuple[int, list[Absent]]:
        """How many records the file should have had, and the first few hundred of them."""
        return 0, []

    def headings_of(self, table: Table) -> list[str]:
        """The words by which each row is known to a reader."""
        return table.texts.get(self.heading) or [""] * len(table)

    def groups_of(self, table: Table) -> list[str]:
        """The words under which rows are filtered and counted."""
        return table.texts.get(self.group) or [""] * len(table)

    def expected(self, table: Table, states: Sequence[str]) -> list[list[Any]]:
        """[group, rows in the file, rows of them that are right, tally, split] for every combination there is."""
        nothing = [""] * len(table)
        tally, split = table.texts.get(self.tally) or nothing, table.texts.get(self.split) or nothing
        kinds = list(zip(self.groups_of(table), tally, split, strict=True))
        in_file = Counter(kinds)
        right = Counter(kind for kind, state in zip(kinds, states, strict=True) if state != RowState.WRONG)
        return [
            [group, count, right[group, one, two], one, two] for (group, one, two), count in in_file.items()
        ]

    def tally_order(self, names: Iterable[str]) -> list[str]:
        """The rows of the reconciliation in their order."""
        return sorted(names)

    def tally_words(self, name: str) -> str:
        return name

    def guess(self, file_name: str) -> dict[str, str]:
        """The options that the file's name tells."""
        found = {option.code: option.guess(file_name) for option in self.options}
        return {code: value for code, value in found.items() if value}

    def settle(self, given: Mapping[str, Any]) -> dict[str, str]:
        """The options as they may be. Raises ``Refusal`` naming the field that is missing or wrong."""
        settled = {}
        for option in self.options:
            value = str(given.get(option.code) or "").strip()
            choices = option.choices()
            if value not in choices:
                raise Refusal(
                    _("ยังไม่ได้บอก%(option)s เลือก %(choices)s")
                    % {
                        "option": option.label,
                        "choices": ", ".join(str(words) for words in list(choices.values())[:6]),
                    },
                    code="register.option",
                    field=option.code,
                )
            settled[option.code] = value
        return settled
