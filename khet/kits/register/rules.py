"""Who sees an import: whoever brought the file, and those who may import this type everywhere."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import EVERYONE, Actor, Rule, capability, rule
from khet.kits.register.models import Batch, Code, Draft, SavedView

OWN = capability("register.own", _("เก็บมุมมอง ร่าง และไฟล์นำเข้าของตนเอง"), roles=EVERYONE)
CODES_EDIT = capability("codes.edit", _("แก้ไขรายการรหัสที่สำนักงานดูแล"), roles=["planner", "admin"])


class OwnRule(Rule):
    """Records that belong to one person and to nobody else."""

    def filter(self, actor: Actor, capability: str) -> Q:
        return Q(person=actor.person) if actor.person and actor.has(capability) else Q(pk__in=[])


class BatchRule(Rule):
    """The rows of a file may be about any unit, so a batch is open to its bringer and to area-wide importers."""

    def filter(self, actor: Actor, capability: str) -> Q:
        from khet.kits.register.bases import records  # noqa: PLC0415  records are declared after rules

        own = Q(person=actor.person) if actor.person else Q(pk__in=[])
        held = [r for r in records if r.imports and actor.has(r.imports.capability)]
        everywhere = [r.code for r in held if actor.scope(r.imports.capability).everywhere]
        return Q(kind__in=everywhere) | (own & Q(kind__in=[r.code for r in held]))


rule(BatchRule(Batch, view=OWN, unit=None))
rule(OwnRule(SavedView, view=OWN, unit=None))
rule(OwnRule(Draft, view=OWN, unit=None))
rule(Rule(Code, view=CODES_EDIT, unit=None))
