"""Who sees and changes pupils.

A school's people see the pupils that are or were theirs; the area's director, deputies and planner all of them. Full numbers,
health and the family's circumstances are apart. A record of a pupil is written by the school where the pupil is now.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor, Rule, capability, rule
from khet.modules.students.models import (
    Claim,
    Double,
    DoubleRoll,
    Draw,
    Enrolment,
    Guardian,
    Promotion,
    Pupil,
    PupilId,
    Scholarship,
    Transfer,
    Visit,
    YearEnd,
)

VIEW = capability(
    "students.view", _("ดูรายชื่อนักเรียน"),
    roles=["director", "deputy", "planner", "principal", "school_clerk", "teacher"],
)  # fmt: skip
EDIT = capability("students.edit", _("เพิ่มและแก้ไขข้อมูลนักเรียน"), roles=["planner", "principal", "school_clerk"])
HEALTH = capability(
    "students.health", _("ดูข้อมูลสุขภาพและความพิการของนักเรียน"),
    roles=["planner", "principal", "school_clerk", "teacher"],
)  # fmt: skip
FAMILY = capability(
    "students.family", _("ดูศาสนา ความด้อยโอกาส รายได้ และสภาพครอบครัวของนักเรียน"), roles=["planner", "principal", "school_clerk"]
)  # fmt: skip
READ_IDS = capability(
    "students.read_ids", _("เปิดดูเลขประจำตัวเต็มของนักเรียน"), roles=["planner"], others_data=True
)
EXPORT = capability("students.export", _("ส่งออกรายชื่อนักเรียน"), roles=["planner", "principal", "school_clerk"])
IMPORT = capability("students.import", _("นำเข้าข้อมูลนักเรียน"), roles=["planner", "principal", "school_clerk"])
MOVE = capability(
    "students.move", _("ขอและตอบรับการย้ายนักเรียน"), roles=["planner", "principal", "school_clerk"]
)
DECIDE = capability(
    "students.decide_outcomes", _("กำหนดผลสิ้นปีและเลื่อนชั้นของโรงเรียน"), roles=["planner", "principal", "school_clerk"]
)  # fmt: skip
DOUBLES = capability(
    "students.doubles", _("ดูเรื่องนักเรียนซ้ำหลายโรงเรียน"),
    roles=["director", "deputy", "planner", "principal", "school_clerk"],
)  # fmt: skip
CLAIM = capability(
    "students.claim_double", _("แจ้งว่านักเรียนที่ซ้ำเรียนอยู่ที่โรงเรียนหรือออกแล้ว"), roles=["principal", "school_clerk"]
)
SETTLE = capability("students.settle_double", _("ชี้ขาดนักเรียนซ้ำหลายโรงเรียน"), roles=["planner"])
DRAW = capability("students.draw", _("สุ่มนักเรียนเพื่อตรวจสอบการมีตัวตน"), roles=["planner"])
VISIT = capability("students.visit", _("ดูและบันทึกผลตรวจสอบการมีตัวตน"), roles=["planner", "deputy", "director"])
CLOSE_YEAR = capability("students.close_year", _("เปิดและล็อกสิ้นปีการศึกษา เลื่อนชั้นทั้งเขต"), roles=["planner"])


class PupilRule(Rule):
    """Seen by every school where the pupil is or was enrolled; written by the one where the pupil is now."""

    def filter(self, actor: Actor, capability: str) -> Q:
        scope = actor.scope(capability)
        if scope.everywhere or not scope or capability not in READS:
            return super().filter(actor, capability)
        # One list of keys, not two conditions beside each other: the database finds those few pupils, and does not try all.
        now = Pupil.objects.filter(scope.q("school__unit_id")).order_by().values("pk")
        past = Enrolment.objects.filter(scope.q("school__unit_id")).order_by().values("pupil")
        return Q(pk__in=now.union(past))


class OfPupilRule(Rule):
    """What hangs on a pupil is seen and written like the pupil."""

    def filter(self, actor: Actor, capability: str) -> Q:
        scope = actor.scope(capability)
        if scope.everywhere or not scope:
            return super().filter(actor, capability)
        return Q(pupil__in=Pupil.objects.filter(PUPILS.filter(actor, capability)).values("pk"))


class TransferRule(Rule):
    """Both schools see a transfer; who may answer is asked by the verb."""

    def filter(self, actor: Actor, capability: str) -> Q:
        scope = actor.scope(capability)
        if scope.everywhere or not scope:
            return super().filter(actor, capability)
        return scope.q("from_school__unit_id") | scope.q("to_school__unit_id")


class DoubleRule(Rule):
    """Every school of a case sees it, and nobody else of a school; ``case`` leads to the case."""

    def __init__(self, *args: Any, case: str = "pk", **given: Any) -> None:
        super().__init__(*args, **given)
        self.case = case

    def filter(self, actor: Actor, capability: str) -> Q:
        scope = actor.scope(capability)
        if scope.everywhere or not scope:
            return super().filter(actor, capability)
        cases = DoubleRoll.objects.filter(scope.q("school__unit_id")).order_by().values("double")
        return Q(**{f"{self.case}__in": cases})


class PromotionRule(Rule):
    """A school sees its own runs and those of the whole area."""

    def filter(self, actor: Actor, capability: str) -> Q:
        scope = actor.scope(capability)
        if scope.everywhere or not scope or capability != VIEW:
            return super().filter(actor, capability)
        return scope.q("school__unit_id") | Q(school__isnull=True)


READS = {VIEW, HEALTH, FAMILY, EXPORT}
PUPILS = PupilRule(Pupil, view=VIEW, unit="school__unit_id")
rule(PUPILS)
rule(Rule(Enrolment, view=VIEW, unit="school__unit_id"))
rule(OfPupilRule(PupilId, view=VIEW, unit="pupil__school__unit_id"))
rule(OfPupilRule(Guardian, view=VIEW, unit="pupil__school__unit_id"))
rule(Rule(Scholarship, view=VIEW, unit="school__unit_id"))
rule(TransferRule(Transfer, view=VIEW, unit="from_school__unit_id"))
rule(DoubleRule(Double, view=DOUBLES, unit="rolls__school__unit_id"))
rule(DoubleRule(Claim, view=DOUBLES, unit="double__rolls__school__unit_id", case="double"))
rule(Rule(Draw, view=VISIT, unit=None))
rule(Rule(Visit, view=VISIT, unit="school__unit_id"))
rule(Rule(YearEnd, view=VIEW, unit=None))
rule(PromotionRule(Promotion, view=VIEW, unit="school__unit_id"))
