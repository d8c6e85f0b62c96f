"""Schools, the places they stand in, the villages they serve, what they say of themselves each year."""

from khet.modules.schools.models.emis import Emis
from khet.modules.schools.models.places import Outline, ServiceVillage, Village
from khet.modules.schools.models.schools import School, SchoolCode, SchoolStatus

__all__ = ["Emis", "Outline", "School", "SchoolCode", "SchoolStatus", "ServiceVillage", "Village"]
