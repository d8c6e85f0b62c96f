"""Straight-line depreciation by day: one definition, as a function and as SQL.

Time is measured in fiscal years: a whole fiscal year (1 October – 30 September) is one, a part of it is its days over the 365
or 366 of that year. So a full year always carries exactly ``(price - 1) / life``, the first and the last year their
days, and one baht is left. The day of acquisition and the day asked about both count. Amounts are rounded half
up to the satang; both forms compute with whole numbers and agree to the last satang.

Articles below the limit of capitalisation (10,000 baht; 5,000 before fiscal year 2563) are controlled but carry no value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from khet.base.lib.thai.calendar import ERA, fiscal_year

RESIDUAL = Decimal(1)
# A fiscal year in parts that both 365 and 366 divide.
_YEAR = 365 * 366
LIMIT = Decimal(10_000)
OLD_LIMIT = Decimal(5_000)
LIMIT_SINCE = date(2019, 10, 1)


@dataclass(frozen=True)
class Value:
    """Of one article on one day, in baht: what a year costs, what is gone, what is left."""

    yearly: Decimal
    accumulated: Decimal
    net: Decimal


def fiscal_start(year: int) -> date:
    """The first day of a fiscal year of the Buddhist era."""
    return date(year - ERA - 1, 10, 1)


def fiscal_end(year: int) -> date:
    """The last day of a fiscal year of the Buddhist era."""
    return date(year - ERA, 9, 30)


def is_capital(price: Decimal, acquired_on: date) -> bool:
    """Whether the price reached the limit in force on that day."""
    return price >= (LIMIT if acquired_on >= LIMIT_SINCE else OLD_LIMIT)


def _parts(day: date) -> int:
    """Fiscal time from year 0 to the beginning of a day, in parts of a year."""
    year = fiscal_year(day) - ERA
    start = date(year - 1, 10, 1)
    length = (date(year, 10, 1) - start).days
    return year * _YEAR + (day - start).days * (_YEAR // length)


def value_on(
    price: Decimal | None,
    acquired_on: date | None,
    life: int | None,
    day: date,
    disposed_on: date | None = None,
) -> Value | None:
    """The value at the end of ``day``; None where there is none to compute.

    ``life`` in years. From the day of disposal on nothing more is taken off: the value of the day before stands.
    """
    if price is None or acquired_on is None or not life or not is_capital(price, acquired_on):
        return None
    end = _parts(day) + _day(day)
    if disposed_on is not None:
        end = min(end, _parts(disposed_on))
    used = min(max(end - _parts(acquired_on), 0), life * _YEAR)
    worth = int((price - RESIDUAL) * 100)
    gone = (2 * worth * used + life * _YEAR) // (2 * life * _YEAR)
    yearly = (2 * worth + life) // (2 * life)
    accumulated = Decimal(gone) / 100
    return Value(Decimal(yearly) / 100, accumulated, price - accumulated)


def _day(day: date) -> int:
    """The length of one day in parts of its fiscal year."""
    year = fiscal_year(day) - ERA
    return _YEAR // (date(year, 10, 1) - date(year - 1, 10, 1)).days


def _parts_sql(day: str) -> str:
    # 92 days are October, November and December, in every year: a fiscal year is named by the year it ends in.
    year = f"extract(year FROM {day} + 92)::int"
    start = f"make_date({year} - 1, 10, 1)"
    length = f"(make_date({year}, 10, 1) - {start})"
    return f"({year} * {_YEAR} + (({day}) - {start}) * ({_YEAR} / {length}))"


def accumulated_sql(article: str, day: date | str) -> str:
    """What is gone at the end of ``day``, as SQL over a row of articles; NULL where there is nothing to compute.

    ``article`` is the alias of the row; ``day`` a date, or an SQL expression of type date written by the caller.
    """
    day = f"DATE '{day.isoformat()}'" if isinstance(day, date) else day
    price, acquired, life = f"{article}.price", f"{article}.acquired_on", f"{article}.life_years"
    begin = _parts_sql(acquired)
    end = f"least({_parts_sql(f'(({day}) + 1)')}, {_parts_sql(f'{article}.disposed_on')})"
    used = f"least(greatest({end} - {begin}, 0), {life} * {_YEAR})"
    whole = f"{life}::numeric * {_YEAR}"
    return (
        f"CASE WHEN {capital_sql(article)} THEN "
        f"div(2 * ({price} - {RESIDUAL}) * 100 * {used} + {whole}, 2 * {whole}) / 100 END"
    )


def capital_sql(article: str) -> str:
    """Whether a row of articles carries value (``is_capital``, and a life to divide by), as SQL."""
    limit = f"CASE WHEN {article}.acquired_on >= DATE '{LIMIT_SINCE.isoformat()}' THEN {LIMIT} ELSE {OLD_LIMIT} END"
    return f"({article}.price >= {limit} AND {article}.life_years > 0)"


def begun_sql(article: str) -> str:
    """The day of acquisition in parts of a year, as ``held_sql`` takes it: worked out once where a row is asked for several days."""
    return _parts_sql(f"{article}.acquired_on")


def held_sql(row: str, day: date) -> str:
    """``accumulated_sql`` in satang, a bigint, of an article that carries value and is not disposed of by ``day``.

    ``row`` has ``worth`` (price less the baht that is left, in satang, bigint), ``life_years`` and ``begun``. What has
    served its life needs no division; whole numbers divide four times as fast as numerics, which stand in where the product might pass 2^63.
    """
    worth, life = f"{row}.worth", f"{row}.life_years"
    used = f"({_parts(day) + _day(day)} - {row}.begun)"
    whole, exact = f"{life}::bigint * {_YEAR}", f"{life}::numeric * {_YEAR}"
    return (
        f"CASE WHEN {used} >= {whole} THEN {worth} WHEN {used} <= 0 THEN 0"
        f" WHEN {worth} < 100000000000 AND {life} <= 100 THEN (2 * {worth} * {used} + {whole}) / (2 * {whole})"
        f" ELSE div(2 * {worth}::numeric * {used} + {exact}, 2 * {exact})::bigint END"
    )


def yearly_sql(article: str) -> str:
    """What a full year takes off, as SQL; only sensible where ``accumulated_sql`` is not NULL."""
    return (
        f"div(2 * ({article}.price - {RESIDUAL}) * 100 + {article}.life_years, "
        f"2 * {article}.life_years::numeric) / 100"
    )


def row_value(article: Any, day: date) -> Value | None:
    """The value of an article as loaded."""
    return value_on(article.price, article.acquired_on, article.life_years, day, article.disposed_on)
