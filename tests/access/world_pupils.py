"""Pupils of the invented area: one at each of the first two schools, one leaving it, one coming to it,
one on two rolls, and the end of two years."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from khet.base.lib.thai.calendar import school_year
from khet.base.lib.thai.ids import citizen_check_digit
from khet.base.org.api import Actor, today
from khet.modules.students.actions import (
    add_pupil,
    announce,
    change_guardians,
    claim,
    draw_lots,
    enrol,
    open_double,
    open_year_end,
)
from khet.modules.students.models import Enrolment, Pupil, Visit

if TYPE_CHECKING:
    from tests.access.world import World

BORN = date(2018, 5, 1)
ENTERED = date(2025, 5, 16)


def number(serial: int) -> str:
    """A number with a right check digit that belongs to nobody; serials from 900 on are left to what is posted."""
    body = f"8{serial:011d}"
    return body + str(citizen_check_digit(body))


def add_pupils(world: World) -> None:
    """What a school writes of its pupils carries its canary. Who moves does so from or to the third school."""
    world.put("far_school", "far", world.schools["far"].pk)
    clerks = {"own": "school_clerk", "foreign": "foreign_clerk", "far": "far_clerk"}
    serials = iter(range(1, 100))

    def pupil(where: str) -> Pupil:
        return add_pupil(
            actor=world.actor(clerks[where]), school=world.schools[where], grade="p2", title="เด็กหญิง", sex="f", born_on=BORN,
            first_name=f"ดารา{world.canary(where, 'pupil')}", last_name=world.canary(where, "pupil"), id_value=number(next(serials)), entered_on=ENTERED,
        )  # fmt: skip

    # The first of the third school is the one whom others ask for by number and birthday (serial 1).
    pupil("far")
    last = school_year(today()) - 1
    for where in ("own", "foreign"):
        clerk = world.actor(clerks[where])
        child = pupil(where)
        world.put("pupil", where, child.pk)
        change_guardians(
            actor=clerk, pupil=child, guardians={"father": {"first_name": world.canary(where, "pupil"), "last_name": world.canary(where, "pupil")}}
        )  # fmt: skip
        for year in (last - 1, last):
            enrol(actor=clerk, pupil=child, school=world.schools[where], grade="p1", year=year, term=2)
        leaving = announce(
            actor=clerk, pupil=pupil(where), to_school=world.schools["far"], moves_on=today(), reason=world.canary(where, "pupil")
        )  # fmt: skip
        world.put("pupil_leaving", where, leaving.pk)
        coming = announce(
            actor=world.actor("far_clerk"),
            pupil=pupil("far"),
            to_school=world.schools[where],
            moves_on=today(),
        )
        world.put("pupil_coming", where, coming.pk)
        twice = pupil(where)
        here = Enrolment.objects.get(pupil=twice)
        Enrolment.objects.create(
            pupil=twice, school=world.schools["far"], school_year=here.school_year, term=here.term, grade="p2", entered_on=today()
        )  # fmt: skip
        case = open_double(actor=clerk, pupil=twice)
        claim(
            actor=clerk,
            double=case,
            school=world.schools[where],
            kind="stays",
            words=world.canary(where, "pupil"),
        )
        world.put("double", where, case.pk)
        world.put("pupil_double", where, twice.pk)
        world.put("at_school", where, {"school": world.schools[where].pk})
        world.put("year_at_school", where, {"number": last})
    world.put("year_before", "office", last - 1)
    open_year_end(actor=Actor.system(), school_year=last, ends_on=date(last - 543 + 1, 3, 31))


def add_lots(world: World) -> None:
    """A drawing in the open round: everybody of the two schools is drawn. Asks for the rounds of the world."""
    lots = draw_lots(actor=Actor.system(), round=world.objects["round_open"]["office"], share=100, least=1)
    world.put("draw", "office", lots.pk)
    for where in ("own", "foreign"):
        school = world.schools[where].pk
        world.put("visit", where, {"draw": lots.pk, "school": school})
        world.put("visited", where, Visit.objects.filter(draw=lots, school=school).first().pk)
