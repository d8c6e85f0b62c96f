"""The ground of a picture: areas as shapes on a plane, read from the database, simplified without gaps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from khet.base.lib.geodata.shapes import METRES_PER_DEGREE, faces, shape_of
from khet.modules.schools.api import Outline, School, own_schools
from khet.modules.schools.choices import OutlineLevel


@dataclass(frozen=True)
class Area:
    """A district, tambon or province with its shape in degrees (WGS 84), or in the units of a picture."""

    code: str
    name: str
    shape: BaseGeometry


@dataclass(frozen=True)
class Ground:
    """``areas`` are drawn, ``around`` lies pale about them. ``origin`` tells where the shapes are from:
    ``outlines`` as loaded, ``tambons`` joined into districts, ``hull`` drawn around the schools, ``none``."""

    areas: Sequence[Area]
    around: Sequence[Area]
    origin: str


def areas(level: str) -> list[Area]:
    """The outlines of a level as shapes, by code."""
    rows = Outline.objects.filter(level=level).order_by("code").values_list("code", "name", "rings", "holes")
    return [Area(code, name, shape_of(rings, holes)) for code, name, rings, holes in rows]


def ground(level: str = OutlineLevel.DISTRICT, *, within: Iterable[str] = ()) -> Ground:
    """What a map of the area stands on: the places of a level in which the office has schools.

    ``within`` narrows them to codes that begin so. Places of the same level without a school of ours lie around.
    Districts that are not loaded are joined from their tambons, or drawn around their schools as a hull.
    """
    schools = list(
        own_schools()
        .values_list("amphoe_code", "amphoe", "tambon_code", "longitude", "latitude")
        .order_by("pk")
    )
    found, origin = areas(level), "outlines"
    if not found and level == OutlineLevel.DISTRICT:
        names = {code: name for code, name, *_rest in schools if code}
        found, origin = _joined(names), "tambons"
        if not found:
            found, origin = _hulls(schools), "hull"
    wanted = tuple(within)
    if wanted:
        ours = {area.code for area in found if area.code.startswith(wanted)}
    else:
        ours = {row[0] if level == OutlineLevel.DISTRICT else row[2] for row in schools}
        if level == OutlineLevel.TAMBON:
            # A tambon without a school of its own still belongs to a district that is ours.
            districts = {row[0] for row in schools}
            ours = {area.code for area in found if area.code in ours or area.code[:4] in districts}
    inner = [area for area in found if area.code in ours] or ([] if wanted else found)
    kept = {area.code for area in inner}
    outer = [area for area in found if area.code not in kept]
    return Ground(inner, outer, origin if inner else "none")


def _joined(names: dict[str, str]) -> list[Area]:
    by_district: dict[str, list[BaseGeometry]] = {}
    for area in areas(OutlineLevel.TAMBON):
        by_district.setdefault(area.code[:4], []).append(area.shape)
    return [
        Area(code, names.get(code, code), faces(shapely.union_all(shapes)))
        for code, shapes in sorted(by_district.items())
    ]


def _hulls(schools: Iterable[tuple[Any, ...]]) -> list[Area]:
    """Districts as the hull of their schools, a kilometre wider: something to stand on, not a border."""
    points: dict[str, list[Point]] = {}
    names: dict[str, str] = {}
    for code, name, _tambon, longitude, latitude in schools:
        if code and longitude is not None:
            points.setdefault(code, []).append(Point(float(longitude), float(latitude)))
            names[code] = name
    return [
        Area(code, names[code], shapely.union_all(at).convex_hull.buffer(0.009, quad_segs=4))
        for code, at in sorted(points.items())
    ]


class Plane:
    """Degrees to the units of a picture, true to shape at its middle latitude; y grows downward.

    ``metres`` is the length of one unit on the ground.
    """

    def __init__(
        self, bounds: Sequence[float], width: float, *, pad: float, height: float | None = None
    ) -> None:
        west, south, east, north = bounds
        self.squeeze = math.cos(math.radians((south + north) / 2))
        across = max((east - west) * self.squeeze, 0.01)
        down = max(north - south, 0.01)
        self.scale = (width - 2 * pad) / across
        if height is not None:
            self.scale = min(self.scale, (height - 2 * pad) / down)
        self.width = width
        self.height = height if height is not None else round(down * self.scale + 2 * pad, 1)
        self.left = west - ((width / self.scale) - across) / 2 / self.squeeze
        self.top = north + ((self.height / self.scale) - down) / 2
        self.metres = METRES_PER_DEGREE / self.scale

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (
            round((float(longitude) - self.left) * self.squeeze * self.scale, 1),
            round((self.top - float(latitude)) * self.scale, 1),
        )

    def project(self) -> Callable[[Any], Any]:
        """For ``shapely.transform``."""

        def turned(points: Any) -> Any:
            made = points.copy()
            made[:, 0] = (points[:, 0] - self.left) * self.squeeze * self.scale
            made[:, 1] = (self.top - points[:, 1]) * self.scale
            return made

        return turned

    def lay(self, found: Sequence[Area], tolerance: float = 0.7) -> list[Area]:
        """The areas in the units of the picture, with no more corners than the eye can tell.

        Neighbours are simplified together (a coverage), so that their common border stays common.
        """
        if not found:
            return []
        shapes = [shapely.transform(area.shape, self.project()) for area in found]
        if tolerance:
            simple = shapely.coverage_simplify(shapes, tolerance)
            shapes = [new if not new.is_empty else old for new, old in zip(simple, shapes, strict=True)]
        return [replace(area, shape=shape) for area, shape in zip(found, shapes, strict=True)]


def bounds_of(found: Iterable[Area], points: Iterable[tuple[float, float]] = ()) -> tuple[float, ...] | None:
    """West, south, east, north of everything; None of nothing."""
    shapes = [area.shape for area in found] + [Point(x, y) for x, y in points]
    return tuple(shapely.total_bounds(shapes)) if shapes else None


__all__ = ["Area", "Ground", "Plane", "School", "areas", "bounds_of", "ground", "shape_of"]
