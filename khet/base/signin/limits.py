"""Limits on attempts that hold when a hundred arrive at once.

One statement counts and answers: ``INSERT … ON CONFLICT DO UPDATE … RETURNING``. The attempt is counted before
the password is looked at, so parallel guesses cannot overtake the counter. An overrun window makes the next
one twice as long, up to an hour. When the table cannot be reached, nobody gets in by password: better a
closed door than an unguarded one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.org.sealing import fingerprint

LONGEST = 3600
MEMORY = 24 * 3600  # a window overrun a day ago no longer lengthens the next one

_COUNT = """
INSERT INTO signin_counter AS c (key, count, until, strikes)
VALUES (%(key)s, 1, now() + make_interval(secs => %(window)s), 0)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN c.until > now() THEN c.count + 1 ELSE 1 END,
  strikes = CASE WHEN c.until > now() THEN c.strikes
                 WHEN c.until < now() - make_interval(secs => %(memory)s) THEN 0
                 WHEN c.count > %(limit)s THEN least(c.strikes + 1, 10)
                 ELSE 0 END,
  until = CASE WHEN c.until > now() THEN c.until
               WHEN c.count > %(limit)s AND c.until >= now() - make_interval(secs => %(memory)s)
               THEN now() + make_interval(secs => least(%(longest)s, %(window)s * power(2, least(c.strikes + 1, 10))))
               ELSE now() + make_interval(secs => %(window)s) END
RETURNING count, until
"""
_GIVE_BACK = "UPDATE signin_counter SET count = greatest(count - 1, 0) WHERE key = ANY(%s)"
_FORGET = "DELETE FROM signin_counter WHERE key = ANY(%s)"


class Limited(Refusal):
    """Too many attempts; ``until`` is when the next one is looked at."""

    status = 429


class Unguarded(Refusal):
    """The counters cannot be reached."""

    status = 503


@dataclass(frozen=True)
class Limit:
    """``attempts`` within ``window`` seconds of one name."""

    name: str
    attempts: int
    window: int


# An account from one address, an account from anywhere, an address for any account.
ACCOUNT_HERE = Limit("account+address", 5, 300)
ACCOUNT = Limit("account", 40, 3600)
ADDRESS = Limit("address", 30, 300)
FACTOR = Limit("factor", 5, 300)
FACTOR_ADDRESS = Limit("factor address", 30, 300)
RESET_ADDRESS = Limit("reset address", 10, 900)
RESET_NAME = Limit("reset name", 3, 900)
LINK_ADDRESS = Limit("link address", 20, 900)
CONFIRM = Limit("confirm", 5, 300)
PASSKEY_ADDRESS = Limit("passkey address", 30, 300)
PROVIDER_ADDRESS = Limit("provider address", 30, 300)
# Addresses of records that are not there for whoever is signed in (``misses.py``): slows nobody, tells the officer.
MISSES = Limit("misses", 30, 600)


@dataclass(frozen=True)
class Ticket:
    """Attempts that were counted, so that a success can take them back."""

    keys: tuple[str, ...]

    def give_back(self) -> None:
        """A success is no attempt at guessing: it must not use up the allowance, nor wipe out the guesses."""
        _run(_GIVE_BACK, list(self.keys))

    def forget(self) -> None:
        """Start the count afresh, for a person who has just proved who they are."""
        _run(_FORGET, list(self.keys))


def _run(statement: str, keys: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [keys])


def _count(cursor: CursorWrapper, limit: Limit, name: object) -> tuple[str, int, datetime]:
    key = fingerprint(f"{limit.name}|{name}", "limit")
    numbers = {"window": limit.window, "limit": limit.attempts, "memory": MEMORY, "longest": LONGEST}
    cursor.execute(_COUNT, numbers | {"key": key})
    return key, *cursor.fetchone()


def count(limit: Limit, name: object) -> int:
    """Count one more and say how many there were within the window; whoever asks decides what follows."""
    with connection.cursor() as cursor:
        return _count(cursor, limit, name)[1]


def take(*wanted: tuple[Limit, object]) -> Ticket:
    """Count one attempt against each (limit, name); ``Limited`` when any is used up."""
    keys: list[str] = []
    latest: datetime | None = None
    try:
        with connection.cursor() as cursor:
            for limit, name in wanted:
                key, count, until = _count(cursor, limit, name)
                keys.append(key)
                if count > limit.attempts:
                    latest = max(latest or until, until)
    except DatabaseError as fault:
        raise Unguarded(
            _("ระบบนับจำนวนครั้งไม่ได้ จึงยังไม่เปิดให้เข้าสู่ระบบ ลองอีกครั้งในอีกสักครู่ ถ้ายังไม่ได้แจ้งผู้ดูแลระบบ"),
            code="signin.unguarded",
        ) from fault
    if latest is not None:
        raise Limited(
            _("ลองถี่เกินไป รออีก %(wait)s แล้วลองใหม่") % {"wait": _wait(latest)},
            code="signin.limited",
            until=latest,
        )
    return Ticket(tuple(keys))


def _wait(until: datetime) -> str:
    seconds = max(1, int((until - timezone.now()).total_seconds()))
    if seconds < 90:
        return _("%(n)d วินาที") % {"n": seconds}
    return _("%(n)d นาที") % {"n": -(-seconds // 60)}
