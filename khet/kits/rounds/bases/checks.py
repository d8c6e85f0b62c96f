"""Rules of data quality: what a module writes down about one rule, and the closed registry of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from khet.base.lib.registry import Registry
from khet.kits.rounds.choices import Level

Query = tuple[str, list[Any]]
"""One statement: SQL text with ``%s`` places, and its parameters."""


@dataclass(frozen=True)
class Scope:
    """What a check, a total or a census is about: some units (None: all), a period, and the day the data speaks of.

    ``before`` is the same of the round before, for what compares two rounds; None when there is none.
    """

    unit_ids: list[int] | None
    school_year: int
    term: int
    as_at: date
    round_id: int | None = None
    before: Scope | None = None

    def within(self, column: str) -> Query:
        """The condition that ``column`` (SQL name of a unit's id) lies in the scope: a piece of WHERE and its parameters."""
        if self.unit_ids is None:
            return "TRUE", []
        return f"{column} = ANY(%s::bigint[])", [self.unit_ids]

    def of(self, unit_ids: list[int] | None) -> Scope:
        """The same for other units."""
        return replace(self, unit_ids=unit_ids, before=self.before and self.before.of(unit_ids))


CHECK_COLUMNS = ("subject_id", "unit_id", "facts")
"""Columns that the SELECT of a check gives, by name; ``other_unit_id`` besides, where a second unit is concerned."""


@dataclass(frozen=True)
class Check:
    """One rule.

    ``sentence`` says what is wrong and what to do, with ``%(name)s`` places filled from the facts of the finding.
    ``level``: a ``Level.STOP`` finding stands in the way of confirming until the data is right; a ``Level.EXPLAIN``
    one until the data is right or somebody has written the reason. ``source``: the law, manual or decision it comes from.
    ``sheet``: code of the sheet whose confirming it guards. ``model``: code of the register (``records.py``) in which
    ``subject_id`` is found and mended; ``link(subject_id, facts)`` gives another address where the page of the subject
    is not the place. ``find(scope)`` returns one SELECT with the columns of ``CHECK_COLUMNS``, set-based, one row
    per finding: ``(subject_id, unit_id)`` once. Facts hold no full id of a person.
    ``version``: raised when the rule itself changes; a census names the versions it was checked with.
    ``settled_at(subject_id, facts)``: the address where two units settle whose the record is, when the module has such a
    page; the kit's own verdict is then refused, because it would change nothing in the record.
    ``outside``: this must also be mended in the ministry's own program (the «fix there too» list).
    """

    code: str
    title: Any
    sentence: Any
    level: str
    source: Any
    sheet: str
    model: str
    find: Callable[[Scope], Query]
    version: int = 1
    link: Callable[[int, dict[str, Any]], str] | None = None
    settled_at: Callable[[int, dict[str, Any]], str] | None = None
    outside: bool = False

    def words(self, facts: dict[str, Any]) -> str:
        """The sentence of one finding; a fact that is missing shows as a dash."""
        return str(self.sentence) % _Facts(facts)


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


checks: Registry[Check] = Registry("checks", drawer="checks")


def check(declared: Check) -> Check:
    """Add a rule to the closed registry, having looked whether its words fit together."""
    if declared.level not in Level.values:
        raise ValueError(f"{declared.code}: {declared.level!r} is no level")
    for word in ("title", "sentence", "source", "sheet", "model"):
        if not getattr(declared, word):
            raise ValueError(f"{declared.code}: {word} is empty")
    return checks.add(declared.code, declared)
