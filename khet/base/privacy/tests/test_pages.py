"""The pages of the record of reading: for the officer, for everybody about themselves."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone

from khet.base.journal.models import Entry
from khet.base.org.testing import freshen
from khet.base.privacy.api import Subject, record_reading
from khet.base.privacy.models import Reading
from khet.base.privacy.queries import BUSY_HOUR, occasions, readings, signs

pytestmark = pytest.mark.django_db


def read(area, reader="officer", *, about="เด็กชายกล้า", number=1, school="school1", what=("health",), **more):
    return record_reading(
        actor=area[reader],
        subject=Subject(f"students.pupil:{number}", about, area[school].pk),
        what=what,
        **more,
    )


def shown(client, **query) -> str:
    return client.get("/privacy/", query).content.decode().split("<tbody>")[1]


def test_the_officer_filters_by_reader_subject_day_kind_and_way(area, client):
    client.force_login(area["auditor"].account)
    read(area, about="เด็กชายกล้า", number=1, what=["health"])
    read(area, "principal1", about="เด็กหญิงขวัญ", number=2, what=["salary"], via="cell", reason="ตรวจสอบบัญชี")
    everything = shown(client)
    assert "เด็กชายกล้า" in everything and "เด็กหญิงขวัญ" in everything and "ตรวจสอบบัญชี" in everything
    for query in (
        {"reader": "เจ้าหน้าที่"}, {"subject": "กล้า"}, {"subject": "students.pupil:1"}, {"what": "health"}, {"via": "page"},
    ):  # fmt: skip
        rows = shown(client, **query)
        assert "เด็กชายกล้า" in rows and "เด็กหญิงขวัญ" not in rows, query
    day = timezone.localdate()
    be = f"{day.day}/{day.month}/{day.year + 543}"
    assert "เด็กชายกล้า" in shown(client, since=be, until=be)
    yesterday = day - timedelta(days=1)
    assert "เด็กชายกล้า" not in shown(client, until=f"{yesterday.day}/{yesterday.month}/{yesterday.year + 543}")


@pytest.mark.parametrize(
    "query",
    [
        "?since=30/02/2569",
        "?page=999999",
        "?page=x",
        "?what=%27--",
        "?reader=%25",
        "?occasion=x",
        "?subject=:",
        "?via=x",
    ],
)
def test_odd_filters_break_nothing(area, client, query):
    client.force_login(area["auditor"].account)
    read(area)
    assert client.get(f"/privacy/{query}").status_code == 200
    assert client.get(f"/privacy/export/{query}").status_code == 200


def test_what_was_read_together_is_one_row_that_opens(area, client):
    client.force_login(area["auditor"].account)
    many = [Subject(f"students.pupil:{n}", f"นักเรียน {n}", area["school1"].pk) for n in range(300)]
    occasion = record_reading(
        actor=area["officer"], subjects=many, what=["health"], via="export", reason="ส่งกรมอนามัย"
    )
    rows = shown(client)
    assert rows.count("<tr>") == 1 and "และอีก 299 คน" in rows
    opened = shown(client, occasion=str(occasion))
    assert opened.count("<tr>") == 200
    assert shown(client, occasion=str(occasion), page="2").count("<tr>") == 100


def test_the_number_of_queries_does_not_follow_the_rows(area, client, django_assert_max_num_queries):
    client.force_login(area["auditor"].account)
    for n in range(60):
        read(area, number=n)
    client.get("/privacy/")
    with django_assert_max_num_queries(15):
        page = client.get("/privacy/")
    assert page.content.decode().split("<tbody>")[1].count("<tr>") == 50
    assert shown(client, page="2").count("<tr>") == 10


def test_many_people_in_an_hour_and_people_of_another_unit_are_marked(area, client):
    client.force_login(area["auditor"].account)
    for n in range(BUSY_HOUR - 1):
        read(area, number=n)
    read(area, "principal1", number=1, school="school2", about="เด็กอื่น")
    assert [sign["kind"] for sign in signs(area["auditor"])] == ["outside"]
    assert "นอกหน่วยงานของผู้อ่าน" in shown(client, reader="ครู1")
    read(area, number=BUSY_HOUR)
    found = signs(area["auditor"])
    assert [(sign["kind"], sign["people"]) for sign in found] == [("busy", BUSY_HOUR), ("outside", 1)]
    assert all(row.is_busy for row in occasions(readings(area["auditor"], reader="เจ้าหน้าที่"), 1).rows)
    assert not any(row.is_busy for row in occasions(readings(area["auditor"], reader="ครู1"), 1).rows)
    page = client.get("/privacy/").content.decode()
    assert f"ของ {BUSY_HOUR} คนภายในหนึ่งชั่วโมง" in page and "1 คนนอกหน่วยงานของตน" in page


def test_a_principal_sees_what_was_read_about_the_school_alone(area, client):
    client.force_login(area["principal1"].account)
    read(area, about="ของเรา")
    read(area, about="ของเขา", school="school2")
    rows = shown(client)
    assert "ของเรา" in rows and "ของเขา" not in rows
    assert "ของเขา" not in shown(client, subject="ของเขา")


@pytest.mark.parametrize("who", ["officer", "admin"])
def test_others_do_not_look_into_it(area, client, who):
    client.force_login(area[who].account)
    assert client.get("/privacy/").status_code == 403
    assert client.get("/privacy/export/").status_code == 403


def test_the_record_leaves_with_a_reason_a_fresh_sign_in_and_a_line_in_the_journal(area, client):
    client.force_login(area["auditor"].account)
    read(area, about="=HYPERLINK(1)", reason="เยี่ยมบ้านนักเรียน")
    assert "เหตุผล" in client.get("/privacy/export/").content.decode()
    assert client.post("/privacy/export/", {"reason": "x"}).status_code == 422
    stale = client.post("/privacy/export/", {"reason": "ตรวจตามคำร้อง"})
    assert stale.status_code == 401 and not Entry.objects.filter(verb="privacy.take_out_readings").exists()
    freshen(client)
    answer = client.post("/privacy/export/?reader=%E0%B9%80%E0%B8%88", {"reason": "ตรวจตามคำร้อง"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1][1] == "เจ้าหน้าที่ ดีงาม" and rows[1][6] == "เยี่ยมบ้านนักเรียน"
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    entry = Entry.objects.get(verb="privacy.take_out_readings")
    assert entry.facts == {"reason": "ตรวจตามคำร้อง", "conditions": {"reader": "เจ"}}


def test_everybody_sees_who_read_about_them_and_about_nobody_else(area, client):
    me, other = area["officer"].person, area["principal1"].person
    record_reading(actor=area["admin"], subject=me, what=["contact"], reason="ติดต่อราชการด่วน")
    record_reading(actor=area["admin"], subject=other, what=["contact"], reason="เรื่องของคนอื่น")
    record_reading(actor=area["officer"], subject=me, what=["contact"], reason="ดูของตนเอง")
    client.force_login(area["officer"].account)
    page = client.get("/privacy/mine/").content.decode()
    assert "ติดต่อราชการด่วน" in page and "ผู้ดูแล ดีงาม" in page
    assert "เรื่องของคนอื่น" not in page and "ดูของตนเอง" not in page
    assert Reading.objects.count() == 3  # looking at it is no reading


def test_a_visitor_is_led_to_the_door(client):
    for url in ("/privacy/", "/privacy/export/", "/privacy/mine/"):
        assert client.get(url).status_code == 302
