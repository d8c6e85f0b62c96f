"""Movement sheets and salary lists: checked, confirmed, brought again without a double, taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khet.base.lib.errors import Conflict, Refusal
from khet.base.org.api import today
from khet.base.ui.forms import ThaiDateInput
from khet.kits.register.actions import undo
from khet.kits.register.api import import_file
from khet.kits.register.models import Batch
from khet.modules.staff.actions import add_position, correct_service_row, place
from khet.modules.staff.models import Incumbency, Official, Position, Secondment, ServiceRow
from khet.modules.staff.records.service_files import read_steps

pytestmark = pytest.mark.usefixtures("held_for_long")

DAY = ThaiDateInput().format_value(today())


def fresh(official):
    return Official.objects.select_related("position", "unit", "work_unit", "person").get(pk=official.pk)


def pay(official, new, **more):
    return {
        "ชื่อ-สกุล": official.person.full_name, "เลขที่ตำแหน่ง": official.position.number, "เงินเดือนเดิม": str(official.salary), "ร้อยละ": "ร้อยละ 2.95",
        "เงินเดือนใหม่": new, "คำสั่งที่": "คำสั่งที่ ๑๑๘/๒๕๖๙", "ลงวันที่": "29/05/2569", "มีผลตั้งแต่": "1/4/2569", **more,
    }  # fmt: skip


def move(official, **more):
    return {
        "รหัสบุคลากร": official.code, "ชื่อ-นามสกุล": official.person.full_name, "ประเภทการเคลื่อนไหว": "ย้าย", "วันที่มีผล": DAY, "เลขที่คำสั่ง": "55/2569",
        "วันที่ออกคำสั่ง": "1/11/2569", **more,
    }  # fmt: skip


def bring(area, kind, path, actor=None):
    return import_file(actor=actor or area.people["personnel"], kind=kind, path=path, confirm=True)


def take_back(area, result):
    return undo(actor=area.people["personnel"], batch=Batch.objects.get(pk=result.batch))


def test_a_salary_list_writes_rows_and_pay_once(area, sheet):
    teacher, principal = area.officials["teacher"], area.officials["principal"]
    path = sheet([pay(teacher, "32,270"), pay(principal, "32260.50")])
    done = bring(area, "salaries", path)
    assert (done.new, done.changed, done.wrong) == (2, 0, 0), done.faults
    assert (fresh(teacher).salary, fresh(principal).salary) == (Decimal("32270.00"), Decimal("32260.50"))
    row = ServiceRow.objects.get(official=teacher)
    assert (row.movement, row.words, row.order_number, row.effective_on) == (
        "raised", "เลื่อนเงินเดือน ร้อยละ 2.95", "118/2569", date(2026, 4, 1),
    )  # fmt: skip
    assert (row.unit, row.position_number, row.source) == (area.school, teacher.position.number, path.name)
    again = bring(area, "salaries", path)
    assert (again.new, again.changed, again.same, again.wrong) == (0, 0, 2, 0), again.faults
    assert ServiceRow.objects.count() == 2


def test_taking_it_back_strikes_the_rows_and_puts_pay_back(area, sheet):
    teacher = area.officials["teacher"]
    path = sheet([pay(teacher, "32270")])
    done = bring(area, "salaries", path)
    take_back(area, done)
    assert fresh(teacher).salary == Decimal("31344.00")
    assert ServiceRow.objects.count() == 2 and not ServiceRow.objects.in_force().exists()
    once_more = bring(area, "salaries", path)
    assert once_more.new == 1 and fresh(teacher).salary == 32_270


def test_a_row_that_says_otherwise_is_corrected_and_that_is_taken_back_too(area, sheet):
    teacher = area.officials["teacher"]
    bring(area, "salaries", sheet([pay(teacher, "32270")]))
    done = bring(area, "salaries", sheet([pay(teacher, "32370")], "two.csv"))
    assert (done.new, done.changed) == (0, 1)
    right = ServiceRow.objects.in_force().get()
    assert right.salary == 32_370 and right.reason == "แก้ตามไฟล์ two.csv" and right.corrects.salary == 32_270
    take_back(area, done)
    assert ServiceRow.objects.in_force().get().salary == 32_270 and fresh(teacher).salary == 32_270


def test_what_was_corrected_by_hand_is_left_so_when_the_file_comes_again(area, sheet):
    teacher = area.officials["teacher"]
    path = sheet([pay(teacher, "32270")])
    done = bring(area, "salaries", path)
    row = ServiceRow.objects.get()
    correct_service_row(
        actor=area.people["personnel"],
        official=fresh(teacher),
        row=row,
        reason="พิมพ์เงินเดือนผิด",
        salary=Decimal(32_300),
    )
    again = bring(area, "salaries", path)
    assert (again.new, again.changed, again.same) == (0, 0, 1)
    assert fresh(teacher).salary == 32_300
    with pytest.raises(Conflict) as why:
        take_back(area, done)
    assert why.value.code == "register.touched"


@pytest.mark.parametrize(
    ("head", "cell", "column"),
    [
        ("เงินเดือนใหม่", "30000", "salary"),
        ("เงินเดือนใหม่", "999999999", "salary"),
        ("เงินเดือนใหม่", "=1+1", "salary"),
        ("มีผลตั้งแต่", "31/4/2569", "effective_on"),
        ("คำสั่งที่", "", "order_number"),
        ("ร้อยละ", "ร้อยละ 40", "steps"),
        ("เลขที่ตำแหน่ง", "99999", "position_number"),
        ("เลขที่ตำแหน่ง", "'; DROP TABLE--", "position_number"),
    ],
)
def test_a_wrong_cell_stops_its_row_alone(area, sheet, head, cell, column):
    teacher, principal = area.officials["teacher"], area.officials["principal"]
    done = bring(area, "salaries", sheet([pay(teacher, "32270"), pay(principal, "35000") | {head: cell}]))
    assert (done.new, done.wrong) == (1, 1)
    assert {fault["column"] for fault in done.faults if fault["stops"]} == {column}
    assert fresh(principal).salary == 31_342


def test_one_person_twice_by_one_order_is_a_fault(area, sheet):
    teacher = area.officials["teacher"]
    done = bring(area, "salaries", sheet([pay(teacher, "32270"), pay(teacher, "32280")]))
    assert (done.new, done.wrong) == (0, 2)


def test_another_name_and_another_old_salary_are_worth_a_look(area, sheet):
    teacher = area.officials["teacher"]
    done = import_file(
        actor=area.people["personnel"], kind="salaries",
        path=sheet([pay(teacher, "32270") | {"ชื่อ-สกุล": "นายคนละคน", "เงินเดือนเดิม": "30000"}]),
    )  # fmt: skip
    assert (done.new, done.wrong) == (1, 0)
    batch = Batch.objects.get(pk=done.batch)
    said = {fault[0]: fault[2] for fault in batch.rows.get().faults}
    assert said == {"full_name": False, "old_salary": False}


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.5", "step_half"), ("๑", "step_one"), ("1.5 ขั้น", "step_one_half"), ("2", "step_two"), ("2.95", "raised:2.95"), ("ร้อยละ 1", "raised:1"), ("2%", "raised:2")],
)  # fmt: skip
def test_steps_as_sheets_write_them(text, value):
    assert read_steps(text) == value


def test_a_movement_sheet_moves_people_and_back(area, sheet):
    teacher, clerk = area.officials["teacher"], area.officials["clerk"]
    old = fresh(teacher).position
    add_position(actor=area.system, number="7001", title="ครู", unit=area.other, since=date(2020, 1, 1))
    path = sheet(
        [
            move(
                teacher, เลขที่ตำแหน่ง="7001", ตำแหน่ง="ครู", สังกัด="โรงเรียนวัดเกาะกลางธาราม", อัตราเงินเดือน="32,000"
            ),
            move(clerk, ประเภทการเคลื่อนไหว="ช่วยราชการ", สังกัด="99029002"),
        ]
    )
    done = bring(area, "movements", path)
    assert (done.new, done.wrong) == (2, 0), done.faults
    now = fresh(teacher)
    assert (now.position.number, now.unit, now.salary) == ("7001", area.other, 32_000)
    assert Incumbency.objects.get(official=teacher, position=old).until is not None
    assert fresh(clerk).work_unit == area.other and Secondment.objects.filter(official=clerk).count() == 1
    again = bring(area, "movements", path)
    assert (again.new, again.changed, again.same, again.wrong) == (0, 0, 2, 0), again.faults
    assert (ServiceRow.objects.count(), Incumbency.objects.filter(official=teacher).count()) == (2, 2)
    take_back(area, done)
    now = fresh(teacher)
    assert (now.position, now.unit, now.salary) == (old, area.school, Decimal("31344.00"))
    assert fresh(clerk).work_unit == area.school and not Secondment.objects.exists()
    assert ServiceRow.objects.filter(is_void=True).count() == 2


def test_two_change_places_in_one_file_but_nobody_is_put_where_another_stays(area, sheet):
    teacher, other = area.officials["teacher"], area.officials["stranger"]
    mine, theirs = fresh(teacher).position, fresh(other).position
    lonely = bring(area, "movements", sheet([move(teacher, เลขที่ตำแหน่ง=theirs.number)]))
    assert (lonely.new, lonely.wrong) == (0, 1) and "ไม่ได้ย้ายออกในไฟล์นี้" in lonely.faults[0]["sentence"]
    both = bring(
        area, "movements",
        sheet([move(teacher, เลขที่ตำแหน่ง=theirs.number), move(other, เลขที่ตำแหน่ง=mine.number)], "both.csv"),
    )  # fmt: skip
    assert (both.new, both.wrong) == (2, 0), both.faults
    assert (fresh(teacher).position, fresh(other).position) == (theirs, mine)


def test_places_outside_and_old_orders_are_written_down_only(area, sheet):
    teacher = area.officials["teacher"]
    done = bring(
        area, "movements",
        sheet([
            move(teacher, สังกัด="โรงเรียนบ้านไกล สพป.นครไกล เขต 1"),
            move(teacher, วันที่มีผล="1/10/2550", เลขที่ตำแหน่ง="123", สังกัด="99029002", ประเภทการเคลื่อนไหว="บรรจุและแต่งตั้ง"),
            move(teacher) | {"เลขที่คำสั่ง": "9/2569", "ประเภทการเคลื่อนไหว": "ได้รับมอบหมายงานพิเศษ"},
        ]),
    )  # fmt: skip
    assert (done.new, done.wrong) == (3, 0), done.faults
    assert fresh(teacher).unit == area.school and not Position.objects.filter(number="123").exists()
    rows = {row.order_number + row.movement: row for row in ServiceRow.objects.all()}
    assert rows["55/2569transferred"].place == "โรงเรียนบ้านไกล สพป.นครไกล เขต 1"
    assert rows["9/2569other"].words == "ได้รับมอบหมายงานพิเศษ"


def test_nothing_is_taken_back_once_somebody_has_moved_on(area, sheet):
    teacher = area.officials["teacher"]
    done = bring(
        area, "movements", sheet([move(teacher, เลขที่ตำแหน่ง="8123", สังกัด="99029002", วันที่มีผล="1/11/2569")])
    )
    assert done.new == 1, done.faults
    other = add_position(
        actor=area.system, number="8200", title="ครู", unit=area.school, since=date(2020, 1, 1)
    )
    place(actor=area.system, official=fresh(teacher), position=other, since=today())
    with pytest.raises(Conflict) as why:
        take_back(area, done)
    assert why.value.code == "staff.moved_on"
    assert ServiceRow.objects.count() == 1 and fresh(teacher).position == other


def test_people_are_found_by_citizen_id_that_lies_nowhere_in_clear(area, sheet):
    from khet.modules.staff.actions import set_citizen_id
    from khet.modules.staff.tests.conftest import IDS
    from khet.modules.staff.tests.test_import import everything_kept

    teacher = area.officials["teacher"]
    set_citizen_id(actor=area.system, official=teacher, value=IDS[0])
    row = pay(teacher, "32270") | {"เลขประจำตัวประชาชน": IDS[0]}
    done = bring(area, "salaries", sheet([row, row | {"เลขประจำตัวประชาชน": IDS[1], "เลขที่ตำแหน่ง": ""}]))
    assert (done.new, done.wrong) == (1, 1), done.faults
    assert ServiceRow.objects.get().official == teacher
    assert IDS[0] not in everything_kept() and IDS[1] not in everything_kept()


def test_who_may_not(area, sheet):
    path = sheet([pay(area.officials["teacher"], "32270")])
    for word in ("teacher", "principal", "director"):
        with pytest.raises(Refusal):
            bring(area, "salaries", path, actor=area.people[word])
    assert not ServiceRow.objects.exists()


def test_questions_do_not_follow_the_rows(area, sheet):
    words = ["teacher", "principal", "director", "stranger"]

    def counted(some, number):
        rows = [pay(area.officials[w], "40000") | {"คำสั่งที่": number} for w in some]
        path = sheet(rows, f"{number[0]}.csv")
        with CaptureQueriesContext(connection) as queries:
            assert bring(area, "salaries", path).new == len(some)
        return len(queries)

    counted(words[:1], "0/2569")
    two = counted(words[:2], "1/2569")
    assert counted(words, "2/2569") == two
