"""Working time: deadlines in working days, and how long a step was held.

A working day is 08.30–16.30 of Monday to Friday that is not a holiday of the office.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from khet.base.lib.thai.calendar import add_working_days
from khet.base.org.api import Holiday

OPENS = time(8, 30)
CLOSES = time(16, 30)
HOURS = 8


def holidays() -> frozenset[date]:
    """The office's days off, in one query."""
    return frozenset(Holiday.objects.values_list("day", flat=True))


def at_close(day: date) -> datetime:
    """The end of the office's day, Bangkok time."""
    return timezone.make_aware(datetime.combine(day, CLOSES))


def at_end(day: date) -> datetime:
    """The last second of the day, Bangkok time."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def due_after(moment: datetime, days: int, off: Container[date] | None = None) -> datetime:
    """The close of the office ``days`` working days after ``moment``."""
    return at_close(add_working_days(timezone.localdate(moment), days, holidays() if off is None else off))


def working_days_held(start: datetime, end: datetime, off: Container[date] | None = None) -> Decimal:
    """Working time between two moments, in days of eight hours, to the thousandth."""
    if end <= start:
        return Decimal(0)
    off = holidays() if off is None else off
    start, end = timezone.localtime(start), timezone.localtime(end)
    seconds = 0.0
    day = start.date()
    while day <= end.date():
        if day.weekday() < 5 and day not in off:
            opens = timezone.make_aware(datetime.combine(day, OPENS))
            closes = timezone.make_aware(datetime.combine(day, CLOSES))
            seconds += max(0.0, (min(end, closes) - max(start, opens)).total_seconds())
        day += timedelta(days=1)
    return Decimal(str(round(seconds / 3600 / HOURS, 3)))
