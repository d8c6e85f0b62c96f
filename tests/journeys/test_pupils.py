"""What becomes of pupils: a school year ends and is undone, a pupil is asked for and handed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.dmc import AT
from tests.journeys.conftest import running_site
from tests.journeys.pupils import NAMES, YEAR, enrolled, name_of, rows_of, thai_day
from tests.journeys.site import Site

ENDING, LOSING, GAINING = "99020066", "99020088", "99020064"
MANY = 16


@pytest.fixture(scope="module")
def rolls() -> dict[str, list[list[str]]]:
    return {ENDING: rows_of(ENDING, MANY, seed=3), LOSING: rows_of(LOSING, 4, seed=4)}


@pytest.fixture(scope="module")
def site(
    area: Any, databases: Any, django_db_blocker: Any, rolls: Any, tmp_path_factory: Any
) -> Iterator[Site]:
    def fill() -> None:
        enrolled(tmp_path_factory.mktemp("before"), [row for rows in rolls.values() for row in rows])

    yield from running_site(databases, django_db_blocker, area.database, f"pupils_{databases.own}", fill)


@pytest.mark.parametrize(
    "phone", [pytest.param(False, id="desktop", marks=pytest.mark.core), pytest.param(True, id="phone")]
)
def test_the_year_ends_and_is_undone(visit, site, phone, rolls):
    """At both widths one after the other: each undoes what it did."""
    planner = visit("planner")
    if not site.sql("SELECT 1 FROM students_yearend"):
        planner.open("/students/years/")
        planner.fill(school_year=str(YEAR), ends_on=f"31/03/{YEAR + 1}")
        planner.press("เปิดสิ้นปี")
        planner.toast(f"เปิดสิ้นปีการศึกษา {YEAR} แล้ว")

    clerk = visit(f"c.{ENDING}", phone=phone)
    clerk.open(f"/students/years/{YEAR}/")
    leaving = sum(row[AT["ชั้น"]] == "ป.6" for row in rolls[ENDING])
    clerk.sees(f"นักเรียน {MANY} คน ปีหน้าเหลือ {MANY - leaving} คน")
    clerk.press("เลื่อนชั้นโรงเรียนนี้")
    clerk.sees("เลื่อนชั้นครบแล้ว", f"เปิดปีใหม่ {MANY - leaving} คน")
    clerk.look("promoted")
    next_year = "SELECT count(*) FROM students_enrolment WHERE school_year = %s"
    assert site.sql(next_year, YEAR + 1) == [(MANY - leaving,)]
    clerk.open("/register/enrolments/")
    clerk.look("register")

    clerk.open(f"/students/years/{YEAR}/")
    clerk.fill(reason="กดก่อนประกาศผลสอบ")
    clerk.press("ย้อนกลับ")
    clerk.sees("ย้อนกลับแล้ว", "กดก่อนประกาศผลสอบ", f"นักเรียน {MANY} คน ปีหน้าเหลือ {MANY - leaving} คน")
    clerk.look("undone")
    assert site.sql(next_year, YEAR + 1) == [(0,)]


@pytest.mark.parametrize(
    "phone", [pytest.param(False, id="desktop"), pytest.param(True, id="phone", marks=pytest.mark.core)]
)
def test_a_pupil_is_asked_for_and_handed_over(visit, site, phone, rolls):
    """The school that gains knows number and birthday from the papers; the one that loses answers."""
    row = rolls[LOSING][1 + phone]
    clerk = visit(f"c.{GAINING}", phone=phone)
    clerk.open("/students/transfers/")
    clerk.press("ขอรับย้ายในเขต")
    clerk.page.wait_for_url(re.compile("/students/transfers/ask/"), wait_until="domcontentloaded")
    clerk.fill(
        id_value=row[AT["เลขประจำตัวประชาชน"]],
        born_on=row[AT["วันเกิด"]],
        moves_on=thai_day(),
        reason="ย้ายตามผู้ปกครอง",
    )
    clerk.page.locator("[name=grade]").select_option(label=row[AT["ชั้น"]])
    clerk.press("ขอรับย้าย")
    clerk.page.wait_for_url(re.compile(r"/students/transfers/\d+/"), wait_until="domcontentloaded")
    clerk.sees(f"รอโรงเรียน{NAMES[LOSING]}ตอบ")
    clerk.look("asked")
    address = clerk.page.url.removeprefix(site.url)

    other = visit(f"c.{LOSING}", phone=phone)
    other.open("/students/transfers/")
    other.page.get_by_role("link", name=name_of(row)).first.click()
    other.page.wait_for_url(f"**{address}", wait_until="domcontentloaded")
    other.sees("ย้ายตามผู้ปกครอง")
    other.press("ตอบรับการย้าย")
    other.sees("ย้ายแล้ว")
    other.look("accepted")

    clerk.open(address)
    clerk.press("ดูนักเรียน")
    clerk.sees(name_of(row))
    assert site.sql(
        "SELECT u.code FROM students_pupil p JOIN schools_school s ON s.id = p.school_id JOIN org_unit u ON u.id = s.unit_id"
        " WHERE p.first_name = %s AND p.last_name = %s",
        row[AT["ชื่อ"]], row[AT["นามสกุล"]],
    ) == [(GAINING,)]  # fmt: skip
