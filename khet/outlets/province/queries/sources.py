"""What a format is filled from: the tables of the chosen census, and those of the same school year it leans on."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from khet.base.org.api import office
from khet.kits.rounds.api import census_table, censuses

Row = dict[str, Any]

OLDER_NAMES = {"unit": "school"}
"""Columns of older censuses under the name they have had since; the school is ``school`` everywhere today."""


class Lake:
    """The censuses one export reads: the chosen one, and of the other kind of round the newest of the same school year.

    Tables are read once and checked against the digest in the manifest.
    """

    def __init__(self, census: Any) -> None:
        self.census = census
        self._tables: dict[tuple[str, str], list[Row] | None] = {}

    @cached_property
    def by_kind(self) -> dict[str, Any]:
        """Kind of round → its census; the chosen one for its own kind."""
        found = {self.census.round.kind: self.census}
        for one in censuses(self.census.round.school_year):  # newest day first
            found.setdefault(one.round.kind, one)
        return found

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What a column may take from the round and the office."""
        round_, home = self.census.round, office()
        return {
            "school_year": round_.school_year, "term": round_.term, "round": round_.short, "round_title": round_.title, "as_at": round_.as_at,
            "area_code": home.code, "area_name": home.name,
        }  # fmt: skip

    def of(self, kind: str) -> Any:
        """The census of a kind of round, ``""`` the chosen one; None where the school year has none."""
        return self.by_kind.get(kind) if kind else self.census

    def table(self, name: str, kind: str = "") -> list[Row] | None:
        """The rows of a census table, None where the census has none. Refuses a table that is not as it was frozen."""
        census = self.of(kind)
        key = (kind, name)
        if key not in self._tables:
            self._tables[key] = self._read(census, name) if census else None
        return self._tables[key]

    def _read(self, census: Any, name: str) -> list[Row] | None:
        found = census_table(census, name)
        if found is None:
            return None
        heads = [OLDER_NAMES.get(head, head) for head in found.schema.names]
        return [dict(zip(heads, row.values(), strict=True)) for row in found.to_pylist()]

    def inputs(self) -> list[Row]:
        """Every census that may be read, for the manifest: what it is and its digest."""
        return [
            {"kind": kind, "folder": one.folder, "round": one.round.short, "as_at": one.round.as_at.isoformat(), "sha256": one.sha256}
            for kind, one in sorted(self.by_kind.items())
        ]  # fmt: skip
