"""Running what modules declared: one statement per check, total, state or census table."""

from __future__ import annotations

from typing import Any

from django.db import connection

from khet.kits.rounds.bases import CensusTable, Check, Scope, Sheet


def rows_of(query: tuple[str, list[Any]]) -> list[dict[str, Any]]:
    """All rows of a declared SELECT as dictionaries. Wrapped, so that it can be nothing but one SELECT."""
    sql, params = query
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) declared", params)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def columns_of(query: tuple[str, list[Any]]) -> dict[str, int]:
    """Names of a declared SELECT with the oid of their type, without running it to the end."""
    sql, params = query
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) declared LIMIT 0", params)
        return {column.name: column.type_code for column in cursor.description}


def findings_of(check: Check, scope: Scope) -> list[dict[str, Any]]:
    """What a rule finds right now, nothing stored; facts as a dictionary. For tests of modules."""
    import json  # noqa: PLC0415  only here

    found = rows_of(check.find(scope))
    for row in found:
        if isinstance(row["facts"], str):
            row["facts"] = json.loads(row["facts"])
    return found


def totals_of(sheet: Sheet, scope: Scope) -> list[dict[str, Any]]:
    """Totals of a sheet by unit, the whole (position 0) last."""
    if sheet.totals is None:
        return []
    return sorted(
        rows_of(sheet.totals(scope)), key=lambda row: (row["unit_id"], row["position"] == 0, row["position"])
    )


def census_of(table: CensusTable, scope: Scope) -> list[dict[str, Any]]:
    """The rows a census table would freeze. For tests of modules; closing streams instead."""
    return rows_of(table.select(scope))
