"""Writing the journal: entries are gathered while a verb runs and chained just before its commit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection, models
from django.utils import timezone

from khet.base.journal.models import Anchor, Entry

GENESIS = "0" * 64
_LOCK = 0x6B686574  # "khet": one writer at the tail of the chain


def label(subject: models.Model | None) -> str:
    """How a record is named in the journal: ``letters.letter:512``."""
    return f"{subject._meta.label_lower}:{subject.pk}" if subject is not None else ""


@dataclass
class Draft:
    """An entry being gathered by a running verb."""

    verb: str
    sentence: str
    actor_id: int | None = None
    actor_name: str = ""
    acting_for: str = ""
    unit_id: int | None = None
    subject: str = ""
    address: str | None = None
    others: list[str] = field(default_factory=list)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None  # for a past told at once; else the moment of the transaction

    def on(self, subject: models.Model, *others: models.Model) -> None:
        """Name the record the act is about, and others it touches."""
        self.subject = label(subject)
        self.others += [label(other) for other in others]

    def changed(self, name: str, before: Any, after: Any) -> None:
        self.changes[name] = [before, after]

    def tell(self, **facts: Any) -> None:
        """Add facts (counts, numbers, reasons). Never a personal secret."""
        self.facts.update(facts)


def canonical(row: dict[str, Any], previous: str) -> bytes:
    """The bytes that are hashed: sorted keys, times in UTC to the microsecond."""
    body = {name: value for name, value in row.items() if name not in {"hash", "previous"}}
    return previous.encode() + orjson.dumps(
        body, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
    )


def row_hash(row: dict[str, Any], previous: str) -> str:
    return hashlib.sha256(canonical(row, previous)).hexdigest()


def plain(value: Any) -> Any:
    """A value as JSON gives it back, so that the hash can be computed again from the stored row."""
    return orjson.loads(orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS))


def append(drafts: Iterable[Draft], at: datetime | None = None) -> None:
    """Chain and insert the drafts. Must run inside the transaction of the act, at its end.

    The tail is locked until that transaction ends, so ``seq`` has no gap and no double.
    """
    drafts = list(drafts)
    if not drafts:
        return
    moment = at or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT seq, hash FROM journal_entry ORDER BY seq DESC LIMIT 1")
        seq, previous = cursor.fetchone() or (0, GENESIS)
    rows = []
    for draft in drafts:
        seq += 1
        row = {
            "seq": seq,
            "at": draft.at or moment,
            "verb": draft.verb,
            "sentence": str(draft.sentence),
            "actor_id": draft.actor_id,
            "actor_name": draft.actor_name,
            "acting_for": draft.acting_for,
            "unit_id": draft.unit_id,
            "subject": draft.subject,
            "others": plain(draft.others),
            "changes": plain(draft.changes),
            "facts": plain(draft.facts),
            "address": draft.address,
        }
        row["previous"] = previous
        row["hash"] = previous = row_hash(row, previous)
        rows.append(Entry(**row))
    Entry.objects.bulk_create(rows, batch_size=1000)


def anchor(day: date | None = None) -> int | None:
    """Note the chain's head as the head of ``day`` (Bangkok); returns its seq, or None for an empty journal.

    A day has one head; what is already noted stays, so that nobody can note a rebuilt chain over it.
    """
    head = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    if head is None:
        return None
    Anchor.objects.get_or_create(day=day or timezone.localdate(), defaults={"seq": head[0], "hash": head[1]})
    return head[0]
