"""What is looked through instead of indexed stands beside what is indexed, by the same words and years."""

from __future__ import annotations

import pytest

from khet.kits.search.api import Document, SearchList, Shelf, find
from khet.kits.search.declarations import kinds

pytestmark = pytest.mark.django_db
SAID = [
    Document(1, "นักเรียนตามชั้น", "/f/1/", body="นับจากทะเบียนนักเรียน ณ วันที่ของรอบ", note="24,715 คน", year=2569),
    Document(2, "ห้องเรียน", "/f/2/", body="ห้องที่มีนักเรียนอย่างน้อยหนึ่งคน", year=2569),
    Document(3, "นักเรียนตามเพศ", "/f/3/", body="", year=2568),
]


@pytest.fixture
def figures(world, monkeypatch):
    """Seen by the first school's principal alone."""

    def shelf(actor):
        mine = SAID if actor.person == world.people[0] else []
        return Shelf(lambda year: [one for one in mine if year in (None, one.year)], [2568, 2569, 2567])

    told = SearchList("figures", "ตัวเลข", shelf, icon="chart-column")
    monkeypatch.setitem(kinds._items, "figures", told)
    return told


def found(actor, text, **narrow):
    return {
        group.kind.code: [hit.title for hit in group.hits] for group in find(actor, text, **narrow).groups
    }


def test_titles_before_bodies_and_marked(world, figures):
    (group,) = find(world.actors[0], "นักเรียน").groups
    assert [hit.title for hit in group.hits] == ["นักเรียนตามชั้น", "นักเรียนตามเพศ", "ห้องเรียน"]
    assert group.count == 3 and not group.is_capped
    assert list(group.hits[0].title_pieces) == [("นักเรียน", True), ("ตามชั้น", False)]
    assert ("นักเรียน", True) in group.hits[2].snippet


def test_every_term_must_be_there_in_title_or_body(world, figures):
    assert found(world.actors[0], "ห้อง นักเรียน") == {"figures": ["ห้องเรียน"]}
    assert found(world.actors[0], "ห้อง ครู") == {}


def test_beside_what_is_indexed(world, figures, put):
    put("ขอข้อมูลนักเรียน")
    assert list(found(world.actors[0], "นักเรียน")) == ["delegation", "figures"]
    assert list(found(world.actors[0], "นักเรียน", only=["figures"])) == ["figures"]


def test_years_and_units_narrow(world, figures):
    assert found(world.actors[0], "นักเรียน", year=2568) == {"figures": ["นักเรียนตามเพศ"]}
    assert found(world.actors[0], "นักเรียน", unit=world.units[0].pk) == {}
    years = find(world.actors[0], "นักเรียน", year=2568).years
    assert [(one.value, one.is_chosen) for one in years] == [("2569", False), ("2568", True), ("2567", False)]


def test_a_list_alone_is_paged(world, figures, monkeypatch):
    monkeypatch.setattr("khet.kits.search.queries.PAGE", 2)
    assert found(world.actors[0], "นักเรียน", only=["figures"], page=2) == {"figures": ["ห้องเรียน"]}


def test_whoever_may_not_see_it_finds_nothing_of_it(world, figures):
    assert found(world.actors[1], "นักเรียน") == {}
