"""The pupils on two rolls of the demo office, on their way to being settled: untouched, half told, contradicted, agreed."""

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
    """Open the planted cases; the newer school of the second has spoken, the third is contradicted, the fourth agreed."""
    with at(OPENED):
        open_doubles(actor=world.actor, year=2569, term=2)
    cases = list(Double.objects.select_related("first__unit", "second__unit").order_by("pk"))
    for case, told in zip(cases, (0, 1, 2, 3), strict=False):
        newer = Enrolment.objects.get(
            pupil=case.pupil_id, school_year=2569, term=2, entered_on=CAME, student_no="00901"
        ).school_id
        new, old = (case.first, case.second) if newer == case.first_id else (case.second, case.first)
        if told:
            _say(world, new, case, ClaimKind.STAYS, "ผู้ปกครองพามาสมัคร 2 พ.ย. 2569 มาเรียนทุกวัน มีบัญชีเรียกชื่อ")
        if told == 2:
            _say(world, old, case, ClaimKind.STAYS, "ยังไม่ได้รับหนังสือขอรับย้าย นักเรียนขาดเรียนเป็นบางวัน")
        if told == 3:
            _say(world, old, case, ClaimKind.LEFT, "ออกใบย้ายแล้ว 30 ต.ค. 2569", CAME)


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
