"""Who may read the trail, and whose accounts one may manage."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Account, Actor, Holding, Rule, capability, rule
from khet.base.org.rules import ORG_MANAGE
from khet.base.signin.models import Event

TRAIL_VIEW = capability(
    "trail.view", _("ตรวจประวัติการเข้าใช้"), roles=["auditor", "admin", "director"], others_data=True
)


class AccountRule(Rule):
    """An account belongs to the units where its person holds posts today; one without a post to the office."""

    def filter(self, actor: Actor, capability: str) -> Q:
        scope = actor.scope(capability)
        if scope.everywhere:
            return Q()
        if not scope:
            return Q(pk__in=[])
        return Q(person__in=Holding.objects.on().filter(scope.q("post__unit_id")).values("person"))


rule(Rule(Event, view=TRAIL_VIEW, unit=None))
rule(AccountRule(Account, view=ORG_MANAGE, unit="person__holdings__post__unit_id"))
