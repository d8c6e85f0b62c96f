"""Rounds that a reader can choose: closed ones by their newest census, open ones as they stand now, older censuses by their hash."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from time import monotonic

from django.utils.translation import gettext as _t

from khet.base.lib.errors import NotFound
from khet.kits.rounds.api import Census, Round, censuses
from khet.kits.rounds.choices import RoundState
from khet.outlets.statistics.queries.figures import as_source
from khet.outlets.statistics.queries.past import Documents
from khet.outlets.statistics.sources import Source

PINNED = "~"
"""Between a round and the beginning of a hash: the address of one very census, though the round be closed anew."""


@dataclass(frozen=True)
class Period:
    """One choice. ``key`` is its part of an address: ``2569-term-1``."""

    key: str
    short: str
    title: str
    kind: str
    number: int
    school_year: int
    as_at: dt.date
    census: Census | None = None
    round: Round | None = None
    replaced: bool = False

    @property
    def is_live(self) -> bool:
        return self.census is None

    @property
    def source(self) -> Source:
        found = self.__dict__.get("_source")
        if found is None:
            found = as_source(self.census) if self.census is not None else _now(self.round)
            object.__setattr__(self, "_source", found)
        return found

    @property
    def term(self) -> int:
        """The term of the school year that the round belongs to."""
        found = self.census.round if self.census is not None else self.round
        return found.term if found is not None else 0

    @property
    def fingerprint(self) -> str:
        """The first eight digits of the census's hash, as a person reads them."""
        sha = self.census.sha256 if self.census else ""
        return f"{sha[:4]}·{sha[4:8]}" if sha else ""

    @property
    def pinned(self) -> str:
        """The part of an address that will always mean this very census."""
        return f"{self.key}{PINNED}{self.census.sha256[:8]}" if self.census else self.key

    @property
    def closed_at(self) -> dt.datetime | None:
        return self.census.made_at if self.census else None


LIVE_SECONDS = 300
_read_at: dict[int, tuple[float, Source]] = {}


def _now(round_: Round | None) -> Source:
    """The rows of an open round, read anew every five minutes a process: a page of provisional figures says from when they are."""
    assert round_ is not None
    at, found = _read_at.get(round_.pk, (0.0, None))
    if found is None or monotonic() - at > LIVE_SECONDS:
        found = as_source(round_)
        _read_at.clear()
        _read_at[round_.pk] = (monotonic(), found)
    return found


def _period(round_: Round, census: Census | None, *, replaced: bool = False) -> Period:
    return Period(
        f"{round_.school_year}-{round_.kind}-{round_.number}", round_.short, round_.title, round_.kind, round_.number,
        round_.school_year, round_.as_at, census, None if census else round_, replaced,
    )  # fmt: skip


class Periods:
    """All choices of a request, newest first: two queries."""

    def __init__(self) -> None:
        closed = [_period(one.round, one) for one in censuses()]
        known = {one.key for one in closed}
        running = [_period(one, None) for one in Round.objects.filter(state=RoundState.OPEN)]
        # An opened-again round keeps its census until it is closed anew; that one counts, the rows of today are the other choice.
        self.open = [one for one in running if one.key not in known]
        self.closed = closed
        self.all = sorted([*self.open, *closed], key=lambda one: (one.as_at, one.key), reverse=True)
        self.waiting = False
        """Whether a page asked for figures that the job has still to count."""

    @cached_property
    def known(self) -> list[Source]:
        """The censuses that an indicator may look back to."""
        return [one.source for one in self.closed]

    @cached_property
    def covered(self) -> set[int]:
        """School years of closed rounds: of these no document speaks."""
        return {one.school_year for one in self.closed}

    @cached_property
    def documents(self) -> Documents:
        """The years before khet over the area, for pages that show many figures."""
        return Documents(self.covered)

    @property
    def newest(self) -> Period | None:
        """The newest closed one; an open one where nothing has closed yet."""
        return next(iter(self.closed), None) or next(iter(self.all), None)

    def find(self, asked: str) -> Period:
        """Raises ``NotFound``. ``2569-term-1`` or, pinned, ``2569-term-1~9f2c41ab``."""
        key, _sign, sha = asked.partition(PINNED)
        found = next((one for one in self.all if one.key == key), None)
        if found is not None and sha and not (found.census and found.census.sha256.startswith(sha)):
            older = next((one for one in censuses(every=True) if one.sha256.startswith(sha)), None)
            found = _period(older.round, older, replaced=True) if older and len(sha) >= 8 else None
            if found is not None and found.key != key:
                found = None
        if found is None:
            raise NotFound(_t("ไม่พบรอบข้อมูลนี้ เลือกรอบจากรายการบนหน้าสถิติ"), code="statistics.no_round")
        return found

    def like(self, period: Period, years: int = 10) -> list[Period]:
        """The same round of the years before, oldest first, itself last."""
        same = [
            one
            for one in self.all
            if (one.kind, one.number) == (period.kind, period.number)
            and period.school_year - years < one.school_year < period.school_year
        ]
        return [*sorted(same, key=lambda one: one.school_year), period]

    def before(self, period: Period) -> Period | None:
        """What one compares with unless told otherwise: the same round of the nearest year before."""
        return next(iter(self.like(period)[-2::-1]), None)
