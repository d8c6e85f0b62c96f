"""The hook through which a module above drafts an official letter to units that are late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from khet.base.lib.registry import Registry
from khet.base.org.api import Actor


@dataclass(frozen=True)
class LateUnits:
    """What the letter is about: the words of the round and the day asked for, and who is late with what (unit id → sheets)."""

    subject: str
    round_title: str
    as_at_words: str
    due_at: datetime
    missing: dict[int, list[str]]


@dataclass(frozen=True)
class LetterWriter:
    """``draft(actor, late)`` makes one letter to all of them and returns (its name in the journal, its address)."""

    code: str
    label: Any
    draft: Callable[[Actor, LateUnits], tuple[str, str]]


reminder_letters: Registry[LetterWriter] = Registry("reminder letters", drawer="reminders")


def letter_writer(declared: LetterWriter) -> LetterWriter:
    """Declare who drafts reminding letters; the first one declared is used."""
    return reminder_letters.add(declared.code, declared)
