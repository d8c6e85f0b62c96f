"""Where figures come from: a census on disk, of this office or of another, or the rows of an open round as they are now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from khet.base.org.queries import frame_office
from khet.kits.rounds.api import Census, Round, census_folder, census_now
from khet.outlets.statistics.bases import Indicator

if TYPE_CHECKING:
    import pyarrow as pa

LIVE = "live"
_ALIAS = {"unit": "school"}


@dataclass(frozen=True)
class Source:
    """One census. ``key`` is ``office/year-kind-number`` and names it in every figure; ``round`` is kind and number.

    ``tables``: table → its columns by their present names. ``rows`` are given where nothing is on disk: a round that is open.
    ``sha256`` of the manifest names the very census that a figure was counted from; of an open round it is ``live``.
    """

    office: str
    school_year: int
    kind: str
    number: int
    as_at: str
    title: str
    sha256: str
    tables: Mapping[str, tuple[str, ...]]
    folder: Path | None = None
    rows: Mapping[str, pa.Table] | None = None
    imported: bool = False

    @property
    def round(self) -> str:
        return f"{self.kind}-{self.number}"

    @property
    def key(self) -> str:
        return f"{self.office}/{self.school_year}-{self.round}"

    @property
    def live(self) -> bool:
        return self.rows is not None

    def file(self, table: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{table}.parquet"

    def stored(self, table: str) -> tuple[str, ...]:
        """The columns of a table as its file calls them."""
        return _stored(self.folder / "manifest.json")[table] if self.folder else self.tables[table]


def counted(source: Source, indicator: Indicator) -> bool:
    """Whether a census holds every table and column that an indicator needs."""
    return all(
        table in source.tables and set(columns) <= set(source.tables[table])
        for table, columns in indicator.needs.items()
    )


@lru_cache(maxsize=512)
def _stored(manifest: Path) -> dict[str, tuple[str, ...]]:
    tables = json.loads(manifest.read_bytes())["tables"]
    return {one["code"]: tuple(name for name, _kind in one["columns"]) for one in tables}


def from_manifest(folder: Path, sha256: str, manifest: Mapping, office: str = "") -> Source:
    """A census folder of any office; ``office`` stands in for older manifests, which do not name theirs."""
    round_ = manifest["round"]
    return Source(
        office=(manifest.get("office") or {}).get("code") or office,
        school_year=round_["school_year"],
        kind=round_["kind"],
        number=round_["number"],
        as_at=round_["as_at"],
        title=round_["title"],
        sha256=sha256,
        tables={
            one["code"]: tuple(dict.fromkeys(_ALIAS.get(name, name) for name, _kind in one["columns"]))
            for one in manifest["tables"]
        },
        folder=folder,
        imported=bool(manifest.get("imported")),
    )


def source_of(census: Census) -> Source:
    """The source that a census of this office is. Only a manifest that does not name its office costs a question."""
    named = (census.manifest.get("office") or {}).get("code")
    return from_manifest(census_folder(census), census.sha256, census.manifest, named or own_code())


def own_code() -> str:
    own = frame_office()
    return own.code if own else ""


def live_source(round_: Round) -> Source:
    """An open round as if it closed now: provisional, to be marked so."""
    rows = census_now(round_)
    return Source(
        office=own_code(),
        school_year=round_.school_year,
        kind=round_.kind,
        number=round_.number,
        as_at=round_.as_at.isoformat(),
        title=round_.title,
        sha256=LIVE,
        tables={code: tuple(table.column_names) for code, table in rows.items()},
        rows=rows,
    )
