"""Reading events."""

from khet.modules.emergencies.queries.areas import Struck, kept_areas, newest, schools_inside, struck
from khet.modules.emergencies.queries.board import Board, District, board_of
from khet.modules.emergencies.queries.events import (
    calls_of_school,
    closed_unit_ids,
    open_events,
    schools_for,
    with_counts,
)

__all__ = [
    "Board",
    "District",
    "Struck",
    "board_of",
    "calls_of_school",
    "closed_unit_ids",
    "kept_areas",
    "newest",
    "open_events",
    "schools_for",
    "schools_inside",
    "struck",
    "with_counts",
]
