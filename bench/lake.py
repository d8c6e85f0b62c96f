"""An invented lake: censuses of many offices, with the tables and columns that the sheets declare, as closing a round writes them.

Rows come from invented pupils, staff and children, grouped by whatever columns a declared table has; what no one here knows a value for
is blank, so that a new column does not stop the lake from being made. One office is made in a fraction of a second. The same seed
makes the same rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from khet.kits.rounds.api import (
    CENSUS_FORMAT,
    CENSUS_MANIFEST,
    CENSUS_TYPES,
    CensusTable,
    census_sha256,
    references,
    sheets,
)

YEAR = 2569
GRADES = ["k2", "k3", "p1", "p2", "p3", "p4", "p5", "p6", "m1", "m2", "m3"]
LIVES = {"pupils", "km", "minutes", "timed", "people", "children", "at_school", "out_of_school", "positions", "vacant", "articles", "price", "net", "cases"}  # fmt: skip
"""Columns that are sums over the rows of a group; the others are what is grouped by."""
EARLIER = ("pupils", "roll", "schools")
"""Tables of the years before: what indicators that look back need."""

Words = tuple[Sequence[Any], Sequence[float]]


def often(*values: Any, first: float = 0.8) -> Words:
    """The first of the values as often as told, the others alike."""
    rest = (1 - first) / max(len(values) - 1, 1)
    return values, [first if n == 0 else rest for n in range(len(values))]


WORDS: dict[str, Words] = {
    "disadvantage": often("", "poor", "orphan", "remote", first=0.75),
    "disability": often("", "learning", "autism", "hearing", "", first=0.96),
    "nationality": often("ไทย", "ลาว", "เมียนมา", "", first=0.96),
    "religion": often("buddhism", "islam", "christianity", "", first=0.85),
    "journey": often("walk", "free", "paid", "bicycle", "", first=0.4),
    "nutrition": often("normal", "thin", "wasted", "overweight", "obese", "", first=0.7),
    "stature": often("normal", "short", "stunted", "", first=0.8),
    "electricity": often("grid", "solar", "", first=0.95),
    "water": often("tap", "deep", "rain", first=0.6),
    "internet_kind": often("fibre", "mobile", "none", first=0.8),
    "internet_state": often("good", "slow", "down"),
    "lan": often("yes", "no"),
    "wireless": often("yes", "no"),
    "terrain": often("plain", "hill", "island"),
    "hardship": often("no", "yes", first=0.9),
    "local_kind": often("sao", "town", "city"),
    "levels": often("kp", "kl", "p", first=0.6),
    "status": often("normal"),
    "education": often("bachelor", "master", "doctor", "below", first=0.65),
    "level": often("k3", "k2", "k1", "assistant", first=0.5),
    "subject": often("thai", "maths", "science", "english", "social", "art", "", first=0.2),
    "seconded": often(False, True, first=0.98),
    "cause": often("absent", "not_enrolled"),
    "reason": often("", "income", "moved", "health", first=0.5),
    "outcome": often("", "back", "elsewhere", "mistake", first=0.4),
    "money": often("budget", "own", "donated"),
    "item_code": often("0101", "0202", "0310", "1103", "2101", first=0.3),
    "documented": often(True, False),
}
HERE: dict[tuple[str, str], Words] = {
    ("schools", "kind"): often("primary", "extended", first=0.75),
    ("schools", "standing"): often("usual", "alone", "member", "mother"),
    ("emis", "standing"): often("usual", "alone", "member", "mother"),
    ("staff", "kind"): often("teacher", "government", "permanent", "hired", first=0.8),
    ("staff", "job"): often("teacher", "assistant", "principal", "vice", "clerk"),
    ("staff", "standing"): often("k3", "k2", "none", first=0.5),
    ("positions", "kind"): often("teacher"),
    ("positions", "job"): often("teacher", "principal", "vice", first=0.7),
    ("buildings", "kind"): often("01", "05", "02", "03", first=0.4),
    ("buildings", "condition"): often("good", "fair", "poor", ""),
    ("buildings", "standing"): often("standing", "asked", "permitted", "demolished", first=0.9),
    ("articles", "kind"): often("office", "computer", "kitchen", "sport", first=0.4),
    ("articles", "condition"): often("in_use", "repair", "dispose", "lost"),
    ("children", "state"): often("service", "other", "none", "done"),
    ("children_tracing", "state"): often("", "found", "searching", first=0.4),
    ("movements", "kind"): often("new", "from_school", "repeated", "graduated", "moved", "resigned", "traced", "died", "transfer_in", "transfer_out", first=0.3),
}  # fmt: skip
EACH = {"emis": 1, "manpower": 1, "schools": 1, "buildings": 6, "land": 2, "articles": 40, "positions": 4, "children_tracing": 1, "children_villages": 4}  # fmt: skip


def declared() -> tuple[list[CensusTable], list[CensusTable]]:
    """The tables of a term round and of a yearly one, references in both."""
    term, yearly = list(references), list(references)
    for sheet in sheets:
        (yearly if sheet.yearly else term).extend(sheet.census)
    return term, yearly


class Office:
    """One office in one school year. ``sizes``: pupils of each school in the year of the lake."""

    def __init__(self, code: str, sizes: np.ndarray, year: int, seed: int) -> None:
        self.code, self.year = code, year
        # Schools stand where they stand in every year; their pupils are other ones.
        self.fixed = np.random.default_rng([seed, 0])
        self.rng = np.random.default_rng([seed, year])
        self.schools = np.array([f"{code}{n:04d}" for n in range(1, len(sizes) + 1)])
        self.sizes = np.maximum(np.round(sizes * 1.02 ** (YEAR - year)).astype(int), 0)
        self.connection = duckdb.connect(config={"threads": 1})
        self._frames: dict[str, pa.Table] = {}

    def close(self) -> None:
        self.connection.close()

    def pick(self, words: Words, n: int) -> pa.Array:
        values, weights = words
        at = self.rng.choice(len(values), n, p=np.array(weights) / sum(weights))
        return pa.DictionaryArray.from_arrays(pa.array(at), pa.array(list(values))).dictionary_decode()

    def one_of(self, values: Sequence[str], n: int) -> pa.Array:
        return self.pick((values, [1.0] * len(values)), n)

    def pupils(self) -> dict[str, pa.Array]:
        n, rng = int(self.sizes.sum()), self.rng
        school = np.repeat(np.arange(len(self.sizes)), self.sizes)
        # Every third school goes on to ม.3; grade and room follow from the number within the school.
        grades = np.where(school % 3 == 0, 11, 8)
        within = np.arange(n) - np.repeat(np.cumsum(self.sizes) - self.sizes, self.sizes)
        grade = within % grades
        known = rng.random(n) > 0.03
        distance = np.round(rng.gamma(1.5, 1.6, n), 1)
        band = np.where(
            known,
            np.array(["0-1", "1-3", "3-6", "6-10", "10+"])[np.searchsorted([1, 3, 6, 10], distance)],
            "",
        )
        return {
            "school": pa.array(self.schools[school]),
            "grade": pa.array(np.array(GRADES)[grade]),
            "room": pa.array(1 + within // (grades * 30)),
            "sex": self.one_of(["m", "f"], n),
            "age": pa.array(
                grade + 4 + (rng.random(n) < 0.3) + (rng.random(n) < 0.02), mask=rng.random(n) < 0.01
            ),
            "band": pa.array(band),
            "km": pa.array(np.where(known, distance, 0)),
            "minutes": pa.array(np.where(known, 5 + np.round(distance * 4), 0).astype(int)),
            "timed": pa.array(known.astype(int)),
            "pupils": pa.array(np.ones(n, int)),
        }

    def rows(self, table: CensusTable) -> pa.Table:
        """The rows of a declared table, in the order of its keys."""
        if table.code == "schools":
            return self.named(table, self._places())
        whole = table.total
        if whole == "pupils" and table.code not in ("movements", "pupils_wants"):
            if "pupils" not in self._frames:
                self._frames["pupils"] = pa.table(self.pupils())
            base = self._frames["pupils"]
            columns = {name: base[name] for name in base.column_names}
        else:
            columns = self._things(table)
        return self._grouped(table, self.named(table, columns))

    def _things(self, table: CensusTable) -> dict[str, Any]:
        """Rows that are not pupils: so many a school, of people and children in proportion to its pupils."""
        share = {"staff": 0.06, "children": 1.1, "movements": 0.08, "pupils_wants": 0.1}.get(table.code)
        if share is None:
            each = np.full(len(self.schools), EACH.get(table.code, 3))
        else:
            each = np.ceil(self.sizes * share).astype(int)
        school = np.repeat(self.schools, each)
        n = len(school)
        whole = self.rng.integers
        numbers = {
            "sex": self.one_of(["m", "f"], n), "grade": self.one_of(GRADES, n), "people": pa.array(np.ones(n, int)),
            "children": pa.array(np.ones(n, int)), "cases": pa.array(np.ones(n, int)), "pupils": pa.array(np.ones(n, int)),
            "lacking": self.one_of(["lunch", "books", "uniform"], n), "village": self.one_of([f"v{k}" for k in range(6)], n),
            "retires": pa.array(whole(self.year, self.year + 35, n)), "positions": pa.array(whole(1, 6, n)), "vacant": pa.array(whole(0, 2, n)),
            "year_built": pa.array(whole(2490, 2569, n)), "rooms_plan": pa.array(whole(1, 13, n)), "rooms_used": pa.array(whole(0, 9, n)),
            "internet_mbps": pa.array(whole(5, 900, n)), "area_wa": pa.array(whole(100, 20000, n)), "articles": pa.array(whole(1, 5, n)),
            "age": pa.array(whole(24, 60, n) if table.code == "staff" else whole(0, 18, n)),
        }  # fmt: skip
        return {"school": pa.array(school), **numbers}

    def _places(self) -> dict[str, Any]:
        n = len(self.schools)
        north, east = 6 + self.fixed.random() * 13, 98 + self.fixed.random() * 6
        district = np.arange(n) % 5
        codes = [f"{self.code[:2]}{k + 1:02d}" for k in range(5)]
        return {
            "school": pa.array(self.schools),
            "name": pa.array([f"โรงเรียนที่ {k}" for k in range(n)]),
            "district_code": pa.array([codes[k] for k in district]),
            "district": pa.array([f"อำเภอที่ {k}" for k in district]),
            "network_code": pa.array([f"n-{k % 12}" for k in range(n)]),
            "network": pa.array([f"เครือข่ายที่ {k % 12}" for k in range(n)]),
            "lat": pa.array(np.round(north + self.fixed.random(n) / 2, 6), mask=self.fixed.random(n) < 0.01),
            "lon": pa.array(np.round(east + self.fixed.random(n) / 2, 6)),
            "position_confirmed": pa.array(self.fixed.random(n) < 0.6),
        }

    def named(self, table: CensusTable, columns: Mapping[str, Any]) -> pa.Table:
        """The columns that a table declares: given, picked among known words, small numbers, or blank."""
        n = len(columns["school"])
        made = {}
        for name, kind in table.columns:
            words = HERE.get((table.code, name)) or WORDS.get(name)
            if name in columns:
                value = columns[name]
            elif words and kind in ("text", "bool"):
                value = self.pick(words, n)
            elif kind == "int":
                value = pa.array(self.rng.integers(0, 9, n), mask=self.rng.random(n) < 0.1)
            elif kind in ("decimal", "float"):
                value = pa.array(self.rng.integers(0, 4000, n) / 2)
            elif kind == "bool":
                value = pa.array(self.rng.random(n) < 0.5)
            elif kind == "date":
                value = pa.nulls(n, CENSUS_TYPES[kind])
            else:
                value = pa.array([""] * n)
            if kind == "decimal":
                value = value.cast(pa.float64())
            made[name] = value.cast(CENSUS_TYPES[kind])
        return pa.table(made, schema=pa.schema([(name, CENSUS_TYPES[kind]) for name, kind in table.columns]))

    def _grouped(self, table: CensusTable, rows: pa.Table) -> pa.Table:
        if not table.total:
            return rows
        sums = [name for name, _kind in table.columns if name in LIVES]
        keys = [name for name, _kind in table.columns if name not in LIVES]
        named = ", ".join(f'"{name}"' for name in keys)
        picked = ", ".join(
            f'sum("{name}") AS "{name}"' if name in sums else f'"{name}"' for name, _kind in table.columns
        )
        self.connection.register("given", rows)
        made = self.connection.sql(
            f"SELECT {picked} FROM given GROUP BY {named} ORDER BY {named}"
        ).to_arrow_table()
        return made.cast(pa.schema([(name, CENSUS_TYPES[kind]) for name, kind in table.columns]))


def write(folder: Path, office: Office, kind: str, tables: Iterable[CensusTable], number: int = 1) -> Path:
    """One census folder below ``folder``/office/censuses."""
    place = folder / office.code / "censuses" / f"{office.year}-{kind}-{number}-01"
    place.mkdir(parents=True)
    listed = []
    for table in tables:
        rows = office.rows(table)
        path = place / f"{table.code}.parquet"
        pq.write_table(rows, path, compression="zstd", version="2.6", row_group_size=100_000)
        listed.append({
            "code": table.code, "title": str(table.code), "file": path.name, "rows": len(rows), "bytes": path.stat().st_size,
            "columns": [[name, kind] for name, kind in table.columns], "sha256": census_sha256(path),
        })  # fmt: skip
    manifest = {
        "format": CENSUS_FORMAT,
        "office": {"code": office.code, "name": f"เขตที่ {office.code}"},
        "round": {
            "school_year": office.year, "kind": kind, "number": number, "as_at": f"{office.year - 543}-06-10",
            "title": f"รอบ {number}/{office.year}", "census": 1,
        },
        "tables": listed,
    }  # fmt: skip
    (place / CENSUS_MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False))
    return place


def sizes_of(schools: int, pupils: int, seed: int) -> np.ndarray:
    """Pupils of each school: many small ones, a few large, all together ``pupils``."""
    drawn = np.random.default_rng(seed).lognormal(4.8, 0.9, schools)
    sizes = np.maximum(np.floor(drawn * pupils / drawn.sum()).astype(int), 1)
    sizes[np.argmax(sizes)] += pupils - sizes.sum()
    return sizes


def make(folder: Path, offices: int, schools: int, pupils: int, *, years: int = 4, seed: int = 4) -> int:
    """A lake of so many offices, schools and pupils of this year, with the same term of the years before; returns the bytes."""
    term, yearly = declared()
    earlier = [table for table in term if table.code in EARLIER]
    sizes = sizes_of(schools, pupils, seed)
    for n, part in enumerate(np.array_split(sizes, offices)):
        code = f"{1000 + n}"
        for year in range(YEAR - years + 1, YEAR + 1):
            one = Office(code, part, year, seed * 1000 + n)
            write(folder, one, "term", term if year == YEAR else earlier)
            if year == YEAR:
                write(folder, one, "yearly", yearly)
            one.close()
    return sum(path.stat().st_size for path in folder.rglob("*.parquet"))
