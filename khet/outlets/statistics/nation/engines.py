"""Two engines for one definition: DuckDB within the process, and Spark here or on a cluster. Heavy: imported when a nation is counted.

Both give the same thing: for an indicator an Arrow table ``census, [school,] d1, d2, d3, n, of`` with decimals of four places. What is
engine's own ends with the tables of the lake: from there on it is the ibis expression of the definition, and nothing else.
"""

from __future__ import annotations

import importlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import ibis
import pyarrow as pa
from django.utils.translation import gettext as _t

from khet.base.lib.errors import Refusal
from khet.outlets.statistics.bases import Indicator
from khet.outlets.statistics.lake import KEYS, PARTS, DuckLake, Lake, Plans, figures_of, text
from khet.outlets.statistics.nation.lake import Found, fit

DIMS = ("d1", "d2", "d3")
SCHOOLS = pa.schema(
    [*((name, pa.string()) for name in ("census", "school", *DIMS)), ("n", PARTS), ("of", PARTS)]
)
OFFICES = SCHOOLS.remove(1)
LISTED = {"census": "key", "office": "office", "round": "round"}
"""Columns of ``KEYS`` whose values are known before a row is read, and what they are of a source."""
BATCH = 8_000_000
"""Rows of all tables that DuckDB holds at once: about 2 GB with what counting them takes."""


def by_school(lake: Lake, indicator: Indicator) -> ibis.Table:
    """The rows of an indicator by school."""
    return figures_of(lake, indicator).select(*SCHOOLS.names)


def by_office(lake: Lake, indicator: Indicator) -> ibis.Table:
    """The same gathered by office. ``n`` and ``of`` are exact decimals before they are summed."""
    rows = figures_of(lake, indicator)
    gathered = rows.group_by(["census", *DIMS]).agg(n=rows.n.sum(), of=rows["of"].sum())
    return gathered.mutate(n=gathered.n.cast("decimal(18, 4)"), of=gathered["of"].cast("decimal(18, 4)"))


def columns_needed(indicators: Iterable[Indicator]) -> dict[str, set[str]]:
    """Table → columns that any of these indicators needs."""
    needed: dict[str, set[str]] = {}
    for one in indicators:
        for table, columns in one.needs.items():
            needed.setdefault(table, {"school"}).update(columns)
    return needed


def _all_read(code: str, rows: int, found: Sequence[Found]) -> None:
    """Rows find their census by the name of their file. If one day a name is written otherwise, nobody counts in silence."""
    expected = sum(one.rows.get(code, 0) for one in found)
    if rows != expected:
        raise RuntimeError(f"{code}: {rows} of {expected} rows were read")


def _usable(found: Sequence[Found], whole: Lake, indicator: Indicator) -> Lake:
    """What an indicator reads. Only what looks back has to be kept from censuses that lack something; of others they are left out afterwards."""
    if not indicator.years:
        return whole
    usable = {one.key for one in fit((one.source for one in found), indicator)}
    holding = {one.source.key for one in found if set(indicator.needs) & set(one.source.tables)}
    return whole if holding <= usable else whole.only(sorted(usable))


class _Loaded(DuckLake):
    """A DuckDB that reads the needed columns of its censuses once, and then counts within memory.

    Reading goes on beside the caller, who may compile meanwhile and asks for ``read`` before anything is counted.
    """

    def __init__(
        self, found: Sequence[Found], needed: Mapping[str, set[str]], threads: int, memory: str, plans: Plans
    ) -> None:
        self.found, self.needed = found, needed
        super().__init__((one.source for one in found), threads=threads, memory=memory, plans=plans)
        self.connection.raw_sql("SET preserve_insertion_order = false")
        for name, of_source in LISTED.items():
            values = sorted({getattr(one.source, of_source) for one in found})
            self.connection.raw_sql(
                f"CREATE TYPE {name}_key AS ENUM ({', '.join(text(value) for value in values)})"
            )
        self._hand = ThreadPoolExecutor(max_workers=1)
        self._reading: list[Future[None]] = []
        for code in needed:
            if code in self._whole.tables:
                self._whole[code]  # opened now, not while something is counted

    def read(self) -> None:
        """Wait until every table is in memory."""
        for one in self._reading:
            one.result()

    def close(self) -> None:
        self._hand.shutdown(cancel_futures=True)
        super().close()

    def _name_files(self, code: str, keys: pa.Table) -> None:
        """Every row carries its census, and nearly every count goes by it: two bytes instead of a text. The order is that of the texts."""
        super()._name_files(code, keys)
        for name in LISTED:
            self.connection.raw_sql(f'ALTER TABLE "files of {code}" ALTER {name} TYPE {name}_key')

    def _table(self, code: str) -> ibis.Table:
        view = super()._table(code)
        names = [name for name in view.columns if name in self.needed[code] or name in KEYS]
        self._reading.append(self._hand.submit(self._hold, code, names))
        return ibis.table(view.select(names).schema(), name=f"{code} held")

    def _hold(self, code: str, names: Sequence[str]) -> None:
        with self.connection.con.cursor() as cursor:
            picked = ", ".join(f'"{name}"' for name in names)
            cursor.execute(f'CREATE TABLE "{code} held" AS SELECT {picked} FROM "{code}"')
            rows = cursor.execute(f'SELECT count(*) FROM "{code} held"').fetchone()
        _all_read(code, rows[0] if rows else 0, self.found)


class Duck:
    """Counts office after office, so many at once as fit in memory. What is compiled for the first is used for all.

    ``reading``: seconds gone into reading tables and, beside that, compiling; before anything is counted.
    """

    name = "duckdb"

    def __init__(self, *, threads: int = 0, memory: str = "2GB") -> None:
        self.threads = threads or os.cpu_count() or 1
        self.memory = memory
        self.reading = 0.0
        self._plans = Plans()

    def __enter__(self) -> Duck:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def batches(self, found: Sequence[Found], indicators: Sequence[Indicator]) -> Iterator[list[Found]]:
        """Whole offices in their order, at most ``BATCH`` rows together if one office does not hold more."""
        needed = columns_needed(indicators)
        offices: dict[str, list[Found]] = {}
        for one in found:
            offices.setdefault(one.source.office, []).append(one)
        held: list[Found] = []
        rows = 0
        for censuses in offices.values():
            more = sum(n for one in censuses for table, n in one.rows.items() if table in needed)
            if held and rows + more > BATCH:
                yield held
                held, rows = [], 0
            held, rows = held + censuses, rows + more
        yield held

    def count(
        self, found: Sequence[Found], indicators: Sequence[Indicator], *, schools: bool
    ) -> Iterator[tuple[Indicator, pa.Table]]:
        """Each indicator that any of these censuses can answer."""
        begin = time.perf_counter()
        needed = columns_needed(indicators)
        form = by_school if schools else by_office
        with _Loaded(found, needed, self.threads, self.memory, self._plans) as opened:
            chosen = [
                (one, _usable(found, opened.of(one), one))
                for one in indicators
                if fit((held.source for held in found), one)
            ]
            for one, lake in chosen:
                opened.plan(one, lake, form)
            opened.read()
            self.reading += time.perf_counter() - begin
            for one, lake in chosen:
                yield one, opened.count(one, lake, form).cast(SCHOOLS if schools else OFFICES)


class Spark:
    """Counts the whole lake at once. On a cluster every worker must see the lake's folder at the same path."""

    name = "spark"

    def __init__(self, master: str = "local[*]", *, memory: str = "2g") -> None:
        self.session = _session(master, memory)
        self.connection = ibis.pyspark.connect(self.session)
        self.reading = 0.0

    def __enter__(self) -> Spark:
        return self

    def __exit__(self, *_error: object) -> None:
        self.session.stop()

    def batches(self, found: Sequence[Found], _indicators: Sequence[Indicator]) -> Iterator[list[Found]]:
        yield list(found)

    def count(
        self, found: Sequence[Found], indicators: Sequence[Indicator], *, schools: bool
    ) -> Iterator[tuple[Indicator, pa.Table]]:
        begin = time.perf_counter()
        needed = columns_needed(indicators)
        there = {code for one in found for code in one.source.tables}
        tables = {code: self._table(code, found, needed[code]) for code in sorted(there & set(needed))}
        self.reading += time.perf_counter() - begin
        kept: dict[str, Any] = {}

        def keep(name: str, build: Callable[[], Any]) -> Any:
            if name not in kept:
                frame = self.session.sql(str(self.connection.compile(build())))
                frame.cache().createOrReplaceTempView(f"{name}_kept")
                kept[name] = self.connection.table(f"{name}_kept")
            return kept[name]

        for one in indicators:
            if fit((one.source for one in found), one):
                whole = Lake({table: tables[table] for table in one.needs}, keeper=keep)
                rows = (by_school if schools else by_office)(_usable(found, whole, one), one)
                yield one, self.session.sql(str(self.connection.compile(rows))).toArrow()
        self.session.catalog.clearCache()

    def _table(self, code: str, found: Sequence[Found], needed: set[str]) -> Any:
        """A table over all censuses that hold it: one scan for each set of columns its files have had, joined to its census by the file's name."""
        functions = importlib.import_module("pyspark.sql.functions")
        shapes: dict[tuple[tuple[str, str], ...], list[Found]] = {}
        for one in found:
            if code in one.source.tables:
                shapes.setdefault(tuple(one.kinds[code].items()), []).append(one)
        kinds = {"school" if name == "unit" else name: kind for shape in shapes for name, kind in shape}
        kinds = {name: kind for name, kind in kinds.items() if name in needed}
        parts = []
        for shape, files in shapes.items():
            form = ", ".join(f"`{name}` {_SPARK_TYPES[kind]}" for name, kind in shape)
            frame = self.session.read.schema(form).parquet(*(str(one.source.file(code)) for one in files))
            uris = {unquote(urlparse(uri).path): uri for uri in frame.inputFiles()}
            # From Arrow: rows of Python would start processes of Python to read them.
            keys = self.session.createDataFrame(
                pa.table(
                    {
                        "file": [uris[str(one.source.file(code))] for one in files],
                        "census": [one.source.key for one in files],
                        "office": [one.source.office for one in files],
                        "school_year": [one.source.school_year for one in files],
                        "round": [one.source.round for one in files],
                    }
                )
            )
            there = dict(shape)
            stored = {name: "unit" if name == "school" and "school" not in there else name for name in kinds}
            picked = [
                functions.col(stored[name]).alias(name)
                if stored[name] in there
                else functions.lit(None).cast(_SPARK_TYPES[kind]).alias(name)
                for name, kind in kinds.items()
            ]
            frame = frame.select(*picked, functions.input_file_name().alias("file"))
            parts.append(frame.join(functions.broadcast(keys), "file").select(*KEYS, *kinds))
        whole = parts[0]
        for part in parts[1:]:
            whole = whole.unionByName(part)
        # Read once and kept in columns: a dozen indicators ask for the same table.
        whole = whole.cache()
        _all_read(code, whole.count(), found)
        whole.createOrReplaceTempView(f"{code}_held")
        return self.connection.table(f"{code}_held")


_SPARK_TYPES = {
    "text": "string", "int": "bigint", "decimal": "decimal(18,4)", "float": "double", "date": "date", "bool": "boolean",
}  # fmt: skip


def lacking_for_spark() -> str:
    """What is missing on this machine to run Spark, in a sentence; '' when nothing is."""
    if importlib.util.find_spec("pyspark") is None:
        return _t("ยังไม่มี pyspark ติดตั้งด้วย make .venv/spark")
    home = os.environ.get("JAVA_HOME", "")
    if not (home and Path(home, "bin", "java").is_file()) and shutil.which("java") is None:
        return _t("ยังไม่มี Java 17 ขึ้นไป ติดตั้งด้วย apt-get install openjdk-17-jre-headless หรือตั้ง JAVA_HOME")
    return ""


def _session(master: str, memory: str) -> Any:
    why = lacking_for_spark()
    if why:
        raise Refusal(why, code="statistics.no_spark")
    sql = importlib.import_module("pyspark.sql")
    settings = {
        "spark.driver.memory": memory,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # What a page of queries would show is not kept: plans of forecasts are long, and there is no page.
        "spark.sql.maxPlanStringLength": "4096",
        "spark.sql.ui.retainedExecutions": "1",
        "spark.ui.retainedJobs": "1",
        "spark.ui.retainedStages": "1",
        "spark.ui.retainedTasks": "1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        # The files are named one by one, nothing has to be listed by a job of its own.
        "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",
    }
    if master.startswith("local"):
        # One machine: as few parts as cores, for each part costs more than the rows in it.
        settings |= {
            "spark.sql.shuffle.partitions": str(os.cpu_count() or 1),
            # A hundred short queries: compiling them as far as a long one deserves costs more than it saves.
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "spark.sql.adaptive.enabled": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
        }
    builder = sql.SparkSession.builder.master(master).appName("khet nation")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
