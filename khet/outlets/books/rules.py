"""Who reads books and who makes them. A published book is for everybody who works in the area; a draft for those who make it."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import EVERYONE, Actor, Rule, capability, rule
from khet.outlets.books.choices import EditionState
from khet.outlets.books.models import Edition, Made

READ = capability("books.read", _("อ่านสมุดสารสนเทศที่เผยแพร่แล้ว"), roles=EVERYONE)
EDIT = capability("books.edit", _("จัดทำ ทำไฟล์ และเผยแพร่สมุดสารสนเทศ"), roles=["planner", "admin"])


class EditionRule(Rule):
    """Published editions for readers, all for those who make them anywhere in the office."""

    def __init__(self, model: type[Edition] | type[Made], *, path: str = "") -> None:
        super().__init__(model, view=READ, unit=None)
        self.path = path

    def filter(self, actor: Actor, capability: str) -> Q:
        if actor.scope(EDIT).everywhere:
            return Q()
        if capability == READ and actor.has(READ):
            return Q(**{f"{self.path}state": EditionState.PUBLISHED})
        return Q(pk__in=[])


rule(EditionRule(Edition))
rule(EditionRule(Made, path="edition__"))
