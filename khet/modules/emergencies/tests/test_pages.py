"""The pages: opening, the phone's report, the board, the map, papers, the school's history."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khet.base.lib.pdf import page_text
from khet.base.lib.sheets import read
from khet.modules.emergencies import actions
from khet.modules.emergencies.models import Event
from khet.modules.emergencies.tests.conftest import picture
from khet.modules.schools.actions import import_schools


@pytest.fixture
def as_(client, area):
    def sign_in(word):
        client.force_login(area.accounts[word])
        return client

    return sign_in


def url(name, event, school=None, **more):
    return reverse(f"emergencies:{name}", args=[event.pk, *([school.pk] if school else []), *more.values()])


def test_an_event_is_opened_on_one_page(as_, area):
    client = as_("planner")
    page = reverse("emergencies:new")
    assert client.get(page).status_code == 200
    wrong = client.post(page, {"kind": "flood", "title": "", "districts": ["ปากน้ำเงิน"]})
    assert wrong.status_code == 422 and "checked" in wrong.content.decode()
    answer = client.post(
        page, {"kind": "flood", "title": "น้ำท่วม", "districts": ["ปากน้ำเงิน"], "note": "ก่อนบ่ายสาม"}
    )
    event = Event.objects.get()
    assert answer.status_code == 302 and answer.url == url("event", event) and event.calls.count() == 2
    for word in ("officer", "principal"):
        assert as_(word).get(page).status_code == 403


def test_a_principal_reports_with_photographs_in_one_form(as_, area):
    event = area.open()
    client = as_("principal")
    led = client.get(url("event", event))
    assert led.url == url("school", event, area.struck)
    assert url("report", event, area.struck) in client.get(led.url).content.decode()
    form = url("report", event, area.struck)
    wrong = client.post(
        form, {"state": "", "pupils": "12", "buildings": "none", "articles": "none", "papers": "none"}
    )
    assert wrong.status_code == 422 and 'value="12"' in wrong.content.decode()
    answer = client.post(
        form,
        {
            "state": "closed", "since": "22/11/2569", "until": "25/11/2569", "buildings": "light", "articles": "none", "papers": "none",
            "pupils": "12", "needs": ["food", "pump"], "photos": [picture(), picture((9, 9, 9))], "words": "น้ำยังขึ้น",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    call = event.calls.get(school=area.struck)
    assert (call.latest.since.year, call.latest.needs, actions.photos(call).count()) == (
        2026,
        ["food", "pump"],
        2,
    )
    page = client.get(answer.url).content.decode()
    assert "ปิดเรียน" in page and "น้ำยังขึ้น" in page and page.count("<img") == 2
    again = client.get(form).content.decode()
    assert 'value="22/11/2569"' in again and 'value="12"' in again, "what was said last stands in the form"


def test_the_phone_page_is_light(as_, area):
    event = area.open()
    client = as_("principal")
    for page in (url("report", event, area.struck), reverse("emergencies:home")):
        assert len(client.get(page).content) < 60_000


def test_a_foreign_school_is_not_there(as_, area):
    event = area.open()
    client = as_("principal")
    for name in ("school", "report"):
        assert client.get(url(name, event, area.near)).status_code == 404
    assert client.post(url("report", event, area.near), {"state": "open"}).status_code == 404
    assert as_("teacher").get(url("report", event, area.struck)).status_code == 403
    assert "บ้านพรุนอก" not in client.get(url("map", event)).content.decode()
    for name in ("paper", "sheet", "edit"):
        assert client.get(url(name, event)).status_code == 403
    for name in ("remind", "close", "reopen", "call"):
        assert client.post(url(name, event)).status_code == 403


def test_the_board_counts_filters_and_refreshes(as_, area):
    event = area.open()
    actions.report(
        actor=area.principal, unit=area.struck.unit, event=event, state="closed", needs=["pump"], pupils=7
    )
    client = as_("officer")
    page = client.get(url("event", event)).content.decode()
    assert "บ้านพรุนอก" in page and "08 0000" in page and "เครื่องสูบน้ำ" in page
    assert "บันทึก" not in page and url("remind", event) not in page, "an officer looks on"
    part = client.get(url("event", event), headers={"HX-Request": "true", "HX-Target": "emergency-board"})
    assert b"<html" not in part.content and b'id="emergency-board"' in part.content
    found = client.get(url("event", event), {"state": "silent"})
    assert [c.school for c in found.context["calls"]] == [area.near]
    assert len(client.get(url("event", event), {"need": "pump"}).context["calls"]) == 1
    assert client.get(url("event", event), {"state": "x", "district": "x" * 500}).status_code == 200


def test_the_board_asks_the_same_with_more_schools(as_, area):
    event = area.open()
    client = as_("planner")
    client.get(url("event", event))
    with CaptureQueriesContext(connection) as few:
        client.get(url("event", event))
    rows = [
        {
            "name": f"บ้านเพิ่ม {n}",
            "smis8": f"99028{n:03d}",
            "levels": "kp",
            "amphoe": "ปากน้ำเงิน",
            "amphoe_code": "9906",
        }
        for n in range(30)
    ]
    import_schools(actor=area.planner, new=rows, changed=[], source="ทดสอบ")
    actions.call_schools(actor=area.planner, event=event, districts=["ปากน้ำเงิน"])
    with CaptureQueriesContext(connection) as many:
        client.get(url("event", event))
    assert len(many) == len(few) <= 15


def test_the_map_shows_states_in_their_places(as_, area):
    event = area.open()
    actions.report(actor=area.principal, unit=area.struck.unit, event=event, state="closed")
    page = as_("officer").get(url("map", event)).content.decode()
    assert (
        page.count("map-state is-closed") == 2 and page.count("map-state is-silent") == 2
    )  # school and legend


def test_the_paper_and_the_sheet_say_what_the_board_says(as_, area):
    event = area.open()
    actions.report(
        actor=area.principal, unit=area.struck.unit, event=event, state="closed", needs=["pump"], buildings="heavy",
        damage_words="=1+1 ห้องสมุด", pupils=7,
    )  # fmt: skip
    client = as_("officer")
    paper = client.get(url("paper", event))
    words = page_text(paper.content, 0).replace(" ", "")
    assert paper["Content-Type"] == "application/pdf"
    for said in ("รายงานสถานการณ์น้ำท่วมทดสอบ", "บ้านปากคลอง", "เครื่องสูบน้ำ", "บ้านพรุนอก"):
        assert said in words, said
    rows = read(io.BytesIO(client.get(url("sheet", event)).content), "x.xlsx").rows
    assert {row[1]: row[3] for row in rows} == {"บ้านปากคลอง": "ปิดเรียน", "บ้านพรุนอก": "ยังไม่ตอบ"}


def test_reminding_closing_and_opening_again_on_the_page(as_, area):
    event = area.open()
    client = as_("planner")
    assert client.post(url("remind", event), {"number": "1"}).status_code == 302
    assert client.post(url("remind", event), {"number": "x"}).status_code == 409
    assert client.post(url("edit", event), {"kind": "storm", "title": "พายุ"}).status_code == 302
    assert client.post(url("call", event), {}).status_code == 422
    assert client.post(url("call", event), {"schools": [area.far.pk]}).status_code == 302
    assert client.post(url("close", event), {"closing_note": "น้ำลด"}).status_code == 302
    assert "น้ำลด" in client.get(url("event", event)).content.decode()
    report = url("report", event, area.struck)
    late = as_("principal").post(
        report, {"state": "open", "buildings": "none", "articles": "none", "papers": "none"}
    )
    assert late.status_code == 422 and "ปิดแล้ว" in late.content.decode()
    assert as_("planner").post(url("reopen", event)).status_code == 302


def test_a_photograph_is_taken_off_by_its_school_alone(as_, area):
    event = area.open()
    actions.report(
        actor=area.principal, unit=area.struck.unit, event=event, state="closed", uploads=[picture()]
    )
    photo = actions.photos(event.calls.get(school=area.struck)).get().public_id
    drop = url("drop_photo", event, area.struck, photo=photo)
    assert as_("teacher").post(drop).status_code == 403
    assert as_("near_principal").post(drop).status_code == 404
    assert as_("principal").post(drop).status_code == 302


def test_a_school_keeps_its_history_of_events(as_, area):
    event = area.open()
    actions.report(
        actor=area.principal, unit=area.struck.unit, event=event, state="closed", damage_words="รั้วพัง"
    )
    actions.close_event(actor=area.planner, event=event)
    tab = reverse("register:tab", args=["schools", area.struck.pk, "emergencies"])
    page = as_("principal").get(tab).content.decode()
    assert "น้ำท่วมทดสอบ" in page and "รั้วพัง" in page
    home = as_("principal").get(reverse("emergencies:home")).content.decode()
    assert "ปิดเรียน" in home and "ไม่มีเหตุที่เปิดอยู่" in home
