"""Forecasts over invented years whose truth is known: what is steady is foretold exactly, what breaks shows as error."""

from __future__ import annotations

import pytest

from khet.outlets.statistics import cache
from khet.outlets.statistics.api import figures
from khet.outlets.statistics.counting import count
from khet.outlets.statistics.tests.area import write_census

GRADES = ["p1", "p2", "p3", "p4", "p5", "p6"]


def rows(school, cells):
    return [
        {"school": school, "grade": g, "room": 1, "sex": "m", "pupils": n}
        for g, n in zip(GRADES, cells, strict=True)
        if n
    ]


def year(data, be, *schools):
    listed = [row for code, cells in schools for row in rows(code, cells)]
    return write_census(data, be, {"pupils": listed})


@pytest.fixture
def data(settings, tmp_path, monkeypatch):
    """Only the indicator asked for is counted, and nothing kept: the cache has its own test."""
    settings.DATA = tmp_path
    monkeypatch.setattr(
        cache,
        "read",
        lambda source, one, earlier=(): next((rows for _one, rows in count(source, [one], earlier)), None),
    )
    return tmp_path


@pytest.fixture
def steady(data):
    """Two schools where every class goes on whole and as many come in each year: nothing ever changes."""
    return [year(data, be, ("99020001", [30] * 6), ("99020002", [8] * 6)) for be in range(2560, 2570)]


def test_what_is_steady_goes_on(steady):
    found = figures("forecast_5", steady[-1:], known=steady)
    assert {row.dims: round(row.value, 3) for row in found.rows} == {
        (str(be), "p"): 228 for be in range(2570, 2575)
    }
    ten = figures("forecast_10", steady[-1:], "school", known=steady)
    assert {(row.place, row.dims[0]): round(row.value, 3) for row in ten.rows} == {
        (code, str(be)): n for code, n in (("99020001", 180), ("99020002", 48)) for be in range(2570, 2580)
    }
    assert (
        figures("small_schools_forecast", steady[-1:], known=steady).at(steady[-1].key, "9902", "2579").value
        == 1
    )


def test_the_back_test_of_what_is_steady_has_no_error(steady):
    found = figures("forecast_error", steady[-1:], known=steady)
    assert {row.dims: round(row.value, 3) for row in found.rows} == {(str(n),): 0 for n in range(1, 6)}
    assert figures("forecast_error", steady[:2], known=steady).missing.keys() == {
        one.key for one in steady[:2]
    }


def test_a_class_that_came_in_small_moves_up(data):
    """Each year two fewer enter; the forecast's next year has today's classes one higher and fewer in the first."""
    censuses = [
        year(data, be, ("99020001", [60 - 2 * (be - 2560) + 2 * place for place in range(6)]))
        for be in range(2563, 2570)
    ]
    found = figures("forecast_by_grade", censuses[-1:], known=censuses)
    said = {row.dims[1]: row.value for row in found.rows if row.dims[0] == "2570"}
    assert [round(said[g], 1) for g in GRADES[1:]] == [
        42,
        44,
        46,
        48,
        50,
    ]  # 2569 has 42, 44, … in the classes below
    assert 39 < said["p1"] < 41.5


def test_a_break_shows_as_error_by_its_size(data):
    """A third of every class leaves in the last year: forecasts made before said half as many again as came."""
    before = [year(data, be, ("99020001", [30] * 6)) for be in range(2564, 2569)]
    after = year(data, 2569, ("99020001", [20] * 6))
    known = [*before, after]
    error = figures("forecast_error", [after], known=known)
    bias = figures("forecast_bias", [after], known=known)
    assert round(error.at(after.key, "9902", "1").value, 2) == 50
    assert round(bias.at(after.key, "9902", "1").value, 2) == 50


def test_survival_and_progression_follow_a_cohort(data):
    start = year(data, 2564, ("99020001", [40, 0, 0, 0, 0, 0]))
    last = year(data, 2568, ("99020001", [1, 1, 1, 1, 36, 0]))
    end = year(data, 2569, ("99020001", [1, 1, 1, 1, 1, 33]))
    known = [start, last, end]
    cell = figures("survival", [end], known=known).at(end.key, "9902", "p1-p6")
    assert (cell.n, cell.of, cell.value) == (33, 40, 82.5)
    up = figures("progression", [end], known=known)
    assert up.at(end.key, "9902", "p6").value == pytest.approx(33 / 36 * 100)
    assert figures("pupils_change", [end], known=known, dims=()).rows[0].value == 38 - 40


def test_without_an_earlier_round_it_says_so(data):
    one = year(data, 2569, ("99020001", [3] * 6))
    found = figures("forecast_5", [one], known=[one])
    assert found.rows == []
    assert found.missing == {one.key: "ต้องมีข้อมูลรอบเดียวกันของปีก่อนอย่างน้อย 1 ปี"}
