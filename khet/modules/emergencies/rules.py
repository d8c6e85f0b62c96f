"""Who opens events, who reports, who sees the board.

That an event is open, and which ground it struck, is known to everybody inside. What a school reports is seen by its own people and by the office.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import EVERYONE, Actor, Rule, capability, rule
from khet.modules.emergencies.models import Call, Event, Report, StruckArea

OFFICE = [role for role in EVERYONE if role not in ("principal", "school_clerk", "teacher")]

VIEW = capability("emergencies.view", _("ดูเหตุภัยและรายงานของโรงเรียนตน"), roles=EVERYONE)
VIEW_ALL = capability("emergencies.view_all", _("ดูรายงานเหตุภัยของทุกโรงเรียน"), roles=OFFICE)
OPEN = capability(
    "emergencies.open", _("เปิด แก้ และปิดเหตุภัย"), roles=["director", "deputy", "head", "planner", "admin"]
)
REPORT = capability(
    "emergencies.report", _("รายงานเหตุภัยของโรงเรียน"), roles=["principal", "school_clerk", "planner", "admin"]
)


class OfficeSeesAll(Rule):
    """``emergencies.view_all``, held anywhere in the office, opens the reports of every school."""

    def filter(self, actor: Actor, capability: str) -> Q:
        if capability == VIEW and actor.has(VIEW_ALL):
            return Q()
        return super().filter(actor, capability)


rule(Rule(Event, view=VIEW, unit=None))
rule(Rule(StruckArea, view=VIEW, unit=None))
rule(OfficeSeesAll(Call, view=VIEW, unit="unit_id"))
rule(OfficeSeesAll(Report, view=VIEW, unit="call__unit_id"))
