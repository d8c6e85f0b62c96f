"""Each rule finds the fault planted for it, and nothing in a clean school."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khet.base.org.api import Holding
from khet.kits.rounds.api import Scope, checks, findings_of
from khet.modules.schools.actions import add_school, add_village, serve_villages, start_emis
from khet.modules.schools.models import Emis, School, ServiceVillage, Village

SCOPE = Scope(None, school_year=2569, term=2, as_at=date(2027, 1, 10))
OURS = [c.code for c in checks if c.sheet == "emis"]


@pytest.fixture
def clean(area):
    """Two schools of which everything is said; the second has a head too."""
    holding = Holding.objects.get(post__unit=area.school.unit, post__kind="principal")
    Holding.objects.update(since=date(2024, 10, 1))
    post = holding.post
    post.pk, post.unit, post.number = None, area.other.unit, ""
    post.save()
    Holding.objects.create(post=post, person=holding.person, since=date(2024, 10, 1))
    School.objects.update(
        latitude=Decimal("7.4"), longitude=Decimal("100.0"), tambon="ไร่ธาร", tambon_code="990302", phone="0 7461 1234 ต่อ 12",
        email="school@example.ac.th", outside_m=0, km_to_office=Decimal("12.0"),
    )  # fmt: skip
    for moo, school in ((1, area.school), (2, area.other)):
        village = add_village(
            actor=area.planner,
            tambon_code="990302",
            moo=moo,
            name=f"บ้าน {moo}",
            tambon="ไร่ธาร",
            amphoe="ทุ่งไพล",
        )
        serve_villages(actor=area.planner, school=school, villages=[village], since_year=2566)
        start_emis(actor=area.planner, school=school, year=2569)
    Emis.objects.update(
        electricity="grid", water="deep", internet_kind="fibre", internet_mbps=100, teach_obec=5, teach_own=1, teach_usable=5, teach_broken=1,
        office_usable=2, standing="usual", terrain="plain", hardship="no", km_to_office=Decimal("12.0"),
    )  # fmt: skip
    return area


def _school(**values):
    def plant(area):
        School.objects.filter(pk=area.school.pk).update(**values)
        return area.school.pk

    return plant


def _emis(**values):
    def plant(area):
        rows = Emis.objects.filter(school=area.school)
        rows.update(**values)
        return rows.get().pk

    return plant


def _no_head(area):
    Holding.objects.filter(post__unit=area.school.unit, post__kind="principal").update(
        until=date(2026, 9, 30)
    )
    return area.school.pk


def _no_area(area):
    ServiceVillage.objects.filter(school=area.school).update(school=area.other, level="lower")
    ServiceVillage.objects.filter(level="lower").update(level="primary")
    return area.school.pk


def _unserved(area):
    """The village falls out, and the school keeps another, so that only the one rule speaks."""
    more = add_village(
        actor=area.planner, tambon_code="990302", moo=9, name="บ้านไกล", tambon="ไร่ธาร", amphoe="ทุ่งไพล"
    )
    serve_villages(actor=area.planner, school=area.school, villages=[more], since_year=2566)
    ServiceVillage.objects.filter(village__moo=1).update(until_year=2568)
    return Village.objects.get(moo=1).pk


def _no_emis(area):
    Emis.objects.filter(school=area.school).update(school_year=2568)
    return area.school.pk


def _far(area):
    for number in range(4):
        add_school(
            actor=area.system, name=f"ใกล้ {number}", smis8=f"9902910{number}", km_to_office=Decimal("11.5"),
            latitude=Decimal("7.405"), longitude=Decimal("100.004"),
        )  # fmt: skip
    School.objects.filter(smis8__startswith="9902910").update(status="elsewhere")
    return _emis(km_to_office=Decimal("88.0"))(area)


PLANTS = {
    "schools.no_position": _school(latitude=None, longitude=None),
    "schools.outside_tambon": _school(outside_m=1800),
    "schools.no_head": _no_head,
    "schools.no_contact": _school(phone="", email=""),
    "schools.contact_form": _school(phone="7461"),
    "schools.no_service_area": _no_area,
    "schools.village_in_no_school": _unserved,
    "schools.no_emis": _no_emis,
    "schools.utilities_unsaid": _emis(water=""),
    "schools.power_and_computers": _emis(electricity="none"),
    "schools.internet_speed": _emis(internet_mbps=None),
    "schools.computers_sum": _emis(teach_usable=9),
    "schools.small_unsaid": _emis(hardship=""),
    "schools.distance": _far,
}


def test_every_rule_has_its_plant():
    assert sorted(PLANTS) == sorted(OURS) and len(OURS) >= 8


@pytest.mark.parametrize("code", sorted(PLANTS))
def test_a_planted_fault_is_found(clean, code):
    rule = checks[code]
    assert findings_of(rule, SCOPE) == []
    pk = PLANTS[code](clean)
    found = findings_of(rule, SCOPE)
    assert {(one["subject_id"], one["unit_id"]) for one in found} == {(pk, clean.school.unit_id)}
    words = rule.words(found[0]["facts"])
    assert "–" not in words and "%(" not in words and "None" not in words, words
    assert findings_of(rule, SCOPE.of([clean.other.unit_id])) == []
    assert len(findings_of(rule, SCOPE.of([clean.school.unit_id]))) == 1
    if rule.link:
        assert rule.link(pk, found[0]["facts"]).startswith("/")


@pytest.mark.parametrize(
    "phone", ["0 7461 1234", "08-1234-5678", "+66 81 234 5678", "(074) 611-234, 08 1111 2222", "074611234#12"]
)
def test_numbers_as_schools_write_them_are_in_order(clean, phone):
    _school(phone=phone)(clean)
    assert findings_of(checks["schools.contact_form"], SCOPE) == []


@pytest.mark.parametrize(
    "values", [{"phone": "ไม่มี"}, {"phone": "12345678901"}, {"email": "a@b"}, {"email": "a b@c.th"}]
)
def test_what_is_neither_number_nor_address_is_found(clean, values):
    _school(**values)(clean)
    assert len(findings_of(checks["schools.contact_form"], SCOPE)) == 1


def test_a_small_matter_outside_the_tambon_is_let_be(clean):
    _school(outside_m=200)(clean)
    assert findings_of(checks["schools.outside_tambon"], SCOPE) == []


def test_a_member_names_its_mother(clean):
    _emis(standing="member")(clean)
    assert len(findings_of(checks["schools.small_unsaid"], SCOPE)) == 1
    Emis.objects.filter(school=clean.school).update(mother=clean.other)
    assert findings_of(checks["schools.small_unsaid"], SCOPE) == []


def test_a_closed_school_is_not_asked(clean):
    _school(latitude=None, longitude=None)(clean)
    clean.school.unit.until = date(2026, 5, 15)
    clean.school.unit.save()
    assert findings_of(checks["schools.no_position"], SCOPE) == []


@pytest.mark.parametrize("code", sorted(PLANTS))
def test_a_rule_is_one_question(clean, code):
    with CaptureQueriesContext(connection) as queries:
        findings_of(checks[code], SCOPE)
    assert len(queries) == 1
