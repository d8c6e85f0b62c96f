"""Each rule finds the fault planted for it, and nothing in a clean school."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from khet.base.org.api import Actor
from khet.kits.rounds.api import Scope, checks, findings_of
from khet.modules.assets.actions.articles import add_article
from khet.modules.assets.actions.buildings import add_building
from khet.modules.assets.actions.land import add_land
from khet.modules.assets.models import Article, Building
from khet.modules.students.api import Enrolment, Pupil

AS_AT = date(2026, 11, 10)
SCOPE = Scope(None, school_year=2569, term=2, as_at=AS_AT)
OURS = [c.code for c in checks if c.sheet in ("buildings", "articles")]


@pytest.fixture
def clean(area):
    add_building(
        actor=area.system, unit=area.school.unit, kind="05", seats=4, year_built=2540, condition="fair"
    )
    Article.objects.update(checked_on=date(2025, 10, 20))
    return area


def _change_building(**values):
    def plant(area):
        Building.objects.filter(pk=area.building.pk).update(**values)
        return area.building.pk

    return plant


def _change_article(**values):
    def plant(area):
        Article.objects.filter(pk=area.article.pk).update(**values)
        return area.article.pk

    return plant


def _no_toilet(area):
    Building.objects.filter(kind="05").update(standing="demolished", rooms_used=0)
    return area.school.pk


def _more_classes(area):
    # Seven classes in six rooms.
    for number in range(7):
        pupil = Pupil.objects.create(title="เด็กชาย", first_name=f"หนึ่ง{number}", last_name="ใจดี", sex="m")
        Enrolment.objects.create(
            pupil=pupil,
            school=area.school,
            school_year=2569,
            term=2,
            grade="p1",
            room=number + 1,
            state="studying",
        )
    return area.school.pk


def _land(area):
    return add_land(actor=area.system, unit=area.school.unit, kind="deed", rai=3).pk


def _twice(area):
    system = Actor.system()
    other = add_article(actor=system, unit=area.school.unit, number="7440-001-0009", name="อีกเครื่อง", price=20_000, responsible_name="ก", item_code="21007", acquired_on=date(2024, 1, 1))  # fmt: skip
    Article.objects.filter(pk=other.pk).update(number="๗๔๔๐ ๐๐๑ ๐๐๐๑/70", number_key="74400010001")
    return area.article.pk


PLANTS = {
    "buildings.year_to_come": _change_building(year_built=2575),
    "buildings.no_year": _change_building(year_built=None),
    "buildings.no_rooms": _change_building(rooms_plan=None),
    "buildings.more_used": _change_building(rooms_used=9),
    "buildings.demolished_in_use": _change_building(standing="demolished"),
    "buildings.poor_in_use": _change_building(condition="poor"),
    "buildings.old_and_good": _change_building(year_built=2510),
    "buildings.before_the_school": _change_building(year_built=2490),
    "buildings.without_toilet": _no_toilet,
    "buildings.fewer_rooms": _more_classes,
    "land.without_document": _land,
    "articles.number_twice": _twice,
    "articles.no_price": _change_article(price=0),
    "articles.high_price": _change_article(price=9_800_000),
    "articles.acquired_later": _change_article(acquired_on=AS_AT + timedelta(days=3)),
    "articles.before_the_school": _change_article(acquired_on=date(1949, 1, 1)),
    "articles.past_its_life": _change_article(checked_on=None, acquired_on=date(2020, 1, 1)),
    "articles.unknown_item": _change_article(item_code="99999"),
    "articles.nobody_responsible": _change_article(responsible_name=""),
    "articles.missing": _change_article(condition="missing"),
}


def test_every_rule_has_its_plant():
    assert sorted(PLANTS) == sorted(OURS)


@pytest.mark.parametrize("code", sorted(PLANTS))
def test_a_planted_fault_is_found(clean, code):
    rule = checks[code]
    # 2530 with a school founded 2493 and a repair in the last years is not yet too old.
    Building.objects.filter(pk=clean.building.pk).update(
        repaired_year=2560 if code != "buildings.old_and_good" else None
    )
    assert findings_of(rule, SCOPE) == []
    pk = PLANTS[code](clean)
    found = findings_of(rule, SCOPE)
    assert pk in {one["subject_id"] for one in found} and {one["unit_id"] for one in found} == {
        clean.school.unit_id
    }
    words = rule.words(found[0]["facts"])
    assert "–" not in words and "%(" not in words, words
    assert findings_of(rule, SCOPE.of([clean.other.unit_id])) == []
    if rule.link:
        assert rule.link(pk, found[0]["facts"]).startswith("/register/")
