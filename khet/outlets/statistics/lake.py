"""Censuses as ibis tables. Heavy: ibis and DuckDB are loaded with this module, so it is imported where something is counted, nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    """Tables of one or many censuses, each with the ``KEYS`` of the census its rows are from; of all, or of ``censuses`` alone.

    ``tables`` may be of any ibis backend. ``ibis`` is the module, for literals and cases in definitions. ``keeper`` is for whoever
    counts many indicators of one lake: it makes a table of an expression once, under a name, and answers with the table.
    """

    tables: Mapping[str, ibis.Table]
    ibis: ModuleType = ibis
    keeper: Keeper | None = None
    censuses: tuple[str, ...] | None = None

    def kept(self, name: str, build: Callable[[], ibis.Table]) -> ibis.Table:
        """What several indicators begin with: worked out once where the lake keeps, else anew in each."""
        return build() if self.keeper is None else self.keeper(name, build)

    def __getitem__(self, code: str) -> ibis.Table:
        return self.tables[code]

    def only(self, censuses: Sequence[str]) -> Lake:
        """The same with the rows of some censuses. What is kept is of all, so nothing is kept of these."""
        found = {code: table.filter(table.census.isin(list(censuses))) for code, table in self.tables.items()}
        return Lake(found, censuses=tuple(censuses))


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


Begin = tuple[str, tuple[tuple[str, ibis.Schema], ...]]
"""What several indicators begin with: its name, and the tables it was compiled for."""


@dataclass(frozen=True)
class Plan:
    """A statement, and what has to be kept before it runs."""

    sql: str
    begins: tuple[Begin, ...]


@dataclass(frozen=True)
class Kept(Plan):
    """A plan of what several indicators begin with, and the columns it gives."""

    schema: ibis.Schema


@dataclass
class Plans:
    """What was compiled for one lake, for the next of the same tables: ibis takes longer over an indicator than DuckDB over a census.

    Compiling asks the database nothing, so it may go on while tables are still being read.
    """

    counted: dict[Any, Plan] = field(default_factory=dict)
    kept: dict[Begin, Kept] = field(default_factory=dict)


class _Opened(Mapping[str, "ibis.Table"]):
    """Tables of a lake by code, each opened when it is first asked for."""

    def __init__(self, codes: Sequence[str], make: Callable[[str], ibis.Table]) -> None:
        self._made: dict[str, ibis.Table | None] = dict.fromkeys(codes)
        self._make = make

    def __getitem__(self, code: str) -> ibis.Table:
        found = self._made[code]
        if found is None:
            found = self._made[code] = self._make(code)
        return found

    def __contains__(self, code: object) -> bool:
        return code in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


class DuckLake:
    """A lake in the process: Parquet files and tables in memory read by one DuckDB without a database file."""

    def __init__(
        self,
        sources: Iterable[Source],
        *,
        threads: int = 2,
        memory: str = "1GB",
        plans: Plans | None = None,
    ) -> None:
        self.sources = list(sources)
        self._plans = plans or Plans()
        self._made: set[str] = set()
        self._asked: list[Begin] = []
        self.connection = ibis.duckdb.connect(threads=threads, memory_limit=memory)
        codes = sorted({code for one in self.sources for code in one.tables})
        self._whole = Lake(_Opened(codes, self._table))

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
        whole = self.of(indicator)
        return whole if len(fit) == len(self.sources) else whole.only([one.key for one in fit])

    def of(self, indicator: Indicator) -> Lake:
        """The tables of an indicator with the rows of every census, from which it may begin with what others left."""
        found = {code: self._whole[code] for code in indicator.needs if code in self._whole.tables}
        shape = _shape(found)
        return Lake(found, keeper=lambda name, build: self._keep((name, shape), build))

    def count(
        self, indicator: Indicator, lake: Lake, form: Callable[[Lake, Indicator], ibis.Table]
    ) -> pa.Table:
        """The rows of an indicator in a lake of this one's tables, in a form (a function of a module, for it is part of what is remembered)."""
        plan = self.plan(indicator, lake, form)
        for begin in plan.begins:
            self._make(begin)
        return self.connection.con.sql(plan.sql).to_arrow_table()

    def plan(self, indicator: Indicator, lake: Lake, form: Callable[[Lake, Indicator], ibis.Table]) -> Plan:
        """What ``count`` will run, compiled the first time that it is asked for."""
        key = (form, indicator.code, lake.censuses, _shape(lake.tables))
        if key not in self._plans.counted:
            sql, begins, _schema = self._compiled(lambda: form(lake, indicator))
            self._plans.counted[key] = Plan(sql, begins)
        return self._plans.counted[key]

    def _compiled(self, build: Callable[[], ibis.Table]) -> tuple[str, tuple[Begin, ...], ibis.Schema]:
        outer, self._asked = self._asked, []
        try:
            built = build()
            return str(self.connection.compile(built)), tuple(self._asked), built.schema()
        finally:
            self._asked = outer

    def _keep(self, begin: Begin, build: Callable[[], ibis.Table]) -> ibis.Table:
        if begin not in self._plans.kept:
            self._plans.kept[begin] = Kept(*self._compiled(build))
        self._asked.append(begin)
        return ibis.table(self._plans.kept[begin].schema, name=f"{begin[0]} kept")

    def _make(self, begin: Begin) -> None:
        if begin[0] in self._made:
            return
        kept = self._plans.kept[begin]
        for first in kept.begins:
            self._make(first)
        self.connection.raw_sql(f"CREATE TEMP TABLE {_name(f'{begin[0]} kept')} AS {kept.sql}")
        self._made.add(begin[0])

    def _name_files(self, code: str, keys: pa.Table) -> None:
        """Keep which census each file of a table is of, for ``_table``."""
        self.connection.create_table(f"files of {code}", keys)

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
            self._name_files(code, keys)
            shapes = {frozenset(one.stored(code)) for one in files}
            there = {name for shape in shapes for name in shape}
            # Looking for columns in every file beforehand costs as much as half the reading.
            union = ", union_by_name = true" if len(shapes) > 1 else ""
            picked = ", ".join(_column(name, columns, there) for name in columns)
            listed = ", ".join(text(str(one.file(code))) for one in files)
            selects.append(
                f"SELECT k.census, k.office, k.school_year, k.round, {picked} FROM read_parquet([{listed}]{union}, filename = true) t"
                f" JOIN {_name(f'files of {code}')} k ON k.file = t.filename"
            )
        for place, one in enumerate(held):
            if one.rows is None:
                continue
            self.connection.create_table(f"{code} now {place}", one.rows[code])
            there = set(one.rows[code].column_names)
            picked = ", ".join(_column(name, columns, there) for name in columns)
            keys_now = f"{text(one.key)} AS census, {text(one.office)} AS office, {one.school_year}::BIGINT AS school_year, {text(one.round)} AS round"
            selects.append(f"SELECT {keys_now}, {picked} FROM {_name(f'{code} now {place}')} t")
        self.connection.raw_sql(f"CREATE VIEW {_name(code)} AS {' UNION ALL '.join(selects)}")
        return self.connection.table(code)


def _shape(tables: Mapping[str, ibis.Table]) -> tuple[tuple[str, ibis.Schema], ...]:
    return tuple((code, tables[code].schema()) for code in sorted(tables))


def _column(name: str, columns: Mapping[str, Any], there: set[str]) -> str:
    """A column by its present name; ``unit`` is what tables of staff and assets once called the school."""
    if name == "school" and "unit" in there:
        known = "t.school, t.unit" if "school" in there else "t.unit"
        return f"coalesce({known}) AS school"
    return f"t.{_name(name)}" if name in there else f"NULL AS {_name(name)}"


def _name(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def text(words: str) -> str:
    """Words as a literal of SQL."""
    return "'" + words.replace("'", "''") + "'"
