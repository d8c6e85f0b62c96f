"""The service record as pages and papers show it: rows in the order of the form, with what became of each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from khet.base.org.api import Actor, visible
from khet.base.org.sealing import fingerprint, fingerprints
from khet.modules.staff.choices import WishState
from khet.modules.staff.models import CorrectionWish, Official, ServiceCopy, ServiceRow
from khet.modules.staff.rules import RECORD

_PURPOSE = "service copy"
_SEALED = (
    "effective_on", "movement", "words", "title", "place", "position_number", "standing", "level", "salary", "position_pay",
    "order_number", "order_on", "order_by", "signed_by", "corrects_id", "is_void", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One row as shown: ``by`` is the row that corrected it (then it is struck through), ``of`` the one it corrects."""

    row: ServiceRow
    by: ServiceRow | None
    of: ServiceRow | None

    @property
    def is_struck(self) -> bool:
        return self.by is not None


def service_lines(official: Official) -> list[Line]:
    """In the order of the form (day, then as written); a struck row stands just before the row in its place, wherever
    that row's own day is. Rows that only strike another out are not lines: they are said beside the one struck."""
    rows = list(ServiceRow.objects.filter(official=official).order_by("effective_on", "pk"))
    by_pk = {row.pk: row for row in rows}
    corrected = {row.corrects_id: row for row in rows if row.corrects_id}
    lines: list[Line] = []

    def chain(row: ServiceRow) -> None:
        if row.corrects_id:
            chain(by_pk[row.corrects_id])
        if not row.is_void:
            lines.append(Line(row, corrected.get(row.pk), by_pk.get(row.corrects_id)))

    for row in rows:
        if row.pk not in corrected:
            chain(row)
    return lines


def owner_of(actor: Actor) -> Official | None:
    """The record of the reader themselves."""
    if actor.person is None:
        return None
    return (
        Official.objects.filter(person=actor.person)
        .select_related("person", "unit", "work_unit", "position")
        .first()
    )


def is_owner(actor: Actor, official: Official) -> bool:
    return actor.person is not None and actor.person.pk == official.person_id


def wishes(actor: Actor, *, open_only: bool = False) -> QuerySet[CorrectionWish]:
    """What owners asked to have corrected, of the people whose record the reader may write; oldest first."""
    found = visible(
        actor, CorrectionWish.objects.select_related("official__person", "official__unit", "row"), RECORD
    )
    return found.filter(state=WishState.OPEN).order_by("pk") if open_only else found


def digest_of(rows: Iterable[ServiceRow]) -> str:
    """SHA-256 over everything that rows say, in the order they were written."""
    said = [
        [row.pk, *(None if (value := getattr(row, name)) is None else str(value) for name in _SEALED)]
        for row in sorted(rows, key=lambda row: row.pk)
    ]
    return sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _said(copy: ServiceCopy, digest: str) -> str:
    parts: list[Any] = [
        copy.public_id, copy.official_id, copy.kind, copy.masked_name, copy.certified_by, copy.certified_post, copy.purpose,
        copy.rows, copy.last_row, copy.made_at.isoformat(), digest,
    ]  # fmt: skip
    return json.dumps(parts, ensure_ascii=False)


def seal_of(copy: ServiceCopy) -> str:
    """The keyed hash over a copy and the rows in it."""
    return fingerprint(_said(copy, copy.digest), _PURPOSE)


@dataclass(frozen=True)
class Verdict:
    """What the public page says of an address: the copy, or none; whether it may be believed."""

    copy: ServiceCopy | None
    is_sealed: bool = False
    is_same: bool = False

    @property
    def is_genuine(self) -> bool:
        return self.copy is not None and self.is_sealed and self.is_same and self.copy.withdrawn_at is None


def verify(public_id: str) -> Verdict:
    """Look a printed copy up by its address: the seal must be ours, and the rows of that day must still say the same."""
    copy = ServiceCopy.objects.filter(public_id=public_id).first()
    if copy is None:
        return Verdict(None)
    rows = list(ServiceRow.objects.filter(official=copy.official_id, pk__lte=copy.last_row))
    return Verdict(
        copy,
        is_sealed=copy.seal in fingerprints(_said(copy, copy.digest), _PURPOSE),
        is_same=digest_of(rows) == copy.digest,
    )
