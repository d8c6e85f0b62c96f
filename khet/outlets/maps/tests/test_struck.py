"""Struck ground on the map page, in its data, on paper and in files: there when it is shown, where it lies, and no older one."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khet.base.lib.pdf import page_text
from khet.modules.emergencies.actions import close_event, load_area, open_event
from khet.modules.schools.api import School
from khet.outlets.maps.api import export_to
from khet.outlets.maps.drawing.pictures import area_map

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = 100.0, 7.3, 100.2, 7.5
RING = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]
HILL = [[100.08, 7.38], [100.08, 7.42], [100.12, 7.42], [100.12, 7.38], [100.08, 7.38]]
WATER = [[RING, HILL]]
WORDS = "พื้นที่น้ำท่วม: ฝั่งทะเลสาบ ณ 24 พ.ย. 2569 06.30 น. ที่มา GISTDA"


@pytest.fixture
def event(drawn):
    event = open_event(actor=drawn.planner, kind="flood", title="น้ำท่วมทดสอบ", districts=["ธารทอง", "เขาแก้ว"])
    east_of_it = [[[[x + 0.3, y] for x, y in RING]]]
    for day, coordinates in ((23, east_of_it), (24, WATER)):
        load_area(
            actor=drawn.planner, event=event, name="ฝั่งทะเลสาบ", as_at=timezone.make_aware(datetime(2026, 11, day, 6, 30)),
            source="GISTDA", coordinates=coordinates,
        )  # fmt: skip
    return event


@pytest.fixture
def planner(client, drawn):
    client.force_login(drawn.planner_account)
    return client


def test_the_layer_and_its_legend(planner, event):
    with CaptureQueriesContext(connection) as asked:
        page = planner.get(reverse("maps:home"))
    text = page.content.decode()
    assert len(asked) <= 15 and WORDS in text and "23 พ.ย." not in text
    assert re.search(rf'data-event-key="event-{event.pk}" hidden', text) and 'id="struck-hatch"' in text
    chosen = planner.get(reverse("maps:home"), {"event": f"{event.pk},x"})
    text = chosen.content.decode()
    assert not re.search(rf'data-event-key="event-{event.pk}" hidden', text)
    assert f'data-layer="event-{event.pk}" aria-pressed="true"' in text
    assert f"map.pdf?size=a4&amp;show=size&amp;event={event.pk}" in text


def test_the_shape_that_the_browser_gets(client, planner, drawn, event):
    (feature,) = planner.get(reverse("maps:struck")).json()["features"]
    assert feature["properties"] == {"event": event.pk, "words": WORDS}
    (rings,) = feature["geometry"]["coordinates"]
    assert [sorted(map(tuple, ring[:-1])) for ring in rings] == [
        sorted(map(tuple, ring[:-1])) for ring in (RING, HILL)
    ]
    client.force_login(drawn.principal_account)
    assert client.get(reverse("maps:struck")).json()["features"] == [feature]
    close_event(actor=drawn.planner, event=event)
    assert client.get(reverse("maps:struck")).json()["features"] == []


def test_great_detail_is_thinned_for_the_screen(planner, drawn, event):
    from math import cos, sin, tau

    ring = [[100 + 0.2 * cos(n / 15_000 * tau), 7.4 + 0.2 * sin(n / 15_000 * tau)] for n in range(15_000)]
    load_area(
        actor=drawn.planner, event=event, name="ละเอียด", as_at=timezone.now(), source="GISTDA",
        coordinates=[[[*ring, ring[0]]]],
    )  # fmt: skip
    answer = planner.get(reverse("maps:struck"))
    found = answer.json()["features"]
    assert (
        sum(len(ring) for one in found for part in one["geometry"]["coordinates"] for ring in part) <= 8_000
    )
    assert len(answer.content) < 200_000


@pytest.mark.parametrize("size", ["a4", "a3"])
def test_paper_bears_the_ground_with_day_and_source_when_it_is_on(planner, event, size):
    def sheet(**query):
        answer = planner.get(reverse("maps:paper"), {"size": size, "show": "size", **query})
        assert answer.status_code == 200
        return answer.content, page_text(answer.content).replace(" ", "")

    without, words = sheet()
    assert "GISTDA" not in words and "น้ำท่วมทดสอบ" not in words
    content, words = sheet(event=event.pk)
    # The letters of a picture come back without their upper marks; the title is text.
    assert "24พ.ย.256906.30น." in words and "GISTDA" in words and "น้ำท่วมทดสอบ" in words
    assert len(_lines(content)) > len(_lines(without)) + 20, "the hatch is drawn on the sheet"
    assert "GISTDA" not in sheet(event=event.pk + 99)[1]


def _lines(pdf: bytes) -> list[object]:
    """The strokes of a page, read back."""
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf)[0]
    import pypdfium2.raw as raw

    found = []
    for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=8):
        found += [None] * raw.FPDFPath_CountSegments(one.raw)
    return found


def test_the_picture_hatches_what_is_water_and_nothing_else(drawn, event):
    """Read back from the SVG: every end of every line of the hatch lies in the outline, none on the hill."""
    from khet.outlets.maps.drawing.ground import Plane, bounds_of, ground

    schools = list(School.objects.exclude(latitude=None))
    svg = area_map(
        schools=schools, symbols="size", values=None, networks=None, title="", unit="", decimals=0, width=700, height=None, within=(),
        thai_digits=False, tambons=False, names=False, notes=[], struck=[(WORDS, WATER)], states={schools[0].pk: "closed", schools[1].pk: "silent"},
    )  # fmt: skip
    root = ET.fromstring(svg)
    paths = {
        kind: [one for one in root.iter() if one.get("class") == kind]
        for kind in ("map-struck", "map-struck-hatch")
    }
    drawn_area, hatch = paths["map-struck"][0], paths["map-struck-hatch"][0]
    assert float(drawn_area.get("fill-opacity")) < 0.3 and hatch.get("stroke") == "#1F4680"
    plane = Plane(
        bounds_of(ground().areas, [(float(s.longitude), float(s.latitude)) for s in schools]), 700, pad=18
    )
    (west, north), (east, south) = plane.at(WEST, NORTH), plane.at(EAST, SOUTH)
    (hill_west, hill_north), (hill_east, hill_south) = plane.at(100.08, 7.42), plane.at(100.12, 7.38)
    ends = [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", hatch.get("d"))]
    assert len(ends) > 20
    assert all(west - 1 <= x <= east + 1 and north - 1 <= y <= south + 1 for x, y in ends)
    assert not any(hill_west + 1 < x < hill_east - 1 and hill_north + 1 < y < hill_south - 1 for x, y in ends)
    reported = [one.get("class") for one in root.iter() if "map-reported" in one.get("class", "")]
    assert sorted(reported) == ["map-reported is-closed"] * 2 + ["map-reported is-silent"] * 2, (
        "school and legend"
    )


@pytest.mark.parametrize(
    ("format", "frame"),
    [("geojson", 4326), ("gpkg", 32647), ("gpkg", 4326), ("kml", 4326), ("shp", 24047), ("shp", 4326)],
)
def test_the_ground_goes_out_as_a_layer_of_its_own(planner, event, format, frame, tmp_path):
    """Read back with GDAL and turned into degrees: the same square with its hill, and its facts."""
    import pyogrio
    import shapely
    from pyogrio import raw

    from khet.base.lib.geodata import read_shapes

    answer = planner.get(
        reverse("maps:files"), {"layers": ["schools", "struck"], "format": format, "frame": frame}
    )
    assert answer.status_code == 200
    path = tmp_path / ("map." + ("gpkg" if format == "gpkg" else "zip"))
    path.write_bytes(answer.content)
    if format != "gpkg":
        with zipfile.ZipFile(path) as archive:
            assert "struck" in archive.read("FIELDS.txt").decode("utf-8-sig")
            archive.extractall(tmp_path)
        path = tmp_path / f"struck.{format}"
    assert "struck" in {str(name) for name, _kind in pyogrio.list_layers(path)}
    meta, _fids, shapes, columns = raw.read(path, layer="struck")
    facts = {str(name): column[0] for name, column in zip(meta["fields"], columns, strict=True)}
    assert len(shapes) == 1 and facts["SOURCE"] == "GISTDA" and facts["EVENT"] == "น้ำท่วมทดสอบ"
    assert (
        str(facts["AS_AT"]).startswith("2026-11-24T06:30")
        and facts.get("NAME", facts.get("Name")) == "ฝั่งทะเลสาบ"
    )
    wanted = shapely.Polygon(RING, [HILL])
    if frame == 4326:
        found = shapely.from_wkb(shapes[0])
    else:
        # Through the reader that takes such files in: what goes out comes back.
        alone = planner.get(reverse("maps:files"), {"layers": ["struck"], "format": format, "frame": frame})
        back = read_shapes(alone.content, "f", surface=True).geojson["features"][0]["geometry"]
        found = shapely.from_geojson(json.dumps(back))
    assert shapely.force_2d(found).symmetric_difference(wanted).area < wanted.area * 1e-3


def test_without_an_open_event_the_layer_is_empty_and_the_others_stay(planner, drawn, event, tmp_path):
    close_event(actor=drawn.planner, event=event)
    answer = planner.get(
        reverse("maps:files"), {"layers": ["schools", "struck"], "format": "gpkg", "frame": 4326}
    )
    path = tmp_path / "map.gpkg"
    path.write_bytes(answer.content)
    import pyogrio

    assert [str(name) for name, _kind in pyogrio.list_layers(path)] == ["schools"]
    alone = planner.get(reverse("maps:files"), {"layers": ["struck"], "format": "geojson", "frame": 4326})
    assert alone.status_code == 200 and json.load(io.BytesIO(alone.content))["features"] == []


def test_the_export_by_command_has_it_too(drawn, event, tmp_path):
    written = dict(export_to(actor=drawn.planner, folder=tmp_path, formats=["geojson"]))
    (path,) = [path for path in written if path.suffix == ".zip"]
    with zipfile.ZipFile(path) as archive:
        assert "struck.geojson" in archive.namelist()
