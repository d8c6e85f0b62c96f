"""A whole area's DMC export, from upload to confirmed, beside its floor: parsing with calamine and COPY of the same rows.

    python -m bench importing [schools] [pupils per school]

Promise: 25,000 pupils × 36 columns within 5 s of work on 2 cores, at most 5 × the floor, within 500 MB. Runs in a data folder of
its own with a durable cluster; everything in it is invented and removed afterwards.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.bringing import Area, in_own_folder


def main(folder: Path, schools: int, each: int) -> int:
    area = Area(folder, schools)
    from tests.dmc import write_dmc

    path = folder / "2569-2-student.xlsx"
    write_dmc(path, [(code, f"บ้านไร่ธาร {code}", "kl") for code in area.codes], each, faults=60)
    print(f"{schools * each:,} pupils, {path.stat().st_size / 1e6:.1f} MB; load {os.getloadavg()[0]:.1f}")
    brought = area.bring("enrolments", path, heads=2, columns=36)
    area.close()
    wall, bare = brought.whole.wall, brought.bare.wall
    return 0 if wall <= 5 and wall <= 5 * bare and brought.peak <= 500 else 1


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    sys.exit(in_own_folder(lambda folder: main(folder, *(given or [120, 208]))))
