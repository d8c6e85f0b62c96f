"""Pictures of the area: classes, names inside their areas, legends, the same bytes each time, honest without outlines."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest
import shapely
from shapely.geometry import box

from khet.base.lib.charts.letters import width_of
from khet.modules.schools.actions import keep_outlines
from khet.modules.schools.api import Outline, School
from khet.modules.schools.seeds import DISTRICTS, outlines
from khet.outlets.maps import api
from khet.outlets.maps.drawing.classes import classes_of
from khet.outlets.maps.drawing.ground import Plane, bounds_of, ground, shape_of

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = {"เขาแก้ว": 3586, "ธารทอง": 3242, "ทุ่งไพล": 2718, "ควนชัย": 2655, "บางจาก": 2391, "ปากน้ำเงิน": 2346}


def parts(svg: str, name: str, kind: str = "") -> list[ET.Element]:
    return [one for one in ET.fromstring(svg).iter(SVG + name) if kind in one.get("class", "")]


def words(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in parts(svg, "text")]


def best_split(values, most):
    """The least sum of squares by trying every split: another way to the same answer."""
    values = sorted(values)

    def spread(some):
        middle = sum(some) / len(some)
        return sum((one - middle) ** 2 for one in some)

    cuts = [n for n in range(1, len(values)) if values[n] != values[n - 1]]
    best = min(
        combinations(cuts, min(most, len(set(values))) - 1),
        key=lambda at: round(
            sum(spread(values[a:b]) for a, b in zip([0, *at], [*at, len(values)], strict=True)), 6
        ),
    )
    return [values[a:b] for a, b in zip([0, *best], [*best, len(values)], strict=True)]


def test_classes_hold_together_what_lies_together():
    dice = random.Random(7)
    for _round in range(60):
        values = [
            dice.choice([dice.randint(0, 40), dice.randint(2000, 9000)]) for _n in range(dice.randint(1, 11))
        ]
        scale = classes_of(values)
        wanted = best_split(values, 4)
        assert [scale.of(v) for v in sorted(values)] == [n for n, group in enumerate(wanted) for _v in group]


def test_borders_are_round_and_the_words_leave_no_gap():
    scale = classes_of(FIGURES.values())
    assert [scale.words(n) for n in range(scale.count)] == [
        "ไม่เกิน 2,500", "2,501–3,000", "3,001–3,500", "3,501 ขึ้นไป",
    ]  # fmt: skip
    assert [classes_of([11.24, 12.5, 19.0], decimals=1).words(n) for n in range(3)] == [
        "ไม่เกิน 12.0",
        "12.1–15.0",
        "15.1 ขึ้นไป",
    ]
    assert classes_of([5, 5, 5]).words(0) == "5" and classes_of([]) is None
    assert classes_of([1, 9], decimals=0).words(1, True).startswith("๖")


def test_marks_above_and_below_take_no_room():
    assert width_of("ปากน้ำเงิน", 10) == width_of("ปากนำเงน", 10) > width_of("ปากนำ", 10) > 10


@pytest.mark.django_db
def test_districts_are_coloured_named_and_explained(drawn):
    svg = api.choropleth_svg(FIGURES, title="นักเรียนตามอำเภอ", unit="คน")
    fills = {one.find(SVG + "title").text.split()[0]: one.get("fill") for one in parts(svg, "path", "map-class-") if one.find(SVG + "title") is not None}  # fmt: skip
    assert fills["เขาแก้ว"] == "#1F4680" and fills["ธารทอง"] == "#7FA1CC"
    assert fills["บางจาก"] == fills["ปากน้ำเงิน"] == "#DCE7F4"
    assert set(FIGURES) <= set(words(svg)) and "หน่วย: คน" in words(svg) and "3,501 ขึ้นไป" in words(svg)
    assert any("กม." in word for word in words(svg)) and "น." in words(svg)
    assert ET.fromstring(svg).get("aria-label") == "นักเรียนตามอำเภอ"
    assert "ทุ่งไพล 2,718 คน" in ET.fromstring(svg).find(SVG + "desc").text
    assert svg == api.choropleth_svg(dict(reversed(FIGURES.items())), title="นักเรียนตามอำเภอ", unit="คน")


@pytest.mark.django_db
def test_names_stand_inside_their_area(drawn):
    """Read the picture back: the box of every name lies inside the shape it names."""
    for compact, width in ((True, 300), (False, 640)):
        svg = api.choropleth_svg(FIGURES, compact=compact, width=width)
        plane = Plane(bounds_of(ground().areas), width, pad=4 if compact else 10)
        shapes = {area.name: area.shape for area in plane.lay(ground().areas, 0)}
        for one in parts(svg, "text", "map-name"):
            size, x, y = (float(one.get(key)) for key in ("font-size", "x", "y"))
            wide = width_of(one.text, size)
            assert (
                shapes[one.text]
                .buffer(1)
                .contains(box(x - wide / 2, y - size * 0.9, x + wide / 2, y + size * 0.2))
            )


@pytest.mark.django_db
def test_what_is_hidden_is_never_told(drawn):
    svg = api.choropleth_svg(FIGURES | {"9904": 3, "ควนชัย": None}, hidden=["9904"], unit="คน")
    assert len(parts(svg, "path", "map-hatch")) == 2  # the district and the sign of the legend
    assert "ควนชัย 3" not in svg and "ปกปิด (น้อยกว่าเกณฑ์)" in words(svg)
    svg = api.choropleth_svg(FIGURES | {"ควนชัย": float("nan")}, thai_digits=True)
    assert "ไม่มีข้อมูล" in words(svg) and not re.search("[0-9]", "".join(words(svg)))


@pytest.mark.django_db
def test_a_name_that_stands_twice_asks_for_its_code(drawn):
    assert api.unplaced({"ไร่ธาร": 1, "ไร่": 2, ("9903", "ไร่ธาร"): 3}, "tambon") == ("ไร่",)
    svg = api.choropleth_svg({"990301": 5, "990302": 9}, level="tambon", within=["9903"])
    assert {"ทุ่งไพล", "ไร่ธาร", "หนองปริง", "ลำสินธุ์ใส"} <= set(" ".join(words(svg)).split())


@pytest.mark.django_db
def test_the_picture_bends_as_the_outlines_do(drawn):
    """Simplified together, districts leave no gap and lose next to nothing of their area."""
    plane = Plane(bounds_of(ground().areas), 300, pad=4)
    full, simple = plane.lay(ground().areas, 0), plane.lay(ground().areas)
    corners = [sum(shapely.get_num_coordinates(area.shape) for area in one) for one in (full, simple)]
    assert corners[1] < corners[0]
    for before, after in zip(full, simple, strict=True):
        assert before.shape.symmetric_difference(after.shape).area < 0.02 * before.shape.area
    whole = shapely.union_all([area.shape for area in simple])
    assert all(not part.interiors for part in shapely.get_parts(whole))
    assert whole.area == pytest.approx(sum(area.shape.area for area in simple))


@pytest.mark.django_db
def test_schools_stand_where_they_stand(drawn):
    svg = api.area_map_svg()
    assert len(parts(svg, "rect", "map-dot-extended")) >= 2 and "ขยายโอกาส" in words(svg)
    assert "ยังไม่ยืนยันพิกัด" in words(svg)  # an import does not confirm a position
    school = School.objects.get(smis8="99020203")
    School.objects.filter(pk=school.pk).update(position_state="confirmed")
    assert svg != api.area_map_svg()
    values = {"99020200": 1.5, "99020201": 8, "99020202": 30}
    svg = api.area_map_svg(symbols="indicator", values=values, decimals=1)
    assert len(parts(svg, "circle", "map-step")) == 3 + 3 and "ไม่มีข้อมูล" in words(svg)
    svg = api.area_map_svg(symbols="network", networks={school.pk: "ทุ่งไพล"}, thai_digits=True)
    assert "๑" in words(svg) and "–" in words(svg) and "ทุ่งไพล" in words(svg)


@pytest.mark.django_db
def test_one_school_in_its_district(drawn):
    school = School.objects.get(smis8="99020202")
    svg = api.school_map_svg(school)
    assert len(parts(svg, "path", "map-pin")) == 1 and "ยังไม่ยืนยันพิกัด" in words(svg)
    assert "ทุ่งไพล" in words(svg)
    School.objects.filter(pk=school.pk).update(latitude=None, longitude=None)
    svg = api.school_map_svg(School.objects.get(pk=school.pk), whole=True)
    assert not parts(svg, "path", "map-pin") and "โรงเรียนยังไม่มีพิกัด" in words(svg)


@pytest.mark.django_db
def test_without_outlines_a_hull_says_that_it_is_one(schools, area):
    svg = api.choropleth_svg(FIGURES)
    assert all(name in " ".join(words(svg)) for name in FIGURES) and "ไม่ใช่เขตปกครอง" in "".join(words(svg))
    tambons = [one for one in outlines()["features"] if "subdistrict_code" in one["properties"]]
    keep_outlines(actor=area.planner, geojson={"type": "FeatureCollection", "features": tambons})
    assert "แนวเขตอำเภอรวมจากแนวเขตตำบล" in words(api.choropleth_svg(FIGURES))
    Outline.objects.all().delete()
    School.objects.update(latitude=None, longitude=None)
    assert api.choropleth_svg(FIGURES) is None and api.area_map_svg() is None


def test_a_hole_belongs_to_the_smallest_ring_around_it():
    square = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
    hole = [[2, 2], [8, 2], [8, 8], [2, 8], [2, 2]]
    island = [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]
    assert shape_of([square, island], [hole]).area == 100 - 36 + 4
    assert len(DISTRICTS) == 6
