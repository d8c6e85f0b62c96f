"""Each rule finds the fault that is planted for it, and nothing in a clean office; the sheet counts whom it should."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from khet.base.org.models import Holding, PersonId, Unit
from khet.kits.rounds.api import Scope, census_of, checks, findings_of, rows_of, sheets, totals_of
from khet.modules.schools.api import School
from khet.modules.staff.actions import (
    add_official,
    add_part,
    add_position,
    leave_service,
    second,
    set_citizen_id,
    start_criteria,
)
from khet.modules.staff.models import Education, Incumbency, Licence, Official, Position, Secondment, Teaching
from khet.modules.staff.tests.conftest import IDS
from khet.modules.staff.tests.test_manpower import enrol, teachers

AS_AT = date(2026, 11, 10)
SCOPE = Scope(None, 2569, 2, AS_AT)
MINE = sorted(one.code for one in checks if one.sheet == "staff")


def found(code, scope=SCOPE):
    return findings_of(checks[f"staff.{code}"], scope)


@pytest.fixture
def clean(area):
    """An office in which nothing is wrong: everybody with number, licence, subject, lessons and degree."""
    for turn, official in enumerate(area.officials.values()):
        set_citizen_id(actor=area.system, official=official, value=IDS[turn])
        Official.objects.filter(pk=official.pk).update(
            subject="thai", major="ภาษาไทย", level="", started_on=official.appointed_on
        )
        add_part(
            actor=area.system,
            official=official,
            model=Licence,
            kind="teacher",
            number=f"6{turn}",
            expires_on=date(2030, 1, 1),
        )
        add_part(actor=area.system, official=official, model=Education, level="bachelor", degree="ค.บ.")
        add_part(actor=area.system, official=official, model=Teaching, school_year=2569, subject="thai")
    Position.objects.update(since=date(2020, 1, 1))
    Incumbency.objects.update(since=date(2020, 1, 1))
    start_criteria(actor=area.system)
    enrol(area.school, "p1", 20, year=2569, term=2)
    return area


def test_a_clean_office_has_no_finding(clean):
    assert len(MINE) >= 20
    assert {code: rows for code in MINE if (rows := findings_of(checks[code], SCOPE))} == {}


def change(**values):
    def plant(area):
        Official.objects.filter(pk=area.officials["teacher"].pk).update(**values)
        return area.officials["teacher"].pk

    return plant


def without(model):
    def plant(area):
        model.objects.filter(official=area.officials["teacher"]).delete()
        return area.officials["teacher"].pk

    return plant


def licence(**values):
    def plant(area):
        Licence.objects.filter(official=area.officials["teacher"]).update(**values)
        return area.officials["teacher"].pk

    return plant


def closed(area):
    Unit.objects.filter(pk=area.other.pk).update(until=AS_AT - timedelta(days=3))
    return area.officials["stranger"].pk


def closed_status(area):
    School.objects.filter(unit=area.other).update(status="closed")
    return area.officials["stranger"].pk


def no_number(area):
    PersonId.objects.filter(person=area.officials["teacher"].person).delete()
    return area.officials["teacher"].pk


def number_of_another(area):
    mine = PersonId.objects.get(person=area.officials["teacher"].person)
    PersonId.objects.filter(pk=mine.pk).update(
        until=AS_AT - timedelta(days=9), since=AS_AT - timedelta(days=90)
    )
    held = PersonId.objects.get(person=area.officials["principal"].person)
    PersonId.objects.filter(pk=held.pk).delete()
    PersonId.objects.create(
        person=area.officials["principal"].person, kind=mine.kind, sealed=bytes(mine.sealed), fingerprint=mine.fingerprint, tail=mine.tail,
        since=AS_AT - timedelta(days=8),
    )  # fmt: skip
    return {area.officials["teacher"].pk, area.officials["principal"].pk}


def the_same_again(area):
    first = area.officials["teacher"]
    other = add_official(
        actor=area.system, first_name=first.person.first_name, last_name=first.person.last_name, unit=area.other, title="ครู",
        kind="contract", born_on=first.born_on,
    )  # fmt: skip
    return {first.pk, other.pk}


def frame(area):
    Position.objects.filter(pk=area.officials["teacher"].position_id).update(standing_allowed="k3")
    return change(standing="k4")(area)


def endless(area):
    second(actor=area.system, official=area.officials["teacher"], unit=area.other, since=date(2026, 6, 1))
    return area.officials["teacher"].pk


def two_in_one(area):
    first, other = area.officials["teacher"], area.officials["stranger"]
    Incumbency.objects.filter(official=other).update(position=first.position)
    Official.objects.filter(pk=other.pk).update(position=first.position)
    return {first.pk, other.pk}


def odd_number(area):
    Position.objects.filter(pk=area.officials["teacher"].position_id).update(number="อ 12ก")
    return area.officials["teacher"].position_id


def other_holder(area):
    position = area.officials["principal"].position
    post = Holding.objects.get(person=area.officials["teacher"].person).post
    Position.objects.filter(pk=position.pk).update(post=post)
    return position.pk


def headless(area):
    leave_service(
        actor=area.system, official=area.officials["stranger"], since=date(2026, 11, 1), leaving="moved"
    )
    Holding.objects.filter(person=area.officials["stranger"].person).update(until=date(2026, 10, 31))
    return School.objects.get(unit=area.other).pk


def crowded(area):
    teachers(area, area.school, 3)
    return School.objects.get(unit=area.school).pk


def deserted(area):
    enrol(area.school, "p2", 79, year=2569, term=2)
    return School.objects.get(unit=area.school).pk


FAULTS = [
    ("no_licence", without(Licence)),
    ("licence_expired", licence(expires_on=AS_AT - timedelta(days=1))),
    ("licence_soon", licence(expires_on=AS_AT + timedelta(days=180))),
    ("no_subject", change(subject="")),
    ("teaches_nothing", without(Teaching)),
    ("position_twice", two_in_one),
    ("no_position", change(position=None)),
    ("closed_unit", closed),
    ("closed_unit", closed_status),
    ("no_citizen_id", no_number),
    ("id_of_another", number_of_another),
    ("recorded_twice", the_same_again),
    ("no_birthday", change(born_on=None)),
    ("age", change(born_on=date(2012, 5, 1), appointed_on=None, started_on=None)),
    ("age", change(born_on=date(1990, 5, 1), appointed_on=date(2000, 6, 1))),
    ("past_retirement", change(born_on=date(1966, 10, 1))),
    ("standing_above", frame),
    ("standing_level", change(standing="k3", level="k2")),
    ("assistant_long", change(job="assistant", appointed_on=date(2024, 5, 1))),
    ("no_degree", without(Education)),
    ("no_appointment", change(appointed_on=None)),
    ("secondment_open", endless),
    ("position_number", odd_number),
    ("post_and_position", other_holder),
    ("no_head", headless),
    ("off_criterion", crowded),
    ("off_criterion", deserted),
]


def test_every_rule_has_its_fault():
    assert {f"staff.{code}" for code, _plant in FAULTS} == set(MINE)


@pytest.mark.parametrize(
    ("code", "plant"), FAULTS, ids=[f"{code}-{n}" for n, (code, _plant) in enumerate(FAULTS)]
)
def test_a_planted_fault_is_found_alone(clean, code, plant):
    subject = plant(clean)
    subjects = subject if isinstance(subject, set) else {subject}
    rows = found(code)
    assert {row["subject_id"] for row in rows} == subjects
    words = checks[f"staff.{code}"].words(rows[0]["facts"])
    assert "%(" not in words and "None" not in words
    # Another school's round does not hear of it, its own does.
    own = rows[0]["unit_id"]
    assert found(code, SCOPE.of([own])) and not found(
        code, SCOPE.of([Unit.objects.exclude(pk__in=[r["unit_id"] for r in rows]).first().pk])
    )


def test_edges(clean):
    teacher = clean.officials["teacher"]
    licence(expires_on=AS_AT)(clean)
    assert not found("licence_expired") and found("licence_soon")
    licence(expires_on=AS_AT + timedelta(days=181))(clean)
    assert not found("licence_soon")
    # Of two licences the one that runs longest counts.
    Licence.objects.create(official=teacher, kind="teacher", number="9", expires_on=date(2020, 1, 1))
    assert not found("licence_expired")
    change(born_on=date(1966, 10, 2))(clean)
    assert not found("past_retirement")
    assert not found("no_head")
    # Somebody who acts on the principal's post is enough.
    headless(clean)
    post = Holding.objects.get(person=clean.officials["stranger"].person).post
    Holding.objects.create(post=post, person=teacher.person, kind="acting", since=date(2026, 11, 1))
    assert not found("no_head")
    # Who has left is nobody's finding any more.
    change(subject="")(clean)
    leave_service(actor=clean.system, official=teacher, since=AS_AT, leaving="resigned")
    assert not found("no_subject")
    Secondment.objects.create(official=clean.officials["stranger"], unit=clean.school, since=date(2027, 1, 1))
    assert not found("secondment_open")


def test_the_sheet_counts_on_paper_on_the_day(clean):
    sheet = sheets["staff"]
    second(
        actor=clean.system,
        official=clean.officials["teacher"],
        unit=clean.other,
        since=date(2026, 6, 1),
        until=date(2027, 3, 31),
    )
    add_position(
        actor=clean.system,
        number="4444",
        unit=clean.school,
        title="ครู",
        kind="teacher",
        since=date(2020, 1, 1),
    )
    lines = {(row["label"], row["n"]) for row in totals_of(sheet, SCOPE.of([clean.school.pk]))}
    assert {
        ("ผู้บริหารสถานศึกษา", 1),
        ("ครูและครูผู้ช่วย", 1),
        ("ลูกจ้างชั่วคราวและอัตราจ้าง", 1),
        ("ช่วยราชการที่อื่น", 1),
        ("รวม", 3),
    } == lines
    before = Scope([clean.school.pk], 2569, 1, date(2026, 5, 20))
    assert ("ช่วยราชการที่อื่น", 1) not in {(row["label"], row["n"]) for row in totals_of(sheet, before)}
    leave_service(actor=clean.system, official=clean.officials["clerk"], since=AS_AT, leaving="ended")
    assert [row["n"] for row in totals_of(sheet, SCOPE.of([clean.school.pk])) if row["position"] == 0] == [2]


def test_a_change_shows_and_pay_is_none(clean):
    sheet = sheets["staff"]

    def digest():
        return {row["row_key"]: row["digest"] for row in rows_of(sheet.state(SCOPE.of([clean.school.pk])))}

    before, key = digest(), str(clean.officials["teacher"].pk)
    change(salary=1)(clean)
    assert digest() == before
    change(standing="k2")(clean)
    assert digest()[key] != before[key] and {k: v for k, v in digest().items() if k != key} == {
        k: v for k, v in before.items() if k != key
    }


def test_the_census_has_counts_and_no_names(clean):
    people, positions, manpower = sheets["staff"].census
    rows = census_of(people, SCOPE)
    assert sum(row["people"] for row in rows) == len(clean.officials)
    teacher = next(row for row in rows if row["job"] == "teacher")
    assert (
        teacher["school"],
        teacher["education"],
        teacher["subject"],
        teacher["age"],
        teacher["retires"],
    ) == (clean.school.code, "bachelor", "thai", 51, 2578)
    text = str(rows) + str(census_of(positions, SCOPE)) + str(census_of(manpower, SCOPE))
    assert not any(o.person.first_name in text or o.code in text for o in clean.officials.values())
    assert not any(number in text for number in IDS)
    add_position(
        actor=clean.system,
        number="4444",
        unit=clean.school,
        title="ครู",
        kind="teacher",
        since=date(2020, 1, 1),
    )
    vacant = {
        (row["school"], row["job"]): (row["positions"], row["vacant"]) for row in census_of(positions, SCOPE)
    }
    assert vacant[clean.school.code, "teacher"] == (2, 1)
    line = next(row for row in census_of(manpower, SCOPE) if row["school"] == clean.school.code)
    assert (line["pupils"], line["wanted_teacher"], line["held_teacher"], line["vacant_teacher"]) == (
        20,
        1,
        1,
        1,
    )
