"""Reading land, buildings and articles."""

from khet.modules.assets.queries.registers import articles, buildings, parcels
from khet.modules.assets.queries.units import actor_units, keepers, people_of, units_by_code

__all__ = ["actor_units", "articles", "buildings", "keepers", "parcels", "people_of", "units_by_code"]
