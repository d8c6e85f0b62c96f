"""The rights of rounds: who fills in, confirms, certifies, verifies, opens and closes."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor, Rule, capability, rule
from khet.kits.rounds.bases import sheets
from khet.kits.rounds.models import (
    Answer,
    Census,
    Duty,
    Finding,
    Form,
    Mark,
    Reminder,
    Return,
    Round,
    Snapshot,
)

VIEW = capability(
    "rounds.view", _("ดูรอบข้อมูลของหน่วยงานตน"),
    roles=["director", "deputy", "head", "officer", "planner", "personnel", "auditor", "admin", "principal", "school_clerk", "teacher"],
)  # fmt: skip
VIEW_ALL = capability(
    "rounds.view_all", _("ดูกระดานรอบข้อมูลทั้งเขต"),
    roles=["director", "deputy", "head", "officer", "planner", "personnel", "auditor", "admin"],
)  # fmt: skip
CONFIRM = capability("rounds.confirm", _("กรอกและยืนยันข้อมูลของโรงเรียน"), roles=["school_clerk", "principal"])
CERTIFY = capability("rounds.certify", _("รับรองข้อมูลของโรงเรียน"), roles=["principal"])
VERIFY = capability("rounds.verify", _("ตรวจข้อมูลและส่งคืนให้โรงเรียนแก้"), roles=["planner"])
REMIND = capability("rounds.remind", _("เตือนโรงเรียนที่ยังไม่ส่งข้อมูล"), roles=["planner"])
MANAGE = capability("rounds.manage", _("เปิด ปิด และเปิดรอบข้อมูลใหม่"), roles=["planner", "director"])
DUTIES = capability("rounds.duties", _("กำหนดผู้รับผิดชอบผลตรวจข้อมูล"), roles=["planner", "admin", "principal"])
CENSUS = capability("rounds.census", _("ดาวน์โหลดข้อมูลของรอบที่ปิดแล้ว"), roles=["director", "planner"])


class RoundRule(Rule):
    """Rounds are known to everybody who takes part in one; what changes them is for the whole area only."""

    def filter(self, actor: Actor, capability: str) -> Q:
        held = (
            actor.has(VIEW)
            if capability == VIEW
            else actor.scope(capability).everywhere or (capability == VIEW_ALL and actor.has(VIEW_ALL))
        )
        return Q() if held else Q(pk__in=[])


class HandedRule(Rule):
    """A unit's own people see what is theirs; who may see the board sees all."""

    def filter(self, actor: Actor, capability: str) -> Q:
        if capability == VIEW and actor.has(VIEW_ALL):
            return Q()
        return super().filter(actor, capability)

    def check(self, actor: Actor, capability: str, record: Model) -> bool:
        if actor.scope(capability).everywhere or (capability == VIEW and actor.has(VIEW_ALL)):
            return True
        return super().check(actor, capability, record)


class NamedRule(HandedRule):
    """What names single rows of a sheet: besides, only for those who may see such rows, or whose finding it is to answer.

    The board is for the whole office; the child that a finding speaks of is not.
    """

    def __init__(self, *args: Any, sheet: str, officer: str = "", **given: Any) -> None:
        super().__init__(*args, **given)
        self.sheet, self.officer = sheet, officer

    def filter(self, actor: Actor, capability: str) -> Q:
        condition = super().filter(actor, capability)
        for one in sheets:
            scope = actor.scope(one.sees) if one.sees else None
            if scope is None or scope.everywhere:
                continue
            may = scope.q(self.unit) if scope else Q(pk__in=[])
            if self.officer:
                may |= Q(**{f"{self.officer}__in": list(actor.posts)})
            condition &= ~Q(**{self.sheet: one.code}) | may
        return condition

    def check(self, actor: Actor, capability: str, record: Model) -> bool:
        return Rule.check(self, actor, capability, record)


rule(RoundRule(Round, view=VIEW, unit=None))
rule(HandedRule(Return, view=VIEW, unit="unit_id"))
rule(NamedRule(Finding, view=VIEW, unit="unit_id", sheet="sheet", officer="post"))
for _of_return in (Snapshot, Mark, Answer):
    rule(NamedRule(_of_return, view=VIEW, unit="handed__unit_id", sheet="handed__sheet"))
rule(HandedRule(Duty, view=VIEW, unit="unit_id"))
rule(RoundRule(Form, view=VIEW, unit=None))
rule(RoundRule(Reminder, view=VIEW_ALL, unit=None))
rule(RoundRule(Census, view=CENSUS, unit=None))
