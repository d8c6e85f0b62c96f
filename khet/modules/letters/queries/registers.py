"""Registers on screen: one register's rows, filtered, a page at a time by number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from khet.base.lib.errors import NotFound, Refusal
from khet.base.lib.thai import parse_date, to_arabic_digits
from khet.base.org.api import Actor, Unit, visible
from khet.base.ui.keyset import Keyset
from khet.kits.search.api import holds
from khet.modules.letters.choices import RegisterKind
from khet.modules.letters.models import Entry, Letter, Register
from khet.modules.letters.numbers import this_year
from khet.modules.letters.queries.letters import OF_THE_LETTER
from khet.modules.letters.rules import REGISTERS, registers_units


@dataclass
class Filters:
    """What the address asks for; anything unreadable is ignored, never an error page."""

    kind: str = RegisterKind.RECEIVE
    year: int = 0
    secret: bool = False
    text: str = ""
    speed: int | None = None
    status: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, query: Any) -> Filters:
        found = cls(year=this_year())
        if query.get("kind") in RegisterKind.values:
            found.kind = query["kind"]
        found.year = _number(query.get("year"), 2400, 2700) or found.year
        found.secret = query.get("secret") == "1"
        found.text = (query.get("q") or "").replace("\x00", "")[:100].strip()
        found.speed = _number(query.get("speed"), 1, 3)
        if query.get("status") in {"cancelled", "open", "unanswered"}:
            found.status = query["status"]
        found.since, found.until = _day(query.get("since")), _day(query.get("until"))
        return found

    def apply(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        if self.text:
            rows = rows.filter(self._words(rows))
        if self.speed:
            rows = rows.filter(letter__speed=self.speed)
        if self.status == "cancelled":
            rows = rows.filter(cancelled_at__isnull=False)
        elif self.status == "open":
            rows = rows.filter(cancelled_at__isnull=True, letter__state="received")
        elif self.status == "unanswered":
            rows = rows.filter(cancelled_at__isnull=True, letter__answer_by__isnull=False).exclude(
                letter__state="closed"
            )
        if self.since:
            rows = rows.filter(taken_at__date__gte=self.since)
        if self.until:
            rows = rows.filter(taken_at__date__lte=self.until)
        return rows

    def _words(self, rows: QuerySet[Entry]) -> Q:
        """Rows with the number typed, or whose letter holds the words: subject, sender, receiver, number, body, files.

        A secret subject is never found by its words, only by its number: the index does not hold it.
        """
        number = to_arabic_digits(self.text)
        # What is cancelled has left the index; a register has few such rows.
        void = rows.filter(cancelled_at__isnull=False).filter(
            Q(letter__number_text__icontains=number)
            | Q(letter__secrecy=0)
            & (
                Q(letter__subject__icontains=self.text)
                | Q(letter__from_text__icontains=self.text)
                | Q(letter__to_text__icontains=self.text)
            )
        )
        held = holds(Letter, self.text, "letter_id")
        condition = Q(pk__in=[]) if held is None else held | Q(pk__in=void.values("pk"))
        if number.isdecimal() and len(number) < 9:
            condition |= Q(number=int(number))
        return condition

    @property
    def is_narrow(self) -> bool:
        """Does anything beyond the register itself and its year narrow the rows."""
        return bool(self.text or self.speed or self.status or self.since or self.until)


def _number(text: Any, low: int, high: int) -> int | None:
    text = to_arabic_digits(text or "")
    return int(text) if text.isdecimal() and len(text) < 7 and low <= int(text) <= high else None


def _day(text: Any) -> date | None:
    try:
        return parse_date(text) if text else None
    except Refusal:
        return None


#: The newest number first.
BY_NUMBER = Keyset(["-number"])


def register_units(actor: Actor) -> QuerySet[Unit]:
    """Units with registers that the actor may read, their own first."""
    return Unit.objects.filter(pk__in=registers_units(actor), bureau__isnull=False).order_by(
        "kind", "position", "pk"
    )


def the_unit(actor: Actor, wanted: Any, *, among: Callable[[Actor], QuerySet[Unit]] = register_units) -> Unit:
    """The unit whose registers are shown: the one asked for, else the actor's own house, else the first."""
    return choose_unit(actor, list(among(actor)), wanted)


def choose_unit(actor: Actor, units: list[Unit], wanted: Any) -> Unit:
    """The same among units already read."""
    if not units:
        raise NotFound(
            "ยังไม่มีหน่วยงานที่คุณดูทะเบียนหนังสือได้ หรือหน่วยงานของคุณยังไม่ได้ตั้งค่างานสารบรรณ", code="letters.no_register"
        )
    if wanted:
        for unit in units:
            if str(unit.pk) == str(wanted):
                return unit
        raise NotFound("ไม่พบทะเบียนของหน่วยงานนี้ หรืออยู่นอกขอบเขตที่คุณดูได้", code="not_found")
    home = actor.unit
    line = list(home.ancestors) if home else []
    return max(units, key=lambda unit: line.index(unit.pk) if unit.pk in line else -1)


def entries(actor: Actor, unit: Unit, filters: Filters) -> QuerySet[Entry]:
    """Rows of one register of a unit, with all a list shows in a fixed number of queries."""
    register = Register.objects.filter(
        unit=unit, kind=filters.kind, year=filters.year, is_secret=filters.secret
    ).first()
    if register is None:
        return Entry.objects.none()
    rows = visible(actor, Entry.objects.filter(register=register), REGISTERS)
    return (
        filters.apply(rows)
        .select_related("letter", "register")
        .defer(*OF_THE_LETTER)
        .prefetch_related("receipts")
    )


def years(unit: Unit) -> list[int]:
    """Years for which the unit has registers, this year always among them."""
    found = set(Register.objects.filter(unit=unit).values_list("year", flat=True)) | {this_year()}
    return sorted(found, reverse=True)


def counts(unit: Unit, year: int) -> dict[tuple[str, bool], int]:
    """(kind, secret) → last number of the year."""
    return {
        (kind, secret): last
        for kind, secret, last in Register.objects.filter(unit=unit, year=year).values_list(
            "kind", "is_secret", "last_number"
        )
    }
