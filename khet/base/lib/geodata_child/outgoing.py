"""Layers to files of a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio import raw
from pyproj import CRS

from khet.base.lib.geodata_child.frames import WGS84, mover

_DRIVERS = {"shp": "ESRI Shapefile", "gpkg": "GPKG", "geojson": "GeoJSON", "kml": "LIBKML", "csv": "CSV"}
_DBF_TEXT = 254  # bytes of a text field in dBASE
# dBASE numbers its code pages: 124 is Thai Windows 874, by which ArcView 3 tells Thai text.
_LDID_AT, _LDID_THAI = 29, 124


def answer(request: dict[str, Any]) -> dict[str, Any]:
    folder, format, encoding = Path(request["folder"]), request["format"], request["encoding"]
    target = CRS.from_epsg(request["frame"])
    move, steps = mover(WGS84, target)
    lost = 0
    for number, layer in enumerate(request["layers"]):
        shapes = [
            None if shape is None else shapely.from_geojson(json.dumps(shape)) for shape, _v in layer["rows"]
        ]
        if move is not None:
            shapes = [None if shape is None else shapely.transform(shape, move) for shape in shapes]
        if layer["shape"] == "MultiPolygon":
            shapes = [_many(shape) for shape in shapes]
        columns, masks, missed = _columns(layer, encoding, format)
        lost += missed
        single = format == "gpkg"
        path = folder / f"{request['name'] if single else layer['name']}.{format}"
        options: dict[str, Any] = {}
        if format == "geojson":
            options = {"COORDINATE_PRECISION": "9", "WRITE_NAME": "YES", "RFC7946": "NO"}
        elif format == "csv":
            options = {"GEOMETRY": "AS_XY" if layer["shape"] == "Point" else "AS_WKT", "WRITE_BOM": "YES"}
        elif format == "kml":
            options = {"NAME_FIELD": "NAME"}
        raw.write(
            str(path),
            np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], dtype=object),
            columns,
            np.array([field["name"] for field in layer["fields"]], dtype=object),
            field_mask=masks,
            layer=layer["name"],
            driver=_DRIVERS[format],
            geometry_type=layer["shape"],
            crs=f"EPSG:{request['frame']}",
            # Only a shapefile has a choice; everything else is UTF-8 by its rule.
            encoding=encoding if format == "shp" else None,
            append=single and number > 0,
            layer_options=options,
        )
        if format == "shp" and encoding == "CP874":
            _mark_thai(path)
    return {"steps": steps, "lost": lost}


def _many(shape: Any) -> Any:
    return shapely.multipolygons([shape]) if shape is not None and shape.geom_type == "Polygon" else shape


def _columns(layer: dict[str, Any], encoding: str, format: str) -> tuple[list[Any], list[Any], int]:
    columns, masks, lost = [], [], 0
    for place, field in enumerate(layer["fields"]):
        values = [row[1][place] for row in layer["rows"]]
        empty = np.array([value is None for value in values], dtype=bool)
        if field["kind"] == "whole":
            columns.append(np.array([0 if value is None else int(value) for value in values], dtype=np.int64))
        elif field["kind"] == "real":
            columns.append(
                np.array([0.0 if value is None else float(value) for value in values], dtype=float)
            )
        else:
            texts = []
            for value in values:
                text = "" if value is None else str(value)
                if format == "shp":
                    coded = text.encode(encoding, "replace")
                    lost += coded.count(b"?") - text.count("?")
                    text = coded[:_DBF_TEXT].decode(encoding, "ignore")
                texts.append(text)
            columns.append(np.array(texts, dtype=object))
        masks.append(empty)
    return columns, masks, lost


def _mark_thai(path: Path) -> None:
    """The two signs of Windows 874: the number in the head of the .dbf for ArcView 3, the .cpg for the others."""
    with path.with_suffix(".dbf").open("r+b") as file:
        file.seek(_LDID_AT)
        file.write(bytes([_LDID_THAI]))
    path.with_suffix(".cpg").write_bytes(b"874")
