"""Depreciation of a whole unit for one fiscal year, computed by the database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from khet.base.lib.thai import thai_date
from khet.base.org.api import Unit
from khet.modules.assets.depreciation import (
    RESIDUAL,
    accumulated_sql,
    begun_sql,
    capital_sql,
    fiscal_end,
    fiscal_start,
    held_sql,
)
from khet.modules.assets.models import Article


@dataclass
class YearRow:
    """An article in the register of a fiscal year; amounts in baht, None where the article carries no value."""

    article: Article
    yearly: Decimal | None
    accumulated: Decimal | None

    @property
    def price(self) -> Decimal | None:
        return self.article.price

    @property
    def net(self) -> Decimal | None:
        return None if self.accumulated is None else self.article.price - self.accumulated

    @property
    def remark(self) -> str:
        if self.article.disposed_on:
            return f"จำหน่าย {thai_date(self.article.disposed_on)}"
        if self.accumulated is None and self.article.price is not None:
            return "ต่ำกว่าเกณฑ์" if self.article.acquired_on and self.article.life_years else self.article.note
        return self.article.note


def year_rows(unit: Unit, year: int) -> list[YearRow]:
    """What the unit held at some time of the fiscal year (BE), oldest first. Two queries."""
    first, last = fiscal_start(year), fiscal_end(year)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT a.id, {accumulated_sql("a", last)}, {accumulated_sql("a", fiscal_end(year - 1))}
                  FROM assets_article a
                 WHERE a.unit_id = %s AND (a.acquired_on IS NULL OR a.acquired_on <= %s)
                   AND (a.disposed_on IS NULL OR a.disposed_on >= %s)
                 ORDER BY a.acquired_on NULLS FIRST, a.number, a.id""",
            [unit.pk, last, first],
        )
        amounts = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    articles = Article.objects.select_related("responsible").in_bulk(amounts)
    return [
        YearRow(articles[pk], None if now is None else now - (before or 0), now)
        for pk, (now, before) in amounts.items()
    ]


@dataclass
class YearTotal:
    """Sums of a unit at the end of a fiscal year."""

    unit_id: int
    count: int
    price: Decimal
    yearly: Decimal
    accumulated: Decimal
    net: Decimal


def year_totals(unit_ids: list[int] | None, year: int) -> dict[int, YearTotal]:
    """Unit id → sums of what it holds at the end of the fiscal year, for the whole area in one statement."""
    last, before = fiscal_end(year), fiscal_end(year - 1)
    within = "TRUE" if unit_ids is None else "a.unit_id = ANY(%s::bigint[])"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT unit_id, count(*), coalesce(sum(price), 0) / 100.00,
                       coalesce(sum(now) - sum(before), 0) / 100.00, coalesce(sum(now), 0) / 100.00,
                       coalesce(sum(price) FILTER (WHERE now IS NOT NULL) - sum(now), 0) / 100.00
                  FROM (SELECT h.unit_id, h.price, CASE WHEN h.is_capital THEN {held_sql("h", last)} END AS now,
                               CASE WHEN h.is_capital THEN {held_sql("h", before)} END AS before
                          FROM (SELECT a.unit_id, (a.price * 100)::bigint AS price, (a.price * 100)::bigint - {RESIDUAL * 100} AS worth,
                                       a.life_years, {capital_sql("a")} AS is_capital, {begun_sql("a")} AS begun
                                  FROM assets_article a
                                 WHERE {within} AND (a.acquired_on IS NULL OR a.acquired_on <= %s)
                                   AND (a.disposed_on IS NULL OR a.disposed_on > %s) OFFSET 0) h) v
                 GROUP BY unit_id""",
            [*([] if unit_ids is None else [unit_ids]), last, last],
        )
        return {row[0]: YearTotal(*row) for row in cursor.fetchall()}
