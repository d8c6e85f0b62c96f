"""Columns that are an indicator of the statistics: counted there by the one definition, and only written here."""

from __future__ import annotations

from typing import Any

from khet.outlets.province.bases.formats import Where
from khet.outlets.province.queries.filling import Indicators
from khet.outlets.province.queries.sources import Lake
from khet.outlets.statistics.api import as_source, counted, figures, indicators


def indicators_of(lake: Lake) -> Indicators:
    """Values by school for the chosen census: of the whole, or of the cell that the conditions name, a value for each dim.

    None where there is no such indicator, the census cannot count it, or a condition is no single value of a dim.
    """

    def values(code: str, where: tuple[Where, ...]) -> dict[str, Any] | None:
        found = indicators.get(code)
        if found is None or not counted(as_source(lake.census), found):
            return None
        if any(one.negated or len(one.values) != 1 or one.column not in found.dim_codes for one in where):
            return None
        cell = tuple(str(one.values[0]) for one in where)
        got = figures(code, [lake.census], "school", dims=[one.column for one in where], reveal=True)
        return {row.place: row.value for row in got.rows if row.dims == cell}

    return values
