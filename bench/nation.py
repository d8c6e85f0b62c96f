"""Every indicator over the censuses of a whole country, beside a bare scan of the columns that it needs.

    python -m bench nation [offices] [offices for Spark]

245 offices are 29,500 schools and 6.5 million pupils, with the same term of three years before for what looks back; fewer are their
share. The lake is made once into ``KHET_DATA`` (default ``khet-nation`` in the folder for temporary files; about 100 MB) and kept. Promises: DuckDB
under 60 s for all indicators, at most 3 × the scans, memory under 4 GB; Spark the same rows, on a smaller share (0: not at all).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.site.settings")
OFFICES, SCHOOLS, PUPILS = 245, 29_500, 6_500_000
SECONDS, RATIO, MEGABYTES = 60, 3, 4096


def lake_of(folder: Path, offices: int) -> Path:
    from bench.lake import make

    lake = folder / f"lake-{offices}"
    if not lake.is_dir():
        aside = lake.with_name(f".{lake.name}")
        shutil.rmtree(aside, ignore_errors=True)
        begin = time.perf_counter()
        size = make(aside, offices, SCHOOLS * offices // OFFICES, PUPILS * offices // OFFICES)
        aside.rename(lake)
        print(f"made {lake}: {size / 2**20:,.0f} MB in {time.perf_counter() - begin:.0f} s")
    return lake


def run(lake: Path, engine: str) -> tuple[Path, dict]:
    out = lake.with_name(f"{lake.name}-{engine}")
    shutil.rmtree(out, ignore_errors=True)
    words = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "khet",
        "nation",
        str(lake),
        "--out",
        str(out),
        "--engine",
        engine,
    ]
    subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return out, json.loads((out / "manifest.json").read_text())


def scans(lake: Path) -> dict[str, float]:
    """Indicator → seconds of decoding the columns it needs from every file that has them, the second time it is done."""
    import duckdb

    from khet.outlets.statistics.api import indicators

    connection = duckdb.connect()
    known: dict[str, float] = {}
    found = {}
    for one in indicators:
        found[one.code] = 0.0
        for table, columns in one.needs.items():
            names = sorted({"school", *columns})
            files = sorted(map(str, lake.glob(f"*/censuses/*/{table}.parquet")))
            said = f"SELECT {', '.join(f'max({name})' for name in names)} FROM read_parquet({files})"
            if said not in known:
                connection.sql(said).fetchall()
                begin = time.perf_counter()
                connection.sql(said).fetchall()
                known[said] = time.perf_counter() - begin
            found[one.code] += known[said]
    return found


def differing(first: Path, second: Path) -> list[str]:
    import pyarrow.parquet as pq

    return [
        path.stem
        for path in sorted((first / "offices").glob("*.parquet"))
        if not pq.read_table(path).equals(pq.read_table(second / "offices" / path.name))
    ]


def main(offices: int, for_spark: int) -> int:
    import django

    django.setup()
    from bench.measure import table

    folder = Path(os.environ.get("KHET_DATA") or Path(tempfile.gettempdir()) / "khet-nation")
    folder.mkdir(parents=True, exist_ok=True)
    lake = lake_of(folder, offices)
    out, manifest = run(lake, "duckdb")
    floor = scans(lake)
    chapters: dict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
    for one in manifest["indicators"]:
        chapter = chapters[one["chapter"]]
        chapter[0] += 1
        chapter[1] += one["seconds"]
        chapter[2] += floor[one["code"]]
    print(
        table(
            ["group", "indicators", "counted s", "bare scans s", "ratio"],
            [[name, str(n), f"{took:.1f}", f"{bare:.1f}", f"{took / bare:.1f}"] for name, (n, took, bare) in chapters.items()],
        )
    )  # fmt: skip
    took, bare = manifest["seconds"], sum(floor.values())
    print(
        f"DuckDB: {took['all']} s for {len(manifest['indicators'])} indicators of {len(manifest['censuses']):,} censuses of {offices} offices"
        f" (checking every file {took['checking']} s, reading once {took['reading']} s); bare scans {bare:.1f} s, ratio {took['all'] / bare:.1f};"
        f" peak {manifest['peak_mb']:,} MB; load {os.getloadavg()[0]:.1f}"
    )
    missed = [
        words
        for words, is_missed in (
            (f"{took['all']} s > {SECONDS} s", took["all"] > SECONDS),
            (f"{manifest['peak_mb']} MB > {MEGABYTES} MB", manifest["peak_mb"] > MEGABYTES),
            *(
                (f"{name}: ratio {a / b:.1f} > {RATIO}", a > RATIO * b)
                for name, (_n, a, b) in chapters.items()
            ),
        )
        if is_missed
    ]
    if for_spark:
        small = lake_of(folder, for_spark)
        first = out if small == lake else run(small, "duckdb")[0]
        second, manifest = run(small, "spark")
        unlike = differing(first, second)
        print(
            f"Spark, {for_spark} offices: {manifest['seconds']['all']} s, {len(unlike)} indicators differ from DuckDB"
        )
        missed += [f"Spark differs: {', '.join(unlike)}"] if unlike else []
    for words in missed:
        print(f"MISSED {words}")
    return int(bool(missed))


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*given, *[OFFICES, 12][len(given) :]))
