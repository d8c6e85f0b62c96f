"""The few figures that the director's page and a school's page show."""

from __future__ import annotations

from collections.abc import Sequence

from khet.base.org.api import Actor
from khet.modules.schools.api import School, school_of
from khet.outlets.statistics.bases import Indicator, indicators

DIRECTOR: tuple[str, ...] = (
    "pupils_by_grade", "pupils_per_room", "drop_out_rate", "staff_by_kind", "pupils_per_teacher", "vacancies", "retirements",
    "small_schools", "merging_candidates", "coverage", "disability_share", "poor_buildings_share",
)  # fmt: skip
"""What a director looks at first, in this order; those that are not declared are left out."""

SCHOOL: tuple[str, ...] = (
    "pupils_by_grade", "rooms_by_grade", "pupils_per_room", "girls_share", "pupils_by_disability", "pupils_by_disadvantage",
    "transfers_in", "transfers_out", "drop_out_rate", "staff_by_kind", "pupils_per_teacher", "manpower_balance",
    "pupils_per_computer", "buildings_by_kind", "pupils_per_toilet_seat",
)  # fmt: skip


def declared(codes: Sequence[str]) -> list[Indicator]:
    return [found for code in codes if (found := indicators.get(code)) is not None]


def own_school(actor: Actor) -> School | None:
    """The school whose people the reader belongs to."""
    return school_of(actor.unit) if actor.unit is not None else None
