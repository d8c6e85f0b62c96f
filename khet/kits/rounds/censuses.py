"""Censuses on disk: Parquet and a manifest, written aside, flushed, and put into place by one rename.

They lie in ``censuses/`` of the data folder, so a backup takes them along; what is there never changes. A killed closing
leaves a folder that begins with a dot, or a whole one that no row names; ``collect`` removes both when they are old.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection
from django.utils.translation import override

from khet.kits.rounds.bases import CensusTable, Scope
from khet.kits.rounds.models import Census

MANIFEST = "manifest.json"
FORMAT = 1
TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "int": pa.int64(),
    "decimal": pa.decimal128(18, 4),
    "float": pa.float64(),
    "date": pa.date32(),
    "bool": pa.bool_(),
}
CASTS = {
    "text": "text",
    "int": "bigint",
    "decimal": "numeric(18, 4)",
    "float": "double precision",
    "date": "date",
    "bool": "boolean",
}


def root() -> Path:
    return Path(settings.DATA) / "censuses"


def path_of(census: Census) -> Path:
    return root() / census.folder


class _Pipe:
    """The rows of a COPY as the file that pyarrow reads: nothing is gathered twice."""

    def __init__(self, rows: Iterator[memoryview]) -> None:
        self.rows = rows
        self.left = b""
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        parts, have = [self.left], len(self.left)
        for row in self.rows:
            parts.append(bytes(row))
            have += len(row)
            if 0 <= size <= have:
                break
        whole = b"".join(parts)
        if size < 0:
            self.left = b""
            return whole
        self.left = whole[size:]
        return whole[:size]

    def close(self) -> None:
        self.closed = True


def read_table(table: CensusTable, scope: Scope) -> pa.Table:
    """The rows of a census table, typed: COPY out of the database straight into columns."""
    sql, params = table.select(scope)
    names = [name for name, _kind in table.columns]
    casts = ", ".join(f'"{name}"::{CASTS[kind]} AS "{name}"' for name, kind in table.columns)
    schema = pa.schema([pa.field(name, TYPES[kind]) for name, kind in table.columns])
    with connection.cursor() as cursor:
        raw = connection.connection.cursor()
        with raw.copy(f"COPY (SELECT {casts} FROM ({sql}) t) TO STDOUT (FORMAT csv)", params) as rows:
            first = next(iter(rows), None)
            if not first:
                return schema.empty_table()
            del cursor
            return pc_csv.read_csv(
                pa.PythonFile(_Pipe(_chained(bytes(first), rows)), mode="r"),
                read_options=pc_csv.ReadOptions(column_names=names, use_threads=False),
                parse_options=pc_csv.ParseOptions(newlines_in_values=True),
                convert_options=pc_csv.ConvertOptions(
                    column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""],
                    true_values=["t"], false_values=["f"],
                ),
            )  # fmt: skip


def _chained(first: bytes, rows: Any) -> Iterator[memoryview]:
    yield memoryview(first)
    yield from rows


def _write(path: Path, data: bytes) -> None:
    with open(path, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _flush_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    with open(path, "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


class Writing:
    """A census being written: tables, then the manifest, then the rename. ``drop`` takes back what is not wanted."""

    def __init__(self) -> None:
        root().mkdir(parents=True, exist_ok=True)
        self.aside = root() / f".{secrets.token_hex(8)}"
        self.aside.mkdir()
        self.place: Path | None = None
        self.tables: list[dict[str, Any]] = []

    def add(self, table: CensusTable, rows: pa.Table) -> None:
        """Write one table; the same rows make the same bytes."""
        path = self.aside / f"{table.code}.parquet"
        sink = pa.BufferOutputStream()
        pq.write_table(rows, sink, compression="zstd", version="2.6", row_group_size=100_000)
        _write(path, sink.getvalue().to_pybytes())
        total = pc.sum(rows[table.total]).as_py() or 0 if table.total else rows.num_rows
        with override("th"):
            self.tables.append(
                {
                    "code": table.code, "title": str(table.title), "file": path.name, "rows": rows.num_rows,
                    "columns": [[name, kind] for name, kind in table.columns], "total_of": table.total, "total": int(total),
                    "bytes": path.stat().st_size, "sha256": sha256_of(path),
                }
            )  # fmt: skip

    def finish(self, folder: str, facts: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Write the manifest last and put the folder into its place; returns the manifest and its SHA-256."""
        manifest = {
            "format": FORMAT,
            **facts,
            "tables": self.tables,
            "made_with": {"khet": version("khet"), "pyarrow": pa.__version__},
        }
        data = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
        _write(self.aside / MANIFEST, data)
        _flush_folder(self.aside)
        self.place = root() / folder
        os.rename(self.aside, self.place)
        _flush_folder(root())
        return manifest, hashlib.sha256(data).hexdigest()

    def drop(self) -> None:
        for path in (self.aside, self.place):
            if path is not None:
                shutil.rmtree(path, ignore_errors=True)


def faults_of(census: Census) -> Iterator[tuple[str, str]]:
    """What is wrong with a census on disk: (code, file)."""
    folder = path_of(census)
    manifest = folder / MANIFEST
    if not manifest.is_file():
        yield "missing", MANIFEST
        return
    if sha256_of(manifest) != census.sha256:
        yield "altered", MANIFEST
    for table in census.manifest["tables"]:
        path = folder / table["file"]
        if not path.is_file():
            yield "missing", table["file"]
        elif sha256_of(path) != table["sha256"]:
            yield "altered", table["file"]
    known = {MANIFEST, *(table["file"] for table in census.manifest["tables"])}
    for path in sorted(folder.iterdir()):
        if path.name not in known:
            yield "extra", path.name


def strangers(older_than: float = 0) -> list[Path]:
    """Folders that no row names: left by a closing that was killed. ``older_than`` in seconds."""
    if not root().is_dir():
        return []
    known = set(Census.objects.values_list("folder", flat=True))
    found = [path for path in sorted(root().iterdir()) if path.name not in known]
    return [path for path in found if _age(path) >= older_than]


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return -1.0


def collect(older_than: float = 86_400) -> list[str]:
    """Remove what killed closings left, once it is a day old. Returns the names."""
    gone = []
    for path in strangers(older_than):
        shutil.rmtree(path, ignore_errors=True)
        gone.append(path.name)
    return gone
