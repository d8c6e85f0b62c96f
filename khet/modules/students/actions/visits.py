"""Proof of existence: lots drawn by the machine, what a visit found, by whom."""

from __future__ import annotations

import secrets

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, entry, save, verb
from khet.kits.rounds.api import open_rounds_with
from khet.modules.students.choices import AbsentReason, VisitResult
from khet.modules.students.models import Draw, Enrolment, Visit
from khet.modules.students.queries.visits import drawn, roll_of
from khet.modules.students.rules import DRAW, VISIT

SHEET = "students"


@verb("students.draw", gettext_lazy("สุ่มนักเรียนเพื่อตรวจสอบการมีตัวตน"), capability=DRAW)
def draw_lots(
    *, actor: Actor, round: int, share: int, least: int, schools: int = 0, reason: str = ""
) -> Draw:
    """Draw pupils of an open round by lot. Nobody gives the seed; a second drawing in a round says why, and both remain."""
    found = next((one for one in open_rounds_with(SHEET) if one.pk == round), None)
    if found is None:
        raise Refusal(_("เลือกรอบข้อมูลนักเรียนที่เปิดอยู่"), code="students.draw_round", field="round")
    if not 1 <= share <= 100:
        raise Refusal(_("ร้อยละอยู่ระหว่าง 1 ถึง 100"), code="students.draw_share", field="share")
    if not 1 <= least <= 100:
        raise Refusal(_("จำนวนคนอยู่ระหว่าง 1 ถึง 100"), code="students.draw_least", field="least")
    number = Draw.objects.filter(round_id=found.pk).count() + 1
    reason = normalise(reason)[:300]
    if number > 1 and len(reason) < 5:
        raise Refusal(
            _("รอบนี้สุ่มแล้ว บอกเหตุผลที่สุ่มอีกครั้ง รายชื่อที่สุ่มไว้เดิมยังอยู่"), code="students.draw_again", field="reason"
        )
    roll = roll_of(found.school_year, found.term, found.as_at, found.unit_ids or None)
    if not roll:
        raise Conflict(_("ยังไม่มีนักเรียนในภาคเรียนของรอบนี้"), code="students.draw_empty")
    seed = secrets.token_hex(16)
    picked = drawn(roll, seed, share=share, least=least, schools=schools)
    rooms = dict(
        Enrolment.objects.filter(
            school_year=found.school_year, term=found.term, pupil__in=[pk for rows in picked.values() for _grade, pk in rows]
        ).values_list("pupil", "room")
    )  # fmt: skip
    made = Draw.objects.create(
        round_id=found.pk,
        number=number,
        school_year=found.school_year,
        term=found.term,
        share=share,
        least=least,
        schools=schools,
        seed=seed,
        roll=roll,
        population=sum(len(ids) for grades in roll.values() for ids in grades.values()),
        drawn=sum(map(len, picked.values())),
        reason=reason if number > 1 else "",
        made_at=timezone.now(),
        by=actor.name[:200],
    )
    Visit.objects.bulk_create(
        [
            Visit(
                draw=made,
                pupil_id=pupil,
                school_id=int(school),
                grade=grade,
                room=rooms.get(pupil, 1),
                place=place,
            )
            for school, rows in picked.items()
            for place, (grade, pupil) in enumerate(rows, start=1)
        ],
        batch_size=2000,
    )
    entry().on(made)
    entry().tell(round=found.pk, number=number, seed=seed, population=made.population, drawn=made.drawn)
    return made


@verb("students.visit", gettext_lazy("บันทึกผลตรวจสอบการมีตัวตน"), capability=VISIT, on="visit")
def record_visit(*, actor: Actor, visit: Visit, result: str, absent_for: str = "", words: str = "") -> Visit:
    """What the visitor found: seen, absent for a reason, not found. A later word replaces an earlier one, which the journal keeps."""
    if result not in VisitResult.values:
        raise Refusal(_("เลือกว่าพบ ไม่มา หรือไม่พบ"), code="students.visit_result", field="result")
    if result == VisitResult.ABSENT and absent_for not in AbsentReason.values:
        raise Refusal(_("เลือกเหตุที่ไม่มาเรียน"), code="students.visit_absent", field="absent_for")
    visit = Visit.objects.select_for_update(of=("self",)).select_related("school__unit").get(pk=visit.pk)
    entry().on(visit.pupil, visit.school.unit)
    save(
        visit,
        result=result,
        absent_for=absent_for if result == VisitResult.ABSENT else "",
        words=normalise(words)[:300],
        checked_at=timezone.now(),
        checker=actor.name[:200],
    )
    return visit
