import datetime as dt

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from khet.base.lib import thai
from khet.base.lib.errors import Refusal

DAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    [
        "23/11/69", "23/11/2569", "23/11/2026", "๒๓ พ.ย. ๖๙", "๒๓/๑๑/๒๕๖๙", "23 พฤศจิกายน 2569", "23พ.ย.69", "23-พ.ย.-2569",
        "2026-11-23", "2569-11-23", "23.11.2569", "23112569", "วันจันทร์ที่ 23 พฤศจิกายน พ.ศ. 2569", "23 เดือนพฤศจิกายน พ.ศ.2569",
        " 23 / 11 / 2569 ", "23 Nov 2026", "2026-11-23T08:00:00+07:00", "23 พย 69", "23/11/2569 16.30 น.",
    ],
)  # fmt: skip
def test_one_day_in_many_spellings(text):
    assert thai.parse_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("30/2/2569", "date.day", "28 วัน"),
        ("29/2/69", "date.day", "2569"),
        ("29/2/2569", "date.day", "ไม่มีวันที่ 29"),
        ("29/2/2500", "date.day", "2500"),
        ("31/4/69", "date.day", "เมษายน"),
        ("0/1/69", "date.day", "มกราคม"),
        ("5/13/69", "date.month", "13"),
        ("5 พฤศ 69", "date.month_unknown", "พฤศ"),
        ("1/1/069", "date.year", "สี่หลัก"),
        ("1/1/2399", "date.year", "2399"),
        ("1/1/9999", "date.year", "9999"),
        ("1 ม.ค. พ.ศ. 2026", "date.era", "2569"),
        ("1 ม.ค. ค.ศ. 2569", "date.era", "2569"),
        ("1 ม.ค. ค.ศ. 26", "date.year", "26"),
        ("วันอังคารที่ 23 พ.ย. 2569", "date.weekday", "จันทร์"),
        ("เร็ว ๆ นี้", "date.unreadable", "วัน/เดือน/ปี"),
        ("", "date.empty", "23/11/2569"),
    ],
)
def test_wrong_dates_are_refused_with_a_sentence(text, code, says):
    with pytest.raises(Refusal) as refused:
        thai.parse_date(text, field="dated")
    assert refused.value.code == code
    assert refused.value.field == "dated"
    assert says in str(refused.value)


def test_leap_days_that_exist():
    assert thai.parse_date("29/2/2567") == dt.date(2024, 2, 29)
    assert thai.parse_date("29 ก.พ. 43") == dt.date(2000, 2, 29)


@settings(deadline=None)
@given(st.dates(dt.date(1858, 1, 1), dt.date(2156, 12, 31)))
def test_what_is_shown_can_be_typed_again(day):
    assert thai.parse_date(thai.thai_date(day)) == day
    assert thai.parse_date(thai.thai_date_full(day)) == day
    assert thai.parse_date(thai.to_thai_digits(thai.thai_date_long(day))) == day


def test_spreadsheet_cells_in_the_buddhist_year():
    assert thai.from_spreadsheet(dt.datetime(2569, 11, 23)) == DAY
    assert thai.from_spreadsheet(DAY) == DAY
    with pytest.raises(Refusal):
        thai.from_spreadsheet(dt.datetime(2568, 2, 29))


def test_words_for_days_and_hours():
    moment = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
    assert thai.thai_date(moment) == "23 พ.ย. 2569"
    assert thai.thai_date_long(DAY) == "23 พฤศจิกายน 2569"
    assert thai.thai_day(DAY) == "23 พ.ย."
    assert thai.thai_time(moment) == "16.30 น."
    assert thai.thai_datetime(moment) == "23 พ.ย. 2569 16.30 น."
    assert thai.parse_time("๑๖.๓๐ น.") == dt.time(16, 30)
    with pytest.raises(Refusal):
        thai.parse_time("25.00")


def test_the_three_years_turn_on_their_own_days():
    assert [thai.fiscal_year(dt.date(2026, 9, 30)), thai.fiscal_year(dt.date(2026, 10, 1))] == [2569, 2570]
    assert [thai.school_year(dt.date(2026, 5, 15)), thai.school_year(dt.date(2026, 5, 16))] == [2568, 2569]
    assert [thai.be_year(dt.date(2026, 12, 31)), thai.be_year(dt.date(2027, 1, 1))] == [2569, 2570]
    assert [thai.fiscal_quarter(dt.date(2026, month, 1)) for month in (10, 1, 4, 7)] == [1, 2, 3, 4]
    assert [
        thai.school_term(dt.date(2026, 6, 1)),
        thai.school_term(DAY),
        thai.school_term(dt.date(2027, 4, 1)),
    ] == [1, 2, 2]


def test_today_is_bangkoks():
    with time_machine.travel(dt.datetime(2026, 12, 31, 18, 0, tzinfo=dt.UTC), tick=False):
        assert thai.today() == dt.date(2027, 1, 1)


def test_working_days_pass_over_weekends_and_holidays():
    holidays = {dt.date(2026, 12, 7), dt.date(2026, 12, 10), dt.date(2026, 12, 5)}  # 5 December is a Saturday
    assert thai.add_working_days(dt.date(2026, 12, 4), 1, holidays) == dt.date(2026, 12, 8)
    assert thai.add_working_days(dt.date(2026, 12, 8), -1, holidays) == dt.date(2026, 12, 4)
    assert thai.working_days_between(dt.date(2026, 12, 4), dt.date(2026, 12, 11), holidays) == 3
    assert thai.working_days_between(dt.date(2026, 12, 11), dt.date(2026, 12, 4), holidays) == -3


@settings(deadline=None)
@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
    st.integers(0, 120),
    st.sets(st.dates(dt.date(2020, 1, 1), dt.date(2030, 6, 1)), max_size=20),
)
def test_counting_working_days_agrees_with_walking_them(start, length, holidays):
    end = start + dt.timedelta(days=length)
    walked = len(list(thai.working_days(start + dt.timedelta(days=1), end, holidays)))
    assert thai.working_days_between(start, end, holidays) == walked
