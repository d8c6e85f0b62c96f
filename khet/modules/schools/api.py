"""The door of schools."""

from collections.abc import Iterable

from khet.base.org.api import Unit
from khet.modules.schools.actions.figures import count_pupils
from khet.modules.schools.actions.outlines import keep_outlines, parse_outlines, read_outlines
from khet.modules.schools.actions.photos import drawn_anew
from khet.modules.schools.maps import Picture, districts_drawn, draw
from khet.modules.schools.models import Outline, School, SchoolCode, ServiceVillage, Village
from khet.modules.schools.queries import by_code, own_schools, with_networks
from khet.modules.schools.queries.villages import (
    Tambons,
    in_year,
    service_area,
    services,
    serving_schools,
    villages_by_place,
    villages_without_school,
)

__all__ = [
    "Outline",
    "School",
    "ServiceVillage",
    "Tambons",
    "Village",
    "area_picture",
    "by_code",
    "codes_of_units",
    "count_pupils",
    "drawn_anew",
    "in_year",
    "keep_outlines",
    "own_schools",
    "parse_outlines",
    "read_outlines",
    "school_of",
    "service_area",
    "services",
    "serving_schools",
    "villages_by_place",
    "villages_without_school",
    "with_networks",
]


def school_of(unit: Unit) -> School | None:
    """The school that a unit is, or None for other kinds of unit."""
    return School.objects.filter(unit=unit).first()


def codes_of_units(codes: Iterable[str]) -> dict[str, int]:
    """Code, old or new → the id of the unit of the school that bears it, today's bearer before a former one."""
    rows = (
        SchoolCode.objects.filter(value__in=list(codes))
        .exclude(kind="area")
        .order_by("until", "pk")
        .values_list("value", "school__unit_id", "until")
    )
    found: dict[str, int] = {}
    for value, unit, until in rows:
        if until is None or value not in found:
            found[value] = unit
    return found


def area_picture(schools: Iterable[School], *, width: float = 720, pad: float = 12) -> Picture | None:
    """The districts with these schools on them, for an SVG; None when nothing has a place."""
    return draw(districts_drawn(), schools, width=width, pad=pad)
