"""What a type of record shows about people: which kinds, about whom, and what lies behind a lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from khet.base.journal.api import label as journal_label
from khet.base.org.api import rule_of
from khet.base.privacy.api import WATCHED, DataKind, Subject, statement


@dataclass(frozen=True)
class Locked:
    """A value behind a lock: its words, the capability that opens it, what it says about a person."""

    label: Any
    mask: str
    what: tuple[str, ...]
    value: Callable[[Any], Any]


class Personal:
    """The part of ``Record`` that knows about personal data.

    ``reads``: the kinds of data that the page of a record shows in clear; None takes them from the model's
    ``personal_data``, without those that stand behind a lock.
    """

    model: type[models.Model]
    columns: Sequence[Any]
    panels: Sequence[Any]
    reads: Sequence[str] | None = None

    def title(self, record: models.Model) -> str:
        raise NotImplementedError

    def about(self, record: models.Model) -> tuple[str, str]:
        """Whom the record is about, as (name in the journal, words). A pupil's enrolment names the pupil."""
        return journal_label(record), self.title(record)

    def subject(self, record: models.Model) -> Subject:
        """The same with the unit; ``queryset`` should have brought what the path of the rule needs."""
        label, words = self.about(record)
        return Subject(label, words, Subject.of(record, words).unit_id)

    @property
    def unit_path(self) -> str:
        """The ORM path to the unit of a record, empty without one."""
        return rule_of(self.model).unit or ""

    def locked(self) -> Iterator[Locked]:
        """Every value behind a lock, of the panels first, each label once."""
        seen = set()
        facts = [fact for panel in self.panels for fact in panel.facts]
        for one in [*facts, *self.columns]:
            if one.mask and str(one.label) not in seen:
                seen.add(str(one.label))
                yield Locked(one.label, one.mask, self._what(one), one.value)

    def _what(self, one: Any) -> tuple[str, ...]:
        if one.what:
            return (one.what,)
        said = statement(self.model)
        kind = said.get(getattr(one, "path", "").split("__")[0])
        return (kind,) if kind else tuple(sorted(set(said.values()) & WATCHED or set(said.values())))

    @property
    def kinds_shown(self) -> list[str]:
        """The kinds of data worth recording that whoever opens a record or takes it out sees in clear."""
        if self.reads is not None:
            return sorted(set(self.reads))
        locked = {kind for one in self.locked() for kind in one.what}
        return sorted((set(statement(self.model).values()) & WATCHED) - locked)

    @property
    def kinds_exported(self) -> list[str]:
        """The kinds that make an export one of personal data: those shown, and names of people."""
        names = {DataKind.NAME.value} & set(statement(self.model).values())
        return sorted({*self.kinds_shown, *names})
