"""Service areas as shapes. Villages have no borders of their own, so a tambon is shared out among the schools that serve its
villages: one school alone has the whole tambon, several have what lies nearer to each (Voronoi cells cut at the tambon)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from khet.base.lib.geodata.shapes import faces
from khet.modules.schools.api import School, services
from khet.modules.schools.choices import OutlineLevel
from khet.outlets.maps.drawing.ground import areas, ground

# How a shape came about, from sure to guessed.
WHOLE, SHARED, NEAREST = "whole", "shared", "nearest"
MOST_CORNERS = 12_000


@dataclass(frozen=True)
class Region:
    """The ground of a school. ``origin``: ``whole`` tambons alone; ``shared`` where a tambon is divided by what is nearer;
    ``nearest`` where no service area is known and only nearness speaks. ``villages`` it serves in this school year."""

    school: School
    shape: BaseGeometry
    origin: str
    villages: int


def regions(schools: Sequence[School]) -> list[Region]:
    """The service areas of the primary level as shapes, for schools that have a position; by code of school."""
    placed = {
        school.pk: school
        for school in schools
        if school.latitude is not None and school.longitude is not None
    }
    if not placed:
        return []
    serving: dict[str, dict[int, int]] = {}
    villages: dict[int, int] = {}
    for school_id, tambon in services().values_list("school_id", "village__tambon_code").order_by("pk"):
        if school_id in placed:
            serving.setdefault(tambon, {}).setdefault(school_id, 0)
            villages[school_id] = villages.get(school_id, 0) + 1
    pieces: dict[int, list[BaseGeometry]] = {}
    origins: dict[int, set[str]] = {}
    districts = {school.amphoe_code for school in placed.values()}
    tambons = [area for area in areas(OutlineLevel.TAMBON) if area.code[:4] in districts]
    covered: list[BaseGeometry] = []
    for area in tambons:
        ids = sorted(serving.get(area.code, ()))
        origin = WHOLE if len(ids) == 1 else SHARED
        if not ids:
            # A tambon of whose villages nothing is known goes to the nearest schools of its district.
            ids = sorted(
                pk for pk, school in placed.items() if school.amphoe_code == area.code[:4]
            ) or sorted(placed)
            origin = NEAREST
        covered.append(area.shape)
        for pk, shape in _share(area.shape, [placed[pk] for pk in ids]):
            pieces.setdefault(pk, []).append(shape)
            origins.setdefault(pk, set()).add(origin)
    if not tambons:
        whole = [area.shape for area in ground().areas]
        if whole:
            for pk, shape in _share(faces(shapely.union_all(whole)), list(placed.values())):
                pieces.setdefault(pk, []).append(shape)
                origins.setdefault(pk, set()).add(NEAREST)
    made = []
    for pk in sorted(pieces, key=lambda pk: (placed[pk].smis8, pk)):
        shape = faces(shapely.set_precision(shapely.union_all(pieces[pk]), 1e-6))
        origin = next(one for one in (NEAREST, SHARED, WHOLE) if one in origins[pk])
        if not shape.is_empty:
            made.append(Region(placed[pk], shape, origin, villages.get(pk, 0)))
    return made


def _share(ground_of: BaseGeometry, schools: Iterable[School]) -> list[tuple[int, BaseGeometry]]:
    """A piece of ground cut into what lies nearer to each school. Two at one spot share its cell: the first by code has it."""
    spots: dict[tuple[float, float], int] = {}
    for school in sorted(schools, key=lambda one: (one.smis8, one.pk)):
        spots.setdefault((float(school.longitude), float(school.latitude)), school.pk)
    if len(spots) == 1:
        return [(next(iter(spots.values())), ground_of)]
    # On a plane: degrees of longitude are shorter than those of latitude by the cosine of the latitude.
    squeeze = float(np.cos(np.radians(np.mean([y for _x, y in spots]))))
    points = [shapely.Point(x * squeeze, y) for x, y in spots]
    flat = shapely.transform(ground_of, lambda at: at * [squeeze, 1.0])
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shapely.box(*flat.bounds).buffer(0.5))
    )
    tree = shapely.STRtree(cells)
    found = []
    for point, pk in zip(points, spots.values(), strict=True):
        cell = cells[int(tree.query(point, predicate="intersects")[0])]
        piece = shapely.intersection(cell, flat)
        if piece.area > 0:
            found.append((pk, shapely.transform(faces(piece), lambda at: at / [squeeze, 1.0])))
    return found


def as_geojson(schools: Sequence[School]) -> dict[str, Any]:
    """For the browser, thinned together."""
    found = regions(schools)
    shapes = [region.shape for region in found]
    for tolerance in (0.0, 0.0002, 0.0006, 0.002):
        thinned = list(shapely.coverage_simplify(shapes, tolerance)) if tolerance and shapes else shapes
        if not shapes or shapely.get_num_coordinates(thinned).sum() <= MOST_CORNERS:
            break
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "id": region.school.pk, "name": region.school.name, "origin": region.origin, "villages": region.villages,
                },
                "geometry": json.loads(shapely.to_geojson(shapely.set_precision(old if new.is_empty else new, 1e-5, mode="pointwise"))),
            }
            for region, old, new in zip(found, shapes, thinned, strict=True)
        ],
    }  # fmt: skip
