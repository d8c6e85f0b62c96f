"""A whole area's DMC export, from upload to confirmed, beside its floor: parsing with calamine and COPY of the same rows.

    python -m bench importing [schools] [pupils per school]

Promise: 25,000 pupils × 36 columns within 5 s of work on 2 cores, at most 5 × the floor, within 500 MB. Runs in a data folder of
its own with a durable cluster; everything in it is invented and removed afterwards.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
FOLDER = Path(tempfile.mkdtemp(prefix="khet-bench-"))
os.environ["KHET_DATA"] = str(FOLDER)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.site.settings")


def main(schools: int, each: int) -> int:
    from bench.processors import Spent, measured
    from khet.base.database.embedded import cluster_of, ensure_running

    ensure_running(FOLDER)
    import django

    django.setup()
    from django.db import connection
    from django.utils.translation import activate
    from python_calamine import CalamineWorkbook

    from khet.base.org.actions import add_unit
    from khet.base.org.api import Actor, ensure_roles
    from khet.kits.register.actions import confirm, receive_file
    from khet.kits.register.jobs import work as check
    from khet.modules.schools.actions import import_schools
    from khet.site.prepare import migrate
    from tests.dmc import write_dmc

    activate("th")
    migrate()
    postmaster = cluster_of(FOLDER).postmaster()

    def timed(words: str, act):
        result, spent = measured(postmaster, act)
        print(f"  {words:<28} {spent}")
        return result, spent

    actor = Actor.system()
    ensure_roles()
    add_unit(actor=actor, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="สพป.ศรีธารา เขต 2")
    codes = [f"9902{n:04d}" for n in range(1, schools + 1)]
    import_schools(
        actor=actor, changed=[], source="bench",
        new=[{"name": f"บ้านไร่ธาร {code}", "smis8": code, "levels": "kl"} for code in codes],
    )  # fmt: skip
    path = FOLDER / "2569-2-student.xlsx"
    write_dmc(path, [(code, f"บ้านไร่ธาร {code}", "kl") for code in codes], each, faults=60)
    print(f"{schools * each:,} pupils, {path.stat().st_size / 1e6:.1f} MB; load {os.getloadavg()[0]:.1f}")

    def floor() -> int:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        with connection.cursor() as cursor:
            columns = ", ".join(f"c{n} text" for n in range(36))
            cursor.execute(f"CREATE TABLE bare ({columns})")
            with cursor.copy("COPY bare FROM STDIN") as copy:
                for row in rows[2:]:
                    copy.write_row(row)
        return len(rows)

    _rows, bare = timed("floor: calamine and COPY", floor)
    content = path.read_bytes()
    batch, first = timed(
        "received", lambda: receive_file(actor=actor, kind="enrolments", name=path.name, content=content)
    )
    batch, second = timed("read and checked", lambda: check(batch, actor))
    counts = batch.counts
    _done, third = timed("confirmed", lambda: confirm(actor=actor, batch=batch))
    whole = sum((first, second, third), Spent())
    batch, _again = timed(
        "the same file again, checked",
        lambda: check(receive_file(actor=actor, kind="enrolments", name=path.name, content=content), actor),
    )
    peak = (
        max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        / 1024
    )
    print(f"  {counts} → again {batch.counts}")
    print(f"  upload to confirmed          {whole}")
    print(
        f"  ratio to the floor: {whole.wall / bare.wall:.1f} by the clock, {whole.work / bare.work:.1f} by the processor; "
        f"peak of the largest process {peak:.0f} MB"
    )
    connection.close()
    cluster_of(FOLDER).stop()
    return 0 if whole.wall <= 5 and whole.wall <= 5 * bare.wall and peak <= 500 else 1


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    try:
        sys.exit(main(*(given or [120, 208])))
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
