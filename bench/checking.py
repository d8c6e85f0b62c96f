"""All declared rules over the whole area, and closing a round with its census; each beside its floor.

Rules: every rule of every sheet, found and kept, as the area's press does it. Promise: under 2 s together over 25,000 pupils,
2,000 staff, 5,000 buildings and 60,000 articles. Floor: one bare scan of every table that the rules read.

Closing: the census of the open round with most pupils, every return verified first, rolled back afterwards. Promise: under 5 s.
Floor: COPY of the same rows out of the database and one bare pyarrow write of them.
"""

from __future__ import annotations

import re
import shutil
import time
from statistics import median

from bench.measure import table
from bench.processors import Spent, measured

RULES, CLOSING = 2.0, 5.0
ROUNDS = 5


def _postmaster() -> int | None:
    from django.conf import settings

    from khet.base.database.embedded import cluster_of

    return cluster_of(settings.DATA).postmaster()


def _middle(found: list[Spent]) -> tuple[float, float]:
    return median(one.wall for one in found), median(one.work for one in found)


def _present(sheet: str):
    from khet.kits.rounds.models import Round

    found = Round.objects.filter(returns__sheet=sheet).distinct().order_by("-as_at").first()
    return found or Round.objects.order_by("-as_at").first()


def checking() -> bool:
    """Rules by sheet, then all of them."""
    from django.db import connection, transaction

    from khet.kits.rounds.actions.checking import checks_of, found_by, run
    from khet.kits.rounds.bases import checks
    from khet.kits.rounds.queries.periods import scope_of

    postmaster = _postmaster()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        every = {name for (name,) in cursor.fetchall()}
    rows, read = [], set()
    by_sheet: dict[str, list] = {}
    for one in checks:
        by_sheet.setdefault(one.sheet, []).append(one)
    whole_wall = whole_work = 0.0
    slowest: list[tuple[float, str, int]] = []
    for sheet, declared in sorted(by_sheet.items()):
        round_ = _present(sheet)
        scope = scope_of(round_)
        for one in declared:
            sql, params = found_by(one, scope)
            read |= every & set(re.findall(r"[a-z]+_[a-z_]+", sql))
            spent = []
            for _turn in range(3):
                began = time.perf_counter()
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT count(*) FROM ({sql}) every", params)
                    count = cursor.fetchone()[0]
                spent.append(time.perf_counter() - began)
            slowest.append((median(spent), one.code, count))

        def act(round_=round_, scope=scope, sheet=sheet):
            with transaction.atomic():
                found = run(round_, scope, checks_of([sheet]))
                transaction.set_rollback(True)
            return found

        act()
        results = [measured(postmaster, act) for _turn in range(ROUNDS)]
        wall, work = _middle([spent for _found, spent in results])
        whole_wall, whole_work = whole_wall + wall, whole_work + work
        rows.append(
            [sheet, str(len(declared)), f"{results[0][0][0]:,}", f"{wall * 1000:.0f}", f"{work * 1000:.0f}"]
        )
    rows.append(["all", str(len(list(checks))), "", f"{whole_wall * 1000:.0f}", f"{whole_work * 1000:.0f}"])

    def scan():
        with connection.cursor() as cursor:
            for name in sorted(read):
                cursor.execute(
                    f"SELECT count(t) FROM {name} t"
                )  # the whole row is looked at, no index answers it

    scan()
    floor_wall, floor_work = _middle([measured(postmaster, scan)[1] for _turn in range(ROUNDS)])
    rows.append(
        [
            f"floor: scans of {len(read)} tables",
            "",
            "",
            f"{floor_wall * 1000:.0f}",
            f"{floor_work * 1000:.0f}",
        ]
    )
    print(_sizes())
    print(table(["sheet", "rules", "found", "clock ms", "processor ms"], rows))
    print(
        "slowest: "
        + ", ".join(
            f"{code} {spent * 1000:.0f} ms ({count:,})"
            for spent, code, count in sorted(slowest, reverse=True)[:8]
        )
    )
    print(
        f"ratio to the floor {whole_wall / floor_wall:.1f} by the clock, {whole_work / max(floor_work, 0.01):.1f} by the processor"
    )
    if whole_wall > RULES:
        print(f"MISSED rules: {whole_wall:.2f} s > {RULES} s")
    return whole_wall <= RULES


def _sizes() -> str:
    from django.db import connection

    told = []
    with connection.cursor() as cursor:
        for words, name in (
            ("pupils", "students_pupil"),
            ("staff", "staff_official"),
            ("buildings", "assets_building"),
            ("articles", "assets_article"),
        ):
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
            if cursor.fetchone()[0]:
                cursor.execute(f"SELECT count(*) FROM {name}")
                told.append(f"{cursor.fetchone()[0]:,} {words}")
    return ", ".join(told)


def closing() -> bool:
    """The verb itself, then the bare writing of what it froze."""
    import pgtrigger
    from django.db import connection, transaction
    from django.db.models.functions import Coalesce, Now

    from bench.world import actor_of
    from khet.kits.rounds import censuses
    from khet.kits.rounds.actions import close
    from khet.kits.rounds.models import Return, Round
    from khet.kits.rounds.queries.periods import scope_of, sheets_of
    from khet.kits.rounds.queries.states import DIGEST, EMPTY_DIGEST, state_query

    postmaster = _postmaster()
    actor = actor_of("planner")
    open_rounds = list(Round.objects.filter(state="open").order_by("-as_at"))
    if not open_rounds:
        raise SystemExit("no open round in this world")
    kept = True
    for round_ in open_rounds:
        spents, census = [], None
        for _turn in range(3):
            with transaction.atomic():
                # Every sheet of every school verified as it stands at this moment.
                for sheet in sheets_of(round_):
                    sql, params = state_query(sheet, scope_of(round_))
                    with connection.cursor() as cursor:
                        cursor.execute(
                            f"WITH now AS (SELECT unit_id, {DIGEST} AS digest"
                            f" FROM ({sql}) s GROUP BY unit_id)"
                            " UPDATE rounds_return r SET digest = coalesce((SELECT digest FROM now WHERE now.unit_id = r.unit_id), %s)"
                            " WHERE r.round_id = %s AND r.sheet = %s",
                            [*params, EMPTY_DIGEST, round_.pk, sheet.code],
                        )
                steps = ("started", "cleared", "confirmed", "certified", "verified")
                with pgtrigger.ignore("rounds.Return:return_moves"):
                    Return.objects.filter(round=round_).exclude(state="exempt").update(
                        state="verified",
                        is_stale=False,
                        n=Coalesce("n", 0),
                        **{f"{step}_at": Coalesce(f"{step}_at", Now()) for step in steps},
                    )
                census, spent = measured(postmaster, lambda r=round_: close(actor=actor, round=r))
                spents.append(spent)
                folder = censuses.path_of(census)
                transaction.set_rollback(True)
            bytes_ = sum(path.stat().st_size for path in folder.iterdir())
            shutil.rmtree(folder, ignore_errors=True)
        wall, work = _middle(spents)
        frozen = sum(one["rows"] for one in census.manifest["tables"])

        def bare(round_=round_, folder=folder):
            _write_bare(round_, folder.with_name(".bench"))

        bare()
        floor_wall, floor_work = _middle([measured(postmaster, bare)[1] for _turn in range(3)])
        print(
            f"{round_.title}: {frozen:,} rows, {len(census.manifest['tables'])} tables, {bytes_ / 1024:.0f} KB; closed in {wall:.2f} s clock, {work:.2f} s processor;"
            f" floor {floor_wall:.2f} s, ratio {wall / floor_wall:.1f} ({work / max(floor_work, 0.01):.1f} by the processor)"
        )
        if wall > CLOSING:
            print(f"MISSED closing: {wall:.2f} s > {CLOSING} s")
            kept = False
    return kept


def _write_bare(round_, target) -> None:
    """The floor: the same rows by COPY and one bare write of each table."""
    import pyarrow as pa
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq
    from django.db import connection

    from khet.kits.rounds.actions.closing import OWN
    from khet.kits.rounds.queries.periods import scope_of, sheets_of

    target.mkdir(exist_ok=True)
    whole = scope_of(round_)
    tables = [one for sheet in sheets_of(round_) for one in sheet.census] + OWN
    for place, one in enumerate(tables):
        sql, params = one.select(whole)
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)", params) as copy,
        ):
            data = b"".join(bytes(part) for part in copy)
        pq.write_table(
            pa_csv.read_csv(pa.BufferReader(data)), target / f"{place}.parquet", compression="zstd"
        )
    shutil.rmtree(target)
