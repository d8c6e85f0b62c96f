"""The seven steps: the order holds, a double press acts once, a change after confirming shows, the wrong people may not."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from khet.base.journal.models import Entry
from khet.base.lib.errors import Conflict, Forbidden, FreshSignInNeeded, NotFound, Refusal
from khet.base.notices.models import Notice
from khet.base.org.api import Actor, Post
from khet.kits.rounds.actions import (
    certify,
    certify_on_paper,
    change_round,
    confirm,
    decline,
    exempt,
    give_back,
    open_round,
    plan_year,
    start,
    submit,
    unexempt,
    verify,
)
from khet.kits.rounds.api import certify_all, confirm_all, explain_all, round_called, verify_all
from khet.kits.rounds.choices import ReturnState, RoundKind
from khet.kits.rounds.models import Return, Round, Snapshot
from khet.kits.rounds.tests.conftest import a_round

pytestmark = pytest.mark.django_db


def up_to(house, handed, state, school=0):
    clerk, head = house.actor(f"clerk{school}"), house.actor(f"head{school}")
    for word, step in (
        ("entering", lambda: start(actor=clerk, handed=handed)),
        ("cleared", lambda: submit(actor=clerk, handed=handed)),
        ("confirmed", lambda: confirm(actor=clerk, handed=handed)),
        ("certified", lambda: certify(actor=head, handed=handed, agreed=True)),
        ("verified", lambda: verify(actor=house.actor("planner"), round=handed.round, returns=[handed])),
    ):
        step()
        if word == state:
            break
    handed.refresh_from_db()
    assert handed.state == state
    return handed


def test_opening_makes_every_unit_and_sheet_in_one_statement_and_tells_the_clerks(
    house, django_assert_max_num_queries
):
    round_ = a_round(sheet_codes=["test.posts", "test.visit"])
    with django_assert_max_num_queries(30):
        assert open_round(actor=house.actor("planner"), round=round_) == 6
    assert Return.objects.filter(round=round_, sheet="test.visit", form__isnull=False).count() == 3
    told = Notice.objects.filter(event=f"rounds.opened:{round_.pk}", channel="app")
    assert set(told.values_list("person", flat=True)) == {
        house.accounts[f"{who}{n}"].person_id for who in ("clerk", "head") for n in range(3)
    }
    with pytest.raises(Conflict, match="เปิดไปแล้ว"):
        open_round(actor=house.actor("planner"), round=round_)


def test_a_sheet_goes_through_all_steps(house, opened):
    handed = up_to(house, house.handed(opened), "verified")
    assert handed.n == 2
    assert handed.certified_by == house.accounts["head0"].person
    snapshot = Snapshot.objects.get(handed=handed)
    assert len(snapshot.rows) == 2
    assert snapshot.totals[-1] == [0, "รวม", 2]
    assert snapshot.digest == handed.digest


def test_steps_cannot_be_skipped(house, opened):
    handed = house.handed(opened)
    with pytest.raises(Conflict, match="ยังไม่เริ่ม"):
        confirm(actor=house.actor("clerk0"), handed=handed)
    with pytest.raises(Conflict):
        certify(actor=house.actor("head0"), handed=handed, agreed=True)
    with pytest.raises(Conflict):
        verify(actor=house.actor("planner"), round=opened, returns=[handed])
    handed.refresh_from_db()
    assert handed.state == ReturnState.NOT_STARTED


def test_the_database_itself_refuses_a_skipped_step(house, opened):
    handed = house.handed(opened)
    with pytest.raises(DatabaseError, match=r"return_moves|transition"), transaction.atomic():
        Return.objects.filter(pk=handed.pk).update(state="verified")
    Return.objects.filter(pk=handed.pk).update(state="entering")
    with pytest.raises(IntegrityError), transaction.atomic():
        Return.objects.filter(pk=handed.pk).update(state="cleared")  # without the moment of the check


def test_a_second_press_is_told_what_was_done(house, opened):
    handed = up_to(house, house.handed(opened), "confirmed")
    with pytest.raises(Conflict, match="ยืนยันไปแล้ว"):
        confirm(actor=house.actor("clerk0"), handed=handed)
    certify(actor=house.actor("head0"), handed=handed, agreed=True)
    with pytest.raises(Conflict, match="รับรองไปแล้ว"):
        certify(actor=house.actor("head0"), handed=handed, agreed=True)
    assert Snapshot.objects.filter(handed=handed).count() == 1


def test_a_stop_finding_stands_in_the_way_until_the_data_is_right(house, opened):
    post = house.posts["clerk0"]
    Post.objects.filter(pk=post.pk).update(number="")
    handed = up_to(house, house.handed(opened), "cleared")
    with pytest.raises(Refusal, match="ต้องแก้อีก 1"):
        confirm(actor=house.actor("clerk0"), handed=handed)
    Post.objects.filter(pk=post.pk).update(number="77")
    assert confirm(actor=house.actor("clerk0"), handed=handed).state == ReturnState.CONFIRMED


def test_a_record_that_two_units_claim_holds_the_sheet_back(house, opened):
    Post.objects.filter(pk=house.posts["clerk1"].pk).update(number="02")
    handed = house.handed(opened)
    start(actor=house.actor("clerk0"), handed=handed)
    assert submit(actor=house.actor("clerk0"), handed=handed).state == ReturnState.ENTERING
    with pytest.raises(Conflict):
        confirm(actor=house.actor("clerk0"), handed=handed)
    Post.objects.filter(pk=house.posts["clerk1"].pk).update(number="99")
    assert submit(actor=house.actor("clerk0"), handed=handed).state == ReturnState.CLEARED


def test_a_change_after_confirming_asks_for_confirming_anew(house, opened):
    handed = up_to(house, house.handed(opened), "confirmed")
    Post.objects.filter(pk=house.posts["clerk0"].pk).update(title="ธุรการคนใหม่")
    with pytest.raises(Conflict, match="เปลี่ยนไปหลังยืนยัน"):
        certify(actor=house.actor("head0"), handed=handed, agreed=True)
    assert submit(actor=house.actor("clerk0"), handed=handed).state == ReturnState.CLEARED
    handed = confirm(actor=house.actor("clerk0"), handed=handed)
    assert certify(actor=house.actor("head0"), handed=handed, agreed=True).state == ReturnState.CERTIFIED


def test_the_area_does_not_verify_what_changed_since(house, opened):
    handed = up_to(house, house.handed(opened), "certified")
    Post.objects.filter(pk=house.posts["clerk0"].pk).update(title="ธุรการคนใหม่")
    with pytest.raises(Conflict, match="เปลี่ยนหลังรับรอง"):
        verify(actor=house.actor("planner"), round=opened, returns=[handed])
    # The verb was rolled back as a whole; the nightly look keeps what it saw.
    from khet.kits.rounds.actions.stale import mark_stale

    assert mark_stale(opened) == 1
    Post.objects.filter(pk=house.posts["clerk0"].pk).update(title="ธุรการ")
    assert mark_stale(opened) == 0


def test_certifying_needs_the_tick_and_a_fresh_sign_in(house, opened):
    handed = up_to(house, house.handed(opened), "confirmed")
    with pytest.raises(Refusal, match="ทำเครื่องหมาย"):
        certify(actor=house.actor("head0"), handed=handed, agreed=False)
    stale = house.actor("head0")
    stale.fresh_sign_in = False
    with pytest.raises(FreshSignInNeeded):
        certify(actor=stale, handed=handed, agreed=True)


def test_a_signature_on_paper_is_taken_by_the_area_and_names_nobody_but_the_paper(house, opened):
    handed = house.handed(opened)
    with pytest.raises(Conflict):
        certify_on_paper(actor=house.actor("planner"), handed=handed, paper="แบบรับรอง")
    handed = up_to(house, handed, "confirmed")
    with pytest.raises(Forbidden):
        certify_on_paper(actor=house.actor("head0"), handed=handed, paper="แบบรับรอง")
    with pytest.raises(Refusal, match="เก็บไว้ที่ไหน"):
        certify_on_paper(actor=house.actor("planner"), handed=handed, paper=" ")
    handed = certify_on_paper(actor=house.actor("planner"), handed=handed, paper="แบบรับรอง แฟ้ม 3")
    assert (handed.state, handed.certified_by) == ("certified", None)
    assert (
        Entry.objects.filter(verb="rounds.certify_on_paper").latest("pk").facts["paper"] == "แบบรับรอง แฟ้ม 3"
    )


def test_a_round_goes_all_the_way_by_commands(house, opened):
    system = Actor.system()
    assert round_called(opened.short) == opened
    with pytest.raises(NotFound, match=opened.short):
        round_called("9/2400")
    done, left = confirm_all(actor=system, round=opened)
    total = Return.objects.filter(round=opened).count()
    if left:
        assert all(one.why for one in left)
        explain_all(actor=system, round=opened, reason="ตรวจกับหลักฐานแล้ว")
        done += confirm_all(actor=system, round=opened)[0]
    certified, left = certify_all(actor=system, round=opened, paper="แบบรับรอง แฟ้ม 3")
    assert certified == done and left == []
    assert verify_all(actor=system, round=opened) == done <= total


@pytest.mark.parametrize(("verb", "word"), [(start, "clerk1"), (submit, "planner"), (confirm, "clerk1")])
def test_only_the_units_own_clerk_fills_in(house, opened, verb, word):
    with pytest.raises(Forbidden):
        verb(actor=house.actor(word), handed=house.handed(opened))


def test_a_clerk_does_not_certify_and_a_head_not_verify(house, opened):
    handed = up_to(house, house.handed(opened), "confirmed")
    with pytest.raises(Forbidden):
        certify(actor=house.actor("clerk0"), handed=handed, agreed=True)
    with pytest.raises(Forbidden):
        certify(actor=house.actor("head1"), handed=handed, agreed=True)
    with pytest.raises(Forbidden):
        verify(actor=house.actor("head0"), round=opened, returns=[handed])
    with pytest.raises(Forbidden):
        give_back(actor=house.actor("head0"), handed=handed, reason="x")


def test_the_head_hands_it_back_with_a_reason(house, opened):
    handed = up_to(house, house.handed(opened), "confirmed")
    with pytest.raises(Refusal, match="เหตุผล"):
        decline(actor=house.actor("head0"), handed=handed, reason=" ")
    handed = decline(actor=house.actor("head0"), handed=handed, reason="ขาดครูหนึ่งคน")
    assert (handed.state, handed.reason) == (ReturnState.RETURNED, "ขาดครูหนึ่งคน")


def test_the_area_returns_with_marks_and_the_way_goes_on(house, opened):
    handed = up_to(house, house.handed(opened), "verified")
    key = str(house.posts["clerk0"].pk)
    handed = give_back(
        actor=house.actor("planner"),
        handed=handed,
        reason="ตรวจชื่อตำแหน่ง",
        marks=[(key, "ธุรการ", "ชื่อไม่ตรงคำสั่ง")],
    )
    assert handed.state == ReturnState.RETURNED
    assert handed.marks.get().note == "ชื่อไม่ตรงคำสั่ง"
    assert Notice.objects.filter(event__startswith=f"rounds.returned:{handed.pk}").exists()
    submit(actor=house.actor("clerk0"), handed=handed)
    handed = confirm(actor=house.actor("clerk0"), handed=handed)
    assert (handed.state, handed.reason, handed.certified_at) == (ReturnState.CONFIRMED, "", None)
    assert handed.marks.get().settled_at


def test_owing_nothing_needs_a_reason_and_can_be_taken_back(house, opened):
    school = house.schools[2]
    with pytest.raises(Refusal, match="เหตุผล"):
        exempt(actor=house.actor("planner"), round=opened, unit=school, reason="")
    assert exempt(actor=house.actor("planner"), round=opened, unit=school, reason="เรียนรวมกับบ้านที่ 1") == 1
    with pytest.raises(Conflict):
        submit(actor=house.actor("clerk2"), handed=house.handed(opened, 2))
    assert unexempt(actor=house.actor("planner"), round=opened, unit=school) == 1
    assert house.handed(opened, 2).state == ReturnState.NOT_STARTED


def test_a_school_years_rounds_by_one_press_and_the_next_from_it(house):
    made = plan_year(actor=house.actor("planner"), school_year=2569)
    assert [(one.kind, one.number, one.as_at.isoformat()) for one in made] == [
        (RoundKind.TERM, 1, "2026-06-10"),
        (RoundKind.TERM, 2, "2026-11-10"),
        (RoundKind.TERM, 3, "2027-03-31"),
    ]
    with pytest.raises(Conflict, match="ครบแล้ว"):
        plan_year(actor=house.actor("planner"), school_year=2569)
    change_round(actor=house.actor("planner"), round=made[0], title="รอบ 1/2569 ต้นปี")
    later = plan_year(actor=house.actor("planner"), school_year=2570)
    assert next(one.title for one in later) == "รอบ 1/2570 ต้นปี"
    assert {one.as_at.year for one in later} == {2027, 2028}
    assert all(one.opens_on.weekday() < 5 for one in later)
    with pytest.raises(Forbidden):
        plan_year(actor=house.actor("clerk0"), school_year=2571)


def test_days_of_a_round_stand_in_order(house):
    round_ = a_round()
    with pytest.raises(Refusal, match="เรียงวัน"):
        change_round(actor=house.actor("planner"), round=round_, closes_on=round_.opens_on)


def test_of_an_open_round_only_the_days_ahead_change(house, opened):
    change_round(actor=house.actor("planner"), round=opened, sheet_codes=[], title="รอบสอง")
    opened.refresh_from_db()
    assert (opened.title, opened.sheet_codes) == ("รอบสอง", ["test.posts"])


def test_the_system_may_do_what_its_rights_say(house, opened):
    assert start(actor=Actor.system(), handed=house.handed(opened)).state == ReturnState.ENTERING
    assert Round.objects.get().is_open
