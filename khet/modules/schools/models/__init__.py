"""Schools, the places they stand in, and the villages they serve."""

from khet.modules.schools.models.places import Outline, ServiceVillage, Village
from khet.modules.schools.models.schools import School, SchoolCode, SchoolStatus

__all__ = ["Outline", "School", "SchoolCode", "SchoolStatus", "ServiceVillage", "Village"]
