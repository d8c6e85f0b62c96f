"""Figures of a census, kept beside it: counted once, read in a few milliseconds, made anew whenever census or definitions change.

``figures/`` in the data folder may be deleted at any time and is not part of a backup. One folder a census, one Parquet file an
indicator, so that reading one figure touches nothing else and a first look counts what it shows, no more. Files with ``-back`` are of
indicators that look at earlier censuses too; their name says which, so that a census brought in later is counted in.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from khet.outlets.statistics.bases import Indicator, indicators
from khet.outlets.statistics.sources import Source

_ENGINE = ("bases", "counting", "lake")


def root() -> Path:
    return Path(settings.DATA) / "figures"


@lru_cache(maxsize=1)
def definitions() -> str:
    """A digest of everything that a figure depends on besides its census: the text of definitions and engine, the libraries' versions."""
    here = Path(__file__).parent
    files = {here / f"{name}.py" for name in _ENGINE}
    for one in indicators:
        package = sys.modules[one.expr.__module__].__file__
        if package:
            files.update(
                Path(package).parent.glob("*.py")
                if Path(package).parent.name == "indicators"
                else {Path(package)}
            )
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    digest.update(" ".join(version(name) for name in ("ibis-framework", "duckdb")).encode())
    return digest.hexdigest()[:16]


def folder_of(source: Source) -> Path:
    """Where the figures of a census lie, by its own digest and that of the definitions."""
    return root() / f"{source.sha256}-{definitions()}"


def path_of(source: Source, indicator: Indicator, earlier: Sequence[Source] = ()) -> Path:
    """The file of one indicator of a census; where it looks back, one for each row of earlier censuses."""
    if not indicator.years:
        return folder_of(source) / f"{indicator.code}.parquet"
    back = hashlib.sha256(" ".join(f"{one.key}:{one.sha256}" for one in earlier).encode()).hexdigest()[:12]
    return folder_of(source) / f"{indicator.code}-back-{back}.parquet"


def read(source: Source, indicator: Indicator, earlier: Sequence[Source] = ()) -> pa.Table | None:
    """The rows of an indicator in a census; None where it was not counted in this round. Counts it, and it alone, when nobody has yet."""
    if source.live:
        return _live(source, indicator, earlier if indicator.years else ())
    path = path_of(source, indicator, earlier)
    if not path.is_file():
        write(source, [indicator], earlier)
        if not path.is_file():
            return None
    return pq.ParquetFile(path).read()


def _live(source: Source, indicator: Indicator, earlier: Sequence[Source]) -> pa.Table | None:
    """Counted once for the rows as they were read: whoever asks again with the same rows gets the same figures."""
    key = (source.key, indicator.code)
    rows, table = _counted_live.get(key, (None, None))
    if rows is not source.rows:
        found = list(_counting().count(source, [indicator], earlier))
        table = found[0][1] if found else None
        if len(_counted_live) >= 200:
            _counted_live.clear()
        _counted_live[key] = (source.rows, table)
    return table


_counted_live: dict[tuple[str, str], tuple[object, pa.Table | None]] = {}


def _counting():
    # The one place that loads ibis and DuckDB (1.5 s, 100 MB): whoever reads figures that are there does not pay for them.
    return import_module("khet.outlets.statistics.counting")


def write(source: Source, wanted: Iterable[Indicator], earlier: Sequence[Source] = ()) -> int:
    """Count indicators of a census and keep each; written aside and put into place by a rename. Returns how many could be counted."""
    made = 0
    for one, rows in _counting().count(source, wanted, earlier, _lakes.get()):
        path = path_of(source, one, earlier)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{secrets.token_hex(8)}")
        try:
            pq.write_table(rows, aside, compression="zstd", version="2.6")
            os.replace(aside, path)
        finally:
            aside.unlink(missing_ok=True)
        made += 1
    return made


@contextmanager
def together() -> Iterator[None]:
    """For whoever reads many figures that may not be there yet: what has to be opened to count one stays open for the next."""
    lakes: dict[tuple[str, ...], Any] = {}
    before = _lakes.set(lakes)
    try:
        yield
    finally:
        _lakes.reset(before)
        for lake in lakes.values():
            lake.close()


_lakes: ContextVar[dict[tuple[str, ...], Any] | None] = ContextVar("lakes", default=None)


def sweep(kept: Iterable[Source], older_than: float = 86_400) -> list[str]:
    """Remove figures of other definitions or of censuses that are gone, once they are a day old. Returns the names."""
    known = {one.sha256 for one in kept}
    gone = []
    for path in sorted(root().iterdir()) if root().is_dir() else []:
        sha256, _dash, rest = path.name.partition("-")
        current = sha256 in known and rest.startswith(definitions())
        if not current and time.time() - path.stat().st_mtime >= older_than:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            gone.append(path.name)
    return gone
