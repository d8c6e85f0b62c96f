"""Censuses as ibis tables. Heavy: ibis and DuckDB are loaded with this module, so it is imported where something is counted, nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import ibis
import ibis.backends.duckdb
import pyarrow as pa

from khet.outlets.statistics.bases import Indicator
from khet.outlets.statistics.sources import Source, counted

KEYS = ("census", "office", "school_year", "round")
"""Columns that every table of a lake has, besides its own."""

PARTS = pa.decimal128(18, 4)

Keeper = Callable[[str, Callable[[], ibis.Table]], ibis.Table]
"""Given a name and how to build it, the table: built the first time, kept for the next."""


@dataclass(frozen=True)
class Lake:
    """Tables of one or many censuses, each with the ``KEYS`` of the census its rows are from.

    ``tables`` may be of any ibis backend. ``ibis`` is the module, for literals and cases in definitions. ``keeper`` is for whoever
    counts many indicators of one lake: it makes a table of an expression once, under a name, and answers with the table.
    """

    tables: Mapping[str, ibis.Table]
    ibis: ModuleType = ibis
    keeper: Keeper | None = None

    def kept(self, name: str, build: Callable[[], ibis.Table]) -> ibis.Table:
        """What several indicators begin with: worked out once where the lake keeps, else anew in each."""
        return build() if self.keeper is None else self.keeper(name, build)

    def __getitem__(self, code: str) -> ibis.Table:
        return self.tables[code]

    def only(self, censuses: Sequence[str]) -> Lake:
        """The same with the rows of some censuses."""
        return Lake(
            {code: table.filter(table.census.isin(list(censuses))) for code, table in self.tables.items()}
        )


def figures_of(lake: Lake, indicator: Indicator) -> ibis.Table:
    """The rows of an indicator in the one form that is kept: ``indicator, census, school, d1, d2, d3, n, of``, nulls of dims as ''."""
    rows = indicator.expr(lake)
    dims = [rows[code].cast("string").fill_null("") for code in indicator.dim_codes]
    dims += [ibis.literal("")] * (3 - len(dims))
    of = rows["of"].cast("decimal(18, 4)") if "of" in rows.columns else ibis.null("decimal(18, 4)")
    return rows.select(
        indicator=ibis.literal(indicator.code),
        census=rows.census,
        school=rows.school,
        d1=dims[0],
        d2=dims[1],
        d3=dims[2],
        n=rows.n.cast("decimal(18, 4)"),
        of=of,
    )


class DuckLake:
    """A lake in the process: Parquet files and tables in memory read by one DuckDB without a database file."""

    def __init__(self, sources: Iterable[Source], *, threads: int = 2, memory: str = "1GB") -> None:
        self.sources = list(sources)
        self.connection = ibis.duckdb.connect(threads=threads, memory_limit=memory)
        self._whole = Lake(
            {
                code: self._table(code)
                for code in sorted({code for one in self.sources for code in one.tables})
            }
        )

    def close(self) -> None:
        self.connection.disconnect()

    def __enter__(self) -> DuckLake:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def lake(self, indicator: Indicator | None = None) -> Lake:
        """All tables; for an indicator only of the censuses that hold what it needs."""
        if indicator is None:
            return self._whole
        fit = [one for one in self.sources if counted(one, indicator)]
        whole = Lake({code: self._whole[code] for code in indicator.needs if code in self._whole.tables})
        return whole if len(fit) == len(self.sources) else whole.only([one.key for one in fit])

    def _table(self, code: str) -> ibis.Table:
        """One table over all censuses that hold it. A column that an older one lacks is null there, and nothing is counted of it."""
        held = [one for one in self.sources if code in one.tables]
        columns: dict[str, None] = {}
        for one in held:
            columns.update(dict.fromkeys(one.tables[code]))
        selects: list[str] = []
        files = [one for one in held if one.rows is None]
        if files:
            # One scan over all files, whatever their age; which census a file is of is joined by its name.
            keys = pa.table(
                {
                    "file": [str(one.file(code)) for one in files],
                    "census": [one.key for one in files],
                    "office": [one.office for one in files],
                    "school_year": pa.array([one.school_year for one in files], pa.int64()),
                    "round": [one.round for one in files],
                }
            )
            self.connection.create_table(f"files of {code}", keys)
            there = {name for one in files for name in one.stored(code)}
            picked = ", ".join(_column(name, columns, there) for name in columns)
            listed = ", ".join(_text(str(one.file(code))) for one in files)
            selects.append(
                f"SELECT k.census, k.office, k.school_year, k.round, {picked} FROM read_parquet([{listed}], union_by_name = true,"
                f" filename = true) t JOIN {_name(f'files of {code}')} k ON k.file = t.filename"
            )
        for place, one in enumerate(held):
            if one.rows is None:
                continue
            self.connection.create_table(f"{code} now {place}", one.rows[code])
            there = set(one.rows[code].column_names)
            picked = ", ".join(_column(name, columns, there) for name in columns)
            keys_now = f"{_text(one.key)} AS census, {_text(one.office)} AS office, {one.school_year}::BIGINT AS school_year, {_text(one.round)} AS round"
            selects.append(f"SELECT {keys_now}, {picked} FROM {_name(f'{code} now {place}')} t")
        self.connection.raw_sql(f"CREATE VIEW {_name(code)} AS {' UNION ALL '.join(selects)}")
        return self.connection.table(code)


def _column(name: str, columns: Mapping[str, Any], there: set[str]) -> str:
    """A column by its present name; ``unit`` is what tables of staff and assets once called the school."""
    if name == "school" and "unit" in there:
        known = "t.school, t.unit" if "school" in there else "t.unit"
        return f"coalesce({known}) AS school"
    return f"t.{_name(name)}" if name in there else f"NULL AS {_name(name)}"


def _name(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
