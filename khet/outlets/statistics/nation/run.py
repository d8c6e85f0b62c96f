"""``khet nation``: look through the lake, count every indicator, write aside, put into place by one rename."""

from __future__ import annotations

import json
import os
import resource
import secrets
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import override

from khet.base.lib.errors import Refusal
from khet.kits.rounds.api import census_sha256
from khet.outlets.statistics import cache
from khet.outlets.statistics.bases import Indicator, indicators
from khet.outlets.statistics.choices import Kind
from khet.outlets.statistics.nation.lake import Found, open_lake, targets
from khet.outlets.statistics.sources import Source

FORMAT = 1
_HALF = 86_400


def count_nation(
    lake: Path,
    out: Path,
    *,
    engine: str = "duckdb",
    master: str = "local[*]",
    schools: bool = False,
    memory: int = 2,
    say: Callable[[str], None] = lambda _text: None,
) -> dict[str, Any]:
    """Every indicator over every census of the lake, into the new folder ``out``; returns the manifest written there.

    ``schools``: also the rows of every school, in ``schools/``. ``memory`` in GB for the engine. ``Refusal`` when ``out`` is there already
    or any census is damaged, of another format, or incomplete: then nothing is written. Nobody finds a half: all is written beside
    ``out`` under a name that begins with a dot, which the next run removes when it is a day old.
    """
    began = time.perf_counter()
    out = out.absolute()
    if out.exists():
        raise Refusal(_t("%(out)s มีอยู่แล้ว เลือกโฟลเดอร์ใหม่") % {"out": out}, code="statistics.out_exists")
    found = open_lake(lake.absolute(), say)
    checked = time.perf_counter() - began
    engines = import_module("khet.outlets.statistics.nation.engines")  # ibis and DuckDB
    made = (
        engines.Spark(master, memory=f"{memory}g")
        if engine == "spark"
        else engines.Duck(memory=f"{memory}GB")
    )
    with ExitStack() as stack:
        opened = stack.enter_context(made)
        out.parent.mkdir(parents=True, exist_ok=True)
        _sweep(out)
        aside = out.with_name(f".{out.name}-{secrets.token_hex(4)}")
        aside.mkdir()
        stack.callback(shutil.rmtree, aside, ignore_errors=True)
        told = _write(aside, opened, found, schools=schools, say=say)
        manifest = {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "made_with": {
                name: version(name) for name in ("khet", "ibis-framework", "pyarrow", _PACKAGES[engine])
            },
            "engine": engine,
            "definitions": cache.definitions(),
            "censuses": [_census(one, lake) for one in found],
            "indicators": told,
            "seconds": {
                "checking": round(checked, 1),
                "reading": round(opened.reading, 1),
                "all": round(time.perf_counter() - began, 1),
            },
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        _flushed(
            aside / "manifest.json",
            json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode(),
        )
        if out.exists():
            raise Refusal(_t("%(out)s มีอยู่แล้ว เลือกโฟลเดอร์ใหม่") % {"out": out}, code="statistics.out_exists")
        os.rename(aside, out)
    return manifest


_PACKAGES = {"duckdb": "duckdb", "spark": "pyspark"}


def _census(one: Found, lake: Path) -> dict[str, Any]:
    source = one.source
    return {
        "census": source.key, "office": source.office, "school_year": source.school_year, "round": source.round, "as_at": source.as_at,
        "folder": str(one.folder.relative_to(lake.absolute())), "sha256": source.sha256, "rows": sum(one.rows.values()),
    }  # fmt: skip


def _sweep(out: Path) -> None:
    for path in out.parent.glob(f".{out.name}-*"):
        if path.is_dir() and time.time() - path.stat().st_mtime > _HALF:
            shutil.rmtree(path, ignore_errors=True)


def _flushed(path: Path, data: bytes) -> None:
    with open(path, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _write(
    aside: Path, engine: Any, found: Sequence[Found], *, schools: bool, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """All indicators, batch after batch, each batch a row group of their files."""
    wanted = list(indicators)
    sources = [one.source for one in found]
    by_key = {one.key: one for one in sources}
    reached = {one.code: targets(sources, one) for one in wanted}
    seconds = dict.fromkeys(reached, 0.0)
    writers: dict[Path, pq.ParquetWriter] = {}
    with ExitStack() as stack:
        for place, batch in enumerate(engine.batches(found, wanted), start=1):
            begin, read = time.perf_counter(), engine.reading
            for one, rows in engine.count(batch, wanted, schools=schools):
                kept = rows.filter(
                    pc.is_in(rows["census"], value_set=pa.array(reached[one.code], pa.string()))
                )
                for level, table in _levels(kept, one, by_key, schools=schools):
                    path = aside / level / f"{one.code}.parquet"
                    if path not in writers:
                        path.parent.mkdir(exist_ok=True)
                        writers[path] = stack.enter_context(
                            pq.ParquetWriter(path, table.schema, compression="zstd", version="2.6")
                        )
                    if len(table):
                        writers[path].write_table(table)
                seconds[one.code] += time.perf_counter() - begin - (engine.reading - read)
                begin, read = time.perf_counter(), engine.reading
            say(
                _t("นับแล้ว %(place)d: %(offices)d เขต")
                % {"place": place, "offices": len({one.source.office for one in batch})}
            )
    with override("th"):
        return [_told(aside, one, len(reached[one.code]), seconds[one.code]) for one in wanted]


def _told(aside: Path, one: Indicator, censuses: int, seconds: float) -> dict[str, Any]:
    files = [aside / level / f"{one.code}.parquet" for level in ("offices", "schools")]
    return {
        "code": one.code, "chapter": str(one.chapter), "title": str(one.title), "definition": str(one.definition), "unit": str(one.unit),
        "kind": str(one.kind), "scale": one.scale, "digits": one.digits, "small": one.small, "dims": list(one.dim_codes),
        "censuses": censuses, "seconds": round(seconds, 2),
        "files": [
            {"file": str(path.relative_to(aside)), "rows": pq.read_metadata(path).num_rows, "sha256": census_sha256(path)}
            for path in files
            if path.is_file()
        ],
    }  # fmt: skip


def _levels(rows: pa.Table, one: Indicator, by_key: dict[str, Source], *, schools: bool) -> Any:
    """The tables to write of an indicator: ``offices`` and, where asked for, ``schools``."""
    if schools:
        yield "schools", dressed(rows, one, by_key)
        keys = ["census", "d1", "d2", "d3"]
        rows = rows.group_by(keys, use_threads=False).aggregate([("n", "sum"), ("of", "sum")])
        rows = rows.rename_columns([*keys, "n", "of"])
    yield "offices", dressed(rows, one, by_key)


def dressed(rows: pa.Table, one: Indicator, by_key: dict[str, Source]) -> pa.Table:
    """Rows as they are written: what census they are of, dims by their names, the value, whether a cell is too small to publish.

    ``value`` is worked out here from the exact ``n`` and ``of``, so that it does not depend on the engine.
    """
    number = pa.decimal128(18, 4)
    keys = ["census", *(["school"] if "school" in rows.column_names else []), "d1", "d2", "d3"]
    rows = rows.sort_by([(name, "ascending") for name in keys])
    n, of = rows["n"].cast(number), rows["of"].cast(number)
    if one.kind == Kind.COUNT:
        value = n.cast(pa.float64())
    else:
        whole = pc.if_else(pc.equal(of, pa.scalar(0, number)), pa.scalar(None, number), of).cast(pa.float64())
        value = pc.multiply(pc.divide(n.cast(pa.float64()), whole), pa.scalar(float(one.scale)))
    small = pc.and_(pc.greater(n, pa.scalar(0, number)), pc.less(n, pa.scalar(one.small, number)))
    sources = [by_key[key] for key in rows["census"].to_pylist()]
    columns = {
        "census": rows["census"].cast(pa.string()),
        "office": pa.array([one.office for one in sources], pa.string()),
        "school_year": pa.array([one.school_year for one in sources], pa.int64()),
        "round": pa.array([one.round for one in sources], pa.string()),
        **({"school": rows["school"].cast(pa.string())} if "school" in keys else {}),
        **{code: rows[f"d{at}"].cast(pa.string()) for at, code in enumerate(one.dim_codes, start=1)},
        "n": n,
        "of": of,
        "value": value,
        "small": pc.fill_null(small, False),
    }
    return pa.table(columns)
