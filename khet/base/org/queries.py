"""Reading the organisation: who holds what, who stands above whom."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from khet.base.org.choices import PostKind, UnitKind
from khet.base.org.models import Delegation, Grouping, Holding, Holiday, Person, Post, Unit

_HEADS = {
    UnitKind.OFFICE: [PostKind.DIRECTOR],
    UnitKind.GROUP: [PostKind.HEAD],
    UnitKind.SCHOOL: [PostKind.PRINCIPAL],
}


def office() -> Unit:
    """The one area office of this installation."""
    return Unit.objects.get(kind=UnitKind.OFFICE, parent__isnull=True)


def frame_office() -> Unit | None:
    """The office for the frame of every page; None before ``khet office`` has made one."""
    return Unit.objects.filter(kind=UnitKind.OFFICE, parent__isnull=True).first()


def frame_holidays() -> dict[date, str]:
    """The days on which the office is closed, by name, for time left in working days and for calendars."""
    return dict(Holiday.objects.values_list("day", "name"))


def own_units() -> QuerySet[Unit]:
    """The units of this area today. Schools of other areas, known by name only, stand outside the tree."""
    return Unit.objects.on().exclude(kind=UnitKind.SCHOOL, parent__isnull=True)


def head_post(unit: Unit) -> Post | None:
    """The post that heads a unit today."""
    kinds = _HEADS.get(unit.kind, [PostKind.HEAD, PostKind.PRINCIPAL, PostKind.DIRECTOR])
    return Post.objects.on().filter(unit=unit, kind__in=kinds).order_by("position", "pk").first()


def holder(post: Post) -> Person | None:
    """Who holds the post today, in person or as caretaker."""
    holding = Holding.objects.on().filter(post=post).select_related("person").order_by("-since").first()
    return holding.person if holding else None


def stand_ins(post: Post) -> QuerySet[Delegation]:
    """Who acts for the post today besides its holder."""
    return Delegation.objects.on().filter(post=post, revoked_at__isnull=True).select_related("person")


def superior_post(post: Post) -> Post | None:
    """The next post up the chain of command, by the structure of the office.

    officer → head of the group → deputy who oversees the group → director; teacher or clerk → principal;
    principal → none (a school's letters to the office go through the registers).
    """
    unit = post.unit
    if post.kind == PostKind.DIRECTOR or post.kind == PostKind.PRINCIPAL:
        return None
    if post.kind == PostKind.DEPUTY:
        return head_post(office())
    head = head_post(unit)
    if head and head.pk != post.pk:
        return head
    if unit.overseer_id:
        return unit.overseer
    return head_post(unit.parent) if unit.parent else None


def groups_of(unit: Unit, kind: str = UnitKind.NETWORK) -> QuerySet[Unit]:
    """The networks (or teams) a unit belongs to today."""
    return Unit.objects.filter(
        pk__in=Grouping.objects.on().filter(member=unit, group__kind=kind).values("group")
    )


def members_of(group: Unit) -> QuerySet[Unit]:
    """The units that belong to a network today."""
    return Unit.objects.filter(pk__in=Grouping.objects.on().filter(group=group).values("member"))
