"""Rounds of a school year with how far each has come."""

from __future__ import annotations

from django.db.models import Count, Q

from khet.base.org.api import Actor, visible
from khet.kits.rounds.choices import HANDED_IN, ReturnState
from khet.kits.rounds.models import Round


def years() -> list[int]:
    """School years that have rounds."""
    return list(Round.objects.order_by().values_list("school_year", flat=True).distinct())


def of_year(actor: Actor, year: int) -> list[Round]:
    """In the order of their days; ``total`` returns, ``certified`` handed in, ``verified``."""
    return list(
        visible(actor, Round.objects.filter(school_year=year))
        .annotate(
            total=Count("returns"),
            certified=Count("returns", filter=Q(returns__state__in=[*HANDED_IN, ReturnState.EXEMPT])),
            verified=Count(
                "returns",
                filter=Q(returns__state__in=[ReturnState.VERIFIED, ReturnState.CLOSED, ReturnState.EXEMPT]),
            ),
        )
        .order_by("as_at", "kind", "number")
    )
