"""On what ground a person may decide a step: by post, acting for it, as a member of a group, or over a vacancy.

Always computed from today's posts: an official who moves loses the right on the next request, the successor
has it at once, and a post that nobody holds falls to the nearest superior who is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from khet.base.org.api import Actor, Capacity, Delegation, Holding, Post, can, superior_post, today
from khet.base.org.choices import PostKind
from khet.kits.workflow.bases import flows
from khet.kits.workflow.models import Step

SUPERIORS = frozenset({PostKind.DIRECTOR, PostKind.DEPUTY, PostKind.HEAD, PostKind.PRINCIPAL})


@dataclass(frozen=True)
class Ground:
    """The post in whose place the actor decides, and why they may."""

    post: Post | None
    capacity: Capacity | None = None
    above: bool = False  # as nearest superior of a vacant post

    @property
    def phrase(self) -> str:
        """How it is said under the name; empty for one's own post."""
        if self.above and self.post:
            return _("ผู้บังคับบัญชาของตำแหน่งที่ว่าง: %(post)s") % {"post": self.post.title}
        return self.capacity.phrase if self.capacity else ""

    @property
    def written(self) -> str:
        """The phrase as records and papers keep it: in Thai, whatever language the actor reads."""
        with override("th"):
            return self.phrase


def is_vacant(prefix: str = "pk", day: date | None = None) -> Q:
    """Condition on posts: nobody holds it and nobody acts for it that day (default today)."""
    return ~Exists(Holding.objects.on(day).filter(post=OuterRef(prefix))) & ~Exists(
        Delegation.objects.on(day).filter(post=OuterRef(prefix), revoked_at__isnull=True)
    )


def stands_for(post: Post) -> Post | None:
    """The nearest superior of a vacant post who is there."""
    above = superior_post(post)
    seen = {post.pk}
    while above is not None and above.pk not in seen:
        if not Post.objects.filter(is_vacant(), pk=above.pk).exists():
            return above
        seen.add(above.pk)
        above = superior_post(above)
    return None


def covered_posts(actor: Actor) -> dict[int, Post]:
    """Vacant posts with open work that falls to the actor as nearest superior; id → the vacant post."""
    known = actor.__dict__.get("_covered_posts")
    if known is None:
        known = {}
        own = {pk: c for pk, c in actor.posts.items() if c.post and c.post.kind in SUPERIORS and not c.only}
        vacant = _vacant_with_work() if own else []
        if vacant:
            for post in Post.objects.filter(pk__in=vacant).select_related("unit__overseer", "unit__parent"):
                above = stands_for(post)
                if above is not None and above.pk in own:
                    known[post.pk] = post
        actor.__dict__["_covered_posts"] = known
    return known


def _vacant_with_work() -> list[int]:
    """The vacant posts on which open work lies. Every page of a superior asks, so the statement is worked out once."""
    sql, parameters = _asking_for_vacant()
    day = today()
    with connection.cursor() as cursor:
        cursor.execute(sql, [day if value == _SOME_DAY else value for value in parameters])
        return [pk for (pk,) in cursor.fetchall()]


_SOME_DAY = date(1, 1, 2)  # stands for today in the statement


@lru_cache(maxsize=1)
def _asking_for_vacant() -> tuple[str, tuple]:
    waiting = Step.objects.filter(decided_at__isnull=True).values("post")
    found = Post.objects.filter(is_vacant(day=_SOME_DAY), pk__in=waiting).order_by().values("pk")
    sql, parameters = found.query.sql_with_params()
    return sql, tuple(parameters)


def limited_kinds(only: frozenset[str]) -> list[tuple[str, str]]:
    """(flow, step kind) pairs that a delegation limited to some capabilities reaches."""
    return sorted(
        {(flow.code, kind.code) for flow in flows for kind in flow.steps if kind.capability in only}
    )


def mine(actor: Actor) -> Q:
    """Condition on steps: addressed to a post the actor holds, acts for, or covers."""
    full = [pk for pk, capacity in actor.posts.items() if not capacity.only]
    condition = Q(post__in=[*full, *covered_posts(actor)])
    for pk, capacity in actor.posts.items():
        if capacity.only:
            for flow, kind in limited_kinds(capacity.only):
                condition |= Q(post=pk, run__flow=flow, kind=kind)
    return condition


def member_units(actor: Actor) -> list[int]:
    """Units to whose inbox the actor belongs: those of own posts and memberships, not of lent authority."""
    return sorted({c.unit.pk for c in actor.capacities if c.delegation_id is None})


def in_my_groups(actor: Actor) -> Q:
    """Condition on steps: lies untaken in the inbox of one of the actor's units."""
    return Q(post__isnull=True, unit__in=member_units(actor))


def ground_for(actor: Actor, step: Step) -> Ground | None:
    """Why the actor may decide this step today, or None."""
    if actor.is_system:
        return Ground(step.post)
    kind = step.declared
    if step.post_id is None:
        for capacity in actor.capacities:
            if capacity.delegation_id is None and capacity.unit.pk == step.unit_id:
                own = capacity.post or next(
                    (c.post for c in actor.capacities if c.post and c.delegation_id is None), None
                )
                return Ground(own) if _has(actor, kind.capability, step) else None
        return None
    capacity = actor.posts.get(step.post_id)
    if capacity is not None:
        if capacity.only and kind.capability not in capacity.only:
            return None
        return Ground(capacity.post, capacity) if _has(actor, kind.capability, step) else None
    vacant = covered_posts(actor).get(step.post_id)
    if vacant is not None:
        return Ground(vacant, above=True)
    return None


def _has(actor: Actor, capability: str, step: Step) -> bool:
    return not capability or can(actor, capability, step.unit)


def open_steps(actor: Actor) -> QuerySet[Step]:
    """Every open step the actor could decide, the group's untaken work included."""
    return Step.objects.filter(mine(actor) | in_my_groups(actor), decided_at__isnull=True)
