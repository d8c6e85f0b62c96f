"""Rings of points as shapes, and how far a point lies outside. Stands on shapely (a quarter of a second to load): whoever
asks seldom imports this module when asking."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from khet.base.lib.geodata_child.measures import METRES_PER_DEGREE, faces

Ring = Sequence[Sequence[float]]


def shape_of(rings: Sequence[Ring], holes: Sequence[Ring] = ()) -> BaseGeometry:
    """One valid shape of outer rings and holes; a hole belongs to the smallest ring around it."""
    shells = sorted((Polygon(ring) for ring in rings if len(ring) >= 3), key=lambda one: one.area)
    inside: list[list[Any]] = [[] for _shell in shells]
    for hole in holes:
        if len(hole) < 3:
            continue
        point = Polygon(hole).representative_point()
        place = next((n for n, shell in enumerate(shells) if shell.intersects(point)), None)
        if place is not None:
            inside[place].append(hole)
    made = MultiPolygon([Polygon(shell.exterior, gaps) for shell, gaps in zip(shells, inside, strict=True)])
    return faces(made if made.is_valid else shapely.make_valid(made))


def surface_of(coordinates: Sequence[Sequence[Ring]]) -> MultiPolygon:
    """The coordinates of a GeoJSON MultiPolygon as a shape, ready to be asked often."""
    made = MultiPolygon([Polygon(shell, holes) for shell, *holes in coordinates])
    shapely.prepare(made)
    return made


def which_inside(shape: BaseGeometry, spots: Sequence[tuple[float, float]]) -> list[bool]:
    """Of each spot (longitude, latitude) whether it lies in the shape or on its line."""
    if not spots:
        return []
    xs, ys = zip(*spots, strict=True)
    return shapely.intersects_xy(shape, list(xs), list(ys)).tolist()


def square_km(shape: BaseGeometry) -> float:
    """The surface in square kilometres, true to one in a hundred within the country."""
    _west, south, _east, north = shape.bounds
    return float(shape.area) * math.cos(math.radians((south + north) / 2)) * (METRES_PER_DEGREE / 1000) ** 2


def metres_outside(longitude: float, latitude: float, shape: BaseGeometry) -> int:
    """0 inside or on the line; else the shortest way to the outline in metres, true to a few in a thousand."""
    if shape.is_empty or shapely.intersects_xy(shape, longitude, latitude):
        return 0
    squeeze = math.cos(math.radians(latitude))
    near = shapely.transform(shape, lambda points: (points - [longitude, latitude]) * [squeeze, 1.0])
    return round(float(shapely.distance(near, Point(0, 0))) * METRES_PER_DEGREE)
