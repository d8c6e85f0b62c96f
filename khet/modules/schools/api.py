"""The door of schools."""

from khet.base.org.api import Unit
from khet.modules.schools.models import School
from khet.modules.schools.queries import by_code, own_schools

__all__ = ["School", "by_code", "own_schools", "school_of"]


def school_of(unit: Unit) -> School | None:
    """The school that a unit is, or None for other kinds of unit."""
    return School.objects.filter(unit=unit).first()
