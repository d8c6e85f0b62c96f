"""Invented yearly facts of the demo schools: three school years, most things as they were the year before."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from khet.base.lib.thai.calendar import school_year
from khet.base.org.api import today
from khet.base.org.world import World
from khet.modules.schools.choices import Status
from khet.modules.schools.models import Emis, School

_ISLANDS = {"เกาะกลาง"}
_HILLS = {"เขาแก้ว", "เขาพระยอด", "ผาน้ำหยด"}


def emis(world: World, schools: Sequence[School]) -> None:
    """Two years ago, last year, this year, in one statement. Some schools have not told everything this year."""
    rng, year = world.rng, school_year(today())
    made = []
    for number, school in enumerate(schools):
        pupils = school.pupils or 60
        island, hill = school.tambon in _ISLANDS, school.tambon in _HILLS
        kind = (
            "satellite" if island and number % 2 else rng.choices(["fibre", "mobile", "dsl"], [88, 7, 5])[0]
        )
        speed = {"fibre": rng.choice([100, 200, 300, 500]), "mobile": 30, "dsl": 20, "satellite": 10}[kind]
        obec, own = max(4, pupils // 18), rng.randint(0, max(2, pupils // 40))
        land = Decimal(rng.randint(3, 22) * 400 + rng.randint(0, 3) * 100 + rng.randint(0, 99))
        alone = island and pupils <= 120
        joined = school.joined if school.status == Status.TAUGHT_ELSEWHERE else None
        standing = "member" if joined else ("alone" if alone else "usual")
        facts = {
            "electricity": "solar" if island and number % 3 == 0 else "grid",
            "water": rng.choices(["regional", "village", "deep", "shallow", "mountain"], [10, 45, 32, 6, 40 if hill else 1])[0],
            "internet_kind": kind,
            "internet_provider": {"fibre": "ผู้ให้บริการ ก", "mobile": "ผู้ให้บริการ ข", "dsl": "ผู้ให้บริการ ก", "satellite": "ผู้ให้บริการ ค"}[kind],
            "internet_state": rng.choices(["good", "slow", "down"], [82, 15, 3])[0],
            "internet_baht": Decimal(rng.choice([500, 599, 650, 699, 799])),
            "lan": "yes" if pupils > 60 else "no",
            "wireless": "yes",
            "land_wa": land,
            "standing": standing,
            "mother": joined,
            "terrain": "island" if island else ("mountain" if hill else "plain"),
            "hardship": "yes" if island else "no",
            "local_kind": "sao",
            "local_government": school.local_government,
            "km_to_office": school.km_to_office,
            "km_to_amphoe": school.km_to_amphoe,
        }  # fmt: skip
        for step, one in enumerate((year - 2, year - 1, year)):
            told = dict(facts)
            usable = max(0, obec + own + step - rng.randint(0, 4))
            told |= {
                "teach_obec": obec + step,
                "teach_own": own,
                "teach_usable": usable,
                "teach_broken": obec + step + own - usable,
            }
            told |= {
                "office_obec": 2,
                "office_own": 1 + pupils // 200,
                "office_usable": 2 + pupils // 200,
                "office_broken": 1,
            }
            told["internet_mbps"] = speed if step else max(10, speed // 2)
            if one == year and number % 29 == 4:
                told["internet_mbps"] = None
            if one == year and number % 37 == 5:
                told |= {"standing": "", "hardship": ""}
            made.append(Emis(school=school, school_year=one, code=f"{school.smis8}-{one}", **told))
    Emis.objects.bulk_create(made, batch_size=1000)
