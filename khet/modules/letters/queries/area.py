"""What the director sees of the schools in one glance: answers due, urgent letters nobody has opened yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from khet.base.org.api import Unit
from khet.modules.letters.choices import LetterState, Secrecy, Speed
from khet.modules.letters.models import Letter

AHEAD = 3  # days before an answer falls due that it is shown
ASKED_WITHIN = 90  # days: a letter that asks for an answer is sent at most so long before the answer is due
URGENT_WITHIN = 14  # days an urgent letter is watched after it was sent
SHOWN = 3

_STANDS = Q(
    receipts__via__isnull=True, receipts__recalled_at__isnull=True, receipts__returned_at__isnull=True
)


@dataclass(frozen=True)
class Progress:
    """One letter on its way: of ``total`` receivers ``done`` have answered (or opened) it."""

    letter: Letter
    done: int
    total: int
    due: date | None

    @property
    def left(self) -> int:
        return self.total - self.done


def _sent(unit: Unit, days: int):
    return Letter.objects.filter(
        issuer=unit,
        state=LetterState.SENT,
        sent_at__gte=timezone.now() - timedelta(days=days),
        secrecy=Secrecy.OPEN,
    ).annotate(total=Count("receipts", filter=_STANDS))


def answers_due(unit: Unit) -> list[Progress]:
    """Open letters sent in the name of ``unit`` whose answers fall due today or within three days, soonest first. One query."""
    today = timezone.localdate()
    answered = Q(receipts__answered_at__isnull=False) | Q(receipts__excused_at__isnull=False)
    found = (
        _sent(unit, ASKED_WITHIN)
        .filter(answer_by__gte=today, answer_by__lte=today + timedelta(days=AHEAD))
        .annotate(done=Count("receipts", filter=_STANDS & answered))
        .filter(total__gt=0)
        .order_by("answer_by", "pk")[:SHOWN]
    )
    return [Progress(letter, letter.done, letter.total, letter.answer_by) for letter in found]


def urgent_unopened(unit: Unit) -> list[Progress]:
    """Most urgent letters sent in the name of ``unit`` these two weeks that somebody has not opened, most of them first. One query."""
    found = (
        _sent(unit, URGENT_WITHIN)
        .filter(speed=Speed.MOST_URGENT)
        .annotate(unopened=Count("receipts", filter=_STANDS & Q(receipts__opened_at__isnull=True)))
        .filter(unopened__gt=0)
        .order_by("-unopened", "pk")[:SHOWN]
    )
    return [
        Progress(letter, letter.total - letter.unopened, letter.total, letter.answer_by) for letter in found
    ]
