"""Who sees which run, and the rights of the kit."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import EVERYONE, Actor, Rule, capability, rule
from khet.base.org.choices import UnitKind
from khet.kits.workflow.authority import covered_posts, member_units
from khet.kits.workflow.bases import flows
from khet.kits.workflow.choices import Shape
from khet.kits.workflow.models import Run, Step

VIEW = capability(
    "workflow.view",
    _("ดูเส้นทางเรื่องทั้งหมดของหน่วยงาน"),
    roles=["director", "deputy", "head", "saraban", "principal", "school_clerk"],
)
TAKE = capability("workflow.take", _("รับเรื่องที่เข้ากลุ่ม"), roles=[*EVERYONE, "member"])
STATISTICS = capability(
    "workflow.statistics",
    _("ดูภาระงานและเวลาต่อขั้น รายกลุ่มและรายบุคคล"),
    roles=["director", "deputy", "head", "principal"],
)
PHRASES = capability("workflow.phrases", _("แก้ข้อความเกษียนด่วนของสำนักงาน"), roles=["admin", "saraban"])


def run_filter(actor: Actor) -> Q:
    """Condition on runs the actor may see.

    A run is seen by the posts it was addressed to, sent by or drafted at (whoever holds them today), by members
    of a unit in whose inbox it lay, and, unless secret, by those who may read the unit (``workflow.view``)
    whose matter it is or in which a step lies. A school's own matters stay in the school. What has never left its
    drafter is nobody else's yet, whatever they may read (decision 13).
    """
    if actor.is_system:
        return Q()
    if not actor.capacities:
        return Q(pk__in=[])
    posts = [*(pk for pk, c in actor.posts.items() if not c.only), *covered_posts(actor)]
    limited = [pk for pk, c in actor.posts.items() if c.only]
    touched = Step.objects.filter(
        Q(post__in=[*posts, *limited])
        | Q(sent_post__in=posts)
        | Q(post__isnull=True, unit__in=member_units(actor))
    )
    condition = Q(drafter__in=posts) | Q(pk__in=touched.values("run"))
    scope = actor.scope(VIEW)
    # A run has few steps: a look-up per run is cheaper than gathering every step of the office.
    here = Step.objects.filter(run=OuterRef("pk"))
    sent = (
        ~Q(state__in=unsent_states())
        | Q(drafter__isnull=True)
        | Exists(here.exclude(post=OuterRef("drafter")))
    )
    if scope.everywhere:
        own = [c.unit.pk for c in actor.capacities]
        office = (
            ~Q(unit__kind=UnitKind.SCHOOL)
            | Q(unit__in=own)
            | Exists(here.exclude(unit__kind=UnitKind.SCHOOL))
        )
        condition = Q(secrecy=0) & office & sent | condition
    elif scope:
        readable = list(scope.unit_ids().values_list("pk", flat=True)) if scope.trees else list(scope.units)
        condition |= Q(secrecy=0) & (Q(unit__in=readable) | Exists(here.filter(unit__in=readable))) & sent
    return condition


def unsent_states() -> list[str]:
    """States in which a run may never have left its drafter: drafts, and those withdrawn as drafts."""
    kept = {Shape.DRAFT, Shape.VOID}
    return sorted({str(state) for flow in flows for state, shape in flow.shapes.items() if shape in kept})


class RunRule(Rule):
    def filter(self, actor: Actor, capability: str) -> Q:
        return run_filter(actor) if capability == VIEW else super().filter(actor, capability)


class StepRule(Rule):
    def filter(self, actor: Actor, capability: str) -> Q:
        if capability != VIEW:
            return super().filter(actor, capability)
        return Q() if actor.is_system else Q(run__in=Run.objects.filter(run_filter(actor)))


rule(RunRule(Run, view=VIEW))
rule(StepRule(Step, view=VIEW))
