"""ก.พ.7: rows are only ever added; the present follows the newest; a correction puts back what the wrong row did."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from khet.base.journal.models import Entry
from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.org.api import today
from khet.modules.staff.actions import add_position, place, settle
from khet.modules.staff.actions.effects import settle_rows
from khet.modules.staff.actions.service import (
    add_service_row,
    add_service_rows,
    correct_service_row,
    strike_service_row,
)
from khet.modules.staff.choices import Movement
from khet.modules.staff.models import Incumbency, Official, Position, Secondment, ServiceRow

pytestmark = pytest.mark.usefixtures("held_for_long")

DAY = timedelta(days=1)
STEP = {
    "movement": Movement.RAISED, "effective_on": date(2026, 4, 1), "order_number": "118/2569", "order_on": date(2026, 5, 29),
    "order_by": "สพป.ศรีธารา เขต 2", "signed_by": "ผู้อำนวยการ",
}  # fmt: skip


def fresh(official: Official) -> Official:
    return Official.objects.select_related("position", "unit", "work_unit", "person").get(pk=official.pk)


def test_pay_follows_the_newest_row_and_not_one_written_in_afterwards(area, teacher, writer):
    row = add_service_row(actor=writer, official=teacher, salary=Decimal("33140.00"), **STEP)
    assert fresh(teacher).salary == Decimal("33140.00")
    assert (row.written_by, row.before) == (writer.name, {"salary": "31344.00"})
    add_service_row(
        actor=writer, official=teacher, salary=Decimal(30_000), **STEP | {"effective_on": date(2025, 10, 1), "order_number": "7/2568"}
    )  # fmt: skip
    assert fresh(teacher).salary == Decimal("33140.00")
    said = Entry.objects.filter(verb="staff.add_service_row").latest("seq")
    assert said.subject == f"staff.official:{teacher.pk}" and "33140" not in str(said.facts)


def test_a_row_is_never_changed_nor_removed(area, teacher, writer):
    row = add_service_row(actor=writer, official=teacher, salary=Decimal(33_140), **STEP)
    for statement in (
        f"UPDATE staff_servicerow SET salary = 99999 WHERE id = {row.pk}",
        f"DELETE FROM staff_servicerow WHERE id = {row.pk}",
        "TRUNCATE staff_servicerow CASCADE",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert ServiceRow.objects.get(pk=row.pk).salary == 33_140


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"order_number": " "}, "order_number"),
        ({"effective_on": None}, "effective_on"),
        ({"movement": ""}, "movement"),
        ({"movement": Movement.OTHER, "words": ""}, "words"),
        ({"salary": Decimal(-1)}, "salary"),
    ],
)
def test_what_a_row_cannot_be_without(area, teacher, writer, change, field):
    with pytest.raises(Refusal) as why:
        add_service_row(actor=writer, official=teacher, **STEP | change)
    assert why.value.field == field
    assert not ServiceRow.objects.exists()


@pytest.mark.parametrize("who", ["principal", "clerk", "teacher", "director"])
def test_who_may_not_write(area, teacher, who):
    with pytest.raises(Forbidden):
        add_service_row(actor=area.people[who], official=teacher, **STEP)
    with pytest.raises(Forbidden):
        add_service_rows(actor=area.people[who], order=STEP, rows=[{"official": teacher}])


def test_nobody_writes_in_their_own_record(area, writer):
    with pytest.raises(Forbidden) as why:
        add_service_row(actor=writer, official=area.officials["personnel"], salary=Decimal(90_000), **STEP)
    assert why.value.code == "staff.own_record"
    assert fresh(area.officials["personnel"]).salary == 31_340


def test_a_correction_stands_in_place_of_the_wrong_row(area, teacher, writer):
    wrong = add_service_row(actor=writer, official=teacher, salary=Decimal(99_999), level="k2", **STEP)
    right = correct_service_row(
        actor=writer, official=fresh(teacher), row=wrong, reason="พิมพ์จำนวนเงินผิด", salary=Decimal(33_140)
    )
    assert (right.corrects, right.order_number, right.level) == (wrong, "118/2569", "k2")
    assert list(ServiceRow.objects.in_force()) == [right]
    assert fresh(teacher).salary == 33_140
    with pytest.raises(Conflict) as why:
        correct_service_row(
            actor=writer, official=fresh(teacher), row=wrong, reason="แก้ซ้ำอีกครั้ง", salary=Decimal(1)
        )
    assert why.value.code == "staff.row_corrected"
    with pytest.raises(Refusal) as why:
        strike_service_row(actor=writer, official=fresh(teacher), row=right, reason="ผิด")
    assert why.value.field == "reason"
    with pytest.raises(Forbidden):
        strike_service_row(
            actor=area.people["director"], official=teacher, row=right, reason="ลงผิดคนทั้งรายการ"
        )
    strike_service_row(actor=writer, official=fresh(teacher), row=right, reason="ลงผิดคนทั้งรายการ")
    assert not ServiceRow.objects.in_force().exists() and ServiceRow.objects.count() == 3
    assert fresh(teacher).salary == 31_344 and fresh(teacher).level == ""


def test_a_row_of_somebody_else_is_not_corrected_here(area, teacher, writer):
    row = add_service_row(actor=writer, official=teacher, salary=Decimal(33_140), **STEP)
    with pytest.raises(Refusal) as why:
        correct_service_row(actor=writer, official=area.officials["clerk"], row=row, reason="ผิดคนทั้งหมด")
    assert why.value.code == "staff.other_record"


def test_one_order_for_many_is_as_few_statements_as_for_two(area, writer):
    def written(words, number):
        with CaptureQueriesContext(connection) as queries:
            rows = [
                {"official": area.officials[w], "salary": Decimal(40_000 + n)} for n, w in enumerate(words)
            ]
            made = add_service_rows(actor=writer, order=STEP | {"order_number": number}, rows=rows)
        assert len(made) == len(words)
        return len(queries)

    two = written(["teacher", "clerk"], "1/2569")
    assert written(["teacher", "clerk", "principal", "director", "stranger"], "2/2569") == two
    assert fresh(area.officials["stranger"]).salary == 40_004
    assert Entry.objects.filter(verb="staff.add_service_rows").count() == 2
    with pytest.raises(Refusal):
        add_service_rows(actor=writer, order=STEP, rows=[])


def move(area, number, **more):
    return {
        "movement": Movement.TRANSFERRED, "effective_on": today() - DAY, "order_number": "55/2569", "position_number": number,
        "unit": area.other, "title": "ครู", **more,
    }  # fmt: skip


def test_a_transfer_moves_the_person_and_striking_it_brings_them_back(area, teacher, writer):
    old = fresh(teacher).position
    add_position(actor=writer, number="7001", title="ครู", unit=area.other, since=date(2020, 1, 1))
    row = add_service_row(actor=writer, official=teacher, **move(area, "7001"))
    now = fresh(teacher)
    assert (now.position.number, now.unit, now.work_unit) == ("7001", area.other, area.other)
    assert Incumbency.objects.get(official=teacher, position=old).until == today() - 2 * DAY
    strike_service_row(actor=writer, official=now, row=row, reason="คำสั่งถูกยกเลิก")
    now = fresh(teacher)
    assert (now.position, now.unit, now.work_unit) == (old, area.school, area.school)
    held = Incumbency.objects.get(official=teacher)
    assert (held.position, held.until) == (old, None)


def test_a_position_that_is_not_there_is_made_in_the_unit_of_the_order(area, teacher, writer):
    add_service_row(actor=writer, official=teacher, **move(area, "8123"))
    assert Position.objects.get(number="8123").unit == area.other
    assert fresh(teacher).unit == area.other


def test_nobody_is_put_where_another_stays_but_two_may_change_places(area, writer):
    teacher, other = area.officials["teacher"], area.officials["stranger"]
    mine, theirs = fresh(teacher).position, fresh(other).position
    with pytest.raises(Conflict) as why:
        add_service_row(actor=writer, official=teacher, **move(area, theirs.number))
    assert why.value.code == "staff.position_held"
    assert fresh(teacher).position == mine and not ServiceRow.objects.exists()
    order = {"movement": Movement.TRANSFERRED, "effective_on": today() - DAY, "order_number": "56/2569"}
    add_service_rows(
        actor=writer, order=order,
        rows=[
            {"official": teacher, "position_number": theirs.number, "unit": area.other},
            {"official": other, "position_number": mine.number, "unit": area.school},
        ],
    )  # fmt: skip
    assert (fresh(teacher).position, fresh(other).position) == (theirs, mine)


def test_an_old_transfer_is_history(area, teacher, writer):
    old = fresh(teacher).position
    held = Incumbency.objects.get(official=teacher)
    row = add_service_row(
        actor=writer, official=teacher, **move(area, "7001", effective_on=held.since - 400 * DAY)
    )
    assert fresh(teacher).position == old and row.before == {}
    assert not Position.objects.filter(number="7001").exists()


def test_a_secondment_by_order_and_back(area, teacher, writer):
    order = {
        "movement": Movement.SECONDED,
        "effective_on": today() - DAY,
        "order_number": "9/2569",
        "unit": area.other,
    }
    row = add_service_row(actor=writer, official=teacher, **order)
    assert fresh(teacher).work_unit == area.other and fresh(teacher).unit == area.school
    assert Secondment.objects.get(official=teacher).reference == "คำสั่ง ที่ 9/2569"
    strike_service_row(actor=writer, official=fresh(teacher), row=row, reason="คำสั่งถูกยกเลิก")
    assert fresh(teacher).work_unit == area.school and not Secondment.objects.exists()


def test_resigning_ends_service_and_striking_it_takes_it_back(area, teacher, writer):
    old = fresh(teacher).position
    row = add_service_row(
        actor=writer,
        official=teacher,
        movement=Movement.RESIGNED,
        effective_on=today(),
        order_number="3/2569",
    )
    now = fresh(teacher)
    assert (now.left_on, now.leaving, now.position) == (today(), "resigned", None)
    strike_service_row(actor=writer, official=now, row=row, reason="ถอนใบลาออกแล้ว")
    now = fresh(teacher)
    assert now.is_serving and now.position == old
    assert Incumbency.objects.get(official=teacher).until is None


def test_what_began_on_the_very_day_is_made_again(area, teacher, writer):
    old = fresh(teacher).position
    Incumbency.objects.filter(official=teacher).update(since=today())
    row = add_service_row(
        actor=writer,
        official=teacher,
        movement=Movement.RESIGNED,
        effective_on=today(),
        order_number="3/2569",
    )
    assert not Incumbency.objects.filter(official=teacher).exists()
    strike_service_row(actor=writer, official=fresh(teacher), row=row, reason="ถอนใบลาออกแล้ว")
    held = Incumbency.objects.get(official=teacher)
    assert (held.position, held.since, held.until) == (old, today(), None)


def test_what_is_written_in_advance_comes_with_its_day(area, teacher, writer):
    later = today() + 20 * DAY
    add_service_row(actor=writer, official=teacher, salary=Decimal(35_000), **STEP | {"effective_on": later})
    row = add_service_row(actor=writer, official=teacher, **move(area, "8123", effective_on=later))
    assert fresh(teacher).salary == 31_344 and fresh(teacher).unit == area.school
    assert settle_rows(later - DAY) == 0
    settle(later)
    assert settle_rows(later) == 1
    assert fresh(teacher).salary == 35_000 and fresh(teacher).position.number == "8123"
    assert settle_rows(later) == 0
    assert row.before["salary" if "salary" in row.before else "held"]


def test_retirement_in_advance_ends_service_on_its_day(area, teacher, writer):
    later = today() + 5 * DAY
    add_service_row(
        actor=writer, official=teacher, movement=Movement.RETIRED, effective_on=later, order_number="1/2570"
    )
    assert fresh(teacher).is_serving
    settle_rows(later)
    now = fresh(teacher)
    assert (now.left_on, now.leaving, now.position) == (later, "retired", None)


def test_a_promotion_sets_the_standing_and_its_day(area, teacher, writer):
    row = add_service_row(
        actor=writer, official=teacher, movement=Movement.PROMOTED, effective_on=date(2026, 3, 2), order_number="4/2569",
        standing="k2", level="k2", salary=Decimal(36_000),
    )  # fmt: skip
    now = fresh(teacher)
    assert (now.standing, now.standing_on, now.level) == ("k2", date(2026, 3, 2), "k2")
    strike_service_row(actor=writer, official=now, row=row, reason="ยกเลิกมติ ก.ค.ศ.")
    now = fresh(teacher)
    assert (now.standing, now.standing_on, now.level, now.salary) == ("none", None, "", Decimal("31344.00"))


def test_placing_by_hand_after_the_row_is_left_alone_when_it_is_struck(area, teacher, writer):
    row = add_service_row(
        actor=writer, official=teacher, **move(area, "8123", effective_on=today() - 9 * DAY)
    )
    other = add_position(actor=writer, number="8200", title="ครู", unit=area.school, since=date(2020, 1, 1))
    place(actor=writer, official=fresh(teacher), position=other, since=today())
    strike_service_row(actor=writer, official=fresh(teacher), row=row, reason="คำสั่งถูกยกเลิก")
    assert fresh(teacher).position == other
