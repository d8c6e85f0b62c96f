"""Maps without tiles: outlines and schools projected into the box of an SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from khet.modules.schools.choices import OutlineLevel
from khet.modules.schools.models import Outline, School


@dataclass(frozen=True)
class Shape:
    """A district as an SVG path, with where its name stands."""

    code: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Dot:
    """A school at its place in the picture."""

    school: School
    x: float
    y: float


@dataclass(frozen=True)
class Picture:
    """What a template draws: its size in SVG units, districts, dots."""

    width: float
    height: float
    shapes: Sequence[Shape]
    dots: Sequence[Dot]
    tambons: Sequence[Shape] = ()
    project: Projection | None = None

    def path_of(self, coordinates: Iterable[Iterable[Iterable[Sequence[float]]]]) -> str:
        """A GeoJSON MultiPolygon as the path of an SVG, to be filled evenodd."""
        if self.project is None:
            return ""
        rings = ([self.project(x, y) for x, y in ring] for polygon in coordinates for ring in polygon)
        return "".join("M" + "L".join(f"{x} {y}" for x, y in _apart(ring)) + "Z" for ring in rings)


def _apart(spots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without corners that lie nearer to the one before than half a unit: nobody sees them."""
    kept = [spots[0]]
    for x, y in spots[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 0.5:
            kept.append((x, y))
    return kept


class Projection:
    """Degrees to the units of a box, true to shape at this latitude."""

    def __init__(self, points: Sequence[tuple[float, float]], width: float, pad: float) -> None:
        xs, ys = [x for x, _y in points], [y for _x, y in points]
        self.west, self.north = min(xs), max(ys)
        self.squeeze = math.cos(math.radians((min(ys) + max(ys)) / 2))
        span = max((max(xs) - self.west) * self.squeeze, (self.north - min(ys)) * 0.6, 0.02)
        self.scale = (width - 2 * pad) / span
        self.pad = pad
        self.width = width
        self.height = round((self.north - min(ys)) * self.scale + 2 * pad, 1)

    def __call__(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = (float(longitude) - self.west) * self.squeeze * self.scale + self.pad
        y = (self.north - float(latitude)) * self.scale + self.pad
        return round(x, 1), round(y, 1)


def draw(
    outlines: Iterable[Outline],
    schools: Iterable[School],
    *,
    width: float,
    pad: float = 6,
    tambons: Iterable[Outline] = (),
) -> Picture | None:
    """Project everything that has a place; None when nothing has one. Tambons are thin lines under the districts."""
    tambons = list(tambons)
    outlines = list(outlines)
    placed = [school for school in schools if school.latitude is not None and school.longitude is not None]
    points = [(x, y) for outline in (outlines or tambons) for ring in outline.rings for x, y in ring]
    points += [(float(school.longitude), float(school.latitude)) for school in placed]
    if not points:
        return None
    project = Projection(points, width, pad)
    shapes = [_shape(outline, project) for outline in outlines]
    dots = [Dot(s, *project(s.longitude, s.latitude)) for s in placed]
    inner = [_shape(tambon, project) for tambon in tambons]
    return Picture(width, project.height, shapes, dots, inner, project)


def districts_drawn() -> QuerySet[Outline]:
    """What a map of the area is made of. Provinces lie around it and would make it small."""
    return Outline.objects.filter(level=OutlineLevel.DISTRICT)


def _shape(outline: Outline, project: Projection) -> Shape:
    parts, largest, middle = [], -1.0, (0.0, 0.0)
    for ring in outline.rings:
        spots = [project(x, y) for x, y in ring]
        parts.append("M" + "L".join(f"{x} {y}" for x, y in spots) + "Z")
        area, centre = _centre(spots)
        if area > largest:
            largest, middle = area, centre
    return Shape(outline.code, outline.name, "".join(parts), round(middle[0], 1), round(middle[1], 1))


def _centre(spots: Sequence[tuple[float, float]]) -> tuple[float, tuple[float, float]]:
    """Area and centre of a ring (shoelace)."""
    doubled = cx = cy = 0.0
    for (x1, y1), (x2, y2) in zip(spots, [*spots[1:], spots[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        doubled += cross
        cx += (x1 + x2) * cross
        cy += (y1 + y2) * cross
    if not doubled:
        return 0.0, spots[0]
    return abs(doubled) / 2, (cx / (3 * doubled), cy / (3 * doubled))


def inset(school: School) -> Picture | None:
    """The small map beside a school: all districts, its own filled, one dot."""
    return draw(districts_drawn(), [school], width=132)


def as_geojson(outlines: Iterable[Outline]) -> dict[str, Any]:
    """The outlines for the browser's map."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": outline.code, "name": outline.name, "level": outline.level},
                "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in outline.rings]},
            }
            for outline in outlines
        ],
    }
