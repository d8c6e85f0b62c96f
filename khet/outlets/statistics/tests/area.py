"""Censuses of invented schools, written as closing a round writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from khet.kits.rounds.censuses import sha256_of
from khet.outlets.statistics.sources import Source, from_manifest

_NUMBERS = count(1)


def write_census(
    folder: Path,
    school_year: int,
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    kind: str = "term",
    number: int = 1,
    office: str = "9902",
) -> Source:
    """A census folder of the given rows; columns are those of the rows. Without ``office`` as older ones, which do not name it."""
    place = folder / "censuses" / f"{school_year}-{kind}-{number}-{next(_NUMBERS)}"
    place.mkdir(parents=True)
    listed = []
    for code, rows in tables.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        table = pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows])
        pq.write_table(table, place / f"{code}.parquet")
        listed.append({"code": code, "file": f"{code}.parquet", "columns": [[name, ""] for name in names]})
    manifest = {
        "round": {
            "school_year": school_year, "kind": kind, "number": number, "as_at": f"{school_year - 543}-06-10",
            "title": f"รอบ {number}/{school_year}",
        },
        "tables": listed,
    }  # fmt: skip
    if office:
        manifest["office"] = {"code": office, "name": "สพป.ศรีธารา เขต 2"}
    (place / "manifest.json").write_text(json.dumps(manifest))
    return from_manifest(place, sha256_of(place / "manifest.json"), manifest, "9902")
