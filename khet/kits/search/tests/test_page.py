"""The page and the command box."""

from __future__ import annotations

import pytest
from django.urls import reverse

from khet.base.org.actions import add_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(world, client):
    account = add_account(actor=world.system, person=world.people[0], username="somchai", password="x")
    client.force_login(account)
    return client


def ask(client, q, **more):
    headers = {"X-Khet-Fragment": "command"} if more.pop("quick", False) else {}
    return client.get(reverse("search:home"), {"q": q, **more}, headers=headers)


def test_a_visitor_is_sent_to_sign_in(client, world):
    assert ask(client, "กขค").status_code == 302


def test_the_page_marks_what_was_found(reader, put):
    put("ประชุมสำนักงานเขตพื้นที่การศึกษา", number="ศธ 04093/ว123", body="ณ ห้องประชุมเขาแก้ว")
    page = ask(reader, "เขตพื้นที่").content.decode()
    assert "สำนักงาน<mark>เขตพื้นที่</mark>การศึกษา" in page
    assert "ศธ 04093/ว123" in page and "หนังสือ" in page
    assert "<mark>เขาแก้ว</mark>" in ask(reader, "เขาแกว").content.decode()


def test_nothing_of_another_school_is_in_any_byte(reader, put):
    put("ปฏิทินของเรา", school=0)
    put("ปฏิทินกำมะหยี่", school=1, number="ปกปิด/99")
    for quick in (False, True):
        page = ask(reader, "ปฏิทิน", quick=quick).content.decode()
        assert "ของเรา" in page and "กำมะหยี่" not in page and "ปกปิด" not in page and "หนองไทร 2" not in page


def test_the_command_box_gets_rows_only(reader, put):
    for number in range(12):
        put(f"ปฏิทิน {number}")
    response = ask(reader, "ปฏิทิน", quick=True)
    page = response.content.decode()
    assert "<html" not in page and page.count("/delegations/") == 4
    assert "X-Khet-Fragment" in response["Vary"]


def test_one_kind_in_pages(reader, put):
    for number in range(45):
        put(f"ปฏิทิน {number:02}")
    first = ask(reader, "ปฏิทิน", kind="delegation").content.decode()
    last = ask(reader, "ปฏิทิน", kind="delegation", page="3").content.decode()
    assert first.count('class="found-title"') == 20 and last.count('class="found-title"') == 5


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_does_not_follow_the_rows(reader, put, rows, django_assert_max_num_queries):
    for number in range(rows):
        put(f"ปฏิทิน {number}", body="ข้อความ ปฏิทิน")
    with django_assert_max_num_queries(15):
        ask(reader, "ปฏิทิน")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"q": "ก\x00ข"}, 400),
        ({"q": "ก" * 500}, 400),
        ({"q": "กข", "page": "-1' OR 1=1", "kind": "ไม่มี", "year": "๒๕๖๙", "unit": "9" * 30}, 200),
        ({"q": "กข", "page": "99999999999999999999"}, 200),
        ({"q": "<script>alert(1)</script>"}, 200),
        ({}, 200),
    ],
)
def test_hostile_addresses_are_answered_calmly(reader, put, query, status):
    put("กขค")
    response = reader.get(reverse("search:home"), query)
    assert response.status_code == status
    assert "<script>alert" not in response.content.decode()


def test_only_reading(reader):
    assert reader.post(reverse("search:home"), {"q": "กข"}).status_code == 405
