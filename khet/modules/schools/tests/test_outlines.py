"""Outlines of provinces, districts and tambons: read, kept by level, and schools measured against their tambon."""

from __future__ import annotations

import json
import random
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khet.base.lib.errors import Forbidden, Refusal
from khet.base.lib.geodata.shapes import metres_outside, shape_of
from khet.modules.schools.actions import (
    change_school,
    import_schools,
    keep_outlines,
    parse_outlines,
    set_position,
)
from khet.modules.schools.actions.outlines import MOST_SHAPES, measure, read_outlines
from khet.modules.schools.models import Outline, School
from khet.modules.schools.seeds import outlines as seeded

SQUARE = [[100.0, 7.0], [100.1, 7.0], [100.1, 7.1], [100.0, 7.1], [100.0, 7.0]]
HOLE = [[100.04, 7.04], [100.06, 7.04], [100.06, 7.06], [100.04, 7.06], [100.04, 7.04]]


def shape(properties, rings=(SQUARE,), kind="Polygon"):
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": list(rings)},
    }


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


TAMBON = shape({"code": "990302", "name_th": "ไร่ธาร", "district_code": "9903", "district_th": "ทุ่งไพล"})


@pytest.fixture
def placed(area):
    School.objects.filter(pk=area.school.pk).update(tambon="ไร่ธาร", tambon_code="990302")
    area.school.refresh_from_db()
    return area


def test_inside_holes_and_islands():
    assert metres_outside(100.02, 7.02, shape_of([SQUARE])) == 0
    # A hundredth of a degree north of the square is 1,113 m, and as far inside the hole it is 1,104 to its side.
    assert abs(metres_outside(100.05, 7.11, shape_of([SQUARE])) - 1113) <= 2
    assert abs(metres_outside(100.05, 7.05, shape_of([SQUARE], [HOLE])) - 1105) <= 3
    assert metres_outside(0, 0, shape_of([])) == 0


def test_inside_agrees_with_counting_by_angle():
    """The winding of the outline as seen from the point is an independent way to tell."""
    import math

    rng = random.Random(7)
    ring = [
        [
            100 + math.cos(a / 40 * math.tau) * rng.uniform(0.3, 1),
            7 + math.sin(a / 40 * math.tau) * rng.uniform(0.3, 1),
        ]
        for a in range(40)
    ]
    shape = shape_of([ring])
    for _ in range(400):
        x, y = 100 + rng.uniform(-1, 1), 7 + rng.uniform(-1, 1)
        turned = 0.0
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            step = math.atan2(y2 - y, x2 - x) - math.atan2(y1 - y, x1 - x)
            turned += (step + math.pi) % math.tau - math.pi
        assert (metres_outside(x, y, shape) == 0) == (abs(turned) > math.pi)


@pytest.mark.parametrize(
    ("properties", "level", "code"),
    [
        ({"code": "930103", "district_code": "9301", "name_th": "เขาเจียก"}, "tambon", "930103"),
        ({"pcode": "TH9309", "name_th": "บางแก้ว", "province_code": "93"}, "district", "9309"),
        ({"ADM3_PCODE": "TH930101", "ADM3_TH": "คูหา"}, "tambon", "930101"),
        ({"TAM_CODE": "93010300", "TAM_NAMT": "เขาเจียก"}, "tambon", "930103"),
        ({"name_th": "นครศรีธรรมราช"}, "province", "80"),
        ({"name_th": "จังหวัดพัทลุง"}, "province", "93"),
        ({"district_code": "๙๙๐๑", "district_th": "เขาแก้ว"}, "district", "9901"),
    ],
)
def test_codes_and_names_as_files_have_them(properties, level, code):
    found = read_outlines(collection(shape(properties)))[0]
    assert (found.level, found.code) == (level, code)


@pytest.mark.parametrize(
    "geojson",
    [
        None,
        [],
        {"features": "x"},
        collection(),
        collection("x"),
        collection({"properties": None, "geometry": None}),
        collection(shape({"name_th": "ไม่ใช่จังหวัด"})),
        collection(shape({"code": "990302"})),
        collection(shape({"code": "99030", "name": "ก"})),
        collection(shape({"code": "990302", "name": "ก"}, kind="Point")),
        collection(shape({"code": "990302", "name": "ก"}, rings=[[[1, 2], [3, 4], [5, 6]]])),
        collection(shape({"code": "990302", "name": "ก"}, rings=[[["a", "b"]] * 4])),
        collection(shape({"code": "990302", "name": "ก"}, rings=[[[100, 7], [100.1, 7]]])),
        collection(shape({"code": "990302", "name": "ก"}, rings=[])),
        collection(shape({"code": "990302", "name": "ก"}, rings=[[[float("nan"), 7]] * 4])),
        collection(TAMBON, TAMBON),
        collection(*[TAMBON] * (MOST_SHAPES + 1)),
        collection(shape({"code": "990302", "name": "ก"}, rings=[[[100, 7]] * 60_001])),
    ],
)
def test_a_wrong_file_is_refused_whole(area, geojson):
    keep_outlines(actor=area.planner, geojson=collection(TAMBON))
    with pytest.raises(Refusal):
        keep_outlines(actor=area.planner, geojson=geojson)
    assert Outline.objects.get().code == "990302"


@pytest.mark.parametrize("content", [b"", b"{"])
def test_what_is_no_json_is_refused(content):
    with pytest.raises(Refusal):
        parse_outlines(content, "x.geojson")


def test_each_level_is_replaced_by_itself(placed):
    keep_outlines(actor=placed.planner, geojson=seeded())
    keep_outlines(actor=placed.planner, geojson=collection(TAMBON, shape({"name_th": "พัทลุง"})))
    assert set(Outline.objects.values_list("level", flat=True)) == {"district", "tambon", "province"}
    keep_outlines(actor=placed.planner, geojson=collection(shape({"code": "990401", "name_th": "ควนชัย"})))
    assert list(Outline.objects.filter(level="tambon").values_list("code", flat=True)) == ["990401"]
    assert Outline.objects.filter(level="district").count() == 6
    with pytest.raises(Forbidden):
        keep_outlines(actor=placed.principal, geojson=collection(TAMBON))


def test_a_school_is_measured_whenever_something_moves(placed):
    def outside():
        placed.school.refresh_from_db()
        return placed.school.outside_m

    set_position(
        actor=placed.planner, school=placed.school, latitude=Decimal("7.11"), longitude=Decimal("100.05")
    )
    assert outside() is None
    keep_outlines(actor=placed.planner, geojson=collection(TAMBON))
    assert abs(outside() - 1113) <= 2
    set_position(
        actor=placed.planner, school=placed.school, latitude=Decimal("7.05"), longitude=Decimal("100.05")
    )
    assert outside() == 0
    change_school(actor=placed.planner, school=placed.school, tambon_code="990499")
    assert outside() is None
    change_school(actor=placed.planner, school=placed.school, tambon_code="990302")
    assert outside() == 0
    keep_outlines(actor=placed.planner, geojson=collection(shape(TAMBON["properties"], [SQUARE, HOLE])))
    assert outside() > 1000
    made = import_schools(
        actor=placed.planner, source="ทดสอบ", changed=[],
        new=[{"name": "ใหม่", "smis8": "99029055", "tambon_code": "990302", "latitude": Decimal("7.2"), "longitude": Decimal("100.05")}],
    )  # fmt: skip
    assert School.objects.get(pk=made[0].pk).outside_m > 10_000


def test_measuring_many_schools_is_three_questions(placed):
    keep_outlines(actor=placed.planner, geojson=collection(TAMBON))
    with CaptureQueriesContext(connection) as queries:
        measure(None)
    assert len(queries) == 3


def test_the_map_draws_tambons_and_names_who_stands_outside(placed, client):
    keep_outlines(actor=placed.planner, geojson=seeded())
    set_position(
        actor=placed.planner, school=placed.school, latitude=Decimal("7.45"), longitude=Decimal("100.05")
    )
    client.force_login(placed.planner_account)
    upload = SimpleUploadedFile("t.geojson", json.dumps(collection(TAMBON)).encode())
    assert client.post(reverse("schools:outlines"), {"file": upload}).status_code == 302
    page = client.get(reverse("schools:map")).content.decode()
    assert 'class="map-tambon"' in page and "นอกเขตตำบล 1" in page and "อยู่นอกตำบล" in page
    here = client.get(reverse("schools:map"), {"amphoe": "ทุ่งไพล"})
    assert here.status_code == 200
    levels = {
        one["properties"]["level"] for one in client.get(reverse("schools:outlines_json")).json()["features"]
    }
    assert levels == {"district", "tambon"}
    detail = client.get(reverse("register:detail", args=["schools", placed.school.pk])).content.decode()
    assert "อยู่นอกแนวเขตตำบลไร่ธาร" in detail
