"""Rights over many units at once."""

from __future__ import annotations

from collections.abc import Iterable

from khet.base.org.api import Actor, Unit, forbidden


def demand_units(actor: Actor, code: str, unit_ids: Iterable[int]) -> None:
    """Refuse unless the actor may do ``code`` in every one of these units. One query at most."""
    scope = actor.scope(code)
    if scope.everywhere:
        return
    wanted = set(unit_ids)
    if not scope or Unit.objects.filter(pk__in=wanted).filter(scope.q("pk")).count() != len(wanted):
        raise forbidden(code)
