"""Reading schools."""

from khet.modules.schools.queries.schools import (
    area_office,
    by_code,
    current_network,
    find_networks,
    is_own_area,
    own_schools,
    with_everything,
    with_networks,
)

__all__ = [
    "area_office",
    "by_code",
    "current_network",
    "find_networks",
    "is_own_area",
    "own_schools",
    "with_everything",
    "with_networks",
]
