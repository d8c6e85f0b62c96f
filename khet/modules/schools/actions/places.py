"""Where a school stands, and the outlines that maps are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, entry, save, verb
from khet.modules.schools.choices import PositionState
from khet.modules.schools.models import Outline, School
from khet.modules.schools.rules import EDIT, EDIT_OWN

MOST_POINTS = 60_000


@verb("schools.set_position", gettext_lazy("ยืนยันพิกัดโรงเรียน"), capability=EDIT_OWN, on="school")
def set_position(*, actor: Actor, school: School, latitude: Decimal, longitude: Decimal) -> School:
    """A person says where the school stands (WGS 84, degrees); who and when are kept."""
    latitude = Decimal(latitude).quantize(Decimal("0.00001"))
    longitude = Decimal(longitude).quantize(Decimal("0.00001"))
    if not (5 <= latitude <= 21 and 97 <= longitude <= 106):
        raise Refusal(
            _("พิกัดนี้อยู่นอกประเทศไทย ละติจูดอยู่ระหว่าง 5 ถึง 21 ลองจิจูดอยู่ระหว่าง 97 ถึง 106"),
            code="schools.position_outside",
            field="latitude",
        )
    entry().on(school, school.unit)
    save(
        school,
        latitude=latitude,
        longitude=longitude,
        position_state=PositionState.CONFIRMED,
        position_source="ปักหมุดบนแผนที่",
        position_by=actor.name,
        position_at=timezone.now(),
    )
    return school


@verb("schools.keep_outlines", gettext_lazy("ใส่แนวเขตอำเภอ"), capability=EDIT)
def keep_outlines(*, actor: Actor, geojson: Mapping[str, Any]) -> int:
    """Replace the outlines of districts by those of a GeoJSON (WGS 84) with a code and a name for each."""
    outlines, points = [], 0
    features = geojson.get("features") if isinstance(geojson, Mapping) else None
    if not isinstance(features, list) or not features:
        raise Refusal(_("ไฟล์นี้ไม่ใช่ GeoJSON แบบ FeatureCollection"), code="schools.outline_form", field="file")
    for feature in features[:200]:
        facts = feature.get("properties") or {} if isinstance(feature, dict) else {}
        geometry = feature.get("geometry") or {} if isinstance(feature, dict) else {}
        code = str(_first(facts, "district_code", "amphoe_code", "code", "AMP_CODE", "ADM2_PCODE") or "")
        code = code.removeprefix("TH")[:4]
        name = normalise(str(_first(facts, "district_th", "amphoe", "name", "AMP_NAMT", "ADM2_TH") or ""))[
            :80
        ]
        shapes = geometry.get("coordinates") or []
        shapes = [shapes] if geometry.get("type") == "Polygon" else shapes
        if not code or not name or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
            raise Refusal(
                _("รูปที่ %(n)d ไม่มีรหัสอำเภอ ชื่ออำเภอ หรือรูปหลายเหลี่ยม") % {"n": len(outlines) + 1},
                code="schools.outline_facts",
                field="file",
            )
        try:
            rings = [
                [[round(float(x), 5), round(float(y), 5)] for x, y, *_rest in shape[0]] for shape in shapes
            ]
        except (TypeError, ValueError, IndexError):
            rings = []
        if not rings or any(not (90 <= x <= 110 and 0 <= y <= 25) for ring in rings for x, y in ring):
            raise Refusal(
                _("แนวเขตของ %(name)s อยู่นอกประเทศไทย บันทึกไฟล์ใหม่เป็น WGS 84 (EPSG:4326)") % {"name": name},
                code="schools.outline_place",
                field="file",
            )
        points += sum(len(ring) for ring in rings)
        outlines.append(Outline(code=code, name=name, rings=rings))
    if points > MOST_POINTS:
        raise Refusal(
            _("แนวเขตมี %(n)d จุด รับได้ไม่เกิน %(most)d ลดรายละเอียดของแนวเขตก่อน")
            % {"n": points, "most": MOST_POINTS},
            code="schools.outline_large",
            field="file",
        )
    if len({outline.code for outline in outlines}) != len(outlines):
        raise Refusal(_("มีรหัสอำเภอซ้ำกันในไฟล์"), code="schools.outline_twice", field="file")
    Outline.objects.all().delete()
    Outline.objects.bulk_create(outlines)
    entry().tell(districts=len(outlines), points=points)
    return len(outlines)


def _first(facts: Mapping[str, Any], *names: str) -> Any:
    return next((facts[name] for name in names if facts.get(name)), None)
