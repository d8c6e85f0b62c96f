"""How far the open rounds have come, for desks that show the whole area in a line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from khet.kits.rounds.choices import OWING, ReturnState, RoundState
from khet.kits.rounds.models import Return
from khet.kits.rounds.queries.board import overall
from khet.kits.rounds.queries.duties import not_excused

S = ReturnState


@dataclass(frozen=True)
class Standing:
    """An open round: of ``total`` schools so many have gone so far, each counted once, by the least of its sheets.

    ``certified`` are those that their heads have certified, verified ones among them. ``owing`` are those of which the hour due
    has passed without an excuse; none before it.
    """

    title: str
    due_at: datetime
    url: str
    total: int
    certified: int
    confirmed: int
    begun: int
    owing: int


def standings() -> list[Standing]:
    """The open rounds, the earliest due first. One query; a row a school."""
    now = timezone.now()
    rows = (
        Return.objects.filter(round__state=RoundState.OPEN)
        .values("round_id", "unit_id", title=F("round__title"), due_at=F("round__due_at"))
        .annotate(states=ArrayAgg("state"), owed=ArrayAgg("state", filter=not_excused()))
        .order_by("round__due_at", "round_id")
    )
    steps: dict[int, Counter[str]] = {}
    told: dict[int, dict] = {}
    for row in rows:
        counted = steps.setdefault(row["round_id"], Counter())
        told.setdefault(row["round_id"], row)
        state = overall(row["states"])
        if state == S.EXEMPT:
            continue
        counted["total"] += 1
        counted["certified"] += state in (S.CERTIFIED, S.VERIFIED, S.CLOSED)
        counted["confirmed"] += state == S.CONFIRMED
        counted["begun"] += state in (S.ENTERING, S.RETURNED)
        counted["owing"] += row["due_at"] < now and bool(set(row["owed"] or ()) & set(OWING))
    return [
        Standing(
            title=row["title"],
            due_at=row["due_at"],
            url=reverse("rounds:board", args=[pk]),
            **{name: steps[pk][name] for name in ("total", "certified", "confirmed", "begun", "owing")},
        )
        for pk, row in told.items()
    ]
