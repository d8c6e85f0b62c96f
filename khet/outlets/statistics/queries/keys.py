"""The few figures that the director's page and a school's page show."""

from __future__ import annotations

from collections.abc import Sequence

from khet.base.org.api import Actor
from khet.modules.schools.api import School, school_of
from khet.outlets.statistics.bases import Indicator, indicators

DIRECTOR: tuple[str, ...] = ("pupils_by_grade",)
"""What a director looks at first, in this order; those that are not declared are left out."""

SCHOOL: tuple[str, ...] = ("pupils_by_grade", "pupils_per_room")


def declared(codes: Sequence[str]) -> list[Indicator]:
    return [found for code in codes if (found := indicators.get(code)) is not None]


def own_school(actor: Actor) -> School | None:
    """The school whose people the reader belongs to."""
    return school_of(actor.unit) if actor.unit is not None else None
