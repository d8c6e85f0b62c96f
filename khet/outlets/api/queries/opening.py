"""Open data sets: which there are, their rounds, and a table of one of them as everybody may have it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _
from django.utils.translation import override

from khet.base.lib.errors import NotFound
from khet.base.lib.sheets import inert
from khet.kits.rounds.api import Census, census_table, censuses
from khet.outlets.api.models import OpenSet
from khet.outlets.api.queries.suppressing import ALL, hidden_cells, lattice
from khet.outlets.statistics.api import Chapter, Indicator, Kind, as_source, figures, indicators

LEVELS = ("area", "district", "school")
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}
PEOPLE = {Chapter.PUPILS, Chapter.MOVEMENT, Chapter.TEACHERS, Chapter.CHILDREN}
"""Chapters whose figures count people: their small cells are hidden. What is counted in the others is no person."""


@dataclass(frozen=True)
class OpenTable:
    """One data set in one round at one level: ``rows`` of place, name, dims, n, of, value and whether hidden.

    ``words``: which columns a person reads, with their headings.
    """

    heads: list[str]
    rows: list[list[Any]]
    hidden: int
    words: list[tuple[int, str]]

    @property
    def readable(self) -> list[list[Any]]:
        """The rows as a person reads them: names and numbers, without codes."""
        return [[row[at] for at, _words in self.words] for row in self.rows]


def open_sets() -> list[Indicator]:
    """What the office has opened, in the order of the chapters."""
    held = set(OpenSet.objects.values_list("code", flat=True))
    return [one for one in indicators if one.code in held]


def open_set(code: str) -> Indicator:
    found = indicators.get(code)
    if found is None or not OpenSet.objects.filter(code=code).exists():
        raise NotFound(_("ไม่มีชุดข้อมูลเปิดนี้ สำนักงานอาจปิดชุดข้อมูลแล้ว"), code="open.no_set")
    return found


def round_name(census: Census) -> str:
    """How a round stands in an address: 2569-term-1. It stays when the round is closed anew; the ETag changes."""
    return f"{census.round.school_year}-{census.round.kind}-{census.round.number}"


def rounds_of(indicator: Indicator, among: list[Census] | None = None) -> list[Census]:
    """The censuses that count it, newest day first; of those ``among``, so that many sets are told by one question."""
    return [one for one in (censuses() if among is None else among) if _counts(one, indicator)]


def _counts(census: Census, indicator: Indicator) -> bool:
    """Whether the manifest names every table and column that is needed; older censuses call the school ``unit``."""
    held = {
        table["code"]: {"school" if name == "unit" else name for name, _kind in table["columns"]}
        for table in census.manifest["tables"]
    }
    return all(set(columns) <= held.get(table, set()) for table, columns in indicator.needs.items())


def census_named(indicator: Indicator, name: str) -> Census:
    for one in rounds_of(indicator):
        if round_name(one) == name:
            return one
    raise NotFound(_("ชุดข้อมูลนี้ไม่มีในรอบที่ขอ"), code="open.no_round")


def etag_of(indicator: Indicator, census: Census, level: str, ending: str) -> str:
    """Changes with the census, the definition in words, and the file asked for."""
    facts = json.dumps([census.sha256, indicator.code, str(indicator.kind), level, ending, "v1"])
    return hashlib.sha256(facts.encode()).hexdigest()[:32]


def table_bytes(indicator: Indicator, census: Census, level: str, ending: str) -> bytes:
    """The file of a data set."""
    return _bytes(indicator.code, census.pk, census.sha256, level, ending)


@lru_cache(maxsize=32)
def _bytes(code: str, census_pk: int, sha256: str, level: str, ending: str) -> bytes:
    table = open_table(indicators[code], Census.objects.select_related("round").get(pk=census_pk), level)
    return {"csv": _csv, "json": _json, "parquet": _parquet}[ending](table)


def open_table(indicator: Indicator, census: Census, level: str) -> OpenTable:
    return _tables(indicator.code, census.pk, census.sha256)[level]


@lru_cache(maxsize=16)
def _tables(code: str, census_pk: int, sha256: str) -> dict[str, OpenTable]:
    """All levels at once: what is hidden at one follows from the others."""
    with override("th"):
        return _made(indicators[code], Census.objects.select_related("round").get(pk=census_pk))


def _made(indicator: Indicator, census: Census) -> dict[str, OpenTable]:
    found = figures(indicator.code, [census], "school", reveal=True)
    schools = census_table(census, "schools")
    listed = {row["school"]: row for row in schools.to_pylist()} if schools else {}
    area = as_source(census).office

    def above(school: str) -> list[tuple[str, str]]:
        district = listed.get(school, {}).get("district_code") or "0"
        return [("district", district), ("area", area)]

    n = {(row.place, row.dims): row.n or 0 for row in found.rows}
    values, lines = lattice(n, above)
    is_ratio = indicator.kind != Kind.COUNT
    of = lattice({(row.place, row.dims): row.of or 0 for row in found.rows}, above)[0] if is_ratio else {}
    hidden = (
        _hidden(indicator, values, of, lines) if indicator.chapter in PEOPLE or indicator.small else set()
    )
    names = {("area", area): _("ทั้งเขต")}
    for code, row in listed.items():
        names["school", code] = row["name"]
        names["district", row["district_code"] or "0"] = row["district"]
    words = [dict(dim.values) for dim in found.dims]
    ranks = [{code: at for at, (code, _words) in enumerate(dim.values)} for dim in found.dims]
    heads = ["place", "place_name", *(name for dim in found.dims for name in (dim.code, f"{dim.code}_name")), *(["n", "of", "value"] if is_ratio else ["value"]), "hidden"]  # fmt: skip
    said = [(1, _("พื้นที่")), *((3 + 2 * at, str(dim.title)) for at, dim in enumerate(found.dims))]
    said += [(heads.index(name), str(words_of)) for name, words_of in (("n", _("จำนวน")), ("of", _("จากทั้งหมด")), ("value", indicator.unit)) if name in heads]  # fmt: skip
    tables = {}
    for level in LEVELS:
        nodes = sorted(
            (node for node in values if node[0] == level),
            key=lambda node: (node[1], [ranks[at].get(value, -1) for at, value in enumerate(node[2])]),
        )
        rows = [_row(indicator, node, values, of, hidden, names, words) for node in nodes]
        tables[level] = OpenTable(heads, rows, sum(node in hidden for node in nodes), said)
    return tables


def _hidden(indicator: Indicator, values: Any, of: Any, lines: Any) -> set[Any]:
    """Of a ratio both the people counted and those they are a part of are guarded, and of a share the rest as well."""
    hidden = hidden_cells(values, lines)
    if not of:
        return hidden
    rest = {node: of[node] - values[node] for node in of} if indicator.scale == 100 else {}
    whole = all(isinstance(one, int) and one >= 0 for one in rest.values())
    while True:
        before = len(hidden)
        for numbers in (of, rest if whole else {}, values):
            if numbers:
                hidden |= hidden_cells(numbers, lines, hidden)
        if len(hidden) == before:
            return hidden


def _row(
    indicator: Indicator, node: Any, values: Any, of: Any, hidden: set[Any], names: Any, words: Any
) -> list[Any]:
    level, place, dims = node
    said = [
        part
        for at, value in enumerate(dims)
        for part in (value, _("รวม") if value == ALL else words[at].get(value, value))
    ]
    out = node in hidden
    numbers: list[Any] = [None if out else values[node]]
    if of:
        value = values[node] / of[node] * indicator.scale if of[node] else None
        numbers = (
            [None] * 3
            if out
            else [values[node], of[node], None if value is None else round(value, indicator.digits + 2)]
        )
    return [place, names.get((level, place), place), *said, *numbers, out]


def _csv(table: OpenTable) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.heads)
    for row in table.rows:
        writer.writerow(["" if cell is None else inert(cell) if isinstance(cell, str) else str(cell).lower() if isinstance(cell, bool) else cell for cell in row])  # fmt: skip
    return out.getvalue().encode("utf-8-sig")


def _json(table: OpenTable) -> bytes:
    rows = [dict(zip(table.heads, row, strict=True)) for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _parquet(table: OpenTable) -> bytes:
    numbers = {"n", "of", "value"}
    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.heads)
    arrays = [
        pa.array(
            [None if cell is None else float(cell) for cell in column] if head in numbers else list(column),
            pa.float64() if head in numbers else pa.bool_() if head == "hidden" else pa.string(),
        )
        for head, column in zip(table.heads, columns, strict=True)
    ]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(arrays, names=table.heads), sink, compression="zstd", version="2.6")
    return sink.getvalue().to_pybytes()
