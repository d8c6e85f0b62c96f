"""Invented extracts of the civil register (ทร.14): a whole area's children, with faults planted where asked. For tests and bench.

    planted = write_tr14(tmp_path / "ทร14.xlsx", [("ไร่ธาร", "ทุ่งไพล", 4)], 200, faults=10)

The same arguments give the same file. Nobody in it exists; the first children have the numbers of ``tests.dmc``'s pupils, so that
a share of them stands on the rolls.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from tests.dmc import BACKS, BOYS, FATHERS, FRONTS, GIRLS, MOTHERS, Planted, citizen_id, write_rows

HEADS = (
    "เลขประจำตัวประชาชน", "คำนำหน้า", "ชื่อ", "นามสกุล", "เพศ", "วันเกิด", "อายุ", "สัญชาติ", "รหัสประจำบ้าน", "บ้านเลขที่", "หมู่ที่", "ตำบล",
    "อำเภอ", "จังหวัด", "ชื่อบิดา", "สัญชาติบิดา", "ชื่อมารดา", "สัญชาติมารดา", "วันย้ายเข้า",
)  # fmt: skip
AT = {head: place for place, head in enumerate(HEADS)}

#: Kind → (column, what is written there). Each makes its row wrong.
FAULTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "short_number": ("เลขประจำตัวประชาชน", lambda text: text[:12]),
    "no_name": ("ชื่อ", lambda _text: ""),
    "unborn": ("วันเกิด", lambda _text: "01/01/2590"),
    "no_day": ("วันเกิด", lambda _text: "31/02/2560"),
    "no_moo": ("หมู่ที่", lambda _text: "กลางบ้าน"),
    "no_tambon": ("ตำบล", lambda _text: ""),
    "short_house": ("รหัสประจำบ้าน", lambda _text: "1234"),
}

#: (tambon, district, how many villages it has).
Place = tuple[str, str, int]


def children(places: Sequence[Place], many: int, *, seed: int = 1, year: int = 2569) -> list[list[str]]:
    """The rows of an extract without faults: children from newborn to 17, spread over the villages of ``places``."""
    rng = random.Random(seed)
    villages = [
        (tambon, amphoe, moo) for tambon, amphoe, villages in places for moo in range(1, villages + 1)
    ]
    number = seed * 1_000_000 % 90_000_000
    rows = []
    for index in range(many):
        number += 1
        age = index % 18
        boy = rng.random() < 0.515
        title = ("เด็กชาย" if boy else "เด็กหญิง") if age < 15 else ("นาย" if boy else "นางสาว")
        family, mothers = rng.choice(FRONTS) + rng.choice(BACKS), rng.choice(FRONTS) + rng.choice(BACKS)
        born = date(year - 543 - age, rng.randint(1, 10), rng.randint(1, 28))
        tambon, amphoe, moo = villages[rng.randrange(len(villages))]
        rows.append([
            citizen_id(number), title, rng.choice(BOYS if boy else GIRLS), family, "ชาย" if boy else "หญิง",
            f"{born.day:02d}/{born.month:02d}/{born.year + 543}", str(age), "ไทย", f"99{rng.randrange(10**9):09d}",
            f"{rng.randint(1, 320)}/{rng.randint(1, 9)}", str(moo), f"ต.{tambon}", f"อำเภอ{amphoe}", "ศรีธารา",
            f"นาย{rng.choice(FATHERS)} {family}", "ไทย", f"นาง{rng.choice(MOTHERS)} {mothers}", "ไทย", f"{born.day:02d}/{born.month:02d}/{born.year + 543}",
        ])  # fmt: skip
    return rows


def write_tr14(
    path: str | Path,
    places: Sequence[Place],
    many: int,
    *,
    faults: int | Sequence[str] = 0,
    seed: int = 1,
    year: int = 2569,
) -> list[Planted]:
    """Write an extract and return its planted faults in the order of their rows. ``faults``: how many, of all kinds in turn, or which."""
    rows = children(places, many, seed=seed, year=year)
    rng = random.Random(seed + 77)
    kinds = (
        [list(FAULTS)[n % len(FAULTS)] for n in range(faults)] if isinstance(faults, int) else list(faults)
    )
    planted = []
    for kind, place in zip(kinds, rng.sample(range(len(rows)), len(kinds)), strict=True):
        head, spoil = FAULTS[kind]
        rows[place][AT[head]] = spoil(rows[place][AT[head]])
        planted.append(Planted(place + 2, head, kind, rows[place][AT[head]]))
    write_rows(Path(path), rows, heads=HEADS, made_at="")
    return sorted(planted, key=lambda one: one.row)
