"""Invented villages of the demo office and the schools that serve them."""

from __future__ import annotations

from collections.abc import Sequence

from khet.base.lib.thai.calendar import school_year
from khet.base.org.api import today
from khet.base.org.world import World
from khet.modules.schools.choices import ServiceLevel
from khet.modules.schools.models import School, ServiceVillage, Village

_HEADS = ("บ้านใน", "บ้านนอก", "บ้านกลาง", "บ้านออก", "บ้านตก", "บ้านเหนือ", "บ้านใต้", "บ้านหัว", "บ้านปลาย", "บ้านใหม่")
_TAILS = ("คลอง", "ควน", "ทุ่ง", "นา", "ไร่", "สวน", "โคก", "หนอง", "พรุ", "ท่า", "ไสว", "ลาน")
REFERENCE = "ประกาศเขตพื้นที่บริการ สพป.ศรีธารา เขต 2"


def villages(world: World, places: Sequence[tuple[str, str, str, str]], schools: Sequence[School]) -> None:
    """``places``: (tambon code, tambon, district, province). Schools serve the villages of their own tambon, or of
    their district where a tambon has no school; a few villages are left without one, and some changed school last year."""
    rng, year = world.rng, school_year(today())
    made = []
    for code, tambon, amphoe, province in places:
        names = [head + tail for head in _HEADS for tail in _TAILS]
        rng.shuffle(names)
        made += [
            Village(code=f"{code}{moo:02d}", tambon_code=code, moo=moo, name=names[moo], tambon=tambon, amphoe=amphoe, province=province)
            for moo in range(1, rng.randint(12, 18))
        ]  # fmt: skip
    Village.objects.bulk_create(made)
    by_tambon: dict[str, list[School]] = {}
    by_amphoe: dict[str, list[School]] = {}
    extended: dict[str, list[School]] = {}
    for school in schools:
        by_tambon.setdefault(school.tambon_code, []).append(school)
        by_amphoe.setdefault(school.amphoe, []).append(school)
        if school.levels == "kl":
            extended.setdefault(school.amphoe, []).append(school)
    services = []
    for number, village in enumerate(made):
        near = by_tambon.get(village.tambon_code) or by_amphoe[village.amphoe]
        if number % 41 != 7:
            school = near[number % len(near)]
            if len(near) > 1 and number % 17 == 3:
                before = near[(number + 1) % len(near)]
                services.append(_service(village, before, ServiceLevel.PRIMARY, year - 3, year - 2))
                services.append(_service(village, school, ServiceLevel.PRIMARY, year - 1))
            else:
                services.append(_service(village, school, ServiceLevel.PRIMARY, year - 3))
        far = extended.get(village.amphoe, [])
        if far and village.moo % 3:
            services.append(_service(village, far[village.moo % len(far)], ServiceLevel.LOWER, year - 3))
    ServiceVillage.objects.bulk_create(services)


def _service(
    village: Village, school: School, level: str, since: int, until: int | None = None
) -> ServiceVillage:
    return ServiceVillage(
        village=village, school=school, level=level, since_year=since, until_year=until,
        reference=f"{REFERENCE} ปีการศึกษา {since}",
    )  # fmt: skip
