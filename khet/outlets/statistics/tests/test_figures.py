"""Figures of two invented censuses written as closing writes them."""

from __future__ import annotations

import pytest

from khet.base.lib.errors import NotFound, Refusal
from khet.outlets.statistics import cache
from khet.outlets.statistics.api import counted, figures, indicators
from khet.outlets.statistics.tests.area import write_census

SCHOOLS = [
    {"school": "99020001", "name": "วัดทุ่งไพล", "district_code": "9901", "district": "เมืองศรีธารา", "network_code": "n-1", "network": "ทุ่งไพล"},
    {"school": "99020002", "name": "บ้านควนทอง", "district_code": "9901", "district": "เมืองศรีธารา", "network_code": "n-2", "network": "ควนทอง"},
    {"school": "99020003", "name": "บ้านเกาะเตย", "district_code": "9902", "district": "เกาะเตย", "network_code": "n-2", "network": "ควนทอง"},
]  # fmt: skip
COLUMNS = ("school", "grade", "room", "sex", "disadvantage", "disability", "pupils")
PUPILS = [
    dict(zip(COLUMNS, row, strict=True))
    for row in [
        ("99020001", "k2", 1, "f", "", "", 9),
        ("99020001", "p1", 1, "m", "", "", 12),
        ("99020001", "p1", 2, "f", "poor", "", 7),
        ("99020001", "p1", 2, "m", "", "learning", 2),
        ("99020002", "p1", 1, "m", "", "learning", 6),
        ("99020002", "p10", 1, "m", "", "", 1),
        ("99020003", "m1", 1, "", "", "learning", 8),
    ]
]


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def census(data):
    return write_census(data, 2569, {"schools": SCHOOLS, "pupils": PUPILS})


def values(found):
    return {(row.place, *row.dims): row.value for row in found.rows}


def test_a_figure_by_area_district_network_and_school(census):
    whole = figures("pupils_by_grade", [census], dims=())
    assert values(whole) == {("9902",): 45}
    assert values(figures("pupils_by_grade", [census], "district", dims=())) == {("9901",): 37, ("9902",): 8}
    assert values(figures("pupils_by_grade", [census], "network", dims=())) == {("n-1",): 30, ("n-2",): 15}
    by_school = figures("pupils_by_grade", [census], "school", dims=())
    assert values(by_school) == {("99020001",): 30, ("99020002",): 7, ("99020003",): 8}
    assert by_school.places == {"99020002": "บ้านควนทอง", "99020003": "บ้านเกาะเตย", "99020001": "วัดทุ่งไพล"}


def test_one_place_of_a_level(census):
    found = figures("pupils_by_stage", [census], "district", "9901", dims=["stage"])
    assert values(found) == {("9901", "k"): 9, ("9901", "p"): 27, ("9901", ""): 1}


def test_dims_stand_in_their_natural_order_the_unknown_last(census):
    found = figures("pupils_by_grade", [census])
    grade, sex = found.dims
    assert grade.values == [("k2", "อ.2"), ("p1", "ป.1"), ("m1", "ม.1"), ("p10", "p10")]
    assert sex.values == [("m", "ชาย"), ("f", "หญิง"), ("", "ไม่ระบุ")]
    assert [row.dims for row in found.rows] == [
        ("k2", "f"),
        ("p1", "m"),
        ("p1", "f"),
        ("m1", ""),
        ("p10", "m"),
    ]
    assert found.at(census.key, "9902", "p1", "f").value == 7


def test_a_ratio_is_divided_after_gathering(census):
    found = figures("pupils_per_room", [census])
    assert found.at(census.key, "9902", "p1")[3:6] == (27, 3, 9)


def test_dims_can_be_chosen_and_turned(census):
    found = figures("pupils_by_grade", [census], dims=["sex", "grade"])
    assert found.at(census.key, "9902", "f", "p1").n == 7
    with pytest.raises(Refusal, match="ไม่ได้แยกตาม size"):
        figures("pupils_by_grade", [census], dims=["size"])


def test_an_unknown_indicator_is_not_found(census):
    with pytest.raises(NotFound):
        figures("pupils_by_shoe", [census])


def test_the_same_census_gives_the_same_bytes_and_is_counted_once(census, monkeypatch):
    figures("pupils_by_grade", [census])
    path = cache.path_of(census, indicators["pupils_by_grade"])
    assert list(cache.folder_of(census).iterdir()) == [path], "a first look counts what it shows, no more"
    first = path.read_bytes()
    monkeypatch.setattr(cache, "_counting", None)  # who counts again fails
    figures("pupils_by_grade", [census], "school")
    monkeypatch.undo()
    path.unlink()
    assert cache.write(census, indicators) > 1
    assert path.read_bytes() == first, "alone or with all others"


def test_a_census_from_before_a_column_or_table_says_so_and_is_read(data, census):
    """Older rounds froze no schools, and called the school ``unit``."""
    old = write_census(
        data, 2560, {"pupils": [{"unit": "99020001", "grade": "p1", "sex": "m", "pupils": 11}]}, office=""
    )
    found = figures("pupils_by_grade", [old, census], "school", dims=())
    assert next((row.census, row.place, row.n) for row in found.rows) == (old.key, "99020001", 11)
    assert not found.missing
    assert figures("pupils_by_grade", [old, census], "district").missing == {old.key: "ไม่ได้นับในรอบนี้"}
    lacking = figures("pupils_by_disability", [old, census])
    assert lacking.missing == {old.key: "ไม่ได้นับในรอบนี้"}
    assert {row.census for row in lacking.rows} == {census.key}
    assert not counted(old, indicators["pupils_by_disability"])


def test_few_disabled_pupils_of_a_school_are_hidden(census):
    found = figures("pupils_by_disability", [census], "school")
    # Two pupils are too few to show; six and eight are not, but the six would give the two away within the district.
    assert [(row.place, row.value, row.hidden) for row in found.rows] == [
        ("99020002", None, True),
        ("99020003", 8, False),
        ("99020001", None, True),
    ]
    assert [row.n for row in found.rows] == [None, 8, None]
    shown = figures("pupils_by_disability", [census], "school", reveal=True)
    assert [(row.place, row.value, row.hidden) for row in shown.rows if row.hidden] == [
        ("99020002", 6, True),
        ("99020001", 2, True),
    ]
