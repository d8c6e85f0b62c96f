"""The pupils on several rolls of the demo office, on their way to being settled: untouched, half told, contradicted, agreed, and
one with three schools that contradict each other."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from khet.base.org.actors import Actor
from khet.base.org.world import World, at
from khet.modules.schools.api import School
from khet.modules.students.actions import claim, open_doubles
from khet.modules.students.choices import ClaimKind
from khet.modules.students.models import Double, Enrolment

OPENED = datetime(2026, 11, 24, 9, 10, tzinfo=ZoneInfo("Asia/Bangkok"))
CAME = date(2026, 11, 2)


def settle_some(world: World) -> None:
    """Open the planted cases; the newer school of the second has spoken, the third is contradicted, the fourth agreed. Of three
    schools that hold one pupil, two keep and one has let go."""
    with at(OPENED):
        open_doubles(actor=world.actor, year=2569, term=2)
    every = list(Double.objects.prefetch_related("rolls__school__unit").order_by("pk"))
    for case in every:
        if len(case.rolls.all()) > 2:
            _three(world, case)
    cases = [case for case in every if len(case.rolls.all()) == 2]
    for case, told in zip(cases, (0, 1, 2, 3), strict=False):
        newer = Enrolment.objects.get(
            pupil=case.pupil_id, school_year=2569, term=2, entered_on=CAME, student_no="00901"
        ).school_id
        new, old = sorted((roll.school for roll in case.rolls.all()), key=lambda one: one.pk != newer)
        if told:
            _say(world, new, case, ClaimKind.STAYS, "ผู้ปกครองพามาสมัคร 2 พ.ย. 2569 มาเรียนทุกวัน มีบัญชีเรียกชื่อ")
        if told == 2:
            _say(world, old, case, ClaimKind.STAYS, "ยังไม่ได้รับหนังสือขอรับย้าย นักเรียนขาดเรียนเป็นบางวัน")
        if told == 3:
            _say(world, old, case, ClaimKind.LEFT, "ออกใบย้ายแล้ว 30 ต.ค. 2569", CAME)


def _three(world: World, case: Double) -> None:
    """The first school let the pupil go, the two later ones both say that it sits with them."""
    entered = dict(
        Enrolment.objects.filter(pupil=case.pupil_id, school_year=2569, term=2).values_list(
            "school", "entered_on"
        )
    )
    first, *later = sorted(
        (roll.school for roll in case.rolls.all()), key=lambda one: (entered[one.pk] or date.min, one.pk)
    )
    _say(world, first, case, ClaimKind.LEFT, "ผู้ปกครองขอย้ายตามที่ทำงาน ออกใบย้าย 30 ต.ค. 2569", CAME)
    for school in later:
        _say(world, school, case, ClaimKind.STAYS, "รับเข้าเรียนแล้ว มีใบมอบตัวและบัญชีเรียกชื่อ")


def _say(
    world: World, school: School, case: Double, kind: str, words: str, left_on: date | None = None
) -> None:
    with at(OPENED + timedelta(hours=4 if kind == ClaimKind.STAYS else 6)):
        claim(
            actor=_people(world, school), double=case, school=school, kind=kind, words=words, left_on=left_on
        )


def _people(world: World, school: School) -> Actor:
    word = f"clerk:{school.unit_id}"
    return world.as_holder(word if word in world.posts else f"principal:{school.unit_id}")
