"""Who may write and see the desk's matters."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import EVERYONE, Actor, Rule, capability, rule
from khet.kits.workflow.api import Run, run_filter
from khet.modules.desk.models import Matter

USE = capability("desk.use", _("ใช้โต๊ะงาน"), roles=[*EVERYONE, "member"])
WRITE = capability("desk.write", _("เขียนเรื่องเสนอตามสายการบังคับบัญชา"), roles=EVERYONE)
ORDER = capability("desk.order", _("มอบหมายงาน"), roles=["director", "deputy", "head", "principal"])


class MatterRule(Rule):
    """A matter is seen by whoever sees its run."""

    def filter(self, actor: Actor, capability: str) -> Q:
        if actor.is_system:
            return Q()
        if capability != USE:
            return super().filter(actor, capability)
        label = Matter._meta.label_lower
        return Q(pk__in=Run.objects.filter(run_filter(actor), subject_label=label).values("subject_id"))


rule(MatterRule(Matter, view=USE))
