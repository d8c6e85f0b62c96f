"""Deadlines in words, as the design words them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from khet.base.ui import dates

BANGKOK = ZoneInfo("Asia/Bangkok")
MONDAY = datetime(2026, 11, 23, 9, 42, tzinfo=BANGKOK)


@pytest.fixture(autouse=True)
def days_off(monkeypatch):
    monkeypatch.setattr(dates, "holiday_names", lambda: {date(2026, 11, 25): "วันหยุดของสำนักงาน"})


@pytest.mark.parametrize(
    ("due", "word", "detail", "tone"),
    [
        (date(2026, 11, 21), "เลย 2 วัน", "กำหนด 21\u00a0พ.ย.", "late"),
        (date(2026, 11, 23), "วันนี้", "ก่อน 16.30\u00a0น.", "soon"),
        (MONDAY.replace(hour=12, minute=0), "วันนี้ 12.00\u00a0น.", "เหลือ 2 ชม. 18 นาที", "soon"),
        (MONDAY.replace(hour=11, minute=42), "วันนี้ 11.42\u00a0น.", "เหลือ 2 ชม.", "soon"),
        (MONDAY.replace(hour=10, minute=0), "วันนี้ 10.00\u00a0น.", "เหลือ 18 นาที", "soon"),
        (MONDAY.replace(hour=8, minute=42), "เลย 1 ชม.", "กำหนด 08.42\u00a0น.", "late"),
        (date(2026, 11, 24), "อ.\u00a024\u00a0พ.ย.", "อีก 1 วันทำการ", "soon"),
        (date(2026, 11, 27), "ศ.\u00a027\u00a0พ.ย.", "อีก 3 วันทำการ", "later"),
        (date(2026, 11, 30), "จ.\u00a030\u00a0พ.ย.", "อีก 4 วันทำการ", "later"),
    ],
)
def test_time_left(due, word, detail, tone):
    left = dates.time_left(due, MONDAY)
    assert (left.word, left.detail, left.tone) == (word, detail, tone)


def test_nothing_due_is_nothing_left():
    assert dates.time_left(None) is None


@pytest.mark.parametrize(
    ("span", "words"),
    [(timedelta(minutes=23), "23 นาที"), (timedelta(hours=4, minutes=50), "4 ชม."), (timedelta(days=2, hours=5), "2 วัน"), (timedelta(seconds=-5), "0 นาที")],
)  # fmt: skip
def test_how_long_it_was_held(span, words):
    assert dates.duration(span) == words
