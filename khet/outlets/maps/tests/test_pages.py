"""The map page, what it fetches, distances, service areas, paper and files: what they say, who may, how much they ask."""

from __future__ import annotations

import gzip
import io
import zipfile
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khet.base.lib.pdf import page_text
from khet.modules.schools.api import School
from khet.modules.schools.models import ServiceVillage, Village
from khet.outlets.maps.distances import candidates, kilometres, neighbours
from khet.outlets.maps.drawing.regions import NEAREST, SHARED, WHOLE, regions

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(client, drawn):
    client.force_login(drawn.planner_account)
    return client


def test_the_way_between_two_places():
    """Against figures of a geodesic calculator: one degree of latitude and of longitude at 7 degrees north."""
    assert kilometres(100, 6.5, 100, 7.5) == pytest.approx(110.590, abs=0.005)
    assert kilometres(99.5, 7, 100.5, 7) == pytest.approx(110.495, abs=0.02)
    assert kilometres(100, 7, 100, 7) == 0


def test_page_and_data_say_the_same(planner):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = planner.get(reverse("maps:home"))
    assert page.status_code == 200 and len(asked) <= 15
    text = page.content.decode()
    assert all(school.name in text for school in School.objects.all())
    answer = planner.get(reverse("maps:data"))
    found = answer.json()
    assert {one["code"] for one in found["schools"]} == set(
        School.objects.exclude(latitude=None).values_list("smis8", flat=True)
    )
    assert len(found["districts"]) == 6 and len(found["tambons"]) == 23 and found["origin"] == "outlines"
    assert len(gzip.compress(answer.content)) < 200_000
    assert next(one for one in found["schools"] if one["code"] == "99020202")["kind"] == "extended"


def test_what_is_not_understood_counts_as_not_said(planner):
    for query in ({"show": "x"}, {"show": "indicator"}, {"figure": "no"}, {"round": "\x00'"}):
        assert planner.get(reverse("maps:home"), query).status_code in (200, 400)
    assert (
        "ยังไม่มีรอบข้อมูลที่ปิดแล้ว"
        in planner.get(reverse("maps:home"), {"show": "indicator", "figure": _some_figure()}).content.decode()
    )
    assert "เครือข่าย" in planner.get(reverse("maps:home"), {"show": "network"}).content.decode()


def _some_figure() -> str:
    from khet.outlets.statistics.api import indicators

    return next(iter(indicators)).code


def test_a_principal_sees_the_own_school_alone(client, drawn):
    client.force_login(drawn.principal_account)
    assert [one["name"] for one in client.get(reverse("maps:data")).json()["schools"]] in (
        [],
        [drawn.school.name],
    )
    assert "บ้านทดสอบ200" not in client.get(reverse("maps:home")).content.decode()
    for name in ("regions", "distances", "paper", "files"):
        assert client.get(reverse(f"maps:{name}")).status_code == 403
    assert client.get(reverse("maps:home"), {"figure": _some_figure()}).context["chosen"]["figure"] == ""


def _place(code: str, east_km: float, pupils: int | None) -> School:
    School.objects.filter(smis8=code).update(
        longitude=Decimal(str(round(100 + east_km / 110.495, 5))), latitude=Decimal("7.0"), pupils=pupils,
        position_state="confirmed",
    )  # fmt: skip
    return School.objects.get(smis8=code)


def test_small_schools_with_another_within_reach(schools, planner):
    School.objects.update(latitude=None, longitude=None)
    _place("99020200", 0, 60)
    _place("99020201", 5.9, 300)
    _place("99020202", 12, 120)
    _place("99020203", 12.05, 121)
    _place("99020204", 30, None)
    _place("99020205", 60, 10)
    everybody = list(School.objects.order_by("smis8"))
    found = candidates(everybody)
    assert [one.school.smis8 for one in found] == ["99020205", "99020200", "99020202"]
    assert [[near.school.smis8 for near in one.near] for one in found] == [[], ["99020201"], ["99020203"]]
    assert found[0].nearest.school.smis8 == "99020204" and found[0].nearest.km == pytest.approx(30, abs=0.02)
    assert len(candidates(everybody, km=6.2)[2].near) == 2 and len(candidates(everybody, pupils=121)) == 4
    assert neighbours(School(), everybody) == []
    page = planner.get(reverse("maps:distances"), {"school": "99020200"}).content.decode()
    assert "บ้านทดสอบ201" in page and "5.9" in page
    sheet = planner.get(reverse("maps:distances"), {"file": "xlsx"})
    assert zipfile.ZipFile(io.BytesIO(sheet.content)).testzip() is None


def test_service_areas_follow_the_villages_and_say_where_they_guess(schools, drawn):
    by_code = {one.smis8: one for one in School.objects.all()}
    # One school alone in the first tambon of the first district; two share the first of the second; nothing is known of the rest.
    one, two, three = by_code["99020200"], by_code["99020201"], by_code["99020207"]
    for number, (school, tambon) in enumerate(((one, "990101"), (two, "990201"), (three, "990201")), start=1):
        village = Village.objects.create(
            code=f"{tambon}{number:02}", tambon_code=tambon, moo=number, tambon="ก", amphoe="ข"
        )
        ServiceVillage.objects.create(village=village, school=school, level="primary", since_year=2560)
    found = {region.school.smis8: region for region in regions(list(by_code.values()))}
    assert found["99020200"].villages == 1 and found["99020201"].villages == 1
    origins = {code: region.origin for code, region in found.items()}
    assert set(origins.values()) <= {WHOLE, SHARED, NEAREST} and origins["99020202"] == NEAREST
    import shapely

    from khet.outlets.maps.drawing.ground import areas

    whole = shapely.union_all([area.shape for area in areas("tambon")])
    shapes = [region.shape for region in found.values()]
    assert sum(shape.area for shape in shapes) == pytest.approx(whole.area, rel=1e-3)
    assert shapely.union_all(shapes).area == pytest.approx(whole.area, rel=1e-3)
    tambon = next(area.shape for area in areas("tambon") if area.code == "990101")
    assert shapely.intersection(found["99020200"].shape, tambon).area == pytest.approx(tambon.area, rel=1e-3)


def test_without_villages_the_nearest_school_has_the_ground(schools, drawn):
    """Of many spots in a district, each lies in the shape of the school that is nearest by its own reckoning."""
    import shapely

    found = regions(list(School.objects.filter(amphoe_code="9901", smis8__startswith="990202")))
    for x in (99.86, 99.9, 99.94):
        for y in (7.56, 7.6, 7.64):
            inside = [one for one in found if shapely.contains_xy(one.shape, x, y)]
            if len(inside) == 1:
                nearest = min(
                    found,
                    key=lambda one: kilometres(x, y, float(one.school.longitude), float(one.school.latitude)),
                )
                assert inside[0] is nearest and inside[0].origin == NEAREST


@pytest.mark.parametrize("size", ["a4", "a3"])
def test_the_map_on_paper(planner, size):
    answer = planner.get(reverse("maps:paper"), {"size": size, "show": "size"})
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    text = page_text(answer.content).replace(" ", "")
    assert "มาตราส่วน1:" in text and "ขนาดและระดับ" in text and "ธารทอง" in text and "ที่มา:" in text


def test_files_for_other_programs(planner):
    assert planner.get(reverse("maps:files")).status_code == 200
    assert planner.get(reverse("maps:files"), {"layers": "x"}).status_code == 422
    answer = planner.get(
        reverse("maps:files"),
        {
            "layers": ["schools", "tambons", "service"],
            "format": "shp",
            "frame": "24047",
            "thai_encoding": "on",
        },
    )
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {"schools.shp", "schools.cpg", "tambons.dbf", "service.prj", "FIELDS.txt"} <= set(names)
    note = zipfile.ZipFile(io.BytesIO(answer.content)).read("FIELDS.txt").decode("utf-8-sig")
    assert "204.4798" in note and all(
        len(line.split()[0]) <= 10 for line in note.splitlines() if line.startswith("  ")
    )


def test_the_panel_of_statistics_shows_the_districts(drawn):
    from khet.outlets.maps.panels import draw, link
    from khet.outlets.statistics.api import indicators
    from khet.outlets.statistics.panels import Slot

    values = {"9901": 3586.0, "9902": 3242.0, "9903": 2718.0, "9904": None}
    slot = Slot(
        indicator=next(iter(indicators)), title="นักเรียน", unit="คน", period="1/2569", values=values,
        names={}, words={"9904": "ปกปิด"}, links={"9901": "?place=9901&x=<"},
    )  # fmt: skip
    markup = draw(slot)
    assert "style=" not in markup and 'href="?place=9901&amp;x=&lt;"' in markup and "ปกปิด" in markup
    assert slot.indicator.code in link(slot)


def test_without_outlines_the_panel_leaves_its_place_to_the_bars(schools):
    from khet.outlets.maps.panels import draw
    from khet.outlets.statistics.api import indicators
    from khet.outlets.statistics.panels import Slot

    slot = Slot(
        indicator=next(iter(indicators)), title="x", unit="คน", period="", values={"9901": 3.0}, names={}
    )
    assert draw(slot) is None
