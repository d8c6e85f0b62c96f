"""Who partners are is open to everybody inside; whom one calls there, to those who work with them."""

from django.utils.translation import gettext_lazy as _

from khet.base.org.api import EVERYONE, Rule, capability, rule
from khet.modules.partners.models import Partner

TENDING = ["head", "officer", "planner", "admin", "principal", "school_clerk"]
VIEW = capability("partners.view", _("ดูภาคีเครือข่าย"), roles=EVERYONE)
EDIT = capability("partners.edit", _("เพิ่มและแก้ไขภาคีเครือข่าย"), roles=TENDING)
CONTACT = capability(
    "partners.contact", _("เปิดดูผู้ประสานงานของภาคีเครือข่าย"), roles=[*TENDING, "director", "deputy"]
)
EXPORT = capability(
    "partners.export", _("ส่งออกภาคีเครือข่าย"), roles=["director", "deputy", "head", "planner", "admin"]
)

rule(Rule(Partner, view=VIEW, unit="unit_id", open=True))
