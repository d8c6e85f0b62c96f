"""The yearly sheets of buildings and of articles: what a school confirms, and the tables that closing freezes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.kits.rounds.bases import CensusTable, Scope, Sheet, sheet
from khet.modules.assets.choices import BuildingKind, Condition
from khet.modules.assets.depreciation import accumulated_sql
from khet.modules.assets.rules import EDIT

Query = tuple[str, list[Any]]
_STANDING = "b.standing <> 'demolished'"
# The office and whoever is no school stands under the code of its unit.
_SCHOOL = "coalesce(nullif(s.smis8, ''), u.code)"
_HELD = "a.condition <> 'disposed' AND (a.acquired_on IS NULL OR a.acquired_on <= %s)"


def _words(column: str, choices: Any) -> str:
    """A CASE that says a code's words; the words are of our own list."""
    pairs = " ".join(f"WHEN '{value}' THEN '{str(label).replace(chr(39), '')}'" for value, label in choices)
    return f"CASE {column} {pairs} ELSE {column} END"


def _positions(column: str, values: list[str]) -> str:
    return f"array_position(ARRAY[{', '.join(repr(value) for value in values)}]::text[], {column}::text)"


def building_totals(scope: Scope) -> Query:
    within, units = scope.within("b.unit_id")
    return (
        f"""SELECT b.unit_id, {_positions("b.kind", BuildingKind.values)} AS position,
                   {_words("b.kind", BuildingKind.choices)} AS label, count(*) AS n
              FROM assets_building b WHERE {_STANDING} AND {within} GROUP BY 1, 2, 3
            UNION ALL
            SELECT b.unit_id, 0, 'รวม', count(*) FROM assets_building b WHERE {_STANDING} AND {within} GROUP BY 1""",
        [*units, *units],
    )


def building_state(scope: Scope) -> Query:
    within, units = scope.within("b.unit_id")
    return (
        f"""SELECT b.unit_id, b.id::text AS row_key, b.name AS label,
                   md5(concat_ws('|', b.kind, b.number, b.name, b.model, b.rooms_plan, b.rooms_used, b.seats, b.year_built,
                                 b.condition, b.standing, b.budget, b.repaired_year)) AS digest
              FROM assets_building b WHERE {_STANDING} AND {within}""",
        units,
    )


def frozen_buildings(scope: Scope) -> Query:
    within, units = scope.within("b.unit_id")
    return (
        f"""SELECT {_SCHOOL} AS school, b.kind, b.number::int AS number, b.model, b.rooms_plan::int AS rooms_plan,
                   b.rooms_used::int AS rooms_used, b.seats::int AS seats, b.year_built::int AS year_built, b.condition,
                   b.standing, b.budget, b.repaired_year::int AS repaired_year
              FROM assets_building b JOIN org_unit u ON u.id = b.unit_id LEFT JOIN schools_school s ON s.unit_id = u.id
             WHERE {within} ORDER BY b.code""",
        units,
    )


def frozen_land(scope: Scope) -> Query:
    within, units = scope.within("l.unit_id")
    return (
        f"""SELECT {_SCHOOL} AS school, l.number::int AS number, l.kind, l.area_wa, l.document <> '' AS documented
              FROM assets_land l JOIN org_unit u ON u.id = l.unit_id LEFT JOIN schools_school s ON s.unit_id = u.id WHERE {within} ORDER BY l.code""",
        units,
    )


def article_totals(scope: Scope) -> Query:
    within, units = scope.within("a.unit_id")
    return (
        f"""SELECT a.unit_id, {_positions("a.condition", Condition.values)} AS position,
                   {_words("a.condition", Condition.choices)} AS label, count(*) AS n
              FROM assets_article a WHERE {_HELD} AND {within} GROUP BY 1, 2, 3
            UNION ALL
            SELECT a.unit_id, 0, 'รวม', count(*) FROM assets_article a WHERE {_HELD} AND {within} GROUP BY 1""",
        [scope.as_at, *units, scope.as_at, *units],
    )


def article_state(scope: Scope) -> Query:
    within, units = scope.within("a.unit_id")
    return (
        f"""SELECT a.unit_id, a.id::text AS row_key, concat_ws(' ', a.name, a.number) AS label,
                   md5(concat_ws('|', a.number, a.item_code, a.name, a.acquired_on, a.price, a.money, a.condition)) AS digest
              FROM assets_article a WHERE {_HELD} AND {within}""",
        [scope.as_at, *units],
    )


def frozen_articles(scope: Scope) -> Query:
    """Per unit, item, condition and money: how many, what they cost, what they are worth. No single article leaves."""
    within, units = scope.within("a.unit_id")
    return (
        f"""SELECT {_SCHOOL} AS school, a.item_code, a.kind, a.condition, a.money, count(*) AS articles,
                   coalesce(sum(a.price), 0) AS price, coalesce(sum(a.price - {accumulated_sql("a", scope.as_at)}), 0) AS net
              FROM assets_article a JOIN org_unit u ON u.id = a.unit_id LEFT JOIN schools_school s ON s.unit_id = u.id
             WHERE {_HELD} AND {within} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5""",
        [scope.as_at, *units],
    )


sheet(
    Sheet(
        code="buildings",
        title=_("สิ่งก่อสร้าง"),
        record="buildings",
        yearly=True,
        counter=pgettext_lazy("counted", "รายการ"),
        totals=building_totals,
        state=building_state,
        enters=EDIT,
        census=[
            CensusTable(
                "buildings",
                _("สิ่งก่อสร้าง"),
                [
                    ("school", "text"), ("kind", "text"), ("number", "int"), ("model", "text"), ("rooms_plan", "int"),
                    ("rooms_used", "int"), ("seats", "int"), ("year_built", "int"), ("condition", "text"),
                    ("standing", "text"), ("budget", "decimal"), ("repaired_year", "int"),
                ],
                frozen_buildings,
            ),
            CensusTable(
                "land",
                _("ที่ดิน"),
                [("school", "text"), ("number", "int"), ("kind", "text"), ("area_wa", "decimal"), ("documented", "bool")],
                frozen_land,
            ),
        ],
    )
)  # fmt: skip
sheet(
    Sheet(
        code="articles",
        title=_("ครุภัณฑ์"),
        record="articles",
        yearly=True,
        counter=pgettext_lazy("counted", "ชิ้น"),
        totals=article_totals,
        state=article_state,
        enters=EDIT,
        census=[
            CensusTable(
                "articles",
                _("ครุภัณฑ์"),
                [
                    ("school", "text"), ("item_code", "text"), ("kind", "text"), ("condition", "text"), ("money", "text"),
                    ("articles", "int"), ("price", "decimal"), ("net", "decimal"),
                ],
                frozen_articles,
                total="articles",
            )
        ],
    )
)  # fmt: skip
