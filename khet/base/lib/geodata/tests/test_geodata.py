"""Shapes written and read back with GDAL: Thai text in both encodings, positions to the millimetre, frames, hostile files."""

from __future__ import annotations

import io
import json
import math
import zipfile
from pathlib import Path

import pytest

from khet.base.lib.errors import Refusal
from khet.base.lib.geodata import FORMATS, FRAMES, Field, Layer, read_shapes, write_shapes

FIELDS = [
    Field("CODE", "รหัส"),
    Field("NAME", "ชื่อ"),
    Field("PUPILS", "นักเรียน", "whole"),
    Field("KM", "ระยะทาง", "real"),
]
PLACES = [
    (100.12345, 7.54321, ["99020001", "บ้านไร่ธารใส ๑", 83, 4.5]),
    (99.87654, 7.11111, ["99020002", "วัดปากน้ำเงิน–ใต้ “เก่า”", None, None]),
]
RING = [[100.0, 7.4], [100.2, 7.4], [100.2, 7.6], [100.0, 7.6], [100.0, 7.4]]


def points() -> Layer:
    return Layer(
        "schools", "โรงเรียน", "Point", FIELDS, [({"type": "Point", "coordinates": [x, y]}, facts) for x, y, facts in PLACES]
    )  # fmt: skip


def tambons(rings=(RING,)) -> Layer:
    fields = [Field("CODE", "รหัสตำบล"), Field("NAME", "ตำบล")]
    rows = [
        ({"type": "Polygon", "coordinates": [ring]}, [f"9903{n:02}", f"ไร่ธาร{n}"])
        for n, ring in enumerate(rings, start=1)
    ]
    return Layer("tambons", "ตำบล", "MultiPolygon", fields, rows)


def unpacked(written, tmp_path: Path, wanted: str) -> Path:
    """What GDAL is to open."""
    if not written.name.endswith(".zip"):
        (tmp_path / written.name).write_bytes(written.content)
        return tmp_path / written.name
    with zipfile.ZipFile(io.BytesIO(written.content)) as archive:
        archive.extractall(tmp_path)
    return next(tmp_path.glob(f"*.{wanted}"))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("frame", FRAMES)
def test_gdal_reads_back_what_was_written(format, frame, tmp_path):
    from pyogrio import raw
    from pyproj import Transformer

    written = write_shapes([points()], name="schools", format=format, frame=frame)
    meta, _fids, shapes, columns = raw.read(unpacked(written, tmp_path, format))
    facts = dict(zip(meta["fields"], columns, strict=True))
    names = facts["NAME"] if "NAME" in facts else facts["Name"]
    assert list(names) == [place[2][1] for place in PLACES]
    assert [str(code) for code in facts["CODE"]] == [place[2][0] for place in PLACES]
    if format == "csv":
        found = list(zip(map(float, facts["X"]), map(float, facts["Y"]), strict=True))
    else:
        import shapely

        found = [(p.x, p.y) for p in shapely.from_wkb(shapes)]
        told = int(str(meta["crs"]).rsplit(":", 1)[-1])
        assert told == (4326 if FORMATS[format].degrees_only else frame)
    if frame == 4326 or FORMATS[format].degrees_only:
        assert not written.steps
        for (x, y), place in zip(found, PLACES, strict=True):
            assert math.hypot(x - place[0], y - place[1]) * 111_320 < 0.001
    else:
        assert ("RTSD" in written.steps) == (frame == 24047)
        for (x, y), place in zip(found, PLACES, strict=True):
            if frame == 24047:
                wanted = _indian(place[0], place[1])
            else:
                wanted = Transformer.from_crs(4326, frame, always_xy=True).transform(place[0], place[1])
            assert math.hypot(x - wanted[0], y - wanted[1]) < 0.005


def test_indian_1975_lies_where_the_survey_department_says():
    """Other published shifts of the centre agree within 30 m; what PROJ takes by itself lies 170 m away."""
    from pyproj import Transformer

    x, y = PLACES[0][:2]
    east, north = _indian(x, y)
    for other in ((210, 814, 289), (204.64, 834.74, 293.8), (206, 837, 295)):
        e, n = _indian(x, y, other)
        assert math.hypot(e - east, n - north) < 30
    e, n = Transformer.from_crs(4326, 24047, always_xy=True).transform(x, y)
    assert (
        math.hypot(e - east, n - north) > 150
    )  # when this fails, PROJ has mended it, and our own way may go


def _indian(longitude: float, latitude: float, shift=(204.4798, 837.8940, 294.7765)) -> tuple[float, float]:
    """WGS 84 degrees → metres of Indian 1975 / UTM 47N, by the formulas of a textbook."""
    a, f = 6378137.0, 1 / 298.257223563
    lam, phi = math.radians(longitude), math.radians(latitude)
    e2 = f * (2 - f)
    n = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    x = n * math.cos(phi) * math.cos(lam) - shift[0]
    y = n * math.cos(phi) * math.sin(lam) - shift[1]
    z = n * (1 - e2) * math.sin(phi) - shift[2]
    a, f = 6377276.345, 1 / 300.8017
    e2 = f * (2 - f)
    p = math.hypot(x, y)
    lam, phi = math.atan2(y, x), math.atan2(z, p * (1 - e2))
    for _round in range(8):
        n = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
        h = p / math.cos(phi) - n
        phi = math.atan2(z, p * (1 - e2 * n / (n + h)))
    ep2 = e2 / (1 - e2)
    t, c = math.tan(phi) ** 2, ep2 * math.cos(phi) ** 2
    aa = math.cos(phi) * (lam - math.radians(99))
    m = a * (
        (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256) * phi
        - (3 * e2 / 8 + 3 * e2**2 / 32 + 45 * e2**3 / 1024) * math.sin(2 * phi)
        + (15 * e2**2 / 256 + 45 * e2**3 / 1024) * math.sin(4 * phi)
        - (35 * e2**3 / 3072) * math.sin(6 * phi)
    )
    east = 500_000 + 0.9996 * n * (
        aa + (1 - t + c) * aa**3 / 6 + (5 - 18 * t + t**2 + 72 * c - 58 * ep2) * aa**5 / 120
    )
    north = 0.9996 * (
        m
        + n * math.tan(phi) * (aa**2 / 2 + (5 - t + 9 * c + 4 * c * c) * aa**4 / 24
        + (61 - 58 * t + t**2 + 600 * c - 330 * ep2) * aa**6 / 720)
    )  # fmt: skip
    return east, north


def test_arcview_reads_thai_by_the_mark_in_the_dbf(tmp_path):
    from pyogrio import raw

    written = write_shapes([points()], name="schools", thai_encoding=True)
    path = unpacked(written, tmp_path, "shp")
    dbf = path.with_suffix(".dbf").read_bytes()
    assert (
        dbf[29] == 124
        and "บ้านไร่ธารใส".encode("cp874") in dbf
        and path.with_suffix(".cpg").read_bytes() == b"874"
    )
    assert raw.read(path)[3][1][1] == PLACES[1][2][1]
    path.with_suffix(".cpg").unlink()  # ArcView knows no .cpg
    assert raw.read(path)[3][1][0] == PLACES[0][2][1]
    note = (tmp_path / "FIELDS.txt").read_text("utf-8-sig")
    assert "TIS-620" in note and "PUPILS      นักเรียน" in note and "WGS 84" in note
    assert written.content == write_shapes([points()], name="schools", thai_encoding=True).content
    odd = Layer("x", "x", "Point", [Field("NAME", "ชื่อ")], [(points().rows[0][0], ["ก→ข"])])
    assert write_shapes([odd], name="x", thai_encoding=True).lost == 1


def test_utf_8_is_told_and_a_long_text_is_not_cut_in_a_letter(tmp_path):
    from pyogrio import raw

    long = Layer("x", "x", "Point", [Field("NAME", "ชื่อ")], [(points().rows[0][0], ["ก" * 200])])
    path = unpacked(write_shapes([long], name="x"), tmp_path, "shp")
    assert path.with_suffix(".cpg").read_bytes() == b"UTF-8"
    assert raw.read(path)[3][0][0] == "ก" * 84


def test_several_layers_in_one_package(tmp_path):
    import pyogrio

    path = unpacked(write_shapes([points(), tambons()], name="area", format="gpkg"), tmp_path, "gpkg")
    assert {name for name, _shape in pyogrio.list_layers(path)} == {"schools", "tambons"}
    names = zipfile.ZipFile(io.BytesIO(write_shapes([points(), tambons()], name="area").content)).namelist()
    assert {"schools.shp", "tambons.dbf", "tambons.prj", "FIELDS.txt"} <= set(names)


@pytest.mark.parametrize(
    ("format", "frame", "thai"),
    [
        ("shp", 24047, True),
        ("shp", 32647, False),
        ("gpkg", 24047, False),
        ("geojson", 4326, False),
        ("kml", 4326, False),
    ],
)
def test_our_own_reader_takes_every_format(format, frame, thai):
    written = write_shapes([tambons()], name="tambons", format=format, frame=frame, thai_encoding=thai)
    shapes = read_shapes(written.content, written.name)
    feature = shapes.geojson["features"][0]
    facts = {key.upper(): value for key, value in feature["properties"].items()}
    assert facts["NAME"] == "ไร่ธาร1" and str(facts["CODE"]) == "990301"
    assert shapes.frame_told or format == "geojson"
    ring = feature["geometry"]["coordinates"][0]
    ring = ring[0] if isinstance(ring[0][0], list) else ring
    slack = 0.01 if frame == 24047 else 0.001
    assert all(min(math.dist(point, corner) for corner in RING) * 111_320 < slack for point in ring)
    assert shapes.encoding == ("CP874" if thai else "UTF-8")


def stripped(content: bytes, *without: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if not name.endswith(without):
                new.writestr(name, old.read(name))
    return out.getvalue()


def test_thai_is_told_from_the_text_where_nothing_else_says():
    for thai in (True, False):
        written = write_shapes([tambons()], name="t", thai_encoding=thai).content
        shapes = read_shapes(stripped(written, ".cpg", ".txt"), "t.zip")
        assert shapes.geojson["features"][0]["properties"]["NAME"] == "ไร่ธาร1"


def test_a_file_without_a_frame_asks_for_it():
    bare = stripped(write_shapes([tambons()], name="t", frame=32647).content, ".prj")
    with pytest.raises(Refusal) as why:
        read_shapes(bare, "t.zip")
    assert why.value.code == "geodata.frame"
    shapes = read_shapes(bare, "t.zip", frame=32647)
    x, y = shapes.geojson["features"][0]["geometry"]["coordinates"][0][0]
    assert min(math.dist((x, y), corner) for corner in RING) * 111_320 < 0.001
    degrees = stripped(write_shapes([tambons()], name="t").content, ".prj")
    assert not read_shapes(degrees, "t.zip").frame_told


def test_borders_in_great_detail_are_thinned_without_gaps():
    import shapely

    wave = [[100.1 + 0.01 * math.sin(n / 40), 7.0 + n * 0.6 / 4000] for n in range(4001)]
    left = [[99.9, 7.0], *wave, [99.9, 7.6], [99.9, 7.0]]
    right = [[100.4, 7.0], *wave, [100.4, 7.6], [100.4, 7.0]]
    content = write_shapes([tambons((left, right))], name="t", format="geojson").content
    shapes = read_shapes(content, "t.geojson", most_points=1500)
    a, b = (shapely.from_geojson(json.dumps(one["geometry"])) for one in shapes.geojson["features"])
    assert shapes.metres and shapely.get_num_coordinates([a, b]).sum() <= 1500
    assert a.union(b).area == pytest.approx(0.5 * 0.6, rel=1e-9) and a.intersection(b).area < 1e-12
    assert read_shapes(content, "t.geojson").metres == 0


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


SHP = stripped(write_shapes([tambons()], name="t").content, ".txt")
VRT = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"hello", "a.txt", "kind"),
        (b"", "a.geojson", "kind"),
        (b"{", "a.geojson", "broken"),
        (b"{}", "a.geojson", "kind"),
        (b'{"features": []}', "a.geojson", "empty"),
        (b"[" * 100_000, "a.geojson", "kind"),
        (b'{"a":' + b"[" * 100_000, "a.geojson", "broken"),
        (VRT, "a.kml", "kind"),
        (VRT, "a.vrt", "kind"),
        (zipped(a_shp=VRT, a_shx=b"", a_dbf=b""), "a.zip", "kind"),
        (zipped(a_txt=b"x"), "a.zip", "kind"),
        (stripped(SHP, ".dbf"), "a.zip", "parts"),
        (b"\x00\x00\x27\x0a" + b"\0" * 200, "a.shp", "alone"),
        (b"SQLite format 3\0" + b"\0" * 2000, "a.gpkg", "broken"),
        (write_shapes([points(), tambons()], name="t", format="gpkg").content, "a.gpkg", "layers"),
        (SHP[:200], "a.zip", "broken"),
        (b'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "b">]><kml>&a;</kml>', "a.kml", "broken"),
    ],
)  # fmt: skip
def test_what_is_no_map_is_refused_in_words(content, name, code):
    with pytest.raises(Refusal) as why:
        read_shapes(content, name)
    assert why.value.code == f"geodata.{code}"
    assert "%(" not in why.value.sentence


def collection(*shapes) -> bytes:
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def square(west, south, side=0.2):
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


@pytest.mark.parametrize("format", ["shp", "gpkg", "geojson", "kml"])
@pytest.mark.parametrize("frame", FRAMES)
def test_every_kind_of_file_and_frame_gives_the_same_surface(format, frame):
    """Two squares side by side and a third apart come back as two pieces, to the metre where they were."""
    import shapely

    rings = (square(100.0, 7.0), square(100.2, 7.0), square(101.0, 7.0))
    written = write_shapes([tambons(rings)], name="flood", format=format, frame=frame)
    found = read_shapes(written.content, written.name, surface=True).geojson["features"]
    assert len(found) == 1 and found[0]["geometry"]["type"] == "MultiPolygon"
    shape = shapely.from_geojson(json.dumps(found[0]["geometry"]))
    wanted = shapely.union_all([shapely.Polygon(ring) for ring in rings])
    assert shape.is_valid and len(shape.geoms) == 2
    assert shape.symmetric_difference(wanted).area < wanted.area * 1e-3
    assert shapely.hausdorff_distance(shape, wanted) * 111_320 < 3


def test_a_surface_keeps_its_holes_and_mends_its_crossings():
    import shapely

    hole = square(100.05, 7.05, 0.1)
    bow = [[102.0, 7.0], [102.2, 7.2], [102.2, 7.0], [102.0, 7.2], [102.0, 7.0]]
    nested = {
        "type": "GeometryCollection",
        "geometries": [{"type": "MultiPolygon", "coordinates": [[square(104.0, 7.0)]]}],
    }
    found = read_shapes(
        collection(polygon(square(100.0, 7.0), hole), polygon(bow), nested), "f", surface=True
    )
    shape = shapely.from_geojson(json.dumps(found.geojson["features"][0]["geometry"]))
    assert shape.is_valid and shape.area == pytest.approx(0.04 - 0.01 + 0.02 + 0.04, rel=1e-6)


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (
            collection(polygon(square(100, 7)), {"type": "Point", "coordinates": [100, 7]}),
            "polygon",
            "รูปที่ 2",
        ),
        (collection({"type": "LineString", "coordinates": [[100, 7], [101, 7]]}), "polygon", "รูปที่ 1"),
        (collection(polygon(square(100, 7)), polygon(square(106.5, 7))), "outside", "รูปที่ 2"),
        (collection(polygon(square(100, 4.9))), "outside", "ละติจูด 4.9000"),
        (collection(polygon([[100, 7], [101, 7], [100, 7], [100, 7]])), "empty", "ไม่มีรูป"),
        (collection(polygon([[x, y] for y, x in square(100, 7)])), "frame", "ไม่ใช่องศาในประเทศไทย"),
        (collection(*[polygon(square(100, 7, 0.001))] * 20_000), "shapes", "20,000"),
        (
            collection(*(polygon(square(98 + n % 50 / 10, 7 + n // 50 / 10, 0.05)) for n in range(300))),
            "corners",
            "1,500 จุด",
        ),
    ],
)
def test_what_is_no_surface_is_refused_with_its_number(content, code, words):
    with pytest.raises(Refusal) as why:
        read_shapes(content, "f.geojson", surface=True, most_points=1000)
    assert why.value.code == f"geodata.{code}" and words in why.value.sentence
    assert "%(" not in why.value.sentence


def test_a_surface_in_great_detail_is_thinned_and_says_so():
    import shapely

    ring = [
        [100 + 0.3 * math.cos(n / 5000 * math.tau), 7 + 0.3 * math.sin(n / 5000 * math.tau)]
        for n in range(5000)
    ]
    found = read_shapes(collection(polygon([*ring, ring[0]])), "f", surface=True, most_points=800)
    shape = shapely.from_geojson(json.dumps(found.geojson["features"][0]["geometry"]))
    assert (
        shapely.get_num_coordinates(shape) <= 800
        and found.metres
        and str(int(found.metres)) in found.sentences[0]
    )
    assert shape.area == pytest.approx(math.pi * 0.09, rel=1e-3)


def test_the_specks_of_a_satellite_go_before_its_waters_do():
    """Some thousand single pixels about a lake with pixels of land in it: the lake stays, whole."""
    import shapely

    pixel = 10 / 111_320
    specks = [polygon(square(100 + n % 60 / 500, 7 + n // 60 / 500, pixel)) for n in range(2400)]
    gaps = [square(101.1 + n % 20 / 100, 7.1 + n // 20 / 100, pixel) for n in range(100)]
    found = read_shapes(
        collection(polygon(square(101.0, 7.0, 0.4), *gaps), *specks), "f", surface=True, most_points=1000
    )
    shape = shapely.from_geojson(json.dumps(found.geojson["features"][0]["geometry"]))
    assert len(shape.geoms) == 1 and shape.area == pytest.approx(0.16, rel=1e-4) and found.metres in (5, 10)
