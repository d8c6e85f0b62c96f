"""The official letter to schools that are late with a round: one press makes one draft, whole and ready to submit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from khet.base.lib.errors import Conflict, Forbidden
from khet.base.org.actions import add_unit
from khet.kits.files.api import attachments
from khet.kits.rounds.actions import excuse, remind_by_letter
from khet.kits.rounds.models import Reminder, Return, Round
from khet.modules.letters.actions import submit
from khet.modules.letters.models import Letter


def a_round(units, *, due_days: int = -5) -> Round:
    due = timezone.now() + timedelta(days=due_days)
    made = Round.objects.create(
        title="ข้อมูลนักเรียน รอบที่ 2/2569", school_year=2569, number=2, term=2, as_at=date(2026, 11, 10), opens_on=date(2026, 11, 1), due_at=due,
        closes_on=date(2027, 1, 30), sheet_codes=["students"], unit_ids=[one.pk for one in units],
    )  # fmt: skip
    Round.objects.filter(pk=made.pk).update(state="open", opened_at=timezone.now())
    Return.objects.bulk_create([Return(round=made, unit=one, sheet="students") for one in units])
    made.refresh_from_db()
    return made


@pytest.fixture
def planner(cast):
    """An officer of the policy group who also keeps the schools' data."""
    cast.posts["officer"].roles.add(cast.roles["planner"])
    return cast.actor("officer")


def test_a_few_schools_stand_in_the_letter_with_what_is_missing_and_how_long(cast, planner):
    round_ = a_round([cast.school, cast.other_school])
    url = remind_by_letter(actor=planner, round=round_, number=1)
    letter = Letter.objects.get()
    assert url == f"/letters/{letter.pk}/edit/"
    assert letter.subject == "ขอให้เร่งรัดการรายงานข้อมูล ข้อมูลนักเรียน รอบที่ 2/2569"
    assert letter.to_units == sorted([cast.school.pk, cast.other_school.pk])
    assert (letter.state, letter.is_circular, letter.unit, letter.issuer) == (
        "draft",
        True,
        cast.group,
        cast.office,
    )
    assert letter.answer_by > timezone.localdate()
    assert letter.send_when_signed
    for words in (
        "โรงเรียนบ้านธารทอง",
        "โรงเรียนวัดลานสน",
        "นักเรียน",
        "5 วัน",
        "10 พฤศจิกายน 2569",
        "จำนวน 2 โรงเรียน",
    ):
        assert words in letter.body, words
    reminder = Reminder.objects.get()
    assert (reminder.number, reminder.letter) == (1, letter.subject[:80])
    assert sorted(reminder.unit_ids) == letter.to_units


def test_the_draft_goes_up_the_chain_as_it_is(cast, planner):
    remind_by_letter(actor=planner, round=a_round([cast.school, cast.other_school]))
    letter = submit(actor=planner, letter=Letter.objects.get())
    assert letter.state == "in_route"


def test_the_same_press_makes_one_letter(cast, planner):
    round_ = a_round([cast.school])
    remind_by_letter(actor=planner, round=round_, number=1)
    with pytest.raises(Conflict):
        remind_by_letter(actor=planner, round=round_, number=1)
    assert Letter.objects.count() == 1


def test_many_schools_stand_on_a_list_beside_the_letter(cast, planner):
    units = [
        add_unit(actor=cast.system, kind="school", code=f"m{n}", name=f"โรงเรียนสมมุติ{n}", short_name=f"สมมุติ{n}", parent=cast.office)
        for n in range(9)
    ]  # fmt: skip
    remind_by_letter(actor=planner, round=a_round(units))
    letter = Letter.objects.get()
    assert "<table>" not in letter.body
    assert "รายละเอียดตามสิ่งที่ส่งมาด้วย" in letter.body
    assert letter.enclosures == ["บัญชีรายชื่อโรงเรียนที่ยังส่งข้อมูลไม่ครบ จำนวน 1 ฉบับ"]
    assert "จำนวน 9 โรงเรียน" in letter.body
    [sheet] = attachments(letter)
    assert sheet.file.kind == "pdf"
    assert len(letter.to_units) == 9


def test_one_school_is_addressed_by_name_and_the_excused_are_left_out(cast, planner):
    round_ = a_round([cast.school, cast.other_school])
    excuse(
        actor=planner,
        round=round_,
        unit=cast.school,
        until=timezone.localdate() + timedelta(days=3),
        reason="น้ำท่วม",
    )
    remind_by_letter(actor=planner, round=round_)
    letter = Letter.objects.get()
    assert letter.to_text == "ผู้อำนวยการโรงเรียนวัดลานสน"
    assert letter.to_units == [cast.other_school.pk]
    assert not letter.is_circular


def test_before_the_hour_it_asks_and_does_not_chide(cast, planner):
    remind_by_letter(actor=planner, round=a_round([cast.school], due_days=2))
    letter = Letter.objects.get()
    assert letter.subject == "ขอให้ดำเนินการรายงานข้อมูล ข้อมูลนักเรียน รอบที่ 2/2569"
    assert letter.answer_by == timezone.localdate(timezone.now() + timedelta(days=2))
    assert "ล่วงเลย" not in letter.body


def test_whoever_may_not_remind_or_not_draft_is_refused_and_sees_no_button(cast, planner):
    round_ = a_round([cast.school])
    for word in ("stranger", "clerk", "principal", "director"):
        with pytest.raises(Forbidden):
            remind_by_letter(actor=cast.actor(word), round=round_)
    cast.posts["officer"].roles.set([cast.roles["planner"]])
    with pytest.raises(Forbidden) as why:
        remind_by_letter(actor=cast.actor("officer"), round=round_)
    assert why.value.code == "forbidden.letters.draft"
    assert not Letter.objects.exists()
    assert not Reminder.objects.exists()
