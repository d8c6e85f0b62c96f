"""The pages as people of the office and of schools meet them."""

from __future__ import annotations

import io
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse

from khet.base.lib.pdf import page_text
from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.org.api import today
from khet.base.org.testing import freshen
from khet.base.privacy.models import Reading
from khet.modules.children.choices import Paper
from khet.modules.children.models import Case, Child, Visit
from khet.modules.children.queries.children import now_year
from khet.modules.children.tests.conftest import AMPHOE, TAMBON, citizen_id


@pytest.fixture
def enter(area, client):
    def enter(word):
        client.force_login(area.accounts[word])
        freshen(client)
        return client

    return enter


@pytest.fixture
def children(area) -> list[Child]:
    """One at its own school, one nowhere, one of the other school's villages."""
    area.pupil(1)
    made = [area.child(1), area.child(2), area.child(3, moo="3")]
    area.match()
    return made


def test_figures_of_the_area_and_of_a_school(enter, area, children):
    page = enter("planner").get(reverse("children:home"))
    assert page.status_code == 200
    assert (page.context["figures"].whole.bound, page.context["figures"].whole.none) == (3, 2)
    assert [line.label for line in page.context["schools"]] == ["บ้านไร่ธารใส", "วัดเกาะกลางธาราม"]
    one = enter("planner").get(reverse("children:home"), {"school": area.other.pk})
    assert one.context["figures"].whole.total == 1
    mine = enter("clerk").get(reverse("children:home"))
    assert (mine.context["figures"].whole.total, mine.context["schools"]) == (2, [])
    assert (
        enter("clerk")
        .get(reverse("children:home"), {"school": area.other.pk, "year": "x"})
        .context["figures"]
        .whole.total
        == 0
    )
    assert enter("finance").get(reverse("children:home")).status_code == 403


def test_an_empty_area_is_told_what_to_do(enter, area):
    assert "นำเข้ารายชื่อจาก ทร.14" in enter("planner").get(reverse("children:home")).content.decode()
    assert "ไม่มีเด็กที่ต้องติดตาม" in enter("teacher").get(reverse("children:tracing")).content.decode()


def test_the_list_masks_what_is_of_the_home(enter, children):
    page = enter("clerk").get(
        reverse("register:list", args=["children"]), {"show": ["name", "number", "born", "house", "parents"]}
    )
    words = page.content.decode()
    assert "ดารา1" in words
    for hidden in (citizen_id(1), "1/1<", "นายเมฆา", "05/2560"):
        assert hidden not in words
    detail = enter("clerk").get(reverse("register:detail", args=["children", children[0].pk]))
    assert "นายเมฆา" not in detail.content.decode()
    assert citizen_id(1) not in detail.content.decode()
    assert Reading.objects.filter(subject=f"children.child:{children[0].pk}").exists()


def test_a_lock_opens_for_a_reason_and_full_numbers_for_the_planner_alone(enter, children):
    url = reverse("register:open", args=["children", children[0].pk])
    assert (
        "นายเมฆา"
        in enter("clerk").post(url, {"mask": "children.home", "reason": "เยี่ยมบ้านเด็ก"}).content.decode()
    )
    assert enter("clerk").post(url, {"mask": "children.read_ids", "reason": "เยี่ยมบ้านเด็ก"}).status_code == 403
    opened = (
        enter("planner")
        .post(url, {"mask": "children.read_ids", "reason": "ตรวจกับทะเบียนบ้าน"})
        .content.decode()
    )
    assert citizen_id(1)[1:5] in opened
    assert Reading.objects.filter(via="cell").count() == 2


def test_a_number_finds_its_child(enter, children):
    found = enter("planner").get(reverse("register:list", args=["children"]), {"q": citizen_id(2)})
    assert "ดารา2" in found.content.decode()
    assert "ดารา1" not in found.content.decode()


def test_the_tabs_of_child_school_and_pupil(enter, area, children):
    client = enter("planner")
    for kind, pk, tab in (
        ("children", children[1].pk, "years"), ("schools", area.school.pk, "children"), ("schools", area.other.pk, "children"),
        ("pupils", area.pupil(9).pk, "tracing"),
    ):  # fmt: skip
        assert client.get(reverse("register:tab", args=[kind, pk, tab])).status_code == 200, (kind, tab)


def test_a_place_is_recorded_on_a_form_and_taken_back(enter, children):
    client, child = enter("clerk"), children[1]
    url = reverse("children:elsewhere", args=[child.pk])
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"state": "private", "place": "", "evidence": "หนังสือรับรอง"})
    assert wrong.status_code == 422
    assert "บอกชื่อสถานศึกษา" in wrong.content.decode()
    assert "หนังสือรับรอง" in wrong.content.decode()
    done = client.post(
        url, {"state": "private", "place": "โรงเรียนดรุณี", "evidence": "หนังสือรับรอง 1/2569"}, follow=True
    )
    assert "โรงเรียนดรุณี" in done.content.decode()
    clear = reverse("children:clear", args=[child.pk])
    assert client.get(clear).status_code == 200
    client.post(clear, {"reason": "ออกจากโรงเรียนแล้ว"})
    child.refresh_from_db()
    assert child.state == "none"


def test_many_are_recorded_from_the_list(enter, children):
    client = enter("clerk")
    url = reverse("register:bulk", args=["children", "elsewhere"])
    given = {
        "pk": [child.pk for child in children[:2]],
        "state": "outside",
        "place": "โรงเรียนศรีธาราวิทยาคม",
        "evidence": "รายชื่อที่โรงเรียนแจ้ง",
    }
    assert client.post(url, {**given, "step": "preview"}).status_code == 200
    assert client.post(url, {**given, "step": "do", "agreed": "2"}).status_code == 302
    children[1].refresh_from_db()
    assert children[1].state == "outside"


def test_foreign_children_and_cases_do_not_exist(enter, area, children):
    client, theirs = enter("clerk"), children[2]
    case = area.case(theirs)
    for url in (
        reverse("children:elsewhere", args=[theirs.pk]), reverse("children:clear", args=[theirs.pk]), reverse("children:open_case", args=[theirs.pk]),
        reverse("children:visit", args=[case.pk]), reverse("children:close_case", args=[case.pk]), reverse("children:reopen_case", args=[case.pk]),
    ):  # fmt: skip
        assert client.get(url).status_code == 404, url
        assert client.post(url, {}).status_code == 404, url
    assert client.post(reverse("children:match")).status_code == 403
    assert enter("teacher").get(reverse("children:elsewhere", args=[children[1].pk])).status_code == 403
    assert enter("teacher").get(reverse("children:papers")).status_code == 403
    assert enter("teacher").get(reverse("children:extracts")).status_code == 403


def test_the_board_shows_what_is_due_and_filters(enter, area, children):
    board = enter("planner").get(reverse("children:tracing")).context["board"]
    assert (board.open, board.late, board.never) == (2, 0, 2)
    days = {"late": -1, "week": 5, "later": 30, "no_step": None}
    for code, day in days.items():
        Case.objects.update(due_on=None if day is None else today() + timedelta(days=day))
        lanes = enter("planner").get(reverse("children:tracing")).context["board"].lanes
        assert [lane.code for lane in lanes if lane.count] == [code]
    mine = enter("clerk").get(reverse("children:tracing"))
    assert mine.context["board"].open == 1
    assert "ดารา2" in mine.content.decode()
    filtered = enter("planner").get(
        reverse("children:tracing"), {"state": "found", "cause": "nothing", "school": "1x"}
    )
    assert filtered.status_code == 200
    assert sum(lane.count for lane in filtered.context["board"].lanes) == 0


def test_a_visit_is_written_on_a_telephone_and_read_behind_a_lock(enter, area, children):
    case = area.case(children[1])
    client = enter("teacher")
    url = reverse("children:visit", args=[case.pk])
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"visited_on": "32/13/2569", "way": "home", "note": "พบคุณยาย"})
    assert wrong.status_code == 422
    assert "พบคุณยาย" in wrong.content.decode()
    day = today()
    sent = {
        "visited_on": f"{day.day}/{day.month}/{day.year + 543}",
        "way": "home",
        "state": "found",
        "reason": "income",
        "note": "พบคุณยาย",
    }
    detail = client.post(url, sent, follow=True).content.decode()
    assert Visit.objects.count() == 1
    assert "พบคุณยาย" not in detail
    note = reverse("children:note", args=[case.pk, Visit.objects.get().pk])
    assert "พบคุณยาย" not in client.get(note).content.decode()
    assert client.post(note, {"reason": "สั้น"}).status_code == 422
    assert "พบคุณยาย" in client.post(note, {"reason": "เตรียมเยี่ยมบ้านครั้งที่สอง"}).content.decode()
    assert Reading.objects.filter(via="cell", subject=f"children.child:{children[1].pk}").count() == 1
    assert client.get(reverse("children:note", args=[case.pk, 0])).status_code == 404


def test_a_case_is_opened_by_number_closed_and_opened_again(enter, area, children):
    client = enter("clerk")
    area.child(5, age=5)
    day = today()
    given = {
        "id_value": citizen_id(5),
        "reason": "",
        "next_step": "visit",
        "due_on": f"{day.day}/{day.month}/{day.year + 543}",
    }
    assert client.get(reverse("register:create", args=["cases"])).status_code == 200
    assert (
        client.post(
            reverse("register:create", args=["cases"]), given | {"id_value": citizen_id(99)}
        ).status_code
        == 422
    )
    client.post(reverse("register:create", args=["cases"]), given)
    case = Case.objects.get(cause="reported")
    client.post(reverse("children:close_case", args=[case.pk]), {"outcome": "mistake", "note": "คนละคนกัน"})
    case.refresh_from_db()
    assert not case.is_open
    client.post(reverse("children:reopen_case", args=[case.pk]), {"reason": "พบว่าเป็นคนเดียวกัน"})
    case.refresh_from_db()
    assert case.is_open
    small = area.child(6, age=5)
    client.post(reverse("children:open_case", args=[small.pk]), given)
    assert Case.objects.filter(child=small).exists()


def test_matching_by_one_press(enter, children):
    done = enter("planner").post(reverse("children:match"), follow=True)
    assert "จับคู่แล้ว 3 คน" in done.content.decode()


@pytest.mark.parametrize("paper", Paper.values)
def test_a_paper_is_printed_for_a_reason_and_everybody_on_it_is_recorded(enter, area, paper):
    for n in (1, 2, 3):
        area.child(n, age=6, title="เด็กหญิง")
    area.child(4, age=6, moo="3")
    client = enter("clerk")
    assert client.get(reverse("children:papers")).status_code == 200
    given = {"school": area.school.pk, "paper": paper, "year": now_year() + 1, "reason": ""}
    assert client.post(reverse("children:papers"), given).status_code == 422
    assert (
        client.post(
            reverse("children:papers"), given | {"reason": "ส่งเขต", "school": area.other.pk}
        ).status_code
        == 422
    )
    sent = client.post(reverse("children:papers"), given | {"reason": "รับนักเรียนปีหน้า", "full_ids": "1"})
    assert sent["Content-Type"] == "application/pdf"
    text = "".join(
        page_text(sent.content, number) for number in range(len(pikepdf.open(io.BytesIO(sent.content)).pages))
    )
    plain = to_arabic_digits(text.replace("\u200b", "").replace(" ", ""))
    assert "ดารา1" in plain
    assert "ดารา4" not in plain
    assert citizen_id(1) not in plain.replace("-", "")
    assert Reading.objects.filter(via="print").count() == 3


def test_the_planner_prints_full_numbers_after_signing_in_afresh(enter, area, client):
    area.child(1, age=6)
    given = {
        "school": area.school.pk,
        "paper": "list",
        "year": now_year() + 1,
        "reason": "จัดทำบัญชีของเขต",
        "full_ids": "1",
    }
    client.force_login(area.accounts["planner"])
    assert client.post(reverse("children:papers"), given).status_code == 401
    sent = enter("planner").post(reverse("children:papers"), given)
    plain = to_arabic_digits(page_text(sent.content, 0))
    assert citizen_id(1) in "".join(letter for letter in plain if letter.isdigit())
    sheet = enter("clerk").post(
        reverse("children:papers"), {**given, "paper": "first_year", "sheet": "1", "reason": "ส่งเป็นไฟล์ Excel"}
    )
    assert sheet["Content-Type"].startswith("application/vnd")


def test_figures_as_a_spreadsheet_hold_no_names(enter, children):
    answer = enter("planner").get(reverse("children:sheet"))
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"
    assert enter("teacher").get(reverse("children:sheet")).status_code == 403


def test_a_child_is_added_on_a_form(enter, area):
    day = area.born(8)
    given = {
        "title": "เด็กชาย", "first_name": "ใหม่", "last_name": "ใจดี", "sex": "m", "born_on": f"{day.day}/{day.month}/{day.year + 543}", "home_moo": "1",
        "home_tambon": TAMBON, "home_amphoe": AMPHOE, "registered": "found", "id_value": "",
    }  # fmt: skip
    client = enter("clerk")
    assert client.get(reverse("register:create", args=["children"])).status_code == 200
    client.post(reverse("register:create", args=["children"]), given)
    assert Child.objects.get().school == area.school
    wrong = client.post(reverse("register:create", args=["children"]), given | {"home_moo": "3"})
    assert wrong.status_code == 403


def test_the_pages_of_files(enter, area):
    client = enter("planner")
    assert "ยังไม่มีไฟล์" in client.get(reverse("children:extracts")).content.decode()
    assert client.get(reverse("children:extract", args=[999])).status_code == 404


def test_signs_that_are_no_numbers_are_passed_over(enter, children):
    for asked in ("year=²", "school=²", "year=٣٤", "school=๑"):
        assert enter("planner").get(f"/children/?{asked}").status_code == 200, asked
