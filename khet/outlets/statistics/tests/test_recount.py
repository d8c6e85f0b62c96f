"""Every chapter counted again by Polars over the Parquet of the census, written apart from the definitions, over irregular schools.

A recount says of a census: school and dims → n, and of where there is one. It is compared cell by cell with the kept figures,
then summed for the area.
"""

from __future__ import annotations

import math
from collections import defaultdict
from random import Random

import polars as pl
import pytest

from khet.outlets.statistics.api import Kind, figures, indicators
from khet.outlets.statistics.tests.area import invented, write_census

pytestmark = pytest.mark.django_db  # words of code lists
c = pl.col
GRADES = ["k1", "k2", "k3", "p1", "p2", "p3", "p4", "p5", "p6", "m1", "m2", "m3", "m4", "m5", "m6"]


@pytest.fixture(scope="module")
def area(tmp_path_factory):
    """A term and a yearly census of the same year, and the term census of the year before."""
    folder = tmp_path_factory.mktemp("area")
    term, yearly = invented(Random(7), 2569)
    before, _yearly = invented(Random(8), 2568)
    return (
        folder,
        write_census(folder, 2569, term),
        write_census(folder, 2569, yearly, kind="yearly"),
        write_census(folder, 2568, before),
    )


@pytest.fixture
def censuses(area, settings):
    settings.DATA, *found = area
    return found


class Read:
    """Tables of a census, by name."""

    def __init__(self, source, before=None):
        self.source, self.before = source, before

    def __getattr__(self, name):
        return pl.read_parquet(self.source.folder / f"{name}.parquet")


def stage(column="grade"):
    first = c(column).str.slice(0, 1)
    known = c(column).is_in(GRADES)
    letter = (
        pl.when(first == "m")
        .then(pl.when(c(column).is_in(["m4", "m5", "m6"])).then(pl.lit("u")).otherwise(pl.lit("l")))
        .otherwise(first)
    )
    return pl.when(known).then(letter).otherwise(pl.lit(""))


def size(pupils):
    for code, most in enumerate((0, 120, 200, 300, 499, 1499, 2499)):
        if pupils <= most:
            return str(code)
    return "7"


def n_of(frame, n, *dims, of=None, **made):
    """(school, *dims) → (n, of) by Polars."""
    frame = frame.with_columns(**made)
    values = [n.alias("n")] + ([of.alias("of")] if of is not None else [])
    found = frame.group_by("school", *dims).agg(values)
    return {
        tuple("" if v is None else str(v) for v in row[: 1 + len(dims)]): (
            row[1 + len(dims)],
            row[-1] if of is not None else None,
        )
        for row in found.iter_rows()
    }


def whole(frame, column):
    return dict(frame.group_by("school").agg(c(column).sum()).iter_rows())


def where(condition, column):
    return pl.when(condition).then(c(column)).otherwise(0).sum()


def standing(t):
    return t.buildings.filter(c("standing") != "demolished")


def taught(t):
    return t.staff.filter((c("kind") == "teacher") & c("job").is_in(["teacher", "assistant"]))


def bound(t):
    return t.children.filter((c("age") >= 7) & (c("age") < 16) & (c("state") != "done"))


def sizes(t):
    pupils = whole(t.roll, "pupils")
    return {code: pupils.get(code, 0) for code in t.schools["school"]}


def by_size(t):
    return {(school, size(n)): (1, None) for school, n in sizes(t).items()}


def small(t):
    limits = [
        (0, "0"),
        (20, "1-20"),
        (40, "21-40"),
        (60, "41-60"),
        (80, "61-80"),
        (100, "81-100"),
        (120, "101-120"),
    ]
    return {
        (s, next(code for most, code in limits if n <= most)): (1, None)
        for s, n in sizes(t).items()
        if n <= 120
    }


def distance(one, other):
    (a, b), (x, y) = ([math.radians(v) for v in place] for place in (one, other))
    # The law of cosines, not haversine: another way to the same kilometres.
    return 6371.0088 * math.acos(
        min(1, math.sin(a) * math.sin(x) + math.cos(a) * math.cos(x) * math.cos(b - y))
    )


def merging(t):
    placed = {r["school"]: r for r in t.schools.iter_rows(named=True) if r["lat"] is not None}
    found = {}
    for code, row in placed.items():
        km = min(
            distance((row["lat"], row["lon"]), (r["lat"], r["lon"])) for s, r in placed.items() if s != code
        )
        if 0 < sizes(t)[code] <= 120 and km <= 6 and row["standing"] not in ("alone", "member"):
            found[code, "0-1" if km <= 1 else "1-3" if km <= 3 else "3-6"] = (1, None)
    return found


def ratio(of_n, of_of):
    return {(s,): (of_n.get(s, 0), of_of.get(s, 0)) for s in {*of_n} if of_n.get(s, 0) or of_of.get(s, 0)}


def balance(t):
    found = defaultdict(lambda: (0, None))
    for row in t.manpower.iter_rows(named=True):
        for seat in ("principal", "vice", "teacher"):
            if row[f"wanted_{seat}"] is not None:
                found[row["school"], seat] = (row[f"held_{seat}"] - row[f"wanted_{seat}"], None)
    return found


def computers(t):
    found = {}
    for row in t.emis.iter_rows(named=True):
        for purpose in ("teach", "office"):
            for code, what in (("yes", "usable"), ("no", "broken")):
                if row[f"{purpose}_{what}"] is not None:
                    found[row["school"], purpose, code] = (row[f"{purpose}_{what}"], None)
    return found


def built(t):
    def code(years):
        return (
            ""
            if years is None
            else "0-10"
            if years <= 10
            else "11-20"
            if years <= 20
            else "21-30"
            if years <= 30
            else "31-40"
            if years <= 40
            else "41+"
        )

    found = defaultdict(int)
    for row in standing(t).iter_rows(named=True):
        age = None if row["year_built"] is None else 2569 - row["year_built"]
        found[row["school"], row["kind"], code(age)] += 1
    return {key: (n, None) for key, n in found.items()}


def rooms(t):
    return t.pupils.group_by("school", "grade", "room").agg(c("pupils").sum())


def drop_out(t):
    here = t.pupils.with_columns(stage=stage()).group_by("school", "stage").agg(c("pupils").sum())
    left = t.movements.filter(
        c("kind").is_in(["moved", "resigned", "dismissed", "traced", "died"])
    ).with_columns(stage=stage())
    found = {(s, g): [0, n] for s, g, n in here.iter_rows()}
    for row in left.iter_rows(named=True):
        cell = found.setdefault((row["school"], row["stage"]), [0, 0])
        cell[1] += row["pupils"]
        cell[0] += row["pupils"] if row["kind"] in ("resigned", "dismissed", "traced") else 0
    return {key: tuple(cell) for key, cell in found.items()}


def progression(t):
    now, then = (
        {
            (s, g): n
            for s, g, n in frame.group_by("school", "grade").agg(c("pupils").sum()).iter_rows()
            if g in GRADES
        }
        for frame in (t.pupils, t.before.pupils)
    )
    cells = {
        *((s, g) for s, g in now if g != "k1"),
        *((s, GRADES[GRADES.index(g) + 1]) for s, g in then if g != "m6"),
    }
    return {(s, g): (now.get((s, g), 0), then.get((s, GRADES[GRADES.index(g) - 1]), 0)) for s, g in cells}


HEADS = c("pupils").sum()
RECOUNTS = {
    "pupils_by_grade": lambda t: n_of(t.pupils, HEADS, "grade", "sex"),
    "pupils_by_stage": lambda t: n_of(t.pupils, HEADS, "stage", "sex", stage=stage()),
    "pupils_by_age": lambda t: n_of(t.pupils_age, HEADS, "age", "sex"),
    "over_age_share": lambda t: n_of(
        t.pupils_age.drop_nulls("age"),
        where(
            c("age") > c("grade").replace_strict({g: n for n, g in enumerate(GRADES, 1)}, default=0) + 4,
            "pupils",
        ),
        "grade",
        of=HEADS,
    ),
    "pupils_by_disability": lambda t: n_of(
        t.pupils.filter(c("disability") != ""), HEADS, "disability", "sex"
    ),
    "disadvantage_share": lambda t: n_of(
        t.pupils, where(c("disadvantage") != "", "pupils"), "stage", of=HEADS, stage=stage()
    ),
    "non_thai_share": lambda t: n_of(
        t.pupils_origin.filter(c("nationality") != ""),
        where(c("nationality") != "ไทย", "pupils"),
        "stage",
        of=HEADS,
        stage=stage(),
    ),
    "pupils_by_religion": lambda t: n_of(t.pupils_origin, HEADS, "religion", "sex"),
    "beyond_3_km_share": lambda t: n_of(
        t.pupils_journey.filter(c("band") != ""),
        where(c("band").is_in(["3-6", "6-10", "10+"]), "pupils"),
        "stage",
        of=HEADS,
        stage=stage(),
    ),
    "mean_distance": lambda t: n_of(
        t.pupils_journey.filter(c("band") != ""), c("km").sum(), "stage", of=HEADS, stage=stage()
    ),
    "mean_minutes": lambda t: _minutes(t),
    "pupils_by_nutrition": lambda t: n_of(t.pupils_body, HEADS, "nutrition", "stage", stage=stage()),
    "overweight_share": lambda t: n_of(
        t.pupils_body.filter(c("nutrition") != ""),
        where(c("nutrition").is_in(["overweight", "obese"]), "pupils"),
        "grade",
        of=HEADS,
    ),
    "pupils_lacking": lambda t: n_of(t.pupils_wants, HEADS, "lacking", "stage", stage=stage()),
    "rooms_by_grade": lambda t: n_of(rooms(t), pl.len(), "grade"),
    "pupils_per_room": lambda t: n_of(rooms(t), HEADS, "grade", of=pl.len()),
    "pupils_new": lambda t: n_of(t.movements.filter(c("kind") == "new"), HEADS, "grade", "sex"),
    "repeaters": lambda t: n_of(t.movements.filter(c("kind") == "repeated"), HEADS, "grade", "sex"),
    "drop_out_rate": drop_out,
    "progression": progression,
    "staff_by_kind": lambda t: n_of(t.staff, c("people").sum(), "kind", "sex"),
    "teachers_by_standing": lambda t: n_of(
        t.staff.filter(c("kind") == "teacher"), c("people").sum(), "standing", "sex"
    ),
    "teachers_by_education": lambda t: n_of(taught(t), c("people").sum(), "education", "sex"),
    "teachers_mean_age": lambda t: n_of(
        t.staff.filter(c("kind") == "teacher").drop_nulls("age"),
        (c("age") * c("people")).sum(),
        "job",
        of=c("people").sum(),
    ),
    "retirements": lambda t: n_of(
        t.staff.filter((c("kind") == "teacher") & c("retires").is_between(2569, 2579)),
        c("people").sum(),
        "retires",
        "job",
    ),
    "vacancy_rate": lambda t: n_of(t.positions, c("vacant").sum(), "job", of=c("positions").sum()),
    "manpower_balance": balance,
    "pupils_per_teacher": lambda t: ratio(whole(t.pupils, "pupils"), whole(t.manpower, "work_teacher")),
    "schools_by_size": by_size,
    "small_schools": small,
    "merging_candidates": merging,
    "schools_by_standing": lambda t: n_of(t.schools, pl.len(), "standing"),
    "schools_by_terrain": lambda t: n_of(t.emis, pl.len(), "terrain", "hardship"),
    "mean_km_to_office": lambda t: n_of(
        t.emis.drop_nulls("km_to_office"), c("km_to_office").sum(), of=pl.len()
    ),
    "buildings_by_kind": lambda t: n_of(standing(t), pl.len(), "kind", "condition"),
    "buildings_by_age": built,
    "classroom_use": lambda t: {
        key: cell
        for key, cell in n_of(
            standing(t).filter(c("kind") == "01").drop_nulls(["rooms_plan", "rooms_used"]),
            c("rooms_used").sum(),
            of=c("rooms_plan").sum(),
        ).items()
        if cell[1]
    },
    "pupils_per_toilet_seat": lambda t: ratio(
        whole(t.roll, "pupils"),
        whole(standing(t).filter((c("kind") == "05") & (c("condition") != "poor")), "seats"),
    ),
    "land_area": lambda t: n_of(t.land, c("area_wa").cast(pl.Float64).sum() / 400, "kind"),
    "articles_by_group": lambda t: n_of(
        t.articles, c("articles").sum(), "group", "condition", group=c("item_code").str.slice(0, 2)
    ),
    "articles_net": lambda t: n_of(t.articles, c("net").sum(), "kind"),
    "computers": computers,
    "pupils_per_computer": lambda t: ratio(whole(t.roll, "pupils"), whole(t.emis, "teach_usable")),
    "schools_by_internet": lambda t: n_of(t.emis, pl.len(), "internet_kind", "internet_state"),
    "internet_usable_share": lambda t: n_of(
        t.emis.filter((c("internet_state") != "") | (c("internet_kind") == "none")),
        (c("internet_state") == "good").sum(),
        of=pl.len(),
    ),
    "children_by_state": lambda t: n_of(t.children, c("children").sum(), "state", "sex"),
    "coverage": lambda t: n_of(
        bound(t),
        where(c("state").is_in(["service", "area", "private"]), "children"),
        "age",
        of=c("children").sum(),
    ),
    "out_of_school": lambda t: n_of(bound(t).filter(c("state") == "none"), c("children").sum(), "age", "sex"),
    "first_grade_to_come": lambda t: n_of(
        t.children.filter(c("age").is_between(1, 7)), c("children").sum(), "year", "sex", year=2576 - c("age")
    ),
    "tracing_cases": lambda t: n_of(t.children_tracing, c("cases").sum(), "cause", "outcome"),
    "back_at_school_share": lambda t: n_of(
        t.children_tracing.filter(c("outcome") != "mistake"),
        where(c("outcome") == "back", "cases"),
        of=c("cases").sum(),
    ),
}


def _minutes(t):
    found = n_of(t.pupils_journey, c("minutes").sum(), "stage", of=c("timed").sum(), stage=stage())
    return {key: cell for key, cell in found.items() if cell[1]}


def close(one, other):
    return (one is None and other is None) or one == pytest.approx(float(other), abs=2e-4)


@pytest.mark.parametrize("code", RECOUNTS)
def test_a_recount_agrees(code, censuses):
    term, yearly, before = censuses
    indicator = indicators[code]
    source = term if indicator.needs.keys() <= term.tables.keys() else yearly
    wanted = {k: v for k, v in RECOUNTS[code](Read(source, Read(before))).items() if v[0] or v[1]}
    known = [before, term, yearly]
    found = figures(code, [source], "school", reveal=True, known=known)
    assert not found.missing
    cells = {(row.place, *row.dims): (row.n, row.of) for row in found.rows if row.n or row.of}
    assert cells.keys() == wanted.keys()
    assert len(cells) >= 4
    wrong = {k: (cells[k], wanted[k]) for k in cells if not all(map(close, cells[k], wanted[k]))}
    assert not wrong

    # The sum of the schools is the area, of counts and of both parts of a ratio; districts and networks sum up too.
    for level in ("area", "district", "network"):
        rows = figures(code, [source], level, reveal=True, known=known).rows
        assert float(sum(row.n or 0 for row in rows)) == pytest.approx(
            float(sum(v[0] or 0 for v in wanted.values())), abs=0.01
        )
        if indicator.kind != Kind.COUNT:
            assert sum(row.of or 0 for row in rows) == pytest.approx(
                float(sum(v[1] or 0 for v in wanted.values())), abs=0.01
            )
            for row in rows:
                assert row.value == (pytest.approx(row.n / row.of * indicator.scale) if row.of else None)


def test_enough_is_counted_again():
    assert len(indicators) >= 60
    assert len(RECOUNTS) >= 20
    assert {indicators[code].chapter for code in RECOUNTS} == {one.chapter for one in indicators} - {
        "forecast"
    }
