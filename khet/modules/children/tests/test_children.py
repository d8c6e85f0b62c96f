"""Children one at a time: added, corrected, recorded elsewhere, taken back."""

from __future__ import annotations

import pytest
from django.db import connection

from khet.base.journal.models import Entry
from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.modules.children.actions import add_child, change_child, clear_standing, record_elsewhere
from khet.modules.children.models import Case, Child, Standing
from khet.modules.children.tests.conftest import AMPHOE, TAMBON, citizen_id

EVIDENCE = {"place": "โรงเรียนดรุณีศึกษา", "evidence": "หนังสือรับรอง 12/2569"}


def test_a_clerk_adds_a_child_of_their_own_villages_with_or_without_a_number(area):
    given = {"first_name": "ใหม่", "born_on": area.born(8), "home_tambon": TAMBON, "home_amphoe": AMPHOE}
    child = add_child(actor=area.actor("clerk"), home_moo="2", **given)
    assert (child.school, child.registered, child.fingerprint, child.masked) == (area.school, "found", "", "")
    numbered = add_child(actor=area.actor("clerk"), home_moo="2", id_value=citizen_id(5), **given)
    assert numbered.masked.endswith(f"-{citizen_id(5)[10:12]}-x")
    with pytest.raises(Forbidden):
        add_child(actor=area.actor("clerk"), home_moo="3", **given)
    with pytest.raises(Refusal) as why:
        add_child(actor=area.actor("clerk"), home_moo="19", **given)
    assert why.value.field == "home_moo"
    with pytest.raises(Forbidden):
        add_child(actor=area.actor("finance"), home_moo="2", **given)
    assert Child.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"born_on": None}, "born_on"),
        ({"born_on": "future"}, "born_on"),
        ({"born_on": "old"}, "born_on"),
        ({"id_value": "1234567890123"}, "id_value"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(area, wrong, field):
    days = {"future": area.born(-2), "old": area.born(40)}
    wrong = {name: days.get(value, value) for name, value in wrong.items()}
    with pytest.raises(Refusal) as why:
        area.child(1, **wrong)
    assert why.value.field == field
    assert not Child.objects.exists()


def test_a_number_is_kept_once_and_never_in_clear(area):
    area.child(1)
    with pytest.raises(Conflict):
        area.child(2, id_value=citizen_id(1))
    number = citizen_id(1).encode()
    with connection.cursor() as cursor:
        for table in ("children_child", "journal_entry", "children_case"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            assert not any(number in str(row[0]).encode() for row in cursor.fetchall()), table


def test_a_correction_moves_the_child_to_another_school(area):
    child = area.child(1)
    changed = change_child(actor=area.actor("clerk"), child=child, home_moo="3", last_name="ใจงาม")
    assert (changed.school, changed.search_text) == (area.other, "ดารา1 ใจงาม")
    with pytest.raises(Forbidden):
        change_child(actor=area.actor("clerk"), child=changed, last_name="อีกครั้ง")
    with pytest.raises(Refusal):
        change_child(actor=area.actor("other_clerk"), child=changed, first_name="")


def test_masked_facts_stay_out_of_the_journal(area):
    child = area.child(1)
    change_child(actor=area.actor("clerk"), child=child, father="นายลับ ใจดี", home_no="99/9")
    facts = str(list(Entry.objects.values_list("facts", flat=True)))
    assert "นายลับ" not in facts
    assert "99/9" not in facts


def test_many_are_recorded_at_once_each_by_who_may(area):
    ours, theirs = [area.child(1), area.child(2)], area.child(3, moo="3")
    assert (
        record_elsewhere(actor=area.actor("planner"), children=[*ours, theirs], state="outside", **EVIDENCE)
        == 3
    )
    assert set(Standing.objects.values_list("state", "place", "is_by_hand")) == {
        ("outside", EVIDENCE["place"], True)
    }
    assert set(Case.objects.values_list("outcome", flat=True)) == {"elsewhere"}
    with pytest.raises(Forbidden):
        record_elsewhere(actor=area.actor("clerk"), children=[theirs], state="outside", **EVIDENCE)
    with pytest.raises(Forbidden):
        record_elsewhere(actor=area.actor("teacher"), children=ours, state="outside", **EVIDENCE)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"state": "service"}, "state"),
        ({"state": "none"}, "state"),
        ({"evidence": "-"}, "evidence"),
        ({"place": ""}, "place"),
    ],
)
def test_without_place_and_evidence_nothing_is_recorded(area, given, field):
    child = area.child(1)
    with pytest.raises(Refusal) as why:
        record_elsewhere(actor=area.system, children=[child], **({"state": "private"} | EVIDENCE | given))
    assert why.value.field == field
    assert area.state(child) == "none"


def test_an_excuse_needs_no_place_and_a_pupil_of_the_area_no_record(area):
    excused, enrolled = area.child(1), area.child(2)
    record_elsewhere(actor=area.system, children=[excused], state="exempt", evidence="คำอนุญาต 3/2569")
    assert (area.state(excused), area.case(excused).outcome) == ("exempt", "exempt")
    area.pupil(2)
    area.match()
    with pytest.raises(Conflict):
        record_elsewhere(actor=area.system, children=[enrolled], state="private", **EVIDENCE)


def test_a_record_is_taken_back_with_a_reason(area):
    child = area.child(1)
    record_elsewhere(actor=area.system, children=[child], state="private", **EVIDENCE)
    with pytest.raises(Refusal):
        clear_standing(actor=area.actor("clerk"), child=child, reason="")
    with pytest.raises(Forbidden):
        clear_standing(actor=area.actor("other_clerk"), child=child, reason="ย้ายออกมาแล้ว")
    clear_standing(actor=area.actor("clerk"), child=child, reason="ย้ายออกมาแล้ว")
    assert area.state(child) == "none"
    assert Standing.objects.get().evidence == ""
    with pytest.raises(Refusal):
        clear_standing(actor=area.actor("clerk"), child=child, reason="อีกครั้งหนึ่ง")
