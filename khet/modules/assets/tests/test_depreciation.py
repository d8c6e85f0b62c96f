"""The function and the SQL of depreciation are one definition; what it must give."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from khet.modules.assets.depreciation import (
    accumulated_sql,
    fiscal_end,
    is_capital,
    value_on,
    yearly_sql,
)

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
PRICES = st.decimals("1", "9999999999", places=2)


def test_a_full_year_carries_a_full_part_and_one_baht_is_left():
    price, bought = Decimal(22_000), date(2023, 2, 10)
    ends = [value_on(price, bought, 3, fiscal_end(year)) for year in range(2566, 2571)]
    # 10 February to 30 September 2566: 233 days of 365.
    assert ends[0].accumulated == Decimal("4681.07")
    assert ends[1].accumulated - ends[0].accumulated == Decimal("7333.00") == ends[0].yearly
    assert ends[2].accumulated - ends[1].accumulated == Decimal("7333.00")
    assert (ends[3].accumulated, ends[3].net) == (Decimal("21999.00"), Decimal("1.00"))
    assert ends[4] == ends[3]


def test_the_day_of_acquisition_counts_and_the_day_before_does_not():
    bought = date(2023, 10, 1)
    assert value_on(Decimal(36_501), bought, 10, bought - timedelta(days=1)).accumulated == 0
    assert value_on(Decimal(36_601), bought, 10, bought).accumulated == Decimal(
        "10.00"
    )  # 366 days in that year


def test_disposal_stops_it():
    bought, gone = date(2023, 2, 10), date(2024, 2, 10)
    kept = value_on(Decimal(22_000), bought, 3, gone - timedelta(days=1))
    assert value_on(Decimal(22_000), bought, 3, date(2030, 1, 1), gone) == kept


def test_below_the_limit_there_is_no_value():
    assert not is_capital(Decimal("9999.99"), date(2019, 10, 1))
    assert is_capital(Decimal(5_000), date(2019, 9, 30))
    assert value_on(Decimal("9999.99"), date(2024, 1, 1), 10, date(2025, 1, 1)) is None
    assert value_on(Decimal(20_000), None, 10, date(2025, 1, 1)) is None
    assert value_on(Decimal(20_000), date(2024, 1, 1), None, date(2025, 1, 1)) is None


@given(PRICES, DAYS, st.integers(1, 50), DAYS, DAYS)
def test_it_never_falls_and_never_passes_the_price(price, bought, life, one, two):
    first, last = sorted((one, two))
    before, after = value_on(price, bought, life, first), value_on(price, bought, life, last)
    if before is None:
        assert after is None
        return
    assert 0 <= before.accumulated <= after.accumulated <= price - 1
    assert after.net == price - after.accumulated >= 1


@pytest.mark.django_db
def test_the_sql_says_the_same():
    rows: list[tuple] = []

    @settings(max_examples=600, deadline=None, database=None)
    @given(PRICES | st.decimals("5000", "200000", places=2), DAYS, st.integers(1, 50), DAYS, st.none() | DAYS)
    def gather(price, bought, life, day, gone):
        rows.append((price, bought, life, day, gone))

    gather()
    # Ends of years, leap days, the day itself.
    edge = [date(2024, 2, 29), date(2023, 9, 30), date(2023, 10, 1), date(2019, 9, 30), date(2019, 10, 1)]
    rows += [(Decimal("20000.05"), a, 7, b, None) for a in edge for b in edge]
    rows += [(Decimal("10000"), a, 3, b, c) for a in edge for b in edge for c in edge]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {accumulated_sql('a', 'a.day')}, {yearly_sql('a')}"
            " FROM unnest(%s::numeric[], %s::date[], %s::int[], %s::date[], %s::date[])"
            " WITH ORDINALITY AS a (price, acquired_on, life_years, day, disposed_on, place) ORDER BY place",
            [list(column) for column in zip(*rows, strict=True)],
        )
        found = cursor.fetchall()
    assert len(found) == len(rows) > 600
    some = 0
    for row, (accumulated, yearly) in zip(rows, found, strict=True):
        price, bought, life, day, gone = row
        value = value_on(price, bought, life, day, gone)
        if value is None:
            assert accumulated is None, row
        else:
            some += 1
            assert (accumulated, yearly) == (value.accumulated, value.yearly), row
    assert some > 200
