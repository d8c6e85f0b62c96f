"""Declarations: the worked example runs, and what does not fit is refused while Django starts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from khet.base.org.actions import add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor
from khet.kits.rounds.api import Scope, census_of, check, columns_of, findings_of, rows_of, sheet, totals_of
from khet.kits.rounds.bases import CHECK_COLUMNS, STATE_COLUMNS, CensusTable
from khet.kits.rounds.tests.examples import HELD, NUMBERED, POSTS

SYSTEM = Actor.system()


@pytest.fixture
def units(db):
    office = add_unit(
        actor=SYSTEM, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="ศรีธารา 2"
    )
    schools = [
        add_unit(
            actor=SYSTEM,
            kind="school",
            code=f"9902000{n}",
            name=f"โรงเรียน {n}",
            short_name=f"ร.ร. {n}",
            parent=office,
        )
        for n in (1, 2)
    ]
    for school in schools:
        for kind, number in (("principal", "12"), ("clerk", "")):
            post = add_post(
                actor=SYSTEM,
                unit=school,
                kind=kind,
                title=f"{kind} {school.code}",
                short_title=kind,
                number=number,
            )
            if kind == "clerk":
                appoint(
                    actor=SYSTEM,
                    post=post,
                    person=add_person(actor=SYSTEM, first_name="วิภาดา"),
                    since=date(2026, 5, 1),
                )
    return schools


def scope(unit_ids=None):
    return Scope(unit_ids=unit_ids, school_year=2569, term=2, as_at=date(2999, 11, 10))


def test_a_check_finds_over_the_whole_area_and_within_some_units(units):
    everywhere = findings_of(NUMBERED, scope())
    assert {row["unit_id"] for row in everywhere} == {unit.pk for unit in units}
    here = findings_of(NUMBERED, scope([units[0].pk]))
    assert [row["unit_id"] for row in here] == [units[0].pk]
    assert NUMBERED.words(here[0]["facts"]) == f"clerk {units[0].code} ไม่มีเลขที่ตำแหน่ง เติมเลขที่ตำแหน่งให้ครบ"
    assert set(columns_of(HELD.find(scope()))) >= set(CHECK_COLUMNS)


def test_a_missing_fact_shows_as_a_dash():
    assert NUMBERED.words({}).startswith("– ไม่มีเลขที่")


def test_totals_put_the_whole_last(units):
    rows = totals_of(POSTS, scope([units[0].pk]))
    assert [(row["label"], row["n"]) for row in rows] == [("ผู้บริหาร", 1), ("ธุรการ", 1), ("รวม", 2)]


def test_state_and_census_run(units):
    assert set(columns_of(POSTS.state(scope()))) == set(STATE_COLUMNS)
    assert len(census_of(POSTS.census[0], scope())) == 4


@pytest.mark.parametrize("change", [{"level": "loud"}, {"sentence": ""}, {"source": ""}, {"sheet": ""}])
def test_a_check_that_lacks_a_part_is_refused(change):
    with pytest.raises(ValueError, match=r"test\.post_number"):
        check(replace(NUMBERED, **change))


def test_a_sheet_of_a_register_names_its_register_and_counts():
    with pytest.raises(ValueError, match="record"):
        sheet(replace(POSTS, record=""))
    with pytest.raises(ValueError, match="totals"):
        sheet(replace(POSTS, totals=None))


def test_a_census_table_knows_its_types():
    with pytest.raises(ValueError, match="posts"):
        CensusTable("posts", "x", [("unit", "uuid")], POSTS.census[0].select)
    with pytest.raises(ValueError, match="posts"):
        CensusTable("posts", "x", [("unit", "text")], POSTS.census[0].select, total="posts")


@pytest.mark.django_db
def test_a_declaration_can_be_nothing_but_one_select():
    with pytest.raises(DatabaseError), transaction.atomic():
        rows_of(("DELETE FROM org_unit RETURNING id", []))
    with pytest.raises(DatabaseError), transaction.atomic():
        rows_of(("SELECT 1 AS one; SELECT 2", []))
