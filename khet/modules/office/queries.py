"""Reading the structure for its pages."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Prefetch, Q, QuerySet

from khet.base.org.api import Actor, Delegation, Holding, Membership, Person, Post, Unit, visible
from khet.base.org.choices import UnitKind


@dataclass
class Branch:
    """A unit in the tree with its head and its branches."""

    unit: Unit
    head: Post | None = None
    branches: list[Branch] = field(default_factory=list)
    staff: int = 0
    overseer: Post | None = None


def holders() -> Prefetch:
    """Who holds a post today, prefetched as ``post.current``."""
    return Prefetch("holdings", queryset=Holding.objects.on().select_related("person"), to_attr="current")


def structure(actor: Actor) -> tuple[Branch | None, dict[str, list[Unit]]]:
    """The office with its groups, and the cross-cutting units by kind. Four queries whatever the size."""
    units = list(
        visible(actor, Unit.objects.on())
        .exclude(kind=UnitKind.SCHOOL)
        .annotate(staff=Count("posts__holdings", filter=Q(posts__holdings__until__isnull=True)))
        .order_by("position", "pk")
    )
    heads: dict[int, Post] = {}
    leaders = {
        post.pk: post
        for post in Post.objects.on()
        .filter(kind__in=["director", "deputy", "head"], unit__in=[u.pk for u in units])
        .order_by("-position", "-pk")
        .prefetch_related(holders())
    }
    for post in leaders.values():
        if post.kind != "deputy":
            heads[post.unit_id] = post
    branches = {
        unit.pk: Branch(unit, heads.get(unit.pk), staff=unit.staff, overseer=leaders.get(unit.overseer_id))
        for unit in units
        if unit.kind in (UnitKind.OFFICE, UnitKind.GROUP)
    }
    root = None
    for branch in branches.values():
        parent = branches.get(branch.unit.parent_id)
        if parent:
            parent.branches.append(branch)
        elif branch.unit.kind == UnitKind.OFFICE:
            root = branch
    others = {
        kind: [u for u in units if u.kind == kind]
        for kind in (UnitKind.NETWORK, UnitKind.TEAM, UnitKind.COMMITTEE)
    }
    return root, others


def posts_of(unit: Unit) -> QuerySet[Post]:
    """The posts of a unit today with holders, roles and stand-ins."""
    return (
        Post.objects.on()
        .filter(unit=unit)
        .prefetch_related(
            holders(),
            "roles",
            Prefetch(
                "delegations",
                queryset=Delegation.objects.on().filter(revoked_at__isnull=True).select_related("person"),
                to_attr="lent",
            ),
        )
    )


def members_of(unit: Unit) -> QuerySet[Membership]:
    return Membership.objects.on().filter(unit=unit).select_related("person", "role")


def people(actor: Actor, text: str = "") -> QuerySet[Person]:
    """People with posts, found by any part of their name."""
    rows = Person.objects.all()
    for word in text.split()[:4]:
        rows = rows.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
    return rows.prefetch_related(
        Prefetch("holdings", queryset=Holding.objects.on().select_related("post__unit"), to_attr="current")
    )
