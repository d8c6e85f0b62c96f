"""Pages of statistics where ten years of rounds stand behind them, each beside a bare scan of the columns it shows.

The years before those of the world are copies of its oldest: rounds, censuses and folders of their own, all taken back at the end. Floor:
DuckDB reading from the censuses themselves the columns that the page's indicators name in ``needs``; and the page's own SQL bare.
"""

from __future__ import annotations

import gc
import hashlib
import json
import shutil
from datetime import timedelta
from pathlib import Path

from bench.measure import Page, p50, page, print_pages, spent, table
from bench.world import account_of, sign_in

YEARS = 11
"""The newest round and ten of the years before."""


def _copied(census, year: int):
    """A closed round of some year with the rows of another."""
    from django.conf import settings

    from khet.kits.rounds.api import Census, Round, census_folder

    round_, back = census.round, census.round.school_year - year
    day = round_.as_at.replace(year=round_.as_at.year - back)
    made_at = census.made_at - timedelta(days=365 * back)
    made = Round.objects.create(
        kind=round_.kind, title=round_.title.replace(str(round_.school_year), str(year)), school_year=year, number=round_.number, term=round_.term,
        as_at=day, opens_on=day, due_at=made_at, closes_on=day + timedelta(days=20), state="closed", opened_at=made_at, closed_at=made_at,
        sheet_codes=round_.sheet_codes,
    )  # fmt: skip
    manifest = {
        **census.manifest,
        "round": {**census.manifest["round"], "id": made.pk, "school_year": year, "as_at": day.isoformat(), "title": made.title},
    }  # fmt: skip
    folder = f"{year}-{round_.kind}-{round_.number}-01-bench"
    place = Path(settings.DATA) / "censuses" / folder
    shutil.copytree(census_folder(census), place, dirs_exist_ok=True)
    (place / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False))
    sha256 = hashlib.sha256(f"bench {year} {round_.kind} {round_.number}".encode()).hexdigest()
    return Census.objects.create(
        round=made, number=1, made_at=made_at, folder=folder, manifest=manifest, sha256=sha256
    )


def _documented(before: int) -> int:
    """Ten years of documents: every indicator over the area, pupils by school and by grade and sex. How many figures."""
    from khet.base.org.api import Actor
    from khet.modules.schools.api import own_schools
    from khet.modules.schools.choices import Grade
    from khet.outlets.statistics.actions import import_past
    from khet.outlets.statistics.api import indicators

    parts = [("area", "", {})]
    parts += [
        ("school", code, {}) for code in own_schools().exclude(smis8="").values_list("smis8", flat=True)
    ]
    parts += [("area", "", {"grade": grade, "sex": sex}) for grade in Grade.values for sex in "mf"]
    rows = []
    for year in range(before - 10, before):
        asked = [
            (one.code, part)
            for one in indicators
            for part in (parts if one.code == "pupils_by_grade" else parts[:1])
        ]
        for code, (level, place, dims) in asked:
            key = f"{year}.0.0.{code}.{level}.{place}.{';'.join(map('='.join, dims.items()))}"
            rows.append(
                {
                    "code": key, "school_year": year, "indicator": code, "level": level, "place": place, "place_name": place, "dims": dims,
                    "value": 40 + year % 7, "source": f"สมุดสารสนเทศ {year} หน้า 12",
                }
            )  # fmt: skip
    return len(import_past(actor=Actor.system(), new=rows, changed=[], source="bench"))


def _scan(codes: list[str], sources: list) -> float:
    """Milliseconds of DuckDB reading every column that the indicators need from every one of the censuses."""
    import duckdb

    from khet.outlets.statistics.api import indicators

    needs: dict[str, set[str]] = {}
    for code in codes:
        for name, columns in indicators[code].needs.items():
            needs.setdefault(name, set()).update(columns)
    reads = []
    for name, columns in needs.items():
        files = [
            str(one.file(name)) for one in sources if name in one.tables and columns <= set(one.stored(name))
        ]
        if files:
            hashed = " + ".join(f"count(hash({column}))" for column in sorted(columns))
            reads.append(f"SELECT {hashed} FROM read_parquet({files})")
    with duckdb.connect() as connection:
        statement = " UNION ALL ".join(reads)
        return p50(spent(lambda: connection.execute(statement).fetchall())) if reads else 0.0


def pages() -> bool:
    """Each page at p50 and p95, beside its floors."""
    from django.db import transaction

    from khet.kits.rounds.api import censuses
    from khet.outlets.statistics import cache
    from khet.outlets.statistics.api import as_source, indicators
    from khet.outlets.statistics.queries.keeping import keep_all
    from khet.outlets.statistics.queries.keys import DIRECTOR, SCHOOL

    made = []
    with transaction.atomic():
        try:
            known = {(one.round.kind, one.round.number, one.round.school_year): one for one in censuses()}
            for kind in ("term", "yearly"):
                oldest = known[kind, 1, min(year for of, n, year in known if (of, n) == (kind, 1))]
                newest = max(year for of, n, year in known if (of, n) == (kind, 1))
                made += [
                    _copied(oldest, year) for year in range(newest - YEARS + 1, oldest.round.school_year)
                ]
            keep_all()
            # Counting is the worker's: what it loaded (ibis, DuckDB) is no rubbish for a page's process to look through.
            gc.collect()
            gc.freeze()
            told = _documented(min(one.round.school_year for one in made))
            print(f"{len(made)} censuses added, {told:,} figures of documents before them")
            found, floors = _measured(as_source, censuses, indicators, DIRECTOR, SCHOOL)
            kept = print_pages(found)
            print(
                table(
                    ["page", "rounds read", "bare DuckDB scan ms", "page p50 / scan"],
                    [
                        [one.name, str(n), f"{scan:.1f}", f"{one.half / scan:.1f}" if scan else "–"]
                        for one, (n, scan) in zip(found, floors, strict=True)
                    ],
                )
            )
        finally:
            transaction.set_rollback(True)
            for one in made:
                shutil.rmtree(cache.folder_of(as_source(one)), ignore_errors=True)
                shutil.rmtree(as_source(one).folder, ignore_errors=True)
    return kept


def _measured(
    as_source, censuses, indicators, director, school
) -> tuple[list[Page], list[tuple[int, float]]]:
    terms = [as_source(one) for one in censuses() if (one.round.kind, one.round.number) == ("term", 1)]
    yearly = [as_source(one) for one in censuses() if one.round.kind == "yearly"]
    newest = f"{terms[0].school_year}-{terms[0].round}"
    clerk = account_of("clerk").username.removeprefix("c.")
    main, teachers, buildings = (
        "/statistics/pupils_by_grade/",
        "/statistics/staff_by_kind/",
        "/statistics/buildings_by_kind/",
    )
    of_pupils = [one.code for one in indicators if one.chapter == "pupils"]
    asked = [
        ("figure", "director", f"{main}?round={newest}", ["pupils_by_grade", "pupils_per_room"], terms),
        ("figure by school", "director", f"{main}?round={newest}&by=school", ["pupils_by_grade"], terms),
        ("figure of a school", "clerk", f"{main}?round={newest}&level=school&place={clerk}", ["pupils_by_grade", "pupils_per_room"], terms),
        ("figure by sex", "director", f"{main}?round={newest}&by=sex", ["pupils_by_grade"], terms),
        ("figure of small cells", "director", f"/statistics/pupils_by_disability/?round={newest}", ["pupils_by_disability"], terms),
        ("figure of teachers", "director", f"{teachers}?round={newest}", ["staff_by_kind"], terms),
        ("figure of buildings", "director", buildings, ["buildings_by_kind"], yearly),
        ("figure forecast", "director", "/statistics/forecast_5/", ["forecast_5"], terms),
        ("all chapters", "director", "/statistics/", [one.code for one in indicators], [terms[0], yearly[0]]),
        ("chapter", "director", "/statistics/?chapter=pupils", of_pupils, terms[:1]),
        ("director's page", "director", "/statistics/director/", list(director), [*terms, *yearly]),
        ("school's page", "clerk", f"/statistics/schools/{clerk}/", list(school), [terms[0], yearly[0]]),
        ("chart, main", "director", f"{main}chart.svg?round={newest}&part=main", ["pupils_by_grade"], terms[:1]),
        ("chart, trend", "director", f"{main}chart.svg?round={newest}&part=trend", ["pupils_by_grade"], terms),
    ]  # fmt: skip
    found, floors = [], []
    for name, who, url, codes, sources in asked:
        found.append(page(sign_in(who), name, who, url))
        floors.append((len(sources), _scan([code for code in codes if code in indicators], sources)))
    return found, floors
