"""Opening, reporting, reminding, closing: done, refused, forbidden."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from khet.base.journal.api import Entry
from khet.base.lib.errors import Conflict, Forbidden, NotFound, Refusal
from khet.base.notices.models import Notice
from khet.base.org.api import today, visible
from khet.kits.files.api import read_bytes
from khet.modules.emergencies import actions
from khet.modules.emergencies.api import closed_unit_ids, public_events
from khet.modules.emergencies.models import Call, Report
from khet.modules.emergencies.queries import board_of
from khet.modules.emergencies.tests.conftest import picture


def test_opening_calls_the_district_and_tells_who_may_report(area):
    event = area.open()
    assert set(event.calls.values_list("school__name", flat=True)) == {"บ้านปากคลอง", "บ้านพรุนอก"}
    told = Notice.objects.filter(event=f"emergencies.called:{event.pk}", channel="app")
    assert {n.person_id for n in told} == {
        area.accounts[w].person_id for w in ("principal", "near_principal")
    }
    assert all(n.is_urgent and n.url == f"/emergencies/{event.pk}/" for n in told)
    assert area.open(districts=[]).calls.count() == 3, "no place is the whole area"
    assert area.open(districts=[], schools=[area.far.pk]).calls.get().school == area.far
    assert Entry.objects.filter(verb="emergencies.open").count() == 3


def test_opening_is_refused_and_forbidden(area):
    with pytest.raises(Refusal, match="ชื่อเหตุ"):
        area.open(title="  ")
    with pytest.raises(Refusal, match="ไม่พบโรงเรียน"):
        area.open(districts=["ไม่มีอำเภอนี้"])
    for who in (area.principal, area.officer, area.teacher):
        with pytest.raises(Forbidden):
            actions.open_event(actor=who, kind="flood", title="แอบเปิด")
    assert not Call.objects.exists() and not Notice.objects.exists()


def test_calling_more_tells_only_the_new(area):
    event = area.open()
    assert actions.call_schools(actor=area.planner, event=event, schools=[area.far.pk, area.near.pk]) == 1
    assert event.calls.count() == 3
    with pytest.raises(Refusal, match="ยังไม่ได้เลือก"):
        actions.call_schools(actor=area.planner, event=event)
    with pytest.raises(Forbidden):
        actions.call_schools(actor=area.principal, event=event, schools=[area.far.pk])


def said(area, event, who=None, unit=None, **facts):
    return actions.report(
        actor=who or area.principal,
        unit=unit or area.struck.unit,
        event=event,
        **{"state": "closed", **facts},
    )


def test_a_report_is_added_and_the_board_knows(area):
    event = area.open()
    first = said(area, event, pupils=12, needs=["pump", "food", "food"], buildings="heavy", baht=5000)
    assert (first.since, first.needs) == (today(), ["food", "pump"])
    second = said(area, event, state="open", since=today())
    assert second.since is None, "an open school is not closed since a day"
    assert Report.objects.count() == 2
    board = board_of(event, Call.objects.all())
    assert (board.whole.open, board.whole.closed, board.whole.silent, board.people["pupils"]) == (1, 0, 1, 0)
    said(area, event, pupils=12, needs=["food"], papers="light", until=today() + timedelta(days=3))
    board = board_of(event, Call.objects.all())
    assert board.needs == [("food", "อาหารและน้ำดื่ม", 1)] and board.damaged == 1
    assert [c.school.name for c in board.silent] == ["บ้านพรุนอก"]
    assert board.chosen(state="closed", need="food") and not board.chosen(need="pump")


def test_a_press_repeated_is_one_report(area):
    event = area.open()
    one = said(area, event, pupils=3)
    assert said(area, event, pupils=3).pk == one.pk
    assert said(area, event, pupils=4).pk != one.pk
    assert said(area, event, who=area.planner, pupils=4).pk != one.pk, (
        "by telephone, taken down by the office"
    )


def test_a_school_that_was_not_called_comes_by_itself(area):
    event = area.open()
    said(area, event, who=area.planner, unit=area.far.unit)
    call = event.calls.get(school=area.far)
    assert call.called_at is None and call.state == "closed"
    actions.call_schools(actor=area.planner, event=event, schools=[area.far.pk])
    call.refresh_from_db()
    assert call.called_at is not None and call.latest is not None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"state": "underwater"}, "เปิดหรือปิด"),
        ({"until": date(2020, 1, 1)}, "ก่อนวันที่ปิด"),
        ({"buildings": "swept away"}, "swept away"),
        ({"depth_cm": 4000}, "1000"),
        ({"pupils": -1}, "0"),
    ],
)
def test_a_report_that_cannot_be_is_refused(area, facts, words):
    event = area.open()
    with pytest.raises(Refusal, match=words):
        said(area, event, **facts)
    assert not Report.objects.exists()


def test_only_ones_own_school_reports(area):
    event = area.open()
    for who in (area.teacher, area.officer):
        with pytest.raises(Forbidden):
            said(area, event, who=who)
    with pytest.raises(Forbidden):
        said(area, event, unit=area.near.unit)
    said(area, event)
    assert visible(area.teacher, Report.objects.all()).count() == 1
    assert visible(area.officer, Call.objects.all()).count() == 2
    said(area, event, who=area.planner, unit=area.near.unit)
    assert visible(area.principal, Report.objects.all()).count() == 1


def test_somebody_hurt_is_told_to_who_opened(area):
    event = area.open()
    report = said(area, event, hurt=1)
    notice = Notice.objects.get(event=f"emergencies.grave:{report.pk}", channel="app")
    assert notice.person_id == area.accounts["planner"].person_id and "บ้านปากคลอง" in notice.title
    said(area, event, hurt=0)
    assert Notice.objects.filter(event__startswith="emergencies.grave").count() == 1


def test_photographs_lose_their_place_and_belong_to_the_school(area):
    event = area.open()
    said(area, event, uploads=[picture(), picture((200, 10, 10))])
    call = event.calls.get(school=area.struck)
    kept = list(actions.photos(call))
    assert len(kept) == 2
    with Image.open(io.BytesIO(read_bytes(kept[0]))) as drawn:
        assert drawn.format == "JPEG" and not drawn.getexif()
    actions.remove_photo(actor=area.principal, unit=area.struck.unit, call=call, photo=kept[0].public_id)
    assert actions.photos(call).count() == 1
    actions.add_photo(actor=area.principal, unit=area.struck.unit, call=call, upload=picture())
    with pytest.raises(Refusal, match="JPEG"):
        said(area, event, pupils=9, uploads=[ContentFile(b"<svg onload=alert(1)>", name="x.jpg")])
    assert call.reports.count() == 1, "the report goes with its photographs or not at all"
    with pytest.raises(NotFound):
        actions.remove_photo(actor=area.planner, unit=area.near.unit, call=call, photo=kept[1].public_id)
    with pytest.raises(Forbidden):
        actions.add_photo(actor=area.teacher, unit=area.struck.unit, call=call, upload=picture())


def test_reminding_counts_once_and_only_the_silent(area):
    event = area.open()
    said(area, event)
    assert actions.remind_silent(actor=area.planner, event=event, number=1) == 1
    with pytest.raises(Conflict, match="เมื่อครู่"):
        actions.remind_silent(actor=area.planner, event=event, number=1)
    told = Notice.objects.filter(event=f"emergencies.reminded:{event.pk}:1", channel="app")
    assert [n.person_id for n in told] == [area.accounts["near_principal"].person_id]
    with pytest.raises(Forbidden):
        actions.remind_silent(actor=area.officer, event=event, number=2)


def test_a_closed_event_takes_no_report_until_it_is_opened_again(area):
    event = area.open()
    said(area, event)
    assert closed_unit_ids() == {area.struck.unit_id}
    actions.close_event(actor=area.planner, event=event, closing_note="น้ำลดแล้ว")
    assert closed_unit_ids() == set() and public_events() == []
    with pytest.raises(Conflict, match="ปิดแล้ว"):
        said(area, event, pupils=1)
    for act in (
        lambda: actions.close_event(actor=area.planner, event=event),
        lambda: actions.call_schools(
            actor=area.planner, event=type(event).objects.get(), schools=[area.far.pk]
        ),
        lambda: actions.remind_silent(actor=area.planner, event=event, number=1),
    ):
        with pytest.raises(Conflict):
            act()
    with pytest.raises(Forbidden):
        actions.reopen_event(actor=area.principal, event=event)
    actions.reopen_event(actor=area.planner, event=event)
    with pytest.raises(Conflict):
        actions.reopen_event(actor=area.planner, event=event)
    said(area, event, pupils=1)
    with pytest.raises(Forbidden):
        actions.close_event(actor=area.principal, event=event)


def test_the_public_learns_who_is_closed_and_nothing_else(area, django_assert_num_queries):
    event = area.open()
    said(area, event, until=today() + timedelta(days=2), pupils=12, words="ความลับ")
    said(area, event, who=area.planner, unit=area.near.unit, state="open")
    with django_assert_num_queries(2):
        (found,) = public_events()
    assert (found.title, found.amphoe, found.until) == (
        "น้ำท่วมทดสอบ",
        ["ปากน้ำเงิน"],
        today() + timedelta(days=2),
    )
    (school,) = found.closed
    assert (school.name, school.phone, school.is_partly) == ("โรงเรียนบ้านปากคลอง", "0 7400 0001", False)
    assert not hasattr(school, "words") and not hasattr(school, "pupils")


def test_changing_words(area):
    event = area.open()
    actions.change_event(actor=area.planner, event=event, kind="storm", title="พายุทดสอบ")
    event.refresh_from_db()
    assert (event.kind, event.title, event.icon) == ("storm", "พายุทดสอบ", "wind")
    with pytest.raises(Refusal):
        actions.change_event(actor=area.planner, event=event, kind="storm", title="")
    with pytest.raises(Forbidden):
        actions.change_event(actor=area.officer, event=event, kind="storm", title="x")
