"""Criterion, people, vacancies: the statement, the verbs, the pages."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.lib.pdf import page_text
from khet.base.lib.sheets import read
from khet.base.lib.thai import school_term, school_year
from khet.base.org.api import today
from khet.base.ui import dates
from khet.kits.register.api import import_file
from khet.modules.schools.api import School
from khet.modules.staff.actions import (
    add_criterion,
    add_official,
    add_position,
    change_criterion,
    leave_service,
    place,
    remove_criterion,
    second,
    start_criteria,
)
from khet.modules.staff.models import Criterion, Official
from khet.modules.staff.queries.manpower import manpower, share, signed, together
from khet.modules.staff.queries.retirement import forecast
from khet.modules.students.api import Enrolment, Pupil

DAY = timedelta(days=1)


def enrol(unit, grade, count, room=1, year=None, term=None):
    """So many pupils of a class on the roll."""
    school, day = School.objects.get(unit=unit), today()
    pupils = Pupil.objects.bulk_create(
        Pupil(first_name=f"หนึ่ง{n}", last_name="ใจดี", title="เด็กชาย", sex="m") for n in range(count)
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            pupil=pupil, school=school, school_year=year or school_year(day), term=term or school_term(day), grade=grade, room=room,
            state="studying",
        )
        for pupil in pupils
    )  # fmt: skip


def line_of(unit, day=None):
    day = day or today()
    return manpower(day, school_year(day), school_term(day), [unit.pk])[unit.pk]


@pytest.fixture
def ruled(area):
    start_criteria(actor=area.system)
    return area


def teachers(area, unit, count, number=2000):
    return [
        add_official(actor=area.system, first_name=f"ครู{n}", last_name="ใหม่", unit=unit, title="ครู", kind="teacher", position_number=str(number + n), in_position_since=date(2020, 5, 16))
        for n in range(count)
    ]  # fmt: skip


def test_a_small_school_has_a_head_and_a_teacher_for_twenty_pupils_begun(ruled):
    assert start_criteria(actor=ruled.system) == 0
    enrol(ruled.school, "p1", 40)
    enrol(ruled.school, "p2", 21)
    line = line_of(ruled.school)
    assert (line.pupils, line.rooms) == (61, 2)
    # 61 pupils: one head, four teachers; no row counts deputies.
    assert (line.count("principal").wanted, line.count("teacher").wanted, line.count("vice").wanted) == (
        1,
        4,
        None,
    )
    # One principal and one teacher serve (the clerk is on a contract).
    assert (line.count("principal").held, line.count("teacher").held) == (1, 1)
    whole = line.count()
    assert (whole.wanted, whole.held, whole.gap("paper")) == (5, 2, -3)
    assert share(-3, 5) == -60 and share(1, None) is None and share(None, 3) is None
    assert (signed(-3), signed(2), signed(0), signed(-9.96), signed(None)) == ("−3", "+2", "0", "−10.0", "")
    assert line_of(ruled.other).count().wanted is None  # no roll, nothing to compare with


def test_a_larger_school_is_counted_by_rooms_of_each_grade_and_rounded_once(ruled):
    for grade, count in (("k2", 31), ("p1", 41), ("p2", 30), ("m1", 45)):
        enrol(ruled.other, grade, count)
    # k2: 2 rooms of 30/25; p1: 2 rooms and p2: 1 of 40/25; m1: 2 of 40/20. 2.4 + 4.8 + 4 = 11.2 → 11.
    assert line_of(ruled.other).count("teacher").wanted == 11
    Criterion.objects.filter(stage="k").update(room_rest=10)  # one child more opens no second room
    assert line_of(ruled.other).count("teacher").wanted == 10  # 1.2 + 4.8 + 4 = 10.0
    Criterion.objects.filter(stage="p").update(per=None)  # a teacher a room
    assert line_of(ruled.other).count("teacher").wanted == 8  # 1.2 + 3 + 4 = 8.2
    Criterion.objects.filter(stage="l").update(fixed=1)
    assert line_of(ruled.other).count("teacher").wanted == 9
    enrol(ruled.other, "p6", 5)  # a class of five is a room also where a rest must be ten
    Criterion.objects.filter(stage="p").update(room_rest=10)
    assert (
        line_of(ruled.other).count("teacher").wanted == 9
    )  # 1.2 + (1 + 1 + 1) + 5 = 9.2: 41 pupils are one room now


def test_paper_work_and_frame(ruled):
    enrol(ruled.school, "p1", 20)
    made = teachers(ruled, ruled.school, 2)
    add_position(
        actor=ruled.system,
        number="2999",
        unit=ruled.school,
        title="ครู",
        kind="teacher",
        since=date(2020, 1, 1),
    )
    add_official(actor=ruled.system, first_name="จ้าง", unit=ruled.school, title="ครูอัตราจ้าง", kind="contract")
    second(actor=ruled.system, official=made[0], unit=ruled.other)
    line = line_of(ruled.school)
    counted = line.count("teacher")
    assert (counted.held, counted.work, counted.vacant, line.others) == (3, 2, 1, 1)
    assert [counted.actual(by) for by in ("paper", "work", "frame")] == [3, 2, 4]
    # An officer of 38 ค.(2) or a contract teacher sits on no seat of the criterion.
    both = together([counted, line.count("principal")])
    assert (both.wanted, both.held) == (2, 4)
    leave_service(actor=ruled.system, official=made[1], since=today(), leaving="retired")
    assert (line_of(ruled.school).count("teacher").held, line_of(ruled.school).count("teacher").vacant) == (
        2,
        2,
    )


def test_another_day_has_the_people_and_the_criterion_of_that_day(ruled):
    when = date(2026, 6, 10)
    enrol(ruled.school, "p1", 20, year=2569, term=1)
    made = teachers(ruled, ruled.school, 2)
    vacant = add_position(
        actor=ruled.system,
        number="3100",
        unit=ruled.other,
        title="ครู",
        kind="teacher",
        since=date(2020, 1, 1),
    )
    place(actor=ruled.system, official=made[0], position=vacant, since=date(2026, 10, 1))
    leave_service(actor=ruled.system, official=made[1], since=date(2026, 10, 1), leaving="retired")
    Official.objects.filter(pk=ruled.officials["teacher"].pk).update(started_on=date(2026, 7, 1))
    counts = lambda unit, day, term: manpower(day, 2569, term, [unit.pk])[unit.pk].count("teacher")  # noqa: E731
    then = counts(ruled.school, when, 1)
    assert (then.wanted, then.held, then.vacant) == (1, 2, 0)
    now = counts(ruled.school, date(2026, 11, 10), 1)
    assert (now.held, now.vacant) == (1, 2)
    # Who was in 3100 before its first known holder nobody knows: it is not told as vacant.
    assert counts(ruled.other, when, 1).vacant == 0
    assert counts(ruled.other, date(2026, 11, 10), 1).held == 1
    add_criterion(
        actor=ruled.people["personnel"], seat="teacher", since=date(2026, 10, 1), fixed=7, source="หนังสือใหม่"
    )
    assert (counts(ruled.school, when, 1).wanted, counts(ruled.school, date(2026, 11, 10), 1).wanted) == (
        1,
        7,
    )


def test_rows_of_the_criterion(ruled):
    officer = ruled.people["personnel"]
    row = add_criterion(
        actor=officer, seat="vice", since=date(2030, 1, 1), low=360, high=719, fixed=1, source="ว สมมุติ"
    )
    assert row.code == "2573-vice-360-all" and not row.is_confirmed
    with pytest.raises(Conflict) as why:
        add_criterion(
            actor=officer, seat="vice", since=date(2030, 1, 1), low=700, high=900, fixed=2, source="x"
        )
    assert why.value.field == "low"
    for wrong, field in (
        ({"low": 9, "high": 3, "fixed": 1, "source": "x"}, "high"),
        ({"source": "x"}, "fixed"),
        ({"fixed": 1, "source": " "}, "source"),
    ):
        with pytest.raises(Refusal) as why:
            add_criterion(actor=officer, seat="teacher", since=date(2031, 1, 1), **wrong)
        assert why.value.field == field
    with pytest.raises(Forbidden):
        add_criterion(actor=ruled.people["principal"], seat="vice", fixed=1, source="x")
    change_criterion(actor=officer, criterion=row, high=800, is_confirmed=True)
    with pytest.raises(Forbidden):
        change_criterion(actor=ruled.people["director"], criterion=row, high=900)
    with pytest.raises(Forbidden):
        remove_criterion(actor=ruled.people["director"], criterion=row)
    remove_criterion(actor=officer, criterion=row)
    assert not Criterion.objects.filter(seat="vice").exists()


def test_a_table_comes_in_as_a_sheet(ruled, sheet):
    officer = ruled.people["personnel"]
    head = {
        "รหัสเกณฑ์": "ว23-1",
        "ตำแหน่งที่นับ": "ครูผู้สอน",
        "ใช้ตั้งแต่วันที่": "1/10/2570",
        "ตั้งแต่": "1",
        "ถึง": "120",
        "นักเรียนต่อครู": "15",
        "ที่มา": "ว 23",
    }
    path = sheet(
        [
            head,
            head
            | {
                "รหัสเกณฑ์": "ว23-2",
                "ตั้งแต่": "121",
                "ถึง": "99999",
                "ระดับ": "ประถมศึกษา",
                "นักเรียนต่อห้อง": "30",
                "นักเรียนต่อครู": "20",
            },
        ]
    )
    result = import_file(actor=officer, kind="manpower-criteria", path=path, confirm=True)
    assert (result.new, result.wrong) == (2, 0), result.faults
    new = Criterion.objects.get(code="ว23-2")
    assert (new.stage, new.room_size, new.per, new.since) == ("p", 30, 20, date(2027, 10, 1))
    bad = sheet(
        [
            head | {"รหัสเกณฑ์": "ว23-3", "ตั้งแต่": "500", "ถึง": "400"},
            head | {"รหัสเกณฑ์": "ว23-4", "นักเรียนต่อครู": "=1+1"},
        ],
        "bad.csv",
    )
    result = import_file(actor=officer, kind="manpower-criteria", path=bad, confirm=True)
    assert (result.new, result.wrong) == (0, 2), result.faults


def test_page_print_export(ruled, client, django_assert_max_num_queries):
    enrol(ruled.school, "p1", 40)
    enrol(ruled.other, "p1", 20)
    client.force_login(ruled.accounts["personnel"])
    url = reverse("staff:manpower")
    client.get(url)
    with django_assert_max_num_queries(15):
        page = client.get(url).content.decode()
    assert "บ้านไร่ธารใส" in page and "ยังไม่ได้เทียบกับหนังสือ" in page and "ว่าง 0 อัตรา" in page
    short = client.get(url, {"show": "short"}).content.decode()
    assert "บ้านไร่ธารใส" in short
    odd = client.get(
        url, {"show": "x", "by": "'", "seat": "9", "at": "2569-06-10.x.y", "term": "1", "day": "ไม่ใช่วัน"}
    )
    assert odd.status_code == 200 and "ตารางนี้จึงเป็นของวันนี้" in odd.content.decode()
    past = client.get(url, {"day": "10/6/2560"}).content.decode()
    assert dates.short(date(2017, 6, 10)) in past
    table = read(io.BytesIO(client.get(reverse("staff:manpower_xlsx")).content), "x.xlsx")
    assert list(table.columns)[11:14] == ["เกณฑ์ รวม", "มี รวม", "ขาด/เกิน"]
    first = dict(zip(table.columns, table.rows[0], strict=True))
    assert (first["โรงเรียน"], str(first["ขาด/เกิน"])) == ("บ้านไร่ธารใส", "-1") and len(table.rows) == 3
    assert "บ้านไร่ธารใส" in page_text(client.get(reverse("staff:manpower_pdf")).content)
    Criterion.objects.all().delete()
    assert "ใส่เกณฑ์ตั้งต้น" in client.get(url).content.decode()
    assert client.post(reverse("staff:start_criteria")).status_code == 302 and Criterion.objects.count() == 6


def test_a_principal_sees_the_own_school_and_a_teacher_none(ruled, client):
    enrol(ruled.school, "p1", 40)
    client.force_login(ruled.accounts["principal"])
    page = client.get(reverse("staff:manpower")).content.decode()
    assert "บ้านไร่ธารใส" in page and "วัดเกาะกลางธาราม" not in page
    assert "วัดเกาะกลางธาราม" not in client.get(reverse("staff:retirement"), {"by": "unit"}).content.decode()
    assert client.post(reverse("staff:start_criteria")).status_code == 403
    row = Criterion.objects.first()
    assert client.get(reverse("staff:remove_criterion", args=[row.pk])).status_code == 403
    school = School.objects.get(unit=ruled.school)
    tab = client.get(reverse("register:tab", args=["schools", school.pk, "staff"])).content.decode()
    assert "เกณฑ์ 2 คน" in tab and ruled.officials["teacher"].person.full_name in tab
    client.force_login(ruled.accounts["teacher"])
    for name in (
        "manpower",
        "manpower_xlsx",
        "manpower_pdf",
        "retirement",
        "retirement_xlsx",
        "retirement_pdf",
    ):
        assert client.get(reverse(f"staff:{name}")).status_code == 403, name


def test_a_row_is_removed_and_a_position_closed_after_asking(ruled, client):
    client.force_login(ruled.accounts["personnel"])
    row = Criterion.objects.get(code="2545-1")
    url = reverse("staff:remove_criterion", args=[row.pk])
    assert "ลบเกณฑ์" in client.get(url).content.decode() and Criterion.objects.filter(pk=row.pk).exists()
    client.post(url)
    assert not Criterion.objects.filter(pk=row.pk).exists()
    position = ruled.officials["teacher"].position
    url = reverse("staff:close_position", args=[position.pk])
    assert client.get(url).status_code == 200
    held = client.post(url, {"last_day": "30/9/2569"})
    assert held.status_code == 422 and "ยังมีผู้ครอง" in held.content.decode()
    free = add_position(
        actor=ruled.system,
        number="5555",
        unit=ruled.school,
        title="ครู",
        kind="teacher",
        since=date(2020, 1, 1),
    )
    client.post(reverse("staff:close_position", args=[free.pk]), {"last_day": "30/9/2569"})
    free.refresh_from_db()
    assert free.until == date(2026, 9, 30)


def test_who_retires_when(area, client):
    day = today()
    Official.objects.filter(pk=area.officials["teacher"].pk).update(
        born_on=date(day.year - 59, 9, 1), subject="maths"
    )
    Official.objects.filter(pk=area.officials["stranger"].pk).update(born_on=date(day.year - 70, 9, 1))
    Official.objects.filter(pk=area.officials["director"].pk).update(born_on=None)
    found = forecast(None)
    assert len(found.years) == 10 and (found.late, found.unknown) == (1, 1)
    assert found.cells["maths", day.year + 1 + 543] == 1 and sum(found.cells.values()) >= 1
    assert forecast([area.other.pk]).late == 1 and not forecast([area.other.pk]).cells
    by_unit = forecast(None, by="unit")
    assert by_unit.cells[area.school.pk, day.year + 1 + 543] == 1
    client.force_login(area.accounts["personnel"])
    page = client.get(reverse("staff:retirement")).content.decode()
    assert "คณิตศาสตร์" in page and "เลยวันเกษียณแล้ว" in page
    table = read(io.BytesIO(client.get(reverse("staff:retirement_xlsx"), {"by": "unit"}).content), "x.xlsx")
    assert table.rows[-1][0] == "รวม"
    assert "คาดการณ์" in page_text(client.get(reverse("staff:retirement_pdf")).content)
