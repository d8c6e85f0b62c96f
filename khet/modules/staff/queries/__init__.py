"""Reading people, positions and units."""

from khet.modules.staff.queries.officials import positions_with_holders, with_everything
from khet.modules.staff.queries.units import Units

__all__ = ["Units", "positions_with_holders", "with_everything"]
