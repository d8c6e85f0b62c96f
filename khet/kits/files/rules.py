"""Who may see a file: whoever may see the record that holds it."""

from __future__ import annotations

from django.db.models import Q

from khet.base.org.api import Actor, Rule, rule, visible
from khet.kits.files.models import Attachment
from khet.kits.files.owners import owners


class AttachmentRule(Rule):
    """An attachment has no right of its own; it follows its owner's rule."""

    def filter(self, actor: Actor, capability: str) -> Q:
        allowed = Q(pk__in=[])
        for declared in owners:
            seen = visible(actor, declared.records(), declared.view)
            allowed |= Q(owner_label=declared.model._meta.label_lower, owner_pk__in=seen.values("pk"))
        return allowed


rule(AttachmentRule(Attachment, view="", unit=None))
