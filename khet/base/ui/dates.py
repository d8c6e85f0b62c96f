"""How dates, times and time left are written on a page (design: Buddhist era, 16.30 น., words for time left)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from khet.base.lib.thai import MONTHS, MONTHS_SHORT, WEEKDAYS, working_days_between
from khet.base.ui import frame

WEEKDAYS_SHORT = ["จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา."]
MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WEEKDAYS_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

NBSP = "\u00a0"


def _english() -> bool:
    return (get_language() or "th").startswith("en")


def day_of(value: date | datetime | None) -> date | None:
    """The day in Asia/Bangkok."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def short(value: date | datetime | None, *, year: bool = True) -> str:
    """23 พ.ย. 2569, or 23 พ.ย. without the year."""
    day = day_of(value)
    if day is None:
        return "–"
    month = MONTHS_EN[day.month - 1][:3] if _english() else MONTHS_SHORT[day.month - 1]
    return f"{day.day}{NBSP}{month}" + (f"{NBSP}{day.year + 543}" if year else "")


def long(value: date | datetime | None) -> str:
    """วันจันทร์ที่ 23 พฤศจิกายน 2569."""
    day = day_of(value)
    if day is None:
        return "–"
    if _english():
        return f"{WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]} {day.year + 543}"
    return f"วัน{WEEKDAYS[day.weekday()]}ที่ {day.day} {MONTHS[day.month - 1]} {day.year + 543}"


def weekday(value: date | datetime | None) -> str:
    """จันทร์."""
    day = day_of(value)
    if day is None:
        return "–"
    return WEEKDAYS_EN[day.weekday()] if _english() else WEEKDAYS[day.weekday()]


def weekday_day(value: date | datetime | None) -> str:
    """พฤ. 26 พ.ย., as lists of the coming days write it."""
    day = day_of(value)
    if day is None:
        return "–"
    name = WEEKDAYS_EN[day.weekday()][:3] if _english() else WEEKDAYS_SHORT[day.weekday()]
    return f"{name}{NBSP}{short(day, year=False)}"


def months() -> list[str]:
    """The twelve months, short."""
    return [name[:3] for name in MONTHS_EN] if _english() else list(MONTHS_SHORT)


def clock(value: datetime | None) -> str:
    """16.30 น. in Asia/Bangkok."""
    if value is None:
        return "–"
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    words = f"{local.hour:02}.{local.minute:02}"
    return words if _english() else f"{words}{NBSP}น."


def moment(value: datetime | None) -> str:
    """23 พ.ย. 2569 16.30 น."""
    return "–" if value is None else f"{short(value)} {clock(value)}"


def thousands(value: object) -> str:
    """16,938; nothing is –, minus is −."""
    if value is None or value == "":
        return "–"
    if isinstance(value, float) or (hasattr(value, "as_tuple") and value != int(value)):
        text = f"{value:,.2f}".rstrip("0").rstrip(".")
    else:
        try:
            text = f"{int(value):,}"  # type: ignore[call-overload]
        except (TypeError, ValueError):
            return str(value)
    return text.replace("-", "\u2212")


def duration(span: timedelta) -> str:
    """23 นาที · 4 ชม. · 2 วัน: how long a matter was held."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 60:
        return ngettext("%(n)s นาที", "%(n)s นาที", minutes) % {"n": minutes}
    if minutes < 24 * 60:
        hours = minutes // 60
        return ngettext("%(n)s ชม.", "%(n)s ชม.", hours) % {"n": hours}
    days = minutes // (24 * 60)
    return ngettext("%(n)s วัน", "%(n)s วัน", days) % {"n": days}


@dataclass(frozen=True)
class TimeLeft:
    """A deadline in words: the main word, the finer one under it, and its tone (late, soon, later)."""

    word: str
    detail: str
    tone: str

    def __str__(self) -> str:
        return self.word


_HOLIDAYS: tuple[float, Mapping[date, str]] = (float("-inf"), {})
_HOLIDAYS_KEPT = 60.0  # seconds; a new holiday reaches every page within a minute


def holiday_names() -> Mapping[date, str]:
    """The holidays of the office by day, asked at most once a minute: a list of 50 rows asks once."""
    global _HOLIDAYS
    asked_at, days = _HOLIDAYS
    if time.monotonic() - asked_at > _HOLIDAYS_KEPT:
        days = dict(frame.ask("holidays") or {})
        _HOLIDAYS = (time.monotonic(), days)
    return days


def holidays() -> frozenset[date]:
    """The days off, for counting working days."""
    return frozenset(holiday_names())


def forget_holidays() -> None:
    """Ask again at the next use."""
    global _HOLIDAYS
    _HOLIDAYS = (float("-inf"), {})


def time_left(due: date | datetime | None, now: datetime | None = None) -> TimeLeft | None:
    """A deadline as the design words it: เลย 2 วัน · วันนี้ 12.00 น. · เหลือ 2 ชม. 18 นาที · อีก 3 วันทำการ."""
    if due is None:
        return None
    now = timezone.localtime(now or timezone.now())
    today, day = now.date(), day_of(due)
    exact = timezone.localtime(due) if isinstance(due, datetime) and timezone.is_aware(due) else None
    if day < today:
        days = (today - day).days
        word = ngettext("เลย %(n)s วัน", "เลย %(n)s วัน", days) % {"n": days}
        return TimeLeft(word, _("กำหนด %(day)s") % {"day": short(day, year=False)}, "late")
    if day == today:
        if exact is None:
            return TimeLeft(
                _("วันนี้"), _("ก่อน %(time)s") % {"time": "16.30" if _english() else f"16.30{NBSP}น."}, "soon"
            )
        if exact <= now:
            passed = duration(now - exact)
            return TimeLeft(
                _("เลย %(span)s") % {"span": passed}, _("กำหนด %(time)s") % {"time": clock(exact)}, "late"
            )
        minutes = int((exact - now).total_seconds() // 60)
        hours, rest = divmod(minutes, 60)
        if hours and rest:
            left = _("เหลือ %(hours)s ชม. %(minutes)s นาที") % {"hours": hours, "minutes": rest}
        elif hours:
            left = _("เหลือ %(hours)s ชม.") % {"hours": hours}
        else:
            left = _("เหลือ %(minutes)s นาที") % {"minutes": rest}
        return TimeLeft(_("วันนี้ %(time)s") % {"time": clock(exact)}, left, "soon")
    left = working_days_between(today, day, holidays())
    word = ngettext("อีก %(n)s วันทำการ", "อีก %(n)s วันทำการ", left) % {"n": left}
    return TimeLeft(weekday_day(day), word, "soon" if left <= 1 else "later")
