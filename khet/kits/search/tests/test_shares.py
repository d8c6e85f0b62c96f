"""How common a query is: at most so, from what the database counted of its runs of letters; nought where it counted nothing."""

from __future__ import annotations

import time

import pytest
from django.db import connection

from khet.kits.search import shares
from khet.kits.search.grams import Terms


def terms(*words: str) -> Terms:
    return Terms(" ".join(words), words, "".join(words))


@pytest.fixture
def counted(monkeypatch):
    """Three runs of every ten texts, one of every hundred, and one of two letters that ends a line."""
    found = {"text": {"โรง": 0.3, "รงเ": 0.3, "งเร": 0.01, "ศธ": 0.2, "ศธ0": 0.1}}
    monkeypatch.setattr(shares, "_counted", (time.monotonic(), found))


def test_a_term_is_as_common_as_its_rarest_run(counted):
    assert shares.share(terms("โรงเ"), "text") == 0.3
    assert shares.share(terms("โรงเร"), "text") == 0.01


def test_of_several_terms_the_rarest_counts(counted):
    assert shares.share(terms("โรงเ", "โรงเร"), "text") == 0.01


def test_two_letters_are_what_begins_with_them(counted):
    assert shares.share(terms("ศธ"), "text") == pytest.approx(0.3)
    assert shares.share(terms("รง"), "text") == pytest.approx(0.3)


def test_what_was_not_counted_is_rare(counted):
    assert shares.share(terms("ฆฆฆ"), "text") == 0.0
    assert shares.share(terms("โรงเ"), "head") == 0.0, "this place was not counted"


@pytest.mark.django_db
def test_the_database_is_asked_once_in_ten_minutes(monkeypatch, put, django_assert_num_queries):
    monkeypatch.setattr(shares, "_counted", (float("-inf"), {}))
    for number in range(30):
        put(f"โครงการอาหารกลางวัน {number}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_entry")
    with django_assert_num_queries(1):
        assert shares.share(terms("อาหาร"), "head") == pytest.approx(1.0, abs=0.01)
        assert shares.share(terms("อาหาร"), "head") > shares.share(terms("ไม่มีเลย"), "head")
