"""What the schools do with what came, many at once: opened, registered, answered, in the order of their moments.

A demo office has a thousand such acts. One by one through the verbs they were most of the time that a first
``make run`` takes; here they are gathered and written together, set-based, with the rows, the numbers and the
journal that the verbs would have left, each at its moment. Nobody is told: answers lie in the past. A sample of
every kind still goes through the verbs (``circulars.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from khet.base.journal.api import Draft, append
from khet.base.org.api import Unit
from khet.base.org.verbs import verbs
from khet.kits.files.api import Attachment, attachments, copy_to
from khet.kits.search.api import index
from khet.modules.letters.choices import LetterKind, LetterState, Origin, RegisterKind
from khet.modules.letters.models import BUDDHIST, Bureau, Entry, Letter, Receipt
from khet.modules.letters.numbers import written
from khet.modules.letters.papers import keep
from khet.modules.letters.seeds.papers import named

if TYPE_CHECKING:
    from khet.modules.letters.seeds.story import Story

_TAKE = """
    INSERT INTO letters_register (unit_id, kind, is_secret, year, last_number)
    SELECT unit_id, %s, false, year, count FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS wanted (unit_id, year, count)
    ON CONFLICT ON CONSTRAINT letters_register_once
    DO UPDATE SET last_number = letters_register.last_number + EXCLUDED.last_number
    RETURNING unit_id, year, id, last_number
"""
_OPENED = """
    UPDATE letters_receipt AS receipt SET opened_at = coalesce(opened_at, made.at)
      FROM unnest(%s::bigint[], %s::timestamptz[]) AS made (id, at) WHERE receipt.id = made.id
"""
_REGISTERED = """
    UPDATE letters_receipt AS receipt
       SET opened_at = coalesce(opened_at, made.at), registered_at = made.at, entry_id = made.entry_id
      FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[]) AS made (id, at, entry_id) WHERE receipt.id = made.id
"""
_ANSWERED = """
    UPDATE letters_receipt AS receipt
       SET opened_at = coalesce(opened_at, made.at), answered_at = made.at, answer_id = made.answer_id
      FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::bigint[]) AS made (letter_id, unit_id, at, answer_id)
     WHERE receipt.letter_id = made.letter_id AND receipt.unit_id = made.unit_id
"""
_MADE = """
    UPDATE letters_letter SET created_at = sent_at, updated_at = sent_at WHERE id = ANY(%s)
"""


@dataclass(frozen=True)
class Act:
    """One act of one school at its moment; ``receipt`` is None for an answer."""

    at: datetime
    school: Unit
    letter: Letter
    receipt: int | None = None


class Crowd:
    """Acts gathered until somebody has to see what they made."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.opened: list[Act] = []
        self.registered: list[Act] = []
        self.answered: list[Act] = []
        self.scans: list[Attachment] = []

    def settle(self, until: datetime) -> None:
        """Write what has happened by ``until``."""
        opened = _due(self.opened, until)
        registered = _due(self.registered, until)
        answered = _due(self.answered, until)
        drafts: list[Draft] = []
        if opened:
            _run(_OPENED, [act.receipt for act in opened], [act.at for act in opened])
            drafts += [self._draft("letters.open", act, act.letter) for act in opened]
        if registered:
            rows = self._numbered(RegisterKind.RECEIVE, registered, [act.letter for act in registered])
            _run(
                _REGISTERED,
                [act.receipt for act in registered],
                [act.at for act in registered],
                [row.pk for row in rows],
            )
            drafts += [self._draft("letters.register", act, act.letter) for act in registered]
        if answered:
            drafts += self._answer(answered)
        append(sorted(drafts, key=lambda draft: draft.at or until), at=until)

    def _numbered(self, kind: str, acts: list[Act], letters: Iterable[Letter]) -> list[Entry]:
        """A row of the schools' registers for each act, numbered in the order of their moments."""
        wanted = Counter((act.school.pk, _year(act.at)) for act in acts)
        with connection.cursor() as cursor:
            cursor.execute(
                _TAKE,
                [
                    kind,
                    [unit for unit, _at in wanted],
                    [year for _unit, year in wanted],
                    list(wanted.values()),
                ],
            )
            registers = {(unit, year): (pk, last) for unit, year, pk, last in cursor.fetchall()}
        used: Counter[tuple[int, int]] = Counter()
        rows = []
        for act, letter in zip(acts, letters, strict=True):
            key = (act.school.pk, _year(act.at))
            register, last = registers[key]
            used[key] += 1
            rows.append(
                Entry(
                    register_id=register,
                    number=last - wanted[key] + used[key],
                    letter=letter,
                    taken_at=act.at,
                    taken_by=self.story.clerk(act.school).person,
                )
            )
        return rows if kind == RegisterKind.SEND else Entry.objects.bulk_create(rows, batch_size=1000)

    def _answer(self, acts: list[Act]) -> list[Draft]:
        """Schools' own letters to the office, numbered, with the scan that the first of them sent."""
        office = self.story.world.office
        bureaus = {
            bureau.unit_id: bureau for bureau in Bureau.objects.filter(unit__in=[act.school for act in acts])
        }
        letters = [
            Letter(
                origin=Origin.HERE, kind=LetterKind.EXTERNAL, state=LetterState.SENT, unit=act.school, issuer=act.school,
                from_text=act.school.name, to_text=office.name, subject=act.letter.subject, answers=act.letter,
                to_units=[office.pk], drafter_post=self.story.clerk_post(act.school),
                dated_on=timezone.localdate(act.at), signed_at=act.at, sent_at=act.at,
            )
            for act in acts
        ]  # fmt: skip
        rows = self._numbered(RegisterKind.SEND, acts, letters)
        for act, letter, row in zip(acts, letters, rows, strict=True):
            bureau = bureaus[act.school.pk]
            letter.number_text = written(bureau, letter, RegisterKind.SEND, row.number, _year(act.at))
        Letter.objects.bulk_create(letters, batch_size=1000)
        for letter, row in zip(letters, rows, strict=True):
            row.letter = letter
        Entry.objects.bulk_create(rows, batch_size=1000)
        Receipt.objects.bulk_create(
            [
                Receipt(letter=letter, unit=office, sent_at=act.at)
                for act, letter in zip(acts, letters, strict=True)
            ],
            batch_size=1000,
        )
        _run(_MADE, [letter.pk for letter in letters])
        _run(
            _ANSWERED,
            [act.letter.pk for act in acts],
            [act.school.pk for act in acts],
            [act.at for act in acts],
            [letter.pk for letter in letters],
        )
        self._scans(acts, letters)
        index(Letter, [letter.pk for letter in letters])
        return [
            self._draft("letters.send_ready", act, letter, number=letter.number_text)
            for act, letter in zip(acts, letters, strict=True)
        ]

    def _scans(self, acts: list[Act], letters: list[Letter]) -> None:
        """The scan of every answer: the same bytes, proved once."""
        if not self.scans:
            keep(
                actor=self.story.clerk(acts[0].school),
                letter=letters[0],
                paper=[named(self.story.scan, "ตอบ")],
            )
            self.scans, letters = list(attachments(letters[0])), letters[1:]
        copy_to(actor=self.story.world.actor, attachments=self.scans, owners=letters)

    def _draft(self, code: str, act: Act, letter: Letter, **facts: object) -> Draft:
        actor = self.story.clerk(act.school)
        draft = Draft(
            verb=code, sentence=str(verbs[code].label), actor_name=actor.name,
            actor_id=actor.account.pk if actor.account else None, unit_id=act.school.pk, at=act.at,
        )  # fmt: skip
        draft.on(letter, act.school)
        draft.tell(**facts)
        return draft


def _due(acts: list[Act], until: datetime) -> list[Act]:
    """Take what has happened by then off the list, in order."""
    found = sorted((act for act in acts if act.at <= until), key=lambda act: (act.at, act.school.pk))
    acts[:] = [act for act in acts if act.at > until]
    return found


def _year(moment: datetime) -> int:
    return timezone.localtime(moment).year + BUDDHIST


def _run(statement: str, *lists: list[object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(lists))
