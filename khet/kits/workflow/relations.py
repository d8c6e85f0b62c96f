"""Deciders as relations: functions of the run and of the place before it.

Each returns a post, a unit (its inbox), or None when the structure has nobody there; the route then skips the
step, as a small office does. A relation made from data (``climb``, ``role_holder``, ``named_post``) is a factory.
"""

from __future__ import annotations

from khet.base.org.api import Post, Unit, head_post, office, superior_post
from khet.base.org.choices import PostKind, UnitKind
from khet.kits.workflow.bases import PassRule, Place, Relation
from khet.kits.workflow.models import Run


def drafter(run: Run, before: Place | None) -> Post | None:
    """The post that began the run."""
    return run.drafter


def head_of_unit(run: Run, before: Place | None) -> Post | None:
    """Head of the unit whose matter it is."""
    return head_post(run.unit)


def overseer_of_unit(run: Run, before: Place | None) -> Post | None:
    """The deputy who oversees the unit whose matter it is."""
    return run.unit.overseer


def head_of_office(run: Run, before: Place | None) -> Post | None:
    """The director, for matters of the office and its groups; nobody for a school's own matters."""
    return None if run.unit.kind == UnitKind.SCHOOL else head_post(office())


def top_of_unit(run: Run, before: Place | None) -> Post | None:
    """Who decides in the last place: the director for the office and its groups, the principal for a school."""
    return head_post(run.unit) if run.unit.kind == UnitKind.SCHOOL else head_post(office())


def inbox_of_unit(run: Run, before: Place | None) -> Unit:
    """Everybody in the unit whose matter it is, until one takes it."""
    return run.unit


def superior(run: Run, before: Place | None) -> Post | None:
    """The next post up from the place before."""
    return next(iter(ladder(run, before)), None)


def ladder(run: Run, before: Place | None) -> list[Post]:
    """The posts above a place, nearest first. Remembered on the run while one act is carried out."""
    if before is None:
        before = run.drafter or run.unit
    known: dict[tuple[str, int], list[Post]] = run.__dict__.setdefault("_ladders", {})
    key = (before._meta.label_lower, before.pk)
    if key not in known:
        rungs: list[Post] = []
        above = head_post(before) if isinstance(before, Unit) else superior_post(before)
        if isinstance(before, Unit) and above is None:
            above = before.overseer or (head_post(before.parent) if before.parent else None)
        while above is not None and above not in rungs:
            rungs.append(above)
            above = superior_post(above)
        known[key] = rungs
    return known[key]


def climb(*kinds: PostKind) -> Relation:
    """Up the chain of command from the place before to the first post of one of these kinds; nobody if none is above."""

    def relation(run: Run, before: Place | None) -> Post | None:
        return next((post for post in ladder(run, before) if post.kind in kinds), None)

    relation.__name__ = "climb_to_" + "_or_".join(kinds)
    return relation


to_head = climb(PostKind.HEAD)
to_deputy = climb(PostKind.DEPUTY)
to_top = climb(PostKind.DIRECTOR, PostKind.PRINCIPAL)


def role_holder(role: str, *, in_office: bool = False) -> Relation:
    """The first post with a role in the run's unit (or in the office and its groups)."""

    def relation(run: Run, before: Place | None) -> Post | None:
        posts = Post.objects.on().filter(roles__code=role)
        if in_office:
            posts = posts.exclude(unit__kind=UnitKind.SCHOOL)
        else:
            posts = posts.filter(unit=run.unit)
        return posts.order_by("unit__position", "position", "pk").first()

    relation.__name__ = f"role_holder_{role}"
    return relation


def named_post(number: str) -> Relation:
    """The post with a position number."""

    def relation(run: Run, before: Place | None) -> Post | None:
        return Post.objects.on().filter(number=number).order_by("pk").first()

    relation.__name__ = f"named_post_{number}"
    return relation


# To whom may a holder re-route?


def house_of(unit: Unit) -> int:
    """The house a unit belongs to: a school is its own (its id), everything else is the office (0)."""
    return unit.pk if unit.kind == UnitKind.SCHOOL else 0


def same_house(run: Run, giver: Place, taker: Place) -> bool:
    """Anyone in the same house: within the office and its groups, or within one school."""
    return house_of(_unit(giver)) == house_of(_unit(taker))


def same_unit(run: Run, giver: Place, taker: Place) -> bool:
    return _unit(giver).pk == _unit(taker).pk


def any_of(*allowed: PassRule) -> PassRule:
    def rule(run: Run, giver: Place, taker: Place) -> bool:
        return any(one(run, giver, taker) for one in allowed)

    return rule


def _unit(place: Place) -> Unit:
    return place if isinstance(place, Unit) else place.unit
