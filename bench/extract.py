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
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.bringing import Area, in_own_folder

VILLAGES = 10
"""Villages of a tambon; each tambon has four schools, which share them."""


def main(folder: Path, many: int, schools: int) -> int:
    area = Area(folder, schools)
    from khet.kits.register.actions import confirm, receive_file
    from khet.kits.register.jobs import work as check
    from khet.modules.children.models import Case, Child
    from khet.modules.schools.actions import import_villages
    from tests.dmc import write_dmc
    from tests.tr14 import HEADS, write_tr14

    actor, codes = area.actor, area.codes
    places = [(f"ไร่ธาร{n}", "ทุ่งไพล", VILLAGES) for n in range(1, schools // 4 + 1)]
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
    rolls = folder / "2569-2-student.xlsx"
    # Numbers run from the same first one: these pupils are children of the extract.
    write_dmc(rolls, [(code, f"บ้านไร่ธาร {code}", "kl") for code in codes], many * 4 // 5 // schools)
    confirm(actor=actor, batch=check(receive_file(actor=actor, kind="enrolments", name=rolls.name, content=rolls.read_bytes()), actor))  # fmt: skip
    path = folder / "ทร14.xlsx"
    write_tr14(path, places, many, faults=60)
    print(f"{many:,} children, {path.stat().st_size / 1e6:.1f} MB; load {os.getloadavg()[0]:.1f}")
    brought = area.bring("children", path, heads=1, columns=len(HEADS))
    stands = ", ".join(
        f"{state} {Child.objects.filter(state=state).count():,}"
        for state in ("service", "area", "none", "young", "over")
    )
    print(f"  {stands}; cases {Case.objects.count():,}")
    area.close()
    return 0 if brought.whole.work <= 5 and brought.peak <= 500 else 1


if __name__ == "__main__":
    many, schools = [*(int(word) for word in sys.argv[1:3]), *(25_000, 120)[len(sys.argv[1:3]) :]]
    sys.exit(in_own_folder(lambda folder: main(folder, many, schools)))
