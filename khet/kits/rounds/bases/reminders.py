"""The hook through which a module above drafts an official letter to units that are late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from khet.base.lib.registry import Registry
from khet.base.org.api import Actor


@dataclass(frozen=True)
class LateUnits:
    """What the letter is about: the words of the round and the day asked for, and who is late with what (unit id → sheets).

    ``days_late``: unit id → whole days since the hour due, or since the end of an excuse; 0 while there is time.
    ``key`` names this press, so that the same press makes one letter (at most 32 characters).
    """

    subject: str
    round_title: str
    as_at_words: str
    due_at: datetime
    missing: dict[int, list[str]]
    days_late: dict[int, int] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True)
class LetterWriter:
    """``draft(actor, late)`` makes one letter to all of them and returns (its name in the journal, its address);
    ``may(actor)`` says beforehand whether it would let the actor."""

    code: str
    label: Any
    draft: Callable[[Actor, LateUnits], tuple[str, str]]
    may: Callable[[Actor], bool] = lambda actor: True


reminder_letters: Registry[LetterWriter] = Registry("reminder letters", drawer="reminders")


def letter_writer(declared: LetterWriter) -> LetterWriter:
    """Declare who drafts reminding letters; the first one declared is used."""
    return reminder_letters.add(declared.code, declared)


def writer_for(actor: Actor) -> LetterWriter | None:
    """Who would draft a reminding letter for the actor; None where nobody may or can."""
    found = next(iter(reminder_letters), None)
    return found if found is not None and found.may(actor) else None
