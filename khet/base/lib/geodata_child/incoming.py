"""A foreign file to GeoJSON in degrees."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from defusedxml.ElementTree import iterparse
from pyogrio import raw
from pyproj import CRS
from pyproj.exceptions import CRSError

from khet.base.lib.geodata_child.frames import WGS84, in_thailand, mover
from khet.base.lib.geodata_child.measures import METRES_PER_DEGREE
from khet.base.lib.geodata_child.surface import TOLERANCES, surface
from khet.base.lib.sheets.child.archive import check_archive
from khet.base.lib.sheets.child.refused import Refused

_SHP = b"\x00\x00\x27\x0a"
_THAI_LDIDS = {80, 124}
_UNPACKED = 200 * 1024 * 1024
_MOST_FEATURES = 20_000


def answer(request: dict[str, Any]) -> dict[str, Any]:
    path = Path(request["path"])
    kind = _kind(path)
    given = request["frame"]
    encoding = "UTF-8"
    if kind == "geojson":
        shapes, facts, told = _geojson(path)
    else:
        name, layer, encoding = _open(path, kind)
        shapes, facts, told = _through_gdal(name, layer, encoding)
    kept = [
        (number, shape, fact)
        for number, (shape, fact) in enumerate(zip(shapes, facts, strict=True), start=1)
        if shape is not None and not shape.is_empty
    ]
    if not kept:
        raise Refused("empty")
    if request["surface"] and len(shapes) >= _MOST_FEATURES:
        # What lies beyond was not read, and half a surface is none.
        raise Refused("shapes", n=f"{_MOST_FEATURES:,}")
    bounds = shapely.total_bounds([shape for _number, shape, _fact in kept])
    source = told or (CRS.from_epsg(given) if given else WGS84)
    if told is None and given is None and not in_thailand(bounds):
        raise Refused("frame")
    move, steps = mover(source, WGS84)
    flat = [shapely.force_2d(shape) for _number, shape, _fact in kept]
    if move is not None:
        flat = [shapely.transform(shape, move) for shape in flat]
    told_of = [fact for _number, _shape, fact in kept]
    if request["surface"]:
        numbers = [number for number, _shape, _fact in kept]
        whole, metres = surface(list(zip(numbers, flat, strict=True)), request["most_points"])
        flat, told_of = [whole], [{}]
    else:
        flat, metres = _thin(flat, request["most_points"])
    features = [
        {"type": "Feature", "properties": fact, "geometry": json.loads(shapely.to_geojson(shape))}
        for shape, fact in zip(flat, told_of, strict=True)
    ]
    return {
        "geojson": {"type": "FeatureCollection", "features": features},
        "kind": kind,
        "frame": source.name,
        "frame_told": told is not None,
        "steps": steps,
        "encoding": encoding,
        "metres": metres,
    }


def _kind(path: Path) -> str:
    """By the first bytes, and then by the structure: a library must not guess what a foreign file wants to be."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK"):
        with path.open("rb") as file:
            names = check_archive(file, most_entries=200, most_unpacked=_UNPACKED).namelist()
        if any(name.lower().endswith(".shp") for name in names):
            return "shp"
        if any(name.lower().endswith(".kml") for name in names):
            return "kmz"
        raise Refused("kind")
    if start.startswith(_SHP):
        raise Refused("alone")
    if start.startswith(b"SQLite format 3\0"):
        return "gpkg"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return "geojson"
    if text.startswith(b"<"):
        with path.open("rb") as file:
            for _event, element in iterparse(file, events=("start",)):
                if element.tag.rsplit("}", 1)[-1] == "kml":
                    return "kml"
                break
    raise Refused("kind")


def _open(path: Path, kind: str) -> tuple[str, str | None, str]:
    """The name by which GDAL opens it, the layer, and the encoding of its texts."""
    if kind == "shp":
        inner, encoding = _shapefile(path)
        return f"/vsizip/{{{path}}}/{inner}", None, encoding
    if kind == "kmz":
        with zipfile.ZipFile(path) as archive:
            inner = next(name for name in archive.namelist() if name.lower().endswith(".kml"))
        name = f"/vsizip/{{{path}}}/{inner}"
    else:
        name = str(path)
    layers = [str(layer) for layer, shape in pyogrio.list_layers(name) if shape]
    filled = [layer for layer in layers if pyogrio.read_info(name, layer=layer)["features"]]
    if not filled:
        raise Refused("empty")
    if len(filled) > 1:
        raise Refused("layers", names=", ".join(filled[:8])[:200])
    return name, filled[0], "UTF-8"


def _shapefile(path: Path) -> tuple[str, str]:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        shps = [name for name in names if name.lower().endswith(".shp") and "__MACOSX" not in name]
        if len(shps) != 1:
            raise Refused("several", names=", ".join(shps[:8])[:200])
        stem = shps[0][:-4].lower()
        parts = {name.lower()[len(stem) + 1 :]: name for name in names if name.lower().startswith(stem + ".")}
        for needed in ("shx", "dbf"):
            if needed not in parts:
                raise Refused("parts", name=f"{Path(shps[0]).stem}.{needed}")
        with archive.open(shps[0]) as file:
            if file.read(4) != _SHP:
                raise Refused("kind")
        cpg = archive.read(parts["cpg"])[:40].decode("ascii", "ignore") if "cpg" in parts else ""
        return shps[0], _encoding(archive.read(parts["dbf"]), cpg)


def _encoding(dbf: bytes, cpg: str) -> str:
    """What the text of a .dbf is written in: told by .cpg or by the head, and believed if the bytes agree."""
    body = dbf[int.from_bytes(dbf[8:10], "little") :] if len(dbf) > 32 else b""
    said = re.sub(r"[^A-Z0-9]", "", cpg.upper())
    thai = "874" in said or "620" in said or (len(dbf) > 29 and dbf[29] in _THAI_LDIDS)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        # A field cut in the middle of a letter is still UTF-8 where the file says so and nearly all of it is.
        broken = body.decode("utf-8", "replace").count("\ufffd")
        if said in ("UTF8", "65001") and broken * 100 < len(body):
            return "UTF-8"
        return "CP874"
    # Plain letters are the same in both. Thai in UTF-8 is never by chance.
    return "CP874" if thai and body.isascii() else "UTF-8"


def _through_gdal(
    name: str, layer: str | None, encoding: str
) -> tuple[list[Any], list[dict[str, Any]], CRS | None]:
    codec = "cp874" if encoding == "CP874" else "utf-8"
    meta, _fids, geometry, columns = raw.read(
        name, layer=layer, encoding=codec, force_2d=True, max_features=_MOST_FEATURES
    )
    shapes = [None if one is None else shapely.from_wkb(one) for one in geometry]
    fields = [str(field) for field in meta["fields"]]
    facts = [
        {field: _value(column[n]) for field, column in zip(fields, columns, strict=True)}
        for n in range(len(shapes))
    ]
    try:
        told = CRS.from_user_input(meta["crs"]) if meta["crs"] else None
    except CRSError:
        told = None
    return shapes, facts, told


def _value(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value != value:
        return None
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _geojson(path: Path) -> tuple[list[Any], list[dict[str, Any]], CRS | None]:
    """Read without GDAL: JSON is JSON."""
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused("broken") from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise Refused("kind")
    shapes, facts = [], []
    for feature in features[:_MOST_FEATURES]:
        shape = feature.get("geometry")
        shapes.append(shapely.from_geojson(json.dumps(shape)) if shape else None)
        found = feature.get("properties")
        facts.append(found if isinstance(found, dict) else {})
    named = content.get("crs") if isinstance(content.get("crs"), dict) else {}
    words = (named.get("properties") or {}).get("name") if isinstance(named.get("properties"), dict) else None
    try:
        # The rule of 2016 knows degrees alone; older files name their frame.
        told = CRS.from_user_input(words) if isinstance(words, str) else None
    except CRSError:
        told = None
    return shapes, facts, told


def _thin(shapes: list[Any], most: int) -> tuple[list[Any], float]:
    """Fewer corners, the borders of neighbours staying common."""
    if shapely.get_num_coordinates(shapes).sum() <= most:
        return shapes, 0.0
    polygons = [n for n, shape in enumerate(shapes) if shape.geom_type in ("Polygon", "MultiPolygon")]
    whole = [shapes[n] if shapes[n].is_valid else shapely.make_valid(shapes[n]) for n in polygons]
    for metres in TOLERANCES:
        thinned = shapely.coverage_simplify(whole, metres / METRES_PER_DEGREE)
        made = list(shapes)
        for n, shape, old in zip(polygons, thinned, whole, strict=True):
            made[n] = shape if not shape.is_empty else old
        if shapely.get_num_coordinates(made).sum() <= most:
            return made, metres
    raise Refused("large")
