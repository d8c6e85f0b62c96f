"""Who sees and changes schools.

The office sees the whole register; a school's people see their own. The planner writes everything, a school's
own people their contacts, position and photographs.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import EVERYONE, OFFICE_ROLES, Actor, Rule, capability, rule
from khet.modules.schools.models import Emis, School, ServiceVillage, Village

VIEW = capability("schools.view", _("ดูข้อมูลโรงเรียนของตน"), roles=EVERYONE)
VIEW_ALL = capability("schools.view_all", _("ดูทะเบียนโรงเรียนทั้งหมด"), roles=OFFICE_ROLES)
EDIT = capability("schools.edit", _("แก้ไขทะเบียนโรงเรียน"), roles=["planner", "admin"])
EDIT_OWN = capability(
    "schools.edit_contacts", _("แก้ไขข้อมูลติดต่อ พิกัด และภาพของโรงเรียน"),
    roles=["planner", "admin", "principal", "school_clerk"],
)  # fmt: skip
STATUS = capability("schools.status", _("เรียนรวม ยุบเลิก ถ่ายโอน และเปิดโรงเรียน"), roles=["planner", "admin"])
IMPORT = capability("schools.import", _("นำเข้าทะเบียนโรงเรียน"), roles=["planner", "admin"])
COUNT = capability(
    "schools.count", _("ปรับจำนวนนักเรียนของโรงเรียนตามทะเบียนนักเรียน"), roles=["planner", "admin", "principal", "school_clerk"]
)  # fmt: skip
EMIS = capability(
    "schools.emis",
    _("กรอกข้อมูลพื้นฐานโรงเรียน (EMIS) ประจำปี"),
    roles=["planner", "admin", "principal", "school_clerk"],
)
SERVICE = capability(
    "schools.service_area", _("กำหนดหมู่บ้านและเขตพื้นที่บริการของโรงเรียน"), roles=["planner", "admin"]
)
EXPORT = capability(
    "schools.export", _("ส่งออกทะเบียนโรงเรียน"), roles=["director", "deputy", "head", "planner", "admin"]
)


class SchoolRule(Rule):
    """A school's own people reach it through its unit; ``schools.view_all``, held anywhere, opens the register."""

    def filter(self, actor: Actor, capability: str) -> Q:
        if capability in (VIEW, EXPORT) and actor.has(capability) and actor.has(VIEW_ALL):
            return Q()
        return super().filter(actor, capability)

    def check(self, actor: Actor, capability: str, record: School) -> bool:
        """Area-wide rights need no question to the database."""
        if capability not in (VIEW, EXPORT) and actor.scope(capability).everywhere:
            return True
        return super().check(actor, capability, record)


rule(SchoolRule(School, view=VIEW, unit="unit_id"))
rule(SchoolRule(Emis, view=VIEW, unit="school__unit_id"))
# Villages and who serves them are public facts: whoever may see schools sees all of them.
rule(Rule(Village, view=VIEW, unit=None))

# A village's school is written where that school is the actor's; it is read like the villages.
rule(Rule(ServiceVillage, view=VIEW, unit="school__unit_id", open=True))
