"""Who sees the children of the service area, records where they stand, and traces those in no school.

A school's people see the children of its own service area, and the cases it is responsible for or that are about its
children. Houses, birthdays and parents lie behind a lock; full numbers are for the office's planner alone.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor, Rule, capability, rule
from khet.modules.children.models import Case, Child, Standing, Visit

SCHOOL = ("principal", "school_clerk")

VIEW = capability(
    "children.view", _("ดูเด็กในเขตบริการ"), roles=["director", "deputy", "planner", *SCHOOL, "teacher"]
)
HOME = capability(
    "children.home", _("เปิดดูวันเกิด บ้าน และบิดามารดาของเด็กในเขตบริการ"), roles=["planner", *SCHOOL, "teacher"]
)
READ_IDS = capability(
    "children.read_ids", _("เปิดดูเลขประจำตัวเต็มของเด็กในเขตบริการ"), roles=["planner"], others_data=True
)
RECORD = capability("children.record", _("เพิ่มเด็ก และบันทึกที่เรียนหรือการผ่อนผัน"), roles=["planner", *SCHOOL])
IMPORT = capability("children.import", _("นำเข้าเด็กจาก ทร.14"), roles=["planner", *SCHOOL])
EXPORT = capability("children.export", _("ส่งออกและพิมพ์บัญชีเด็กในเขตบริการ"), roles=["planner", *SCHOOL])
TRACE = capability("children.trace", _("ติดตามเด็กที่ไม่ได้เรียน"), roles=["planner", *SCHOOL, "teacher"])
MATCH = capability("children.match", _("จับคู่เด็กในเขตบริการกับทะเบียนนักเรียน"), roles=["planner"])


class CaseRule(Rule):
    """Seen by the responsible school and by the school whose service area the child lives in; written by the former."""

    def filter(self, actor: Actor, capability: str) -> Q:
        scope = actor.scope(capability)
        if scope.everywhere or not scope or capability != VIEW:
            return super().filter(actor, capability)
        return scope.q("school__unit_id") | scope.q("child__school__unit_id")


class VisitRule(CaseRule):
    """A visit is seen like its case."""

    def filter(self, actor: Actor, capability: str) -> Q:
        scope = actor.scope(capability)
        if scope.everywhere or not scope or capability != VIEW:
            return Rule.filter(self, actor, capability)
        return scope.q("case__school__unit_id") | scope.q("case__child__school__unit_id")


rule(Rule(Child, view=VIEW, unit="school__unit_id"))
rule(Rule(Standing, view=VIEW, unit="child__school__unit_id"))
rule(CaseRule(Case, view=VIEW, unit="school__unit_id"))
rule(VisitRule(Visit, view=VIEW, unit="case__school__unit_id"))
