"""Shapes for the browser: GeoJSON in degrees, as coarse as the screen allows, neighbours without gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from khet.base.lib.geodata.shapes import surface_of
from khet.modules.schools.choices import OutlineLevel
from khet.outlets.maps.drawing.ground import Area, areas, ground

# All struck ground together: some 150 kB of figures, a fifth of it compressed.
_MOST_STRUCK = 8_000
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
    return _plain({"code": area.code, "name": area.name, "own": own}, area.shape)


def _plain(properties: dict[str, Any], shape: BaseGeometry) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {
            "type": "MultiPolygon",
            "coordinates": [
                [_ring(part.exterior), *(_ring(hole) for hole in part.interiors)]
                for part in shapely.get_parts(shape)
            ],
        },
    }


def _ring(ring: Any) -> list[list[float]]:
    return [[round(x, 5), round(y, 5)] for x, y in shapely.get_coordinates(ring).tolist()]


def grounds(found: Sequence[tuple[int, str, Sequence[Any]]]) -> dict[str, Any]:
    """Struck ground (event, words, coordinates of a MultiPolygon) as features, as coarse as the screen allows."""
    shapes = [surface_of(coordinates) for _event, _words, coordinates in found]
    for tolerance in _STEPS:
        thin = [one.simplify(tolerance) if tolerance else one for one in shapes]
        if sum(shapely.get_num_coordinates(one) for one in thin) <= _MOST_STRUCK:
            break
    return {
        "type": "FeatureCollection",
        "features": [
            _plain({"event": event, "words": words}, old if new.is_empty else new)
            for (event, words, _coordinates), old, new in zip(found, shapes, thin, strict=True)
        ],
    }
