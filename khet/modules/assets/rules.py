"""Who sees and writes land, buildings and durable articles.

The office sees everything; a school's people their own. A school keeps its registers itself; permission to demolish and
the criteria are the office's. Receiving a transfer is the right of the receiving side.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import EVERYONE, OFFICE_ROLES, Actor, Rule, capability, rule
from khet.modules.assets.models import (
    Article,
    Building,
    Criterion,
    Demolition,
    Disposal,
    ItemCount,
    Land,
    Sighting,
    Transfer,
    YearlyCheck,
)

KEEPERS = ["planner", "finance", "admin", "principal", "school_clerk"]

VIEW = capability("assets.view", _("ดูสิ่งก่อสร้างและครุภัณฑ์ของตน"), roles=EVERYONE)
VIEW_ALL = capability("assets.view_all", _("ดูสิ่งก่อสร้างและครุภัณฑ์ทั้งเขต"), roles=OFFICE_ROLES)
EDIT = capability("assets.edit", _("เพิ่มและแก้ไขสิ่งก่อสร้างและครุภัณฑ์"), roles=KEEPERS)
IMPORT = capability("assets.import", _("นำเข้าสิ่งก่อสร้างและครุภัณฑ์"), roles=KEEPERS)
EXPORT = capability("assets.export", _("ส่งออกสิ่งก่อสร้างและครุภัณฑ์"), roles=["director", "deputy", *KEEPERS])
ASK = capability("assets.ask", _("ขอรื้อถอน ขอโอน และเสนอจำหน่าย"), roles=KEEPERS)
PERMIT = capability("assets.permit", _("อนุญาตให้รื้อถอน"), roles=["director", "deputy", "finance"])
RECEIVE = capability("assets.receive", _("รับโอนครุภัณฑ์"), roles=["principal", "finance", "director"])
ORDER = capability("assets.order", _("สั่งจำหน่ายครุภัณฑ์"), roles=["principal", "director", "finance"])
OPEN_CHECK = capability("assets.open_check", _("เปิดและปิดการตรวจสอบพัสดุประจำปี"), roles=KEEPERS)
CHECK = capability("assets.check", _("ตรวจครุภัณฑ์ประจำปี"), roles=[*KEEPERS, "teacher"])
CRITERIA = capability("assets.criteria", _("แก้ไขเกณฑ์อาคารและสิ่งก่อสร้าง"), roles=["planner", "admin"])


class AssetRule(Rule):
    """A unit's own people reach its things; ``assets.view_all``, held anywhere, opens the registers."""

    def filter(self, actor: Actor, capability: str) -> Q:
        if capability == VIEW and actor.has(VIEW) and actor.has(VIEW_ALL):
            return Q()
        return super().filter(actor, capability)

    def check(self, actor: Actor, capability: str, record: object) -> bool:
        """Area-wide rights need no question to the database."""
        if actor.scope(capability).everywhere:
            return True
        return super().check(actor, capability, record)


class TransferRule(AssetRule):
    """Both sides see a transfer; asking and withdrawing belong to the giving side, answering to the receiving one."""

    def filter(self, actor: Actor, capability: str) -> Q:
        scope = actor.scope(capability)
        if capability == VIEW and scope and not actor.has(VIEW_ALL) and not scope.everywhere:
            return scope.q("source_id") | scope.q("target_id")
        if capability == RECEIVE and scope and not scope.everywhere:
            return scope.q("target_id")
        return super().filter(actor, capability)


class CriterionRule(Rule):
    """Criteria belong to the office and are open to whoever sees buildings."""


rule(AssetRule(Land, view=VIEW, unit="unit_id"))
rule(AssetRule(Building, view=VIEW, unit="unit_id"))
rule(AssetRule(Article, view=VIEW, unit="unit_id"))
rule(AssetRule(Demolition, view=VIEW, unit="building__unit_id"))
rule(AssetRule(Disposal, view=VIEW, unit="unit_id"))
rule(AssetRule(ItemCount, view=VIEW, unit="unit_id"))
rule(AssetRule(YearlyCheck, view=VIEW, unit="unit_id"))
rule(AssetRule(Sighting, view=VIEW, unit="check_of__unit_id"))
rule(TransferRule(Transfer, view=VIEW, unit="source_id"))
rule(CriterionRule(Criterion, view=VIEW, unit=None))
