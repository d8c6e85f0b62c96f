"""Rings of points as shapes, and how far a point lies outside. Stands on shapely (a quarter of a second to load): whoever
asks seldom imports this module when asking."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

Ring = Sequence[Sequence[float]]
METRES_PER_DEGREE = 111_320.0


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


def faces(shape: BaseGeometry) -> BaseGeometry:
    """Only what has a surface: mending and cutting may leave lines and points behind."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    return shapely.union_all([part for part in shapely.get_parts(shape) if part.area > 0])


def metres_outside(longitude: float, latitude: float, shape: BaseGeometry) -> int:
    """0 inside or on the line; else the shortest way to the outline in metres, true to a few in a thousand."""
    if shape.is_empty or shapely.intersects_xy(shape, longitude, latitude):
        return 0
    squeeze = math.cos(math.radians(latitude))
    near = shapely.transform(shape, lambda points: (points - [longitude, latitude]) * [squeeze, 1.0])
    return round(float(shapely.distance(near, Point(0, 0))) * METRES_PER_DEGREE)
