"""Who sees and changes people and positions.

The personnel group has everything. A school's people see their own school's staff without pay and private facts; the
owner always sees their own record, pay and service record included, and nobody else's.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor, Rule, capability, rule
from khet.modules.staff.models import (
    CorrectionWish,
    Criterion,
    Official,
    Position,
    ServiceCopy,
    ServiceRow,
)

VIEW = capability(
    "staff.view", _("ดูข้อมูลบุคลากร"), others_data=True,
    roles=["director", "deputy", "planner", "personnel", "admin", "principal", "school_clerk"],
)  # fmt: skip
EDIT = capability("staff.edit", _("แก้ไขข้อมูลบุคลากรและอัตรากำลัง"), roles=["personnel"], others_data=True)
EDIT_SCHOOL = capability(
    "staff.edit_school", _("แก้ไขข้อมูลติดต่อ วิชาที่สอน และรูปของบุคลากรในโรงเรียน"),
    roles=["personnel", "principal", "school_clerk"], others_data=True,
)  # fmt: skip
PAY = capability(
    "staff.pay", _("ดูเงินเดือนของบุคลากร"), roles=["director", "personnel", "finance"], others_data=True
)
PRIVATE = capability(
    "staff.private", _("ดูศาสนา ครอบครัว วินัย และเลขประจำตัวของบุคลากร"), roles=["personnel"], others_data=True
)
SERVICE = capability(
    "staff.service", _("เปิด ก.พ.7 ของบุคลากร"), roles=["director", "personnel"], others_data=True
)
RECORD = capability("staff.record", _("บันทึกรายการใน ก.พ.7"), roles=["personnel"], others_data=True)
CERTIFY = capability(
    "staff.certify", _("รับรองสำเนา ก.พ.7"), roles=["director", "personnel"], others_data=True
)
IMPORT = capability("staff.import", _("นำเข้าข้อมูลบุคลากร"), roles=["personnel"], others_data=True)
EXPORT = capability("staff.export", _("ส่งออกทะเบียนบุคลากร"), roles=["personnel"], others_data=True)
CRITERIA = capability("staff.criteria", _("แก้ไขเกณฑ์อัตรากำลัง"), roles=["personnel"])

OWN = (VIEW, SERVICE, PAY, PRIVATE)


class OfficialRule(Rule):
    """By the unit on paper or the one where the person really works; one's own record is always one's to see."""

    def filter(self, actor: Actor, capability: str) -> Q:
        condition = super().filter(actor, capability)
        scope = actor.scope(capability)
        if scope and not scope.everywhere:
            condition |= scope.q("work_unit_id")
        if capability in OWN and actor.person is not None and not scope.everywhere:
            condition |= Q(person_id=actor.person.pk)
        return condition

    def check(self, actor: Actor, capability: str, record: Official) -> bool:
        """Own records and area-wide rights need no question to the database."""
        if capability in OWN and actor.person is not None and record.person_id == actor.person.pk:
            return True
        return actor.scope(capability).everywhere or super().check(actor, capability, record)


class ServiceRule(Rule):
    """A row, a copy, a wish belongs to the official: as the record itself, and its owner sees their own."""

    def filter(self, actor: Actor, capability: str) -> Q:
        condition = super().filter(actor, capability)
        scope = actor.scope(capability)
        if capability in OWN and actor.person is not None and not scope.everywhere:
            condition |= Q(official__person_id=actor.person.pk)
        return condition


rule(OfficialRule(Official, view=VIEW, unit="unit_id"))
rule(Rule(Position, view=VIEW, unit="unit_id"))
rule(ServiceRule(ServiceRow, view=SERVICE, unit="official__unit_id"))
rule(ServiceRule(ServiceCopy, view=SERVICE, unit="official__unit_id"))
rule(ServiceRule(CorrectionWish, view=SERVICE, unit="official__unit_id"))
rule(Rule(Criterion, view=VIEW, unit=None))
