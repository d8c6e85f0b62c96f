"""Children of the service areas: of each of the first two schools one in no school, whose case is open and visited, and one recorded elsewhere."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from khet.base.lib.thai.calendar import school_year
from khet.base.org.api import Actor, today
from khet.modules.children.actions import add_child, close_case, open_case, record_elsewhere, visit
from khet.modules.children.models import Case
from khet.modules.schools.actions import add_village, serve_villages

if TYPE_CHECKING:
    from tests.access.world import World

TAMBON = "ทดสอบ"


def add_children(world: World) -> None:
    """What a school writes of its children and their homes carries its canary."""
    system, year = Actor.system(), school_year(today())
    born = date(year - 543 - 9, 5, 1)
    world.put("day_soon", "office", f"{today().day}/{today().month}/{today().year + 543}")
    for moo, (where, clerk) in enumerate(
        {"own": "school_clerk", "foreign": "foreign_clerk"}.items(), start=1
    ):
        village = add_village(
            actor=system, tambon_code="990399", moo=moo, name=f"known{where}", tambon=TAMBON, amphoe="ทุ่งไพล", province="ศรีธารา"
        )  # fmt: skip
        serve_villages(actor=system, school=world.schools[where], villages=[village], since_year=year - 1)
        actor = world.actor(clerk)

        def child(age_born: date, *, actor: Actor = actor, where: str = where, moo: int = moo):
            return add_child(
                actor=actor, title="เด็กหญิง", first_name=f"กานดา{world.canary(where, 'child')}", last_name=world.canary(where, "child"), sex="f", born_on=age_born,
                home_no=world.canary(where, "child"), home_moo=str(moo), home_tambon=TAMBON, home_amphoe="ทุ่งไพล", father=world.canary(where, "child"),
            )  # fmt: skip

        traced, elsewhere = child(born), child(born)
        record_elsewhere(
            actor=actor,
            children=[elsewhere],
            state="private",
            place=world.canary(where, "child"),
            evidence=world.canary(where, "child"),
        )
        case = Case.objects.get(child=traced)
        made = visit(
            actor=actor,
            case=case,
            visited_on=today(),
            way="home",
            state="found",
            reason="income",
            note=world.canary(where, "child"),
        )
        small = child(date(year - 543 - 4, 5, 1))
        closed = open_case(actor=actor, child=small)
        close_case(actor=actor, case=closed, outcome="mistake", note=world.canary(where, "child"))
        world.put("child", where, traced.pk)
        world.put("child_elsewhere", where, elsewhere.pk)
        world.put("child_small", where, small.pk)
        world.put("case", where, case.pk)
        world.put("case_closed", where, closed.pk)
        world.put("case_note", where, {"pk": case.pk, "visit": made.pk})
