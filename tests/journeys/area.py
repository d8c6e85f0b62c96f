"""A small area for the journeys: the demo office with all its people, six schools in two networks, no letters."""

from __future__ import annotations

from khet.base.org.actions import add_unit
from khet.base.org.choices import UnitKind
from khet.base.org.world import World
from khet.modules.letters.seeds import bureaus
from khet.modules.office import seeds as office
from khet.modules.schools import seeds as schools
from khet.modules.schools.actions import import_schools

#: Two networks of one district, three schools each.
SCHOOLS = ["99020064", "99020083", "99020088", "99020066", "99020079", "99020096"]


def build() -> World:
    """Fill the database of the default connection."""
    world = World(size="demo")
    office.demo(world)
    lines = [line for line in schools.NAMED if line[0] in SCHOOLS]
    for number, name in enumerate(sorted({line[3] for line in lines}), start=1):
        world.networks[name] = add_unit(
            actor=world.actor, kind=UnitKind.NETWORK, code=f"n-{number:02}", name=f"เครือข่าย{name}",
            short_name=name, parent=world.office, since=schools.SINCE, position=number,
        )  # fmt: skip
    rows = [schools.invented(world, *line) for line in lines]
    made = import_schools(actor=world.actor, new=rows, changed=[], source="ข้อมูลสาธิต")
    world.schools = [school.unit for school in made]
    office.staff_schools(world)
    bureaus(world)
    return world
