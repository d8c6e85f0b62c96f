"""The desks: what stands where, who may look, and what a page costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from khet.base.org.actions import delegate
from khet.base.org.api import Delegation, Unit, today
from khet.kits.workflow.api import Step, endorse, runs_of
from khet.kits.workflow.models import Run
from khet.kits.workflow.tests.office import holding
from khet.modules.desk.actions import give_task, write_memo
from khet.modules.desk.models import Matter
from khet.modules.desk.queries import bands_of, my_desk
from khet.modules.letters.api import Letter, Receipt
from khet.modules.letters.choices import LetterKind, LetterState, Origin, Speed

PAGES = ["/desk/", "/desk/group/", "/desk/matters/", "/desk/statistics/", "/desk/director/"]


def memo(office, word="officer", **facts) -> Matter:
    return write_memo(actor=office.actor(word), subject="ขออนุมัติเดินทางไปราชการ", **facts)


def to_director(office) -> Matter:
    made = memo(office)
    for word in ("head", "deputy"):
        endorse(actor=office.actor(word), step=holding(runs_of(made).get()), note="เห็นชอบ")
    return made


def test_rows_stand_in_bands_of_time(office):
    now = timezone.now()
    rows = [Step(due_at=now - timedelta(days=2)), Step(due_at=now + timedelta(days=40)), Step(due_at=None)]
    assert [(band.code, len(band.rows)) for band in bands_of(rows)] == [("late", 1), ("later", 2)]


def test_my_desk_shows_mine_and_what_i_wait_for(office):
    made = memo(office)
    desk = my_desk(office.actor("head"))
    assert [row.run_id for band in desk.bands for row in band.rows] == [runs_of(made).get().pk]
    assert [row.run_id for row in my_desk(office.actor("officer")).waiting] == [runs_of(made).get().pk]
    assert len(desk.weeks) == 3
    assert all(len(week) == 5 for week in desk.weeks)


def test_the_empty_desk_says_so(office, sign_in):
    page = sign_in("lawyer").get("/desk/")
    assert page.status_code == 200
    assert "ไม่มีเรื่องรอคุณ" in page.content.decode()


def test_the_directors_desk_is_the_directors(office, sign_in):
    to_director(office)
    client = sign_in("director")
    page = client.get("/desk/director/").content.decode()
    assert "ขออนุมัติเดินทางไปราชการ" in page
    assert "ไม่มีผู้รักษาราชการแทน" in page


@pytest.mark.parametrize("word", ["officer", "head", "deputy", "teacher"])
def test_nobody_else_has_the_directors_desk(office, sign_in, word):
    assert sign_in(word).get("/desk/director/").status_code == 404


def test_away_and_back(office, sign_in):
    to_director(office)
    client = sign_in("director")
    answer = client.post(
        "/desk/away/", {"person": office.people["deputy"].pk, "since": f"{today():%d/%m/}{today().year + 543}",
                        "until": f"{today():%d/%m/}{today().year + 543}", "reason": "ไปราชการ"},
    )  # fmt: skip
    assert answer.status_code == 302
    lent = Delegation.objects.get()
    assert lent.person == office.people["deputy"]
    assert my_desk(office.actor("deputy")).total == 1
    assert "พรรณี" in client.get("/desk/director/").content.decode()
    assert client.post(f"/desk/away/{lent.pk}/back/").status_code == 302
    assert my_desk(office.actor("deputy")).total == 0


def test_only_ones_own_authority_is_taken_back(office, sign_in):
    from khet.base.org.actions import delegate

    lent = delegate(
        actor=office.actor("director"), post=office.posts["director"], person=office.people["deputy"]
    )
    assert sign_in("head").post(f"/desk/away/{lent.pk}/back/").status_code == 404
    lent.refresh_from_db()
    assert lent.revoked_at is None


def test_away_must_name_days_in_order(office, sign_in):
    answer = sign_in("director").post(
        "/desk/away/", {"person": office.people["deputy"].pk, "since": "10/12/2569", "until": "01/12/2569"}
    )
    assert answer.status_code == 400
    assert "วันสิ้นสุดอยู่ก่อนวันเริ่ม" in answer.content.decode()


def test_writing_on_the_page(office, sign_in):
    client = sign_in("officer")
    sent = {"subject": "ขอซื้อวัสดุ", "body": "ตามรายการ", "urgency": "0", "secrecy": "0"}
    answer = client.post("/desk/write/", sent)
    assert answer.status_code == 302
    assert Matter.objects.get().state == "moving"
    client.post("/desk/write/", {**sent, "do": "keep"})
    assert Matter.objects.latest("pk").state == "draft"
    wrong = client.post("/desk/write/", {**sent, "subject": ""})
    assert wrong.status_code == 400
    assert "ตามรายการ" in wrong.content.decode()


def test_ordering_on_the_page(office, sign_in):
    client = sign_in("director")
    answer = client.post(
        "/desk/order/", {"subject": "สรุปน้ำท่วม", "to": f"unit:{office.units['policy'].pk}", "urgency": "3",
                         "mentors": [f"post:{office.posts['lawhead'].pk}"]},
    )  # fmt: skip
    assert answer.status_code == 302
    assert Matter.objects.get().state == "working"
    assert Step.objects.filter(part="mentor").get().post == office.posts["lawhead"]


def test_ordering_is_for_those_who_lead(office, sign_in):
    assert sign_in("officer").get("/desk/order/").status_code == 403


def test_a_matters_page_and_its_strangers(office, sign_in):
    made = memo(office)
    assert sign_in("teacher").get(made.get_absolute_url()).status_code == 404
    page = sign_in("head").get(made.get_absolute_url())
    assert page.status_code == 200
    assert "เสนอ รอง ผอ.พรรณี" in page.content.decode()
    assert sign_in("lawyer").get(made.get_absolute_url()).status_code == 404


def test_a_member_sees_the_groups_inbox_not_the_colleagues_desks(office, sign_in):
    memo(office)
    give_task(actor=office.actor("director"), subject="งานเข้ากลุ่ม", to=office.units["policy"])
    page = sign_in("officer2").get("/desk/group/").content.decode()
    assert "งานเข้ากลุ่ม" in page
    assert "ขออนุมัติเดินทางไปราชการ" not in page
    head = sign_in("head").get("/desk/group/").content.decode()
    assert "ขออนุมัติเดินทางไปราชการ" in head
    assert "มอบให้" in head


def test_new_rows_wait_behind_a_line(office, sign_in):
    client = sign_in("head")
    since = timezone.now().isoformat()
    assert client.get("/desk/news/", {"since": since}).status_code == 204
    assert client.get("/desk/news/", {"since": "x"}).status_code == 204
    memo(office)
    assert "มีเรื่องเข้าใหม่ 1 เรื่อง" in client.get("/desk/news/", {"since": since}).content.decode()


def test_statistics_are_for_those_who_lead(office, sign_in):
    memo(office)
    assert sign_in("officer").get("/desk/statistics/").status_code == 403
    page = sign_in("head").get("/desk/statistics/").content.decode()
    assert "สุภาวดี" in page
    assert "ถาวร" not in page  # another group's official
    assert "วันละ 8 ชั่วโมง" in page
    both = sign_in("director").get("/desk/statistics/?by=group&days=90").content.decode()
    assert "กลุ่มนโยบายและแผน" in both


@pytest.mark.parametrize("address", PAGES)
def test_a_desk_costs_at_most_fifteen_queries_at_any_length(office, sign_in, address):
    client = sign_in("director")
    counts = []
    for more in (1, 6):
        for _number in range(more):
            to_director(office)
            give_task(actor=office.actor("director"), subject="งาน", to=office.posts["officer"], due=today())
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[1] <= 15, "\n".join(query["sql"][:150] for query in seen.captured_queries)


def test_the_matters_list_filters(office, sign_in):
    memo(office)
    client = sign_in("head")
    assert Run.objects.count() == 1
    assert "ขออนุมัติเดินทาง" in client.get("/desk/matters/?q=เดินทาง").content.decode()
    assert (
        "ขออนุมัติเดินทาง"
        not in client.get("/desk/matters/?q=เดินทางไปไหน")
        .content.decode()
        .split("<tbody>")[-1]
        .split("<h1")[0]
    )
    assert client.get("/desk/matters/?show=closed").status_code == 200


def test_a_secret_matter_shows_its_number_and_opens_after_a_fresh_sign_in(office, sign_in, monkeypatch):
    made = memo(office, secrecy=1)
    client = sign_in("head")
    monkeypatch.setattr("khet.base.signin.sessions.is_fresh", lambda request: False)
    number = runs_of(made).get().pk
    for address in ("/desk/", "/desk/matters/"):
        page = client.get(address).content.decode()
        assert "ขออนุมัติเดินทาง" not in page, address
        assert f"เรื่องลับ หมายเลข {number}" in page, address
    assert "เรื่องลับ" not in client.get("/desk/matters/?q=เดินทาง").content.decode().split("<tbody>")[-1]
    answer = client.get(made.get_absolute_url())
    assert answer.status_code == 401
    assert "ขออนุมัติเดินทาง" not in answer.content.decode()


def test_the_directors_desk_tells_what_is_due_in_the_area_and_who_acts(office, sign_in):
    now = timezone.now()
    bureau = office.posts["director"].unit
    facts = {
        "origin": Origin.HERE, "kind": LetterKind.EXTERNAL, "state": LetterState.SENT, "unit": bureau,
        "issuer": bureau, "from_text": bureau.name, "to_text": "ผู้อำนวยการโรงเรียน", "dated_on": today(),
        "signed_at": now, "sent_at": now - timedelta(hours=5), "number_text": "ศธ 04999/1",
    }  # fmt: skip
    asked = Letter.objects.create(subject="สำรวจอาคารเรียน", answer_by=today(), **facts)
    urgent = Letter.objects.create(subject="แจ้งเหตุอุทกภัย", speed=Speed.MOST_URGENT, **facts)
    Letter.objects.create(subject="เรื่องลับของเขต", answer_by=today(), secrecy=1, **facts)
    units = list(Unit.objects.exclude(pk=bureau.pk)[:3])
    sent = facts["sent_at"]
    for number, unit in enumerate(units):
        Receipt.objects.create(
            letter=asked, unit=unit, sent_at=sent, opened_at=now, answered_at=now if number == 0 else None
        )
        Receipt.objects.create(letter=urgent, unit=unit, sent_at=sent, opened_at=now if number < 2 else None)
    delegate(
        actor=office.actor("head"), post=office.posts["head"], person=office.people["officer"],
        kind="acting", since=today(), until=today(), reason="ไปราชการ",
    )  # fmt: skip
    page = sign_in("director").get("/desk/director/").content.decode()
    assert "ตอบแล้ว 1/3" in page
    assert "1 จาก 3 แห่งยังไม่เปิดหนังสือด่วนที่สุด" in page
    assert office.people["officer"].name in page
    assert "เรื่องลับของเขต" not in page
