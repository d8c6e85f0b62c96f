"""Who may do what, where: capabilities, rules per model, ``can`` and ``visible``.

One rule per model gives both the filter of lists and the check of one record, so the two cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Forbidden, NotFound
from khet.base.lib.registry import Registry
from khet.base.org.actors import Actor
from khet.base.org.models import Delegation, Person, Post, Role, Unit

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Capability:
    """Something one may be allowed to do; ``label`` is read by the person who composes roles.

    ``others_data`` marks a view of other people's personal data: whoever has it needs a second factor.
    """

    code: str
    label: Any
    others_data: bool = False
    roles: tuple[str, ...] = ()


class Rule:
    """How records of one model are scoped. Subclass to change ``filter``; ``check`` follows from it.

    ``unit`` is the ORM path to the unit's id, or None when the record belongs to the whole office.
    ``view`` is the capability without which a record is as good as absent. With ``open`` whoever has it anywhere
    sees the records of every unit; all other capabilities go by the unit.
    """

    def __init__(
        self, model: type[models.Model], *, view: str, unit: str | None = "unit_id", open: bool = False
    ) -> None:
        self.model = model
        self.view = view
        self.unit = unit
        self.open = open

    def filter(self, actor: Actor, capability: str) -> Q:
        """Which rows the actor may do ``capability`` to."""
        scope = actor.scope(capability)
        if scope.everywhere:
            return Q()
        if not scope:
            return Q(pk__in=[])
        if self.unit is None or (self.open and capability == self.view):
            return Q()
        return scope.q(self.unit)

    def check(self, actor: Actor, capability: str, record: models.Model) -> bool:
        """The same for one record. A rule may answer from what is loaded, when its filter says no other."""
        condition = self.filter(actor, capability)
        if not condition:  # every row
            return True
        if type(self).filter is Rule.filter and self._loaded_unit(record) in actor.scope(capability).units:
            return True
        return self.model._base_manager.filter(condition, pk=record.pk).exists()

    def _loaded_unit(self, record: models.Model) -> int | None:
        """The id of the record's unit, where it can be told without asking the database."""
        value: Any = record
        for part in (self.unit or "").split("__"):
            fields = value._state.fields_cache if isinstance(value, models.Model) else {}
            value = fields.get(part) or getattr(value, "__dict__", {}).get(part)
        return value if isinstance(value, int) else None


capabilities: Registry[Capability] = Registry("capabilities", drawer="rules")
rules: Registry[Rule] = Registry("rules", drawer="rules")


def capability(code: str, label: Any, *, roles: Iterable[str] = (), others_data: bool = False) -> str:
    """Declare a capability; returns its code. ``roles`` are the default roles that get it in a new office."""
    capabilities.add(code, Capability(code, label, others_data, tuple(roles)))
    return code


def rule(declared: Rule) -> Rule:
    """Declare the rule of a model."""
    rules.add(declared.model._meta.label_lower, declared)
    return declared


def rule_of(model: type[models.Model]) -> Rule:
    return rules[model._meta.label_lower]


def can(actor: Actor, code: str, target: models.Model | None = None) -> bool:
    """May the actor do ``code``: anywhere (no target), in a unit (target is a Unit), or to one record."""
    if actor.is_system:
        return True
    if not actor.has(code):
        return False
    if target is None:
        return True
    if isinstance(target, Unit):
        return actor.scope(code).covers(target)
    return rule_of(type(target)).check(actor, code, target)


def visible(actor: Actor, queryset: models.QuerySet[M], code: str | None = None) -> models.QuerySet[M]:
    """The rows of ``queryset`` the actor may see (or do ``code`` to): the only filter there is."""
    if actor.is_system:
        return queryset
    declared = rule_of(queryset.model)
    return queryset.filter(declared.filter(actor, code or declared.view))


def fetch(actor: Actor, queryset: models.QuerySet[M], code: str | None = None, **lookup: Any) -> M:
    """One record, or 404 outside the actor's sight, or 403 when seen but ``code`` is not the actor's to do."""
    try:
        record = visible(actor, queryset).get(**lookup)
    except (queryset.model.DoesNotExist, ValueError, TypeError):
        raise NotFound(_("ไม่พบรายการนี้ อาจถูกย้าย หรืออยู่นอกขอบเขตที่คุณดูได้"), code="not_found") from None
    if code and not can(actor, code, record):
        raise forbidden(code, record)
    return record


def demand(actor: Actor, code: str, target: models.Model | None = None) -> None:
    """Refuse with a sentence unless ``can``."""
    if not can(actor, code, target):
        raise forbidden(code, target)


def forbidden(code: str, target: models.Model | None = None) -> Forbidden:
    """The refusal for a missing right, naming who has it."""
    declared = capabilities.get(code)
    label = declared.label if declared else code
    names = [str(role) for role in Role.objects.filter(capabilities__contains=[code]).order_by("name")[:3]]
    who = _("ผู้ทำได้คือ %(roles)s") % {"roles": ", ".join(names)} if names else _("ยังไม่มีบทบาทใดทำได้ แจ้งผู้ดูแลระบบ")
    return Forbidden(
        _("คุณยังทำรายการนี้ไม่ได้: %(act)s %(who)s") % {"act": label, "who": who}, code=f"forbidden.{code}"
    )


OFFICE_ROLES = (
    "director", "deputy", "head", "officer", "saraban", "planner", "personnel", "finance", "auditor", "admin",
)  # fmt: skip
EVERYONE = (*OFFICE_ROLES, "principal", "school_clerk", "teacher")

ORG_VIEW = capability("org.view", _("ดูโครงสร้างและรายชื่อผู้ดำรงตำแหน่ง"), roles=EVERYONE)
ORG_MANAGE = capability(
    "org.manage", _("จัดการโครงสร้าง ตำแหน่ง และบุคคล"), roles=["admin", "personnel"], others_data=True
)
ORG_ROLES = capability("org.roles", _("กำหนดบทบาทและสิทธิ์"), roles=["admin"])
ORG_DELEGATE = capability("org.delegate", _("แต่งตั้งผู้รักษาราชการแทนและมอบอำนาจ"), roles=["admin", "personnel"])

READ_IDS = capability(
    "org.read_ids", _("เปิดดูเลขประจำตัวเต็มของบุคคล"), roles=["admin", "personnel"], others_data=True
)


# Structure and names of office-holders are open to everyone who may see the organisation.
rule(Rule(Unit, view=ORG_VIEW, unit="id", open=True))
rule(Rule(Post, view=ORG_VIEW, open=True))
rule(Rule(Person, view=ORG_VIEW, unit="holdings__post__unit_id", open=True))
rule(Rule(Delegation, view=ORG_VIEW, unit="post__unit_id"))


def needs_second_factor(actor: Actor) -> bool:
    """Whoever may see other people's personal data signs in with a second factor."""
    return any(declared.others_data and actor.has(declared.code) for declared in capabilities)
