"""Shapes for the browser: GeoJSON in degrees, as coarse as the screen allows, neighbours without gaps."""

from __future__ import annotations

from typing import Any

import shapely

from khet.modules.schools.choices import OutlineLevel
from khet.outlets.maps.drawing.ground import Area, areas, ground

_STEPS = (0.0, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.004)


def shapes(ours: frozenset[str], most: int) -> dict[str, Any]:
    """``districts`` and ``tambons`` as features with code, name and whether they are the area's own; ``origin`` of the districts."""
    base = ground()
    inner = {area.code for area in base.areas}
    tambons = [area for area in areas(OutlineLevel.TAMBON) if area.code[:4] in (ours or inner)]
    for tolerance in _STEPS:
        made = [_thin(found, tolerance) for found in ([*base.areas, *base.around], tambons)]
        if sum(shapely.get_num_coordinates(area.shape) for found in made for area in found) <= most:
            break
    return {
        "districts": [_feature(area, area.code in inner) for area in made[0]],
        "tambons": [_feature(area, True) for area in made[1]],
        "origin": base.origin,
    }


def _thin(found: list[Area], tolerance: float) -> list[Area]:
    if not found or not tolerance:
        return found
    simple = shapely.coverage_simplify([area.shape for area in found], tolerance)
    return [
        Area(area.code, area.name, area.shape if shape.is_empty else shape)
        for area, shape in zip(found, simple, strict=True)
    ]


def _feature(area: Area, own: bool) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": area.code, "name": area.name, "own": own},
        "geometry": {
            "type": "MultiPolygon",
            "coordinates": [
                [_ring(part.exterior), *(_ring(hole) for hole in part.interiors)]
                for part in shapely.get_parts(area.shape)
            ],
        },
    }


def _ring(ring: Any) -> list[list[float]]:
    return [[round(x, 5), round(y, 5)] for x, y in shapely.get_coordinates(ring).tolist()]
