"""What both sides of the child measure with. Stands on shapely alone."""

from __future__ import annotations

from typing import Any

import shapely

METRES_PER_DEGREE = 111_320.0


def faces(shape: Any) -> Any:
    """Only what has a surface: mending, joining and cutting may leave lines and points behind."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    return shapely.union_all([part for part in shapely.get_parts(shape) if part.area > 0])
