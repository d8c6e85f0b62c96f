"""Editions with what was made of them, as a reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _t

from khet.base.org.api import Actor, visible
from khet.kits.files.api import Attachment, attachments_of
from khet.kits.rounds.api import censuses
from khet.outlets.books.choices import Kind, MadeState
from khet.outlets.books.models import Edition, Made
from khet.outlets.statistics.api import past_print


class MadeFrom(NamedTuple):
    """What a file is made from: the edition's choices and texts, its censuses, and the figures of the years before khet."""

    source: str
    census_sha256: list[str]
    past: str

    @classmethod
    def of(cls, edition: Edition) -> MadeFrom:
        return cls(edition.source, sha256_of(edition), past_print(edition.school_year))


@dataclass(frozen=True)
class Shelf:
    """One kind of file of an edition: what is being made or failed last, and the newest that is done."""

    kind: Kind
    newest: Made | None
    done: Made | None
    file: Attachment | None
    old: tuple[str, ...] = ()
    """Why what is done is older than what would be made now, in words; empty where it is not, and where nobody asked."""

    @property
    def is_busy(self) -> bool:
        return self.newest is not None and self.newest.is_busy

    @property
    def problem(self) -> str:
        return (
            self.newest.problem if self.newest is not None and self.newest.state == MadeState.FAILED else ""
        )


def editions(actor: Actor) -> list[Edition]:
    """Every edition the reader may see, newest year first."""
    return list(visible(actor, Edition.objects.all()))


def shelves(edition: Edition, *, only_done: bool = False) -> list[Shelf]:
    """Each kind with its newest file; ``only_done``, for readers, leaves out what has none and does not ask whether it is old."""
    rows = list(edition.made.select_related("asked_by").order_by("kind", "-pk"))
    return _shelves(edition, rows, only_done)


def _shelves(edition: Edition, rows: Iterable[Made], only_done: bool) -> list[Shelf]:
    newest: dict[str, Made] = {}
    done: dict[str, Made] = {}
    for row in rows:
        newest.setdefault(row.kind, row)
        if row.state == MadeState.DONE:
            done.setdefault(row.kind, row)
    held = files_of(done.values())
    now = None if only_done else MadeFrom.of(edition)
    found = []
    for kind in Kind:
        one = done.get(kind)
        if only_done and one is None:
            continue
        old = _changed(one, now) if one is not None and now is not None else ()
        found.append(Shelf(kind, newest.get(kind), one, held.get(one.pk) if one else None, old))
    return found


def _changed(made: Made, now: MadeFrom) -> tuple[str, ...]:
    """What has changed since a file was made."""
    return tuple(
        words
        for is_other, words in (
            (made.source != now.source, _t("เล่มนี้แก้ไขหลังทำไฟล์")),
            (made.census_sha256 != now.census_sha256, _t("ข้อมูลที่ใช้ปิดใหม่หลังทำไฟล์")),
            (bool(made.past) and made.past != now.past, _t("ตัวเลขก่อนใช้ระบบเปลี่ยนหลังทำไฟล์")),
        )
        if is_other
    )


def files_of(made: Iterable[Made]) -> dict[int, Attachment]:
    """The file of each row that has one."""
    rows = list(made)
    return (
        {pk: files[0] for pk, files in attachments_of(Made, [row.pk for row in rows]).items() if files}
        if rows
        else {}
    )


def sha256_of(edition: Edition) -> list[str]:
    """The manifests of the edition's censuses, in its order."""
    known = {one.pk: one.sha256 for one in censuses(edition.school_year)}
    return [known[pk] for pk in edition.census_ids if pk in known]


def years_to_begin() -> list[tuple[int, str]]:
    """School years with a closed round and no edition yet, with words for a choice."""
    begun = set(Edition.objects.values_list("school_year", flat=True))
    found: dict[int, list[str]] = {}
    for one in censuses():
        if one.round.school_year not in begun:
            found.setdefault(one.round.school_year, []).append(one.round.short)
    return [
        (year, _t("%(year)d (รอบ %(rounds)s)") % {"year": year, "rounds": ", ".join(reversed(rounds))})
        for year, rounds in sorted(found.items(), reverse=True)
    ]


def census_choices(edition: Edition) -> list[tuple[int, Any]]:
    """Closed rounds of the edition's year with words."""
    return [(one.pk, one.round.title) for one in censuses(edition.school_year)]
