"""Outlines of provinces, districts and tambons, and how far schools stand outside their tambon."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Refusal
from khet.base.lib.geodata import Shapes, read_shapes
from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, entry, verb
from khet.modules.schools.choices import LEVEL_OF_LENGTH, PROVINCES, OutlineLevel
from khet.modules.schools.models import Outline, School
from khet.modules.schools.rules import EDIT

MOST_POINTS = 60_000
MOST_SHAPES = 2_000
# Under which names files tell the code and the name, the most exact first.
_CODES = (
    "subdistrict_code", "tambon_code", "TAMBON_IDN", "TAM_CODE", "ADM3_PCODE", "code", "pcode", "district_code", "amphoe_code",
    "AMPHOE_IDN", "AMP_CODE", "ADM2_PCODE", "province_code", "PROV_CODE", "ADM1_PCODE",
)  # fmt: skip
_NAMES = {
    OutlineLevel.TAMBON: (
        "subdistrict_th",
        "tambon",
        "TAM_NAMT",
        "TAM_NAM_T",
        "TAMBON_T",
        "ADM3_TH",
        "name_th",
        "name",
    ),
    OutlineLevel.DISTRICT: (
        "district_th",
        "amphoe",
        "AMP_NAMT",
        "AMP_NAM_T",
        "AMPHOE_T",
        "ADM2_TH",
        "name_th",
        "name",
    ),
    OutlineLevel.PROVINCE: ("province_th", "PROV_NAMT", "PROV_NAM_T", "ADM1_TH", "name_th", "name"),
}


def parse_outlines(content: bytes | BinaryIO, name: str, frame: int | None = None) -> Shapes:
    """A file of outlines as GeoJSON in degrees: zipped shapefile, GeoPackage, GeoJSON or KML, in any frame it names itself
    (or in ``frame``, an EPSG number). Refuses with what to bring (``geodata.*``)."""
    return read_shapes(content, name, frame=frame, most_points=MOST_POINTS - 5_000)


@verb("schools.keep_outlines", gettext_lazy("ใส่แนวเขตจังหวัด อำเภอ หรือตำบล"), capability=EDIT)
def keep_outlines(*, actor: Actor, geojson: Mapping[str, Any]) -> int:
    """Replace the outlines of each level that a GeoJSON (WGS 84) has; the others stay. Returns how many it has.

    Then every school is measured against its tambon.
    """
    found = read_outlines(geojson)
    levels = {outline.level for outline in found}
    Outline.objects.filter(level__in=levels).delete()
    Outline.objects.bulk_create(found)
    measured = measure(None)
    entry().tell(
        outlines=len(found),
        levels=sorted(levels),
        points=sum(len(ring) for o in found for ring in o.rings),
        measured=measured,
    )
    return len(found)


def read_outlines(geojson: Mapping[str, Any]) -> list[Outline]:
    """The shapes of a FeatureCollection, not saved. Nothing of a file with a wrong shape is taken."""
    features = geojson.get("features") if isinstance(geojson, Mapping) else None
    if not isinstance(features, list) or not features:
        raise Refusal(_("ไฟล์นี้ไม่ใช่ GeoJSON แบบ FeatureCollection"), code="schools.outline_form", field="file")
    if len(features) > MOST_SHAPES:
        raise Refusal(
            _("ไฟล์มี %(n)d รูป รับได้ไม่เกิน %(most)d คัดเฉพาะจังหวัดของสำนักงาน")
            % {"n": len(features), "most": MOST_SHAPES},
            code="schools.outline_large",
            field="file",
        )
    outlines = [_outline(number, feature) for number, feature in enumerate(features, start=1)]
    points = sum(len(ring) for outline in outlines for ring in [*outline.rings, *outline.holes])
    if points > MOST_POINTS:
        raise Refusal(
            _("แนวเขตมี %(n)d จุด รับได้ไม่เกิน %(most)d ลดรายละเอียดของแนวเขตก่อน")
            % {"n": points, "most": MOST_POINTS},
            code="schools.outline_large",
            field="file",
        )
    if len({outline.code for outline in outlines}) != len(outlines):
        raise Refusal(_("มีรหัสพื้นที่ซ้ำกันในไฟล์"), code="schools.outline_twice", field="file")
    return outlines


def _outline(number: int, feature: Any) -> Outline:
    facts = feature.get("properties") if isinstance(feature, dict) else None
    facts = facts if isinstance(facts, dict) else {}
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    geometry = geometry if isinstance(geometry, dict) else {}
    code = _code(facts)
    level = LEVEL_OF_LENGTH.get(len(code))
    name = normalise(str(_first(facts, *_NAMES[level]) or ""))[:80] if level else ""
    if not level or not name or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise Refusal(
            _("รูปที่ %(n)d ไม่มีรหัสจังหวัด อำเภอ หรือตำบล (2, 4 หรือ 6 หลัก) ชื่อ หรือรูปหลายเหลี่ยม") % {"n": number},
            code="schools.outline_facts",
            field="file",
        )
    shapes = geometry.get("coordinates") or []
    shapes = [shapes] if geometry["type"] == "Polygon" else shapes
    try:
        rings = [_ring(shape[0]) for shape in shapes]
        holes = [_ring(ring) for shape in shapes for ring in shape[1:]]
    except (TypeError, ValueError, IndexError, OverflowError):
        rings = holes = []
    if not rings or any(not (90 <= x <= 110 and 0 <= y <= 25) for ring in [*rings, *holes] for x, y in ring):
        raise Refusal(
            _("แนวเขตของ %(name)s อยู่นอกประเทศไทย บันทึกไฟล์ใหม่เป็น WGS 84 (EPSG:4326)") % {"name": name},
            code="schools.outline_place",
            field="file",
        )
    return Outline(level=level, code=code, name=name, rings=rings, holes=holes)


def _ring(points: Any) -> list[list[float]]:
    ring = [[round(float(x), 5), round(float(y), 5)] for x, y, *_rest in points]
    if len(ring) < 3:
        raise ValueError("a ring has three corners")
    return ring


def _code(facts: Mapping[str, Any]) -> str:
    """The digits of the area's code; of a province without one, from its name."""
    # Some files number provinces, districts and tambons each by two digits.
    parts = [
        to_arabic_digits(str(_first(facts, name) or "")).strip()
        for name in ("PROV_CODE", "AMP_CODE", "TAM_CODE")
    ]
    if parts[0] and parts[1] and all(len(part) in (0, 2) for part in parts):
        return "".join(parts)
    code = to_arabic_digits(str(_first(facts, *_CODES) or "")).strip().upper().removeprefix("TH")
    if len(code) == 8 and code.endswith("00"):
        code = code[:6]
    if code.isascii() and code.isdigit():
        return code
    name = normalise(str(_first(facts, *_NAMES[OutlineLevel.PROVINCE]) or "")).removeprefix("จังหวัด")
    return next((code for code, province in PROVINCES.items() if province == name), "")


def _first(facts: Mapping[str, Any], *names: str) -> Any:
    """The first of these facts that is there; a .dbf writes its names large, others small."""
    known = {str(name).upper(): value for name, value in facts.items()}
    return next((known[name.upper()] for name in names if known.get(name.upper())), None)


def measure(schools: Iterable[int] | None) -> int:
    """Say of these schools (None: of all) how far they stand outside their tambon. Two questions and one statement.

    Returns how many could be told.
    """
    rows = School.objects.all() if schools is None else School.objects.filter(pk__in=list(schools))
    placed = list(rows.values_list("pk", "tambon_code", "longitude", "latitude"))
    outlines = {
        code: (rings, holes)
        for code, rings, holes in Outline.objects.filter(
            level=OutlineLevel.TAMBON, code__in={code for _pk, code, _x, _y in placed if code}
        ).values_list("code", "rings", "holes")
    }
    told: list[int | None] = [None] * len(placed)
    if outlines:
        # Loaded at the first outline, not when the server starts (decision 50).
        geometry = importlib.import_module("khet.base.lib.geodata.shapes")
        shapes = {code: geometry.shape_of(*lines) for code, lines in outlines.items()}
        told = [
            geometry.metres_outside(float(x), float(y), shapes[code])
            if x is not None and code in shapes
            else None
            for _pk, code, x, y in placed
        ]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE schools_school s SET outside_m = f.m FROM unnest(%s::bigint[], %s::int[]) AS f(id, m)
                WHERE f.id = s.id AND s.outside_m IS DISTINCT FROM f.m""",
            [[pk for pk, *_rest in placed], told],
        )
    return sum(1 for metres in told if metres is not None)
