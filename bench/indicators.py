"""All indicators over a full term and a full yearly census, and figures read back from ten rounds; each beside its floor.

The censuses are the rows of the present rounds, written as closing writes them; the nine years before are copies of them.
Counting: processor seconds of everything, of ibis making SQL, and of DuckDB running it. Floor: one bare scan of the columns
each indicator names in ``needs``. Promise: running takes at most three times the scans together, a figure of ten rounds
from the cache under 100 ms.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from pathlib import Path

from bench.measure import p50, spent, table

TIMES, READ_MS, YEARS = 3.0, 100.0, 10


def _written(folder: Path, live, school_year: int):
    """A live source as a census folder of some year."""
    import pyarrow.parquet as pq

    from khet.outlets.statistics.sources import from_manifest

    place = folder / f"{school_year}-{live.round}"
    place.mkdir()
    for code, rows in live.rows.items():
        pq.write_table(
            rows, place / f"{code}.parquet", compression="zstd", version="2.6", row_group_size=100_000
        )
    manifest = {
        "office": {"code": live.office},
        "round": {"school_year": school_year, "kind": live.kind, "number": live.number, "as_at": live.as_at, "title": live.title},
        "tables": [{"code": code, "columns": [[name, ""] for name in rows.column_names]} for code, rows in live.rows.items()],
    }  # fmt: skip
    (place / "manifest.json").write_text(json.dumps(manifest))
    return from_manifest(place, f"bench{school_year}{live.kind}", manifest)


def _least(act, rounds: int = 3) -> float:
    """The least processor seconds of some rounds: what others load the machine with is left out."""
    found = []
    for _round in range(rounds):
        began = time.process_time()
        act()
        found.append(time.process_time() - began)
    return min(found)


def indicators() -> bool:
    """Counting by chapter and in whole, then reading."""
    import ibis
    from django.conf import settings

    from khet.kits.rounds.api import Round
    from khet.outlets.statistics import cache
    from khet.outlets.statistics.api import counted, figures
    from khet.outlets.statistics.api import indicators as declared
    from khet.outlets.statistics.lake import DuckLake, figures_of
    from khet.outlets.statistics.sources import live_source

    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        made: dict[str, list] = {}
        for kind in ("term", "yearly"):
            round_ = Round.objects.filter(kind=kind, returns__isnull=False).order_by("-as_at").first()
            live = live_source(round_)
            first = live.school_year - YEARS + 1
            years = range(first, live.school_year + 1) if kind == "term" else [live.school_year]
            made[kind] = [_written(Path(folder), live, year) for year in years]
        lines: dict[str, list[float]] = {}
        for kind, sources in made.items():
            whole = sources[-1]
            with DuckLake(sources) as past, DuckLake([whole]) as one_census:
                for one in declared:
                    if not counted(whole, one) or (
                        kind == "yearly" and one.chapter == "schools" and "emis" not in one.needs
                    ):
                        continue
                    opened = past if one.years else one_census
                    began = time.process_time()
                    sql = ibis.to_sql(figures_of(opened.lake(one), one), dialect="duckdb")
                    made_sql = time.process_time() - began
                    run = _least(lambda opened=opened, sql=sql: opened.connection.raw_sql(sql).fetchall())
                    seen = sources if one.years else [whole]
                    scans = " UNION ALL ".join(
                        "SELECT " + " + ".join(f"count(hash({name}))" for name in columns)
                        + f" FROM read_parquet({[str(source.file(code)) for source in seen]})"
                        for code, columns in one.needs.items()
                    )  # fmt: skip
                    floor = _least(
                        lambda opened=opened, scans=scans: opened.connection.raw_sql(scans).fetchall()
                    )
                    line = lines.setdefault(str(one.chapter), [0, 0.0, 0.0, 0.0])
                    for at, value in enumerate((1, made_sql, run, floor)):
                        line[at] += value
        whole_line = [sum(line[at] for line in lines.values()) for at in range(4)]
        print(
            table(
                ["chapter", "indicators", "SQL made s", "run s", "floor s", "ratio"],
                [
                    [name, str(int(n)), f"{sql:.2f}", f"{run:.3f}", f"{floor:.3f}", f"{run / floor:.1f}"]
                    for name, (n, sql, run, floor) in [*lines.items(), ("all", whole_line)]
                ],
            )
        )
        kept = whole_line[2] <= TIMES * whole_line[3]
        term = made["term"]
        figures("pupils_by_grade", term, known=term)
        read = []
        for code, level in (
            ("pupils_by_grade", "area"),
            ("pupils_by_grade", "school"),
            ("pupils_by_disability", "school"),
        ):
            found = figures(code, term, level, known=term)
            milliseconds = p50(
                spent(lambda code=code, level=level: figures(code, term, level, known=term), rounds=10)
            )
            cpu = (
                _least(lambda code=code, level=level: figures(code, term, level, known=term), rounds=10)
                * 1000
            )
            read.append(
                [
                    f"{code} by {level}",
                    str(len(term)),
                    str(len(found.rows)),
                    f"{milliseconds:.0f}",
                    f"{cpu:.0f}",
                ]
            )
            kept = kept and (level == "school" or cpu < READ_MS)
        print(table(["figure", "rounds", "cells", "ms", "CPU ms"], read))
        for one in term:
            shutil.rmtree(cache.folder_of(one), ignore_errors=True)
    return kept
