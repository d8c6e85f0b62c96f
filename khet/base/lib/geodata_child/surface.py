"""All polygons of a file as one valid surface: joined, thinned, and anything else refused by its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from khet.base.lib.geodata_child.frames import THAILAND
from khet.base.lib.geodata_child.measures import METRES_PER_DEGREE, faces
from khet.base.lib.sheets.child.refused import Refused

# Metres by which outlines are made simpler, one after the other, until few enough corners are left.
TOLERANCES = (5.0, 10.0, 20.0, 40.0, 80.0, 160.0)
# A hundred-thousandth of a degree is a metre: finer is only longer.
_GRID = 1e-5


def surface(numbered: Sequence[tuple[int, Any]], most: int) -> tuple[Any, float]:
    """The shapes, each with its number in the file, as one MultiPolygon, and the tolerance in metres (0: as it came)."""
    polygons: list[Any] = []
    for number, shape in numbered:
        parts = list(_leaves(shape))
        if any(part.geom_type != "Polygon" for part in parts):
            raise Refused("polygon", n=f"{number:,}")
        for part in parts:
            _demand_thailand(number, part)
        polygons += parts
    whole = faces(shapely.union_all([one if one.is_valid else shapely.make_valid(one) for one in polygons]))
    before = int(shapely.get_num_coordinates(whole))
    left = before
    for metres in (0.0, *TOLERANCES):
        made = faces(shapely.set_precision(_coarser(whole, metres) if metres else whole, _GRID))
        if made.is_empty:
            if not metres:
                raise Refused("empty")
            break
        left = int(shapely.get_num_coordinates(made))
        if left <= most:
            return shapely.multipolygons(shapely.get_parts(made)), metres
    raise Refused("corners", n=f"{before:,}", left=f"{left:,}", most=f"{most:,}")


def _coarser(whole: Any, metres: float) -> Any:
    """The outline as one who sees no more than ``metres`` draws it: islands and gaps of two by two of them are not there."""
    least = (2 * metres / METRES_PER_DEGREE) ** 2
    kept = []
    for part in shapely.get_parts(shapely.simplify(whole, metres / METRES_PER_DEGREE)):
        gaps = [ring for ring in part.interiors if shapely.Polygon(ring).area >= least]
        if part.area >= least:
            kept.append(shapely.Polygon(part.exterior, gaps))
    return shapely.multipolygons(kept)


def _leaves(shape: Any) -> list[Any]:
    """The single shapes of a shape: a KML nests collections in collections."""
    parts = list(shapely.get_parts(shape))
    if parts == [shape]:
        return parts
    return [leaf for part in parts for leaf in _leaves(part)]


def _demand_thailand(number: int, polygon: Any) -> None:
    west, south, east, north = polygon.bounds
    least_x, least_y, most_x, most_y = THAILAND
    if not (least_x <= west <= east <= most_x and least_y <= south <= north <= most_y):
        x, y = (west, south) if not (least_x <= west and least_y <= south) else (east, north)
        raise Refused("outside", n=f"{number:,}", x=f"{x:.4f}", y=f"{y:.4f}")
