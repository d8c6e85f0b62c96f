"""Pages: what each reader gets, a bounded number of queries, plain posts that act, and nothing of another school."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khet.base.lib.sheets import read
from khet.base.org.api import Holding, Post
from khet.base.org.middleware import FRESH_UNTIL
from khet.kits.rounds.actions import check_round, close, exempt, open_round, write_form
from khet.kits.rounds.bases import sheets
from khet.kits.rounds.choices import SheetKind
from khet.kits.rounds.models import Answer, Duty, Finding, Form, Reminder, Return, Round
from khet.kits.rounds.queries.duties import duties
from khet.kits.rounds.tests.conftest import a_round
from khet.kits.rounds.tests.examples import POSTS
from khet.kits.rounds.tests.test_steps import up_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def come(client, house):
    """Sign in as somebody, freshly."""

    def come(word):
        client.force_login(house.accounts[word])
        session = client.session
        session[FRESH_UNTIL] = 9_999_999_999
        session.save()
        return client

    return come


@pytest.fixture
def everything(house, opened):
    """A round with a returned, a certified and an untouched school, findings and a form of the office."""
    Holding.objects.filter(post=house.posts["head2"]).delete()
    up_to(house, house.handed(opened, 0), "certified")
    check_round(actor=house.actor("planner"), round=opened)
    return opened


def test_ways_in(come, house, everything):
    assert come("planner").get("/rounds/").url == f"/rounds/{everything.pk}/"
    assert come("clerk1").get("/rounds/").url == "/rounds/mine/"
    words = come("clerk1").get("/rounds/mine/").content.decode()
    assert "กรอกและยืนยัน" in words
    assert "บ้านที่ 1" in words
    assert "บ้านที่ 0" not in words


@pytest.mark.parametrize(
    "address",
    [
        "",
        "?state=certified",
        "?open=0",
        "print/",
        "findings/",
        "findings/?state=all&shared=1&mine=1",
        "edit/",
    ],
)
def test_pages_of_the_office_ask_little_whatever_the_number_of_schools(
    come, house, everything, django_assert_max_num_queries, address
):
    client = come("planner")
    client.get(f"/rounds/{everything.pk}/{address}")
    with django_assert_max_num_queries(17):  # the frame's own five and the session included
        assert client.get(f"/rounds/{everything.pk}/{address}").status_code == 200


def test_the_board_counts_schools_opens_networks_and_names_whom_to_call(come, house, everything):
    words = come("planner").get(f"/rounds/{everything.pk}/").content.decode()
    assert "เครือข่าย / โรงเรียน" in words
    assert "ทุ่งไพล" in words
    assert "08 0000 1001" in words
    assert f"/rounds/returns/{house.handed(everything, 0).pk}/" not in words.split('class="rounds-chase')[0]
    network = Return.objects.get(pk=house.handed(everything, 0).pk).unit.memberships_in.get().group_id
    opened = come("planner").get(
        f"/rounds/{everything.pk}/?open={network}", headers={"HX-Request": "true", "HX-Target": "round-board"}
    )
    assert f"/rounds/returns/{house.handed(everything, 0).pk}/" in opened.content.decode()
    assert "<html" not in opened.content.decode()


def test_a_school_does_not_see_the_board(come, everything):
    assert come("clerk0").get(f"/rounds/{everything.pk}/").status_code == 403


def test_the_clerks_way_from_start_to_confirmed(come, house, opened):
    client, pk = come("clerk0"), house.handed(opened).pk
    page = f"/rounds/returns/{pk}/"
    assert "เริ่มกรอก" in client.get(page).content.decode()
    for act in ("start", "submit"):
        assert client.post(f"{page}{act}/").status_code == 302
    assert "ยืนยัน 2" in client.get(page).content.decode()
    assert client.post(f"{page}confirm/").status_code == 302
    again = client.post(f"{page}confirm/")
    assert again.status_code == 409
    assert "ยืนยันไปแล้วเมื่อ" in again.content.decode()
    assert Return.objects.get(pk=pk).state == "confirmed"


def test_findings_stand_in_the_way_on_the_page_too(come, house, opened):
    Post.objects.filter(pk=house.posts["clerk0"].pk).update(number="")
    handed = up_to(house, house.handed(opened), "cleared")
    answered = come("clerk0").post(f"/rounds/returns/{handed.pk}/confirm/")
    assert answered.status_code == 400
    assert "ต้องแก้อีก 1" in answered.content.decode()
    assert "ไม่มีเลขที่ตำแหน่ง" in answered.content.decode()


def test_the_head_certifies_what_was_confirmed(come, house, opened):
    handed = up_to(house, house.handed(opened), "confirmed")
    client = come("head0")
    words = client.get(f"/rounds/returns/{handed.pk}/").content.decode()
    assert "รับรอง 2" in words
    assert "ข้าพเจ้าตรวจแล้ว" in words
    assert client.post(f"/rounds/returns/{handed.pk}/certify/").status_code == 400
    assert client.post(f"/rounds/returns/{handed.pk}/certify/", {"agreed": "1"}).status_code == 302
    handed.refresh_from_db()
    assert handed.state == "certified"


def test_certifying_without_a_fresh_sign_in_is_asked_for_one(client, house, opened):
    handed = up_to(house, house.handed(opened), "confirmed")
    client.force_login(house.accounts["head0"])
    session = client.session
    session[FRESH_UNTIL] = 0
    session.save()
    client.post(f"/rounds/returns/{handed.pk}/certify/", {"agreed": "1"})
    handed.refresh_from_db()
    assert handed.state == "confirmed"


def test_the_area_returns_with_marks_and_keeps_what_was_typed(come, house, everything):
    handed = house.handed(everything, 0)
    client = come("planner")
    page = f"/rounds/returns/{handed.pk}/"
    assert "ทำเครื่องหมาย" in client.get(page).content.decode()
    key = house.posts["clerk0"].pk
    typed = {f"mark:{key}": "เลขไม่ตรงคำสั่ง", f"label:{key}": "ธุรการ", "reason": ""}
    refused = client.post(f"{page}give_back/", typed)
    assert refused.status_code == 400
    assert "เลขไม่ตรงคำสั่ง" in refused.content.decode()
    assert client.post(f"{page}give_back/", {**typed, "reason": "แก้เลข"}).status_code == 302
    words = come("clerk0").get(page).content.decode()
    assert "แก้เลข" in words
    assert "เลขไม่ตรงคำสั่ง" in words


def test_the_area_verifies_all_that_wait(come, house, everything):
    client = come("planner")
    assert client.post(f"/rounds/{everything.pk}/verify/").status_code == 302
    assert house.handed(everything, 0).state == "verified"
    assert client.post(f"/rounds/{everything.pk}/verify/").status_code == 409


def test_another_schools_sheet_and_findings_are_not_there(come, house, everything):
    client = come("clerk1")
    assert client.get(f"/rounds/returns/{house.handed(everything, 0).pk}/").status_code == 404
    assert client.post(f"/rounds/returns/{house.handed(everything, 0).pk}/start/").status_code == 404
    finding = Finding.objects.get(unit=house.schools[2])
    assert client.get(f"/rounds/findings/{finding.pk}/").status_code == 404
    assert "บ้านที่ 2" not in client.get(f"/rounds/{everything.pk}/findings/").content.decode()
    assert client.get(f"/rounds/{everything.pk}/fix/{house.schools[2].pk}/").status_code == 404
    assert client.get(f"/rounds/{everything.pk}/receipt/?unit={house.schools[0].pk}").status_code == 404


def test_a_finding_names_somebody_only_to_those_who_may_see_them(come, house, everything, monkeypatch):
    monkeypatch.setitem(sheets._items, POSTS.code, replace(POSTS, sees="rounds.verify"))
    finding = Finding.objects.get(unit=house.schools[2])
    page, listed = f"/rounds/findings/{finding.pk}/", f"/rounds/{everything.pk}/findings/"
    handed = f"/rounds/returns/{house.handed(everything, 2).pk}/"
    words = "ไม่มีผู้ดำรงตำแหน่ง"
    director = come("director")
    assert director.get(page).status_code == 404
    for url in (listed, handed, f"/rounds/{everything.pk}/fix/{house.schools[2].pk}/"):
        shown = director.get(url).content.decode()
        assert words not in shown and "ดูได้เฉพาะผู้มีสิทธิดูทะเบียนนั้น" in shown
    planner = come("planner")
    assert planner.get(page).status_code == 200
    assert words in planner.get(listed).content.decode()
    assert come("clerk2").get(page).status_code == 200, "whoever is to answer it sees it"


def test_the_office_is_led_from_a_receipt_to_the_board(come, everything):
    assert come("planner").get(f"/rounds/{everything.pk}/receipt/").url == f"/rounds/{everything.pk}/"


def test_a_finding_is_explained_refused_and_accepted_by_pages(come, house, everything):
    finding = Finding.objects.get(unit=house.schools[2])
    clerk = come("clerk2")
    page = f"/rounds/findings/{finding.pk}/"
    assert "ไม่มีผู้ดำรงตำแหน่ง" in clerk.get(page).content.decode()
    assert clerk.post(page, {"reason": "x"}).status_code == 400
    assert clerk.post(page, {"reason": "รอบรรจุใหม่เดือนหน้า"}).status_code == 302
    planner = come("planner")
    assert (
        "รอบรรจุใหม่เดือนหน้า"
        in planner.get(f"/rounds/{everything.pk}/findings/?state=explained").content.decode()
    )
    assert planner.post(f"{page}refuse/", {"answer": "ออกคำสั่งแล้ว"}).status_code == 302
    assert come("clerk2").post(page, {"reason": "ยังไม่ได้รับคำสั่ง"}).status_code == 302
    assert (
        come("planner")
        .post(f"/rounds/{everything.pk}/findings/accept/", {"finding": [finding.pk]})
        .status_code
        == 302
    )
    finding.refresh_from_db()
    assert finding.state == "accepted"


def test_what_to_fix_elsewhere_as_page_and_sheet(come, house, everything):
    client = come("clerk2")
    page = f"/rounds/{everything.pk}/fix/{house.schools[2].pk}/"
    assert "ไม่มีผู้ดำรงตำแหน่ง" in client.get(page).content.decode()
    book = client.get(f"{page}sheet.xlsx")
    sheet = read(io.BytesIO(b"".join(book.streaming_content)), "fix.xlsx")
    assert any("ไม่มีผู้ดำรงตำแหน่ง" in str(cell) for row in sheet.rows for cell in row)


def test_reminding_once_a_press(come, house, everything):
    client = come("planner")
    press = {"number": "1", "unit": [house.schools[1].pk]}
    assert client.post(f"/rounds/{everything.pk}/remind/", press).status_code == 302
    assert client.post(f"/rounds/{everything.pk}/remind/", press).status_code == 409
    assert Reminder.objects.get().unit_ids == [house.schools[1].pk]


def test_excused_is_not_late_and_not_reminded(come, house, everything):
    client = come("planner")
    facts = {"unit": house.schools[1].pk, "act": "excuse", "until": "4/12/2599", "reason": "น้ำท่วม"}
    assert client.post(f"/rounds/{everything.pk}/excuse/", facts).status_code == 302
    assert "น้ำท่วม" in client.get(f"/rounds/{everything.pk}/").content.decode()
    assert client.post(f"/rounds/{everything.pk}/remind/", {"unit": [house.schools[1].pk]}).status_code == 400


def test_planning_editing_opening(come, house):
    client = come("planner")
    assert client.post("/rounds/plan/", {"school_year": "2569"}).status_code == 302
    round_ = Round.objects.get(number=2)
    assert "รอบ 2/2569" in client.get("/rounds/calendar/?year=2569").content.decode()
    form = {
        "title": "รอบ 2/2569", "as_at": "10/11/2569", "opens_on": "10/11/2569", "due_on": "30/11/2569", "due_time": "12.00", "closes_on": "15/12/2569",
        "sheet_codes": ["test.posts"],
    }  # fmt: skip
    assert client.post(f"/rounds/{round_.pk}/edit/", {**form, "due_on": "1/1/2569"}).status_code == 422
    assert client.post(f"/rounds/{round_.pk}/edit/", form).status_code == 302
    assert client.post(f"/rounds/{round_.pk}/open/").status_code == 302
    round_.refresh_from_db()
    assert (round_.state, round_.returns.count()) == ("open", 3)
    assert come("clerk0").post("/rounds/plan/", {"school_year": "2570"}).status_code == 403


def test_a_form_of_the_office_is_written_asked_and_answered(come, house):
    planner = come("planner")
    lines = "ก๊อกน้ำกี่จุด | ตัวเลข\nตรวจน้ำแล้วหรือไม่ | ตัวเลือก | ตรวจแล้ว, ยังไม่ตรวจ\n*หมายเหตุ"
    assert (
        planner.post(
            "/rounds/forms/", {"title": "น้ำดื่ม", "kind": "form", "questions": "ชอบไหม | ตัวเลือก | ใช่"}
        ).status_code
        == 422
    )
    assert (
        planner.post("/rounds/forms/", {"title": "น้ำดื่ม", "kind": "form", "questions": lines}).status_code
        == 302
    )
    form = Form.objects.get()
    assert [q["required"] for q in form.questions] == [True, True, False]
    assert (
        planner.post(
            f"/rounds/forms/{form.pk}/", {"title": "น้ำดื่ม", "kind": "form", "questions": lines}
        ).status_code
        == 302
    )
    assert Form.objects.count() == 2
    newest = Form.objects.first()
    round_ = a_round(sheet_codes=[newest.code])
    open_round(actor=house.actor("planner"), round=round_)
    handed = house.handed(round_, sheet=newest.code)
    clerk, page = come("clerk0"), f"/rounds/returns/{handed.pk}/"
    wrong = clerk.post(f"{page}answers/", {"q:q1": "สามจุด"}, headers={"Accept": "application/json"})
    assert (wrong.status_code, json.loads(wrong.content)["field"]) == (400, "q1")
    saved = clerk.post(f"{page}answers/", {"q:q1": "๓"}, headers={"Accept": "application/json"})
    assert json.loads(saved.content)["version"] == 1
    assert Answer.objects.get().values == {"q1": "3"}
    clerk.post(f"{page}submit/")
    assert "ยังตอบไม่ครบ: ตรวจน้ำแล้วหรือไม่" in clerk.post(f"{page}confirm/").content.decode()
    assert clerk.post(f"{page}answers/", {"q:q2": "ตรวจแล้ว", "version": "1"}).status_code == 302
    stale = clerk.post(
        f"{page}answers/", {"q:q2": "ยังไม่ตรวจ", "version": "1"}, headers={"Accept": "application/json"}
    )
    assert stale.status_code == 409
    clerk.post(f"{page}submit/")
    assert clerk.post(f"{page}confirm/").status_code == 302
    assert (
        clerk.post(f"{page}answers/", {"q:q1": "9"}, headers={"Accept": "application/json"}).status_code
        == 409
    )


def test_a_file_is_handed_in(come, house):
    form = write_form(actor=house.actor("planner"), title="แผนที่เขตบริการ", kind=SheetKind.FILE, questions=[])
    round_ = a_round(sheet_codes=[form.code])
    open_round(actor=house.actor("planner"), round=round_)
    handed = house.handed(round_, sheet=form.code)
    clerk, page = come("clerk0"), f"/rounds/returns/{handed.pk}/"
    assert clerk.post(f"{page}upload/").status_code == 400
    upload = SimpleUploadedFile("เขตบริการ.csv", "หมู่,บ้าน\n1,ไร่ธาร\n".encode())
    assert clerk.post(f"{page}upload/", {"file": upload}).status_code == 302
    clerk.post(f"{page}submit/")
    assert clerk.post(f"{page}confirm/").status_code == 302
    handed.refresh_from_db()
    assert handed.n == 1
    assert "เขตบริการ.csv" in clerk.get(page).content.decode()


def test_duties_by_page(come, house, everything):
    client = come("head0")
    facts = {"code": "test.posts", "post": house.posts["head0"].pk, "unit": house.schools[0].pk}
    assert client.post("/rounds/duties/", facts).status_code == 302
    assert client.post("/rounds/duties/", {**facts, "post": house.posts["head1"].pk}).status_code == 400
    duty = Duty.objects.get()
    assert come("head1").post(f"/rounds/duties/{duty.pk}/drop/").status_code == 404
    assert come("head0").post(f"/rounds/duties/{duty.pk}/drop/").status_code == 302
    assert come("planner").get("/rounds/duties/").status_code == 200


def test_closing_receipt_census_and_reopening_by_pages(come, house, opened, settings, tmp_path):
    settings.DATA = tmp_path
    up_to(house, house.handed(opened), "verified")
    for n in (1, 2):
        exempt(actor=house.actor("planner"), round=opened, unit=house.schools[n], reason="ยุบรวม")
    planner = come("planner")
    assert planner.post(f"/rounds/{opened.pk}/close/").status_code == 302
    words = planner.get(f"/rounds/{opened.pk}/").content.decode()
    assert "posts.parquet" in words
    census = opened.censuses.get()
    table = planner.get(reverse("rounds:census_file", args=[census.pk, "posts.parquet"]))
    assert b"".join(table.streaming_content)[:4] == b"PAR1"
    packed = planner.get(reverse("rounds:census_zip", args=[census.pk]))
    assert b"".join(packed.streaming_content)[:2] == b"PK"
    assert planner.get(f"/rounds/censuses/{census.pk}/other.parquet").status_code == 404
    assert planner.get("/rounds/censuses/").status_code == 200
    clerk = come("clerk0")
    assert census.sha256 in clerk.get(f"/rounds/{opened.pk}/receipt/").content.decode()
    assert clerk.get("/rounds/censuses/").status_code == 403
    assert clerk.get(reverse("rounds:census_file", args=[census.pk, "posts.parquet"])).status_code == 403
    planner = come("planner")
    assert planner.post(f"/rounds/{opened.pk}/reopen/", {"reason": ""}).status_code == 400
    assert planner.post(f"/rounds/{opened.pk}/reopen/", {"reason": "พบตำแหน่งตกหล่น"}).status_code == 302


def test_a_damaged_census_is_not_handed_out(come, house, opened, settings, tmp_path):
    settings.DATA = tmp_path
    up_to(house, house.handed(opened), "verified")
    for n in (1, 2):
        exempt(actor=house.actor("planner"), round=opened, unit=house.schools[n], reason="ยุบรวม")
    census = close(actor=house.actor("planner"), round=opened)
    (tmp_path / "censuses" / census.folder / "posts.parquet").write_bytes(b"PAR1 forged")
    assert (
        come("planner").get(reverse("rounds:census_file", args=[census.pk, "posts.parquet"])).status_code
        == 404
    )


def test_duties_for_the_desk(house, everything):
    mine = duties(house.actor("clerk1"))
    assert [one.verb for one in mine] == ["กรอกและยืนยัน"]
    assert duties(house.actor("head1")) == []  # there is a clerk
    up_to(house, house.handed(everything, 1), "confirmed", school=1)
    assert [one.verb for one in duties(house.actor("head1"))] == ["รับรอง"]
    assert [one.verb for one in duties(house.actor("planner"))] == ["ตรวจรับ"]
    assert "แก้หรือชี้แจง" in [one.verb for one in duties(house.actor("clerk2"))]
