"""Figures of a census, kept beside it: counted once, read in a few milliseconds, made anew whenever census or definitions change.

``figures/`` in the data folder may be deleted at any time and is not part of a backup. One Parquet file a census, one row group an
indicator, so that reading one figure touches nothing else. ``-back`` files hold the indicators that look at earlier censuses too;
their name says which, so that a census brought in later is counted in.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from khet.outlets.statistics.bases import Indicator, indicators
from khet.outlets.statistics.sources import Source

_INDEX = b"khet.figures"
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


def path_of(source: Source, earlier: Sequence[Source] | None = None) -> Path:
    """The file of a census; with ``earlier`` that of the indicators which look back at these."""
    name = f"{source.sha256}-{definitions()}"
    if earlier is not None:
        back = hashlib.sha256(" ".join(f"{one.key}:{one.sha256}" for one in earlier).encode()).hexdigest()[
            :12
        ]
        name += f"-back-{back}"
    return root() / f"{name}.parquet"


def read(source: Source, indicator: Indicator, earlier: Sequence[Source] = ()) -> pa.Table | None:
    """The rows of an indicator in a census; None where it was not counted in this round. Counts the census when nobody has yet."""
    back = list(earlier) if indicator.years else None
    if source.live:
        return _live(source, indicator, back or ())
    path = path_of(source, back)
    if not path.is_file():
        write(source, back)
    index, groups = _opened(path)
    place = index.get(indicator.code)
    return None if place is None else groups.read_row_group(place)


def _live(source: Source, indicator: Indicator, earlier: Sequence[Source]) -> pa.Table | None:
    found = list(_counting().count(source, [indicator], earlier))
    return found[0][1] if found else None


def _counting():
    # The one place that loads ibis and DuckDB (1.5 s, 100 MB): whoever reads figures that are there does not pay for them.
    return import_module("khet.outlets.statistics.counting")


def _opened(path: Path) -> tuple[dict[str, int], pq.ParquetFile]:
    groups = pq.ParquetFile(path)
    return json.loads(groups.schema_arrow.metadata[_INDEX]), groups


def write(source: Source, earlier: Sequence[Source] | None = None) -> Path:
    """Count a census and keep its figures; written aside and put into place by one rename."""
    counting = _counting()
    wanted = [one for one in indicators if bool(one.years) == (earlier is not None)]
    counted = list(counting.count(source, wanted, earlier or ()))
    index = {one.code: place for place, (one, _rows) in enumerate(counted)}
    schema = counting.SCHEMA.with_metadata({_INDEX: json.dumps(index, sort_keys=True).encode()})
    path = path_of(source, earlier)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{secrets.token_hex(8)}")
    try:
        with pq.ParquetWriter(aside, schema, compression="zstd", version="2.6") as out:
            for _one, rows in counted:
                # An indicator without rows keeps its place by an empty row group.
                out.write_table(
                    rows.replace_schema_metadata(schema.metadata), row_group_size=max(len(rows), 1)
                )
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def sweep(kept: Iterable[Source], older_than: float = 86_400) -> list[str]:
    """Remove figures of other definitions or of censuses that are gone, once they are a day old. Returns the names."""
    known = {one.sha256 for one in kept}
    gone = []
    for path in sorted(root().glob("*.parquet")) if root().is_dir() else []:
        sha256, _dash, rest = path.name.partition("-")
        current = sha256 in known and rest.startswith(definitions())
        if not current and time.time() - path.stat().st_mtime >= older_than:
            path.unlink(missing_ok=True)
            gone.append(path.name)
    return gone
