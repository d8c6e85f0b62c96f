"""Dates as the office writes them: Buddhist era shown and typed, stored as plain dates.

Three years run side by side: the calendar year (registers), the fiscal year (1 October to 30 September, named
by its September) and the school year (from 16 May, named by its May). All year numbers given back here are
Buddhist-era. "Today" is the day in Bangkok, whatever the server's clock zone is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.digits import to_arabic_digits

BANGKOK = ZoneInfo("Asia/Bangkok")
ERA = 543

MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
MONTHS_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")

_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_LONG = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_MONTH_NUMBER: dict[str, int] = {}
for _names in (MONTHS, MONTHS_SHORT, _ENGLISH, _ENGLISH_LONG):
    for _number, _name in enumerate(_names, start=1):
        _MONTH_NUMBER[_name.replace(".", "")] = _number
# Spellings met in real files.
_MONTH_NUMBER |= {"กุมพาพันธ์": 2, "กุมภาพันธ": 2, "พฤศจิกายาน": 11, "มิย": 6, "เมย": 4, "sept": 9}

_ISO = re.compile(
    r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$"
)
_NUMERIC = re.compile(r"^(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d+)$")
_COMPACT = re.compile(r"^(\d{2})(\d{2})(\d{4})$")
_WORDED = re.compile(r"^(\d{1,2})[\s\-/]*([^\d\s\-/][^\d]*?)[\s\-/]*(\d+)$")
_WEEKDAY = re.compile(r"^(?:วัน)?(" + "|".join((*WEEKDAYS, "พฤหัส")) + r")(?:\s*ที่)?\s*")
_TIME = re.compile(r"^(\d{1,2})[.:](\d{2})(?:[.:]\d{2})?\s*(?:น\.?|นาฬิกา)?$")


def now() -> dt.datetime:
    """The present moment, aware, in Bangkok."""
    return dt.datetime.now(BANGKOK)


def today() -> dt.date:
    """The calendar day in Bangkok."""
    return now().date()


def in_bangkok(value: dt.datetime) -> dt.datetime:
    """An aware moment on the clock of Bangkok; a naive one is taken to be Bangkok's already."""
    return value.replace(tzinfo=BANGKOK) if value.tzinfo is None else value.astimezone(BANGKOK)


def _day(value: dt.date | dt.datetime) -> dt.date:
    return in_bangkok(value).date() if isinstance(value, dt.datetime) else value


def parse_date(text: object, *, field: str | None = None) -> dt.date:
    """The date a person typed or a file holds.

    Taken: ``23/11/69``, ``23-11-2569``, ``23.11.2026``, ``๒๓ พ.ย. ๖๙``, ``23 พฤศจิกายน 2569``,
    ``วันจันทร์ที่ 23 พฤศจิกายน พ.ศ. 2569``, ``2026-11-23``, ``23112569``. A two-digit year is Buddhist (25yy); a
    four-digit one is Buddhist from 2400 on, else Christian.

    Raises ``Refusal`` (codes ``date.*``) with a sentence naming what is wrong.
    """
    if isinstance(text, dt.datetime | dt.date):
        return from_spreadsheet(text, field=field)
    given = re.sub(r"\s+", " ", to_arabic_digits(text)).strip()
    if not given:
        raise Refusal(_("ยังไม่ได้ใส่วันที่ พิมพ์ วัน/เดือน/ปี พ.ศ. เช่น 23/11/2569"), code="date.empty", field=field)
    rest = given
    weekday: int | None = None
    if found := _WEEKDAY.match(rest):
        weekday = 3 if found[1] == "พฤหัส" else WEEKDAYS.index(found[1])
        rest = rest[found.end() :]
    rest = re.sub(r"^(?:วันที่|ที่)\s*", "", rest)
    # A spreadsheet's day may carry an hour; the day is what is asked for.
    rest = (
        re.sub(r"(?<=\d)\s+\d{1,2}[.:]\d{2}(?:[.:]\d{2})?(?:\s*น\.?)?$", "", rest) if len(rest) > 12 else rest
    )
    era: str | None = None
    if found := re.search(r"(พ\.?\s?ศ\.?|ค\.?\s?ศ\.?)\s*(?=\d+$)", rest):
        era = "be" if found[1].startswith("พ") else "ce"
        rest = rest[: found.start()] + " " + rest[found.end() :]
    rest = re.sub(r"^(\d{1,2}) เดือน", r"\1 ", rest).strip()

    if found := _ISO.match(rest):
        year, month, day = found[1], int(found[2]), int(found[3])
    elif (found := _NUMERIC.match(rest)) or (found := _COMPACT.match(rest)):
        day, month, year = int(found[1]), int(found[2]), found[3]
    elif found := _WORDED.match(rest):
        named = re.sub(r"[.\s]", "", found[2]).lower()
        if named not in _MONTH_NUMBER:
            raise Refusal(
                _("ไม่รู้จักเดือน “%(month)s” พิมพ์ชื่อเดือนเต็มหรือย่อ เช่น พฤศจิกายน หรือ พ.ย.")
                % {"month": found[2].strip()[:40]},
                code="date.month_unknown",
                field=field,
            )
        day, month, year = int(found[1]), _MONTH_NUMBER[named], found[3]
    else:
        raise Refusal(
            _("อ่านวันที่ “%(given)s” ไม่ออก พิมพ์ วัน/เดือน/ปี พ.ศ. เช่น 23/11/2569") % {"given": given[:40]},
            code="date.unreadable",
            field=field,
        )
    value = _build(day, month, _christian(year, era, field), field)
    if weekday is not None and value.weekday() != weekday:
        raise Refusal(
            _("%(date)s เป็นวัน%(right)s ไม่ใช่วัน%(wrong)s ตรวจวันหรือวันที่อีกครั้ง")
            % {"date": thai_date(value), "right": WEEKDAYS[value.weekday()], "wrong": WEEKDAYS[weekday]},
            code="date.weekday",
            field=field,
        )
    return value


def _christian(digits: str, era: str | None, field: str | None) -> int:
    """The Christian year meant by the digits written; ``era`` is what the writer said, if anything."""
    if len(digits) == 2 and era != "ce":
        return 2500 + int(digits) - ERA
    if len(digits) == 4:
        year = int(digits)
        buddhist = year >= 2400
        if era == "be" and not buddhist:
            raise Refusal(
                _("ปี พ.ศ. %(year)s ไม่น่าใช่ ถ้าเป็น ค.ศ. ให้พิมพ์ พ.ศ. %(be)s") % {"year": digits, "be": year + ERA},
                code="date.era",
                field=field,
            )
        if era == "ce" and buddhist:
            raise Refusal(
                _("ปี ค.ศ. %(year)s ไม่น่าใช่ ถ้าเป็น พ.ศ. ให้ตัดคำว่า ค.ศ. ออก") % {"year": digits},
                code="date.era",
                field=field,
            )
        christian = year - ERA if buddhist else year
        if 1857 <= christian <= 2156:
            return christian
    raise Refusal(
        _("ปี “%(year)s” ไม่ชัด พิมพ์ปี พ.ศ. สี่หลัก เช่น 2569") % {"year": digits[:12]}, code="date.year", field=field
    )


def _build(day: int, month: int, year: int, field: str | None) -> dt.date:
    be = year + ERA
    if not 1 <= month <= 12:
        raise Refusal(
            _("ไม่มีเดือนที่ %(month)s เดือนมีตั้งแต่ 1 ถึง 12 ใส่ตามลำดับ วัน/เดือน/ปี") % {"month": month},
            code="date.month",
            field=field,
        )
    try:
        return dt.date(year, month, day)
    except ValueError:
        last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
        if month == 2 and day == 29:
            sentence = _("ปี %(year)s เดือนกุมภาพันธ์มี 28 วัน ไม่มีวันที่ 29 ตรวจวันที่อีกครั้ง") % {"year": be}
        else:
            sentence = _("ไม่มีวันที่ %(day)s %(month)s %(year)s เดือนนี้มี %(last)s วัน ตรวจวันที่อีกครั้ง") % {
                "day": day,
                "month": MONTHS[month - 1],
                "year": be,
                "last": last,
            }
        raise Refusal(sentence, code="date.day", field=field) from None


def from_spreadsheet(value: dt.date | dt.datetime, *, field: str | None = None) -> dt.date:
    """The date of a spreadsheet cell, in which many people type the Buddhist year as it stands.

    Excel then keeps 23/11/2569 as the year 2569 of its own calendar; from 2400 on, 543 is taken off. The day
    29 February of such a year need not exist and is refused.
    """
    day = value.date() if isinstance(value, dt.datetime) else value
    if day.year < 2400:
        return day
    return _build(day.day, day.month, day.year - ERA, field)


def parse_time(text: object, *, field: str | None = None) -> dt.time:
    """``16.30``, ``16:30``, ``๑๖.๓๐ น.`` as a time of day; raises ``Refusal`` (``time.unreadable``)."""
    found = _TIME.match(re.sub(r"\s+", " ", to_arabic_digits(text)).strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Refusal(
            _("อ่านเวลา “%(given)s” ไม่ออก พิมพ์ ชั่วโมง.นาที เช่น 16.30") % {"given": str(text)[:20]},
            code="time.unreadable",
            field=field,
        )
    return dt.time(int(found[1]), int(found[2]))


def be_year(value: dt.date | dt.datetime) -> int:
    """Calendar year, Buddhist era: the year of registers."""
    return _day(value).year + ERA


def fiscal_year(value: dt.date | dt.datetime) -> int:
    """Fiscal year, Buddhist era: 1 October 2569 to 30 September 2570 is 2570."""
    day = _day(value)
    return day.year + ERA + (day.month >= 10)


def fiscal_quarter(value: dt.date | dt.datetime) -> int:
    """1 for October to December … 4 for July to September."""
    return (_day(value).month - 10) % 12 // 3 + 1


def school_year(value: dt.date | dt.datetime) -> int:
    """School year, Buddhist era: 16 May 2569 to 15 May 2570 is 2569."""
    day = _day(value)
    return day.year + ERA - ((day.month, day.day) < (5, 16))


def school_term(value: dt.date | dt.datetime) -> int:
    """1 from 16 May to 31 October, 2 for the rest of the school year; the break belongs to the term before it."""
    day = _day(value)
    return 1 if (5, 16) <= (day.month, day.day) <= (10, 31) else 2


def term_before(year: int, term: int) -> tuple[int, int]:
    """The school year (BE) and term before: 1/2569 → 2/2568."""
    return (year, 1) if term == 2 else (year - 1, 2)


def thai_date(value: dt.date | dt.datetime) -> str:
    """``23 พ.ย. 2569``."""
    day = _day(value)
    return f"{day.day} {MONTHS_SHORT[day.month - 1]} {day.year + ERA}"


def thai_date_long(value: dt.date | dt.datetime) -> str:
    """``23 พฤศจิกายน 2569``."""
    day = _day(value)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + ERA}"


def thai_date_full(value: dt.date | dt.datetime) -> str:
    """``วันจันทร์ที่ 23 พฤศจิกายน 2569``."""
    return f"วัน{WEEKDAYS[_day(value).weekday()]}ที่ {thai_date_long(value)}"


def thai_day(value: dt.date | dt.datetime) -> str:
    """``23 พ.ย.``, for lists within one year."""
    day = _day(value)
    return f"{day.day} {MONTHS_SHORT[day.month - 1]}"


def thai_time(value: dt.time | dt.datetime) -> str:
    """``16.30 น.``; an aware moment is shown on Bangkok's clock."""
    clock = in_bangkok(value) if isinstance(value, dt.datetime) else value
    return f"{clock.hour:02d}.{clock.minute:02d} น."


def thai_datetime(value: dt.datetime) -> str:
    """``23 พ.ย. 2569 16.30 น.``."""
    return f"{thai_date(value)} {thai_time(value)}"


def is_working_day(day: dt.date, holidays: Collection[dt.date] = frozenset()) -> bool:
    """Monday to Friday and no holiday."""
    return day.weekday() < 5 and day not in holidays


def working_days(
    first: dt.date, last: dt.date, holidays: Collection[dt.date] = frozenset()
) -> Iterator[dt.date]:
    """The working days from ``first`` to ``last``, both included."""
    day = first
    while day <= last:
        if is_working_day(day, holidays):
            yield day
        day += dt.timedelta(days=1)


def working_days_between(start: dt.date, end: dt.date, holidays: Collection[dt.date] = frozenset()) -> int:
    """How many working days pass from ``start`` until ``end``: ``start`` is not counted, ``end`` is.

    Negative when ``end`` lies before ``start`` ("late by"). Counting a whole leave, both days included, is
    ``len(list(working_days(first, last, holidays)))``.
    """
    if end < start:
        return -working_days_between(end, start, holidays)
    weeks, extra = divmod((end - start).days, 7)
    count = weeks * 5 + sum((start.weekday() + step) % 7 < 5 for step in range(1, extra + 1))
    return count - sum(start < day <= end and day.weekday() < 5 for day in set(holidays))


def add_working_days(start: dt.date, days: int, holidays: Collection[dt.date] = frozenset()) -> dt.date:
    """The day ``days`` working days after (or before, if negative) ``start``; 0 gives ``start`` itself."""
    step = dt.timedelta(days=1 if days >= 0 else -1)
    left, day = abs(days), start
    while left:
        day += step
        if is_working_day(day, holidays):
            left -= 1
    return day
