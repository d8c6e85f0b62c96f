"""Who fills the province's formats, and who says what they are."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor, Rule, capability, rule
from khet.outlets.province.models import Export, KeptFormat

VIEW = capability(
    "province.view", _("ดูและดาวน์โหลดข้อมูลที่ส่งออกให้จังหวัด"), roles=["director", "deputy", "planner", "auditor"]
)
MAKE = capability("province.make", _("ทำแฟ้มฐานข้อมูลจังหวัดจากรอบที่ปิดแล้ว"), roles=["director", "planner"])
FORMATS = capability("province.formats", _("เพิ่มและเลิกใช้รูปแบบของฐานข้อมูลจังหวัด"), roles=["planner"])


class WholeAreaRule(Rule):
    """What is for the whole area needs the right for the whole area."""

    def filter(self, actor: Actor, capability: str) -> Q:
        return Q() if actor.scope(capability).everywhere else Q(pk__in=[])


rule(WholeAreaRule(KeptFormat, view=VIEW, unit=None))
rule(WholeAreaRule(Export, view=VIEW, unit=None))
