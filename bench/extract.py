"""A whole area's extract of the civil register (ทร.14) into an empty register of children, beside its floor: parsing with calamine
and COPY of the same rows.

    python -m bench extract [children] [schools]

Promise: 25,000 children × 19 columns within 5 s of work on 2 cores and 500 MB. The ratio to the floor is told and not promised: the
floor neither seals numbers nor gives each child its village and service school, matches it with the rolls of the area (four fifths
are on one) and opens the tracing cases of those who are in no school. Runs in a data folder of its own with a durable cluster; everything in it is
invented and removed afterwards.
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

VILLAGES = 10
"""Villages of a tambon; each tambon has four schools, which share them."""


def main(many: int, schools: int) -> int:
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
    from khet.modules.children.models import Case, Child
    from khet.modules.schools.actions import import_schools, import_villages
    from khet.site.prepare import migrate
    from tests.dmc import write_dmc
    from tests.tr14 import HEADS, write_tr14

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
    places = [(f"ไร่ธาร{n}", "ทุ่งไพล", VILLAGES) for n in range(1, schools // 4 + 1)]
    import_schools(
        actor=actor, changed=[], source="bench",
        new=[{"name": f"บ้านไร่ธาร {code}", "smis8": code, "levels": "kl"} for code in codes],
    )  # fmt: skip
    import_villages(
        actor=actor, changed=[], source="bench",
        new=[
            {
                "tambon_code": f"9903{place:02d}", "moo": moo, "name": f"บ้านที่ {moo}", "tambon": tambon, "amphoe": amphoe, "province": "ศรีธารา",
                "primary_code": codes[(place - 1) * 4 + moo % 4],
            }
            for place, (tambon, amphoe, villages) in enumerate(places, start=1)
            for moo in range(1, villages + 1)
        ],
    )  # fmt: skip
    rolls = FOLDER / "2569-2-student.xlsx"
    # Numbers run from the same first one: these pupils are children of the extract.
    write_dmc(rolls, [(code, f"บ้านไร่ธาร {code}", "kl") for code in codes], many * 4 // 5 // schools)
    confirm(actor=actor, batch=check(receive_file(actor=actor, kind="enrolments", name=rolls.name, content=rolls.read_bytes()), actor))  # fmt: skip
    path = FOLDER / "ทร14.xlsx"
    write_tr14(path, places, many, faults=60)
    print(f"{many:,} children, {path.stat().st_size / 1e6:.1f} MB; load {os.getloadavg()[0]:.1f}")

    def floor() -> int:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        with connection.cursor() as cursor:
            columns = ", ".join(f"c{n} text" for n in range(len(HEADS)))
            cursor.execute(f"CREATE TABLE bare ({columns})")
            with cursor.copy("COPY bare FROM STDIN") as copy:
                for row in rows[1:]:
                    copy.write_row(row)
        return len(rows)

    _rows, bare = timed("floor: calamine and COPY", floor)
    content = path.read_bytes()

    def brought_again(file: bytes):
        return check(receive_file(actor=actor, kind="children", name=path.name, content=file), actor)

    batch, first = timed(
        "received", lambda: receive_file(actor=actor, kind="children", name=path.name, content=content)
    )
    batch, second = timed("read and checked", lambda: check(batch, actor))
    counts = batch.counts
    _done, third = timed("confirmed", lambda: confirm(actor=actor, batch=batch))
    whole = sum((first, second, third), Spent())
    again, _spent = timed("the same file again, checked", lambda: brought_again(content))
    peak = (
        max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        / 1024
    )
    print(f"  {counts} → again {again.counts}")
    stands = ", ".join(
        f"{state} {Child.objects.filter(state=state).count():,}"
        for state in ("service", "area", "none", "young", "over")
    )
    print(f"  {stands}; cases {Case.objects.count():,}")
    print(f"  upload to confirmed          {whole}")
    print(
        f"  ratio to the floor: {whole.wall / bare.wall:.1f} by the clock, {whole.work / bare.work:.1f} by the processor; "
        f"peak of the largest process {peak:.0f} MB"
    )
    connection.close()
    cluster_of(FOLDER).stop()
    return 0 if whole.work <= 5 and peak <= 500 else 1


if __name__ == "__main__":
    many, schools = [*(int(word) for word in sys.argv[1:3]), *(25_000, 120)[len(sys.argv[1:3]) :]]
    try:
        sys.exit(main(many, schools))
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
