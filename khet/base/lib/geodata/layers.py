"""What can be written and read: layers with their fields, formats, frames of reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Field:
    """``name``: at most ten capital letters, digits and _ (all that dBASE allows); ``kind``: text, whole, real."""

    name: str
    meaning: str
    kind: str = "text"


@dataclass(frozen=True)
class Layer:
    """``name`` is the file's; ``shape`` Point or MultiPolygon. ``rows``: a GeoJSON geometry in degrees (WGS 84) or None,
    and the values in the order of ``fields``."""

    name: str
    title: str
    shape: str
    fields: Sequence[Field]
    rows: Sequence[tuple[dict[str, Any] | None, Sequence[Any]]]


@dataclass(frozen=True)
class Format:
    """A way of keeping shapes. ``degrees_only``: its rule allows WGS 84 alone."""

    code: str
    label: str | Promise
    suffix: str
    degrees_only: bool = False


@dataclass(frozen=True)
class Frame:
    """A frame of reference by its EPSG number."""

    code: int
    label: str | Promise


FORMATS = {
    one.code: one
    for one in (
        Format("shp", _("Shapefile (zip) สำหรับ QGIS และ ArcView"), "shp"),
        Format("gpkg", "GeoPackage", "gpkg"),
        Format("geojson", "GeoJSON", "geojson", degrees_only=True),
        Format("kml", _("KML สำหรับ Google Earth"), "kml", degrees_only=True),
        Format("csv", _("CSV เปิดด้วย Excel"), "csv"),
    )
}
FRAMES = {
    one.code: one
    for one in (
        Frame(4326, _("WGS 84 องศา (EPSG:4326)")),
        Frame(32647, _("WGS 84 UTM โซน 47N เมตร (EPSG:32647)")),
        Frame(24047, _("Indian 1975 UTM โซน 47N เมตร (EPSG:24047)")),
    )
}
