"""What goes out as shapes: schools, districts, tambons, service areas, struck ground, each with fields that other programs bear."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import shapely
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.geodata import Field, Layer, Written, write_shapes
from khet.base.org.api import Actor
from khet.modules.emergencies.api import Ground, struck_areas
from khet.modules.schools.api import School
from khet.modules.schools.choices import OutlineLevel
from khet.outlets.maps.choices import ShapeLayer
from khet.outlets.maps.drawing.ground import areas


def layer(name: str, schools: Sequence[School], actor: Actor) -> Layer:
    """One of ``ShapeLayer`` filled with the schools that the reader sees, with the outlines held, or with struck ground."""
    return (
        _struck(struck_areas(actor, with_outlines=True))
        if name == ShapeLayer.STRUCK
        else _MAKERS[name](schools)
    )


def packed(
    layers: Sequence[Layer], *, format: str, frame: int, name: str = "", thai_encoding: bool = False
) -> Written:
    """What layers have as one file, named after them where no name is given; all of them when none has anything."""
    return write_shapes(
        [one for one in layers if one.rows] or layers,
        name=name or f"khet-{'-'.join(one.name for one in layers)}"[:60],
        format=format,
        frame=frame,
        thai_encoding=thai_encoding,
        words=_("แผนที่ของสำนักงานเขตพื้นที่การศึกษา จากระบบ khet"),
    )


def _schools(schools: Sequence[School]) -> Layer:
    fields = [
        Field("SMIS8", _("รหัสโรงเรียน 8 หลัก")), Field("NAME", _("ชื่อโรงเรียน")), Field("LEVELS", _("ระดับที่เปิดสอน")),
        Field("SIZE", _("ขนาด 1–7"), "whole"), Field("PUPILS", _("จำนวนนักเรียน"), "whole"), Field("NETWORK", _("เครือข่าย")),
        Field("TAMBON", _("ตำบล")), Field("TAM_CODE", _("รหัสตำบล")), Field("AMPHOE", _("อำเภอ")), Field("AMP_CODE", _("รหัสอำเภอ")),
        Field("CONFIRMED", _("1 คือยืนยันพิกัดแล้ว"), "whole"), Field("OUTSIDE_M", _("เมตรที่อยู่นอกแนวเขตตำบล"), "whole"),
        Field("LON", _("ลองจิจูด WGS 84"), "real"), Field("LAT", _("ละติจูด WGS 84"), "real"),
    ]  # fmt: skip
    rows = []
    for one in schools:
        if one.latitude is None or one.longitude is None:
            continue
        x, y = float(one.longitude), float(one.latitude)
        rows.append(
            (
                {"type": "Point", "coordinates": [x, y]},
                [
                    one.smis8, one.name, one.get_levels_display() if one.levels else "", one.size, one.pupils, one.network_name or "",
                    one.tambon, one.tambon_code, one.amphoe, one.amphoe_code, int(one.position_confirmed), one.outside_m, x, y,
                ],
            )
        )  # fmt: skip
    return Layer("schools", _("โรงเรียน"), "Point", fields, rows)


def _outlines(name: str, title: object, level: str) -> Callable[[Sequence[School]], Layer]:
    def made(schools: Sequence[School]) -> Layer:
        fields = [Field("CODE", _("รหัสพื้นที่")), Field("NAME", _("ชื่อ"))]
        rows = [(_geometry(area.shape), [area.code, area.name]) for area in areas(level)]
        return Layer(name, str(title), "MultiPolygon", fields, rows)

    return made


def _service(schools: Sequence[School]) -> Layer:
    regions = importlib.import_module("khet.outlets.maps.drawing.regions")
    fields = [
        Field("SMIS8", _("รหัสโรงเรียน 8 หลัก")), Field("NAME", _("ชื่อโรงเรียน")), Field("VILLAGES", _("หมู่บ้านในเขตบริการ"), "whole"),
        Field("ORIGIN", _("ที่มา: whole ทั้งตำบล, shared แบ่งตำบลตามระยะใกล้ (โดยประมาณ), nearest ตามระยะใกล้เท่านั้น (โดยประมาณ)")),
    ]  # fmt: skip
    rows = [
        (_geometry(one.shape), [one.school.smis8, one.school.name, one.villages, one.origin])
        for one in regions.regions(schools)
    ]
    return Layer("service", _("เขตพื้นที่บริการ"), "MultiPolygon", fields, rows)


def _struck(grounds: Sequence[Ground]) -> Layer:
    fields = [
        Field("NAME", _("ชื่อพื้นที่")), Field("EVENT", _("เหตุภัย")), Field("KIND", _("ชนิดภัย")), Field("AS_AT", _("ณ วันเวลา (ISO 8601)")), Field("SOURCE", _("ที่มา")),
        Field("SQ_KM", _("ตารางกิโลเมตรโดยประมาณ"), "real"), Field("TOL_M", _("ลดรายละเอียดเมื่อรับเข้า เมตร (0 คือไม่ลด)"), "whole"),
    ]  # fmt: skip
    rows = [
        (
            {"type": "MultiPolygon", "coordinates": one.coordinates},
            [
                one.name, one.title, one.kind, timezone.localtime(one.as_at).isoformat(timespec="minutes"), one.source, one.square_km, one.metres,
            ],
        )
        for one in grounds
    ]  # fmt: skip
    return Layer("struck", _("พื้นที่ประสบภัย"), "MultiPolygon", fields, rows)


def _geometry(shape: Any) -> dict[str, Any]:
    return json.loads(shapely.to_geojson(shape))


_MAKERS: dict[str, Callable[[Sequence[School]], Layer]] = {
    "schools": _schools,
    "districts": _outlines("districts", gettext_lazy("อำเภอ"), OutlineLevel.DISTRICT),
    "tambons": _outlines("tambons", gettext_lazy("ตำบล"), OutlineLevel.TAMBON),
    "service": _service,
}
