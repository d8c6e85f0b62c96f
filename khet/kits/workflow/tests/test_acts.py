"""The way up and down: each act happy, refused and forbidden."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import override

from khet.base.journal.api import Entry
from khet.base.lib.errors import Conflict, Forbidden, FreshSignInNeeded, NotFound, Refusal
from khet.base.notices.models import Notice
from khet.base.org.actions import appoint, delegate, revoke_delegation, vacate
from khet.base.org.api import Actor, today
from khet.kits.workflow.api import (
    Run,
    Step,
    acknowledge,
    advise,
    approve,
    ask,
    assign,
    change_due,
    endorse,
    finish,
    forward,
    give_back,
    group_inbox,
    hand,
    inbox,
    mark_opened,
    recall,
    returnable,
    sign,
    start,
    submit,
    take,
    timeline,
    waiting,
    withdraw,
)
from khet.kits.workflow.choices import Part
from khet.kits.workflow.tests.office import calls, holding


def again(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def to_top(office) -> Run:
    run = office.sent()
    endorse(actor=office.actor("head"), step=holding(run), note="เห็นชอบ")
    endorse(actor=office.actor("deputy"), step=holding(run), note="เห็นชอบตามเสนอ")
    return again(run)


def test_the_default_route_is_the_chain_of_command(office):
    run = office.begin()
    assert [item["post"] for item in run.plan] == [office.posts[w].pk for w in ("head", "deputy", "director")]
    assert holding(run).post == office.posts["officer"]
    school = office.begin("teacher")
    assert [item["post"] for item in school.plan] == [office.posts["principal"].pk]
    by_head = office.begin("head")
    assert [item["post"] for item in by_head.plan] == [office.posts[w].pk for w in ("deputy", "director")]


def test_all_the_way_up_and_approved(office):
    run = to_top(office)
    assert holding(run).post == office.posts["director"]
    approve(actor=office.actor("director"), step=holding(run), note="อนุมัติ")
    run = again(run)
    assert (run.state, run.is_open, run.plan) == ("approved", False, [])
    assert [stop.step.act for stop in timeline(run)] == ["submit", "endorse", "endorse", "approve"]
    assert [moved.act.act.code for moved in calls[1:]] == ["submit", "endorse", "endorse", "approve"]
    assert calls[-1].ended
    assert Entry.objects.filter(subject=f"workflow.run:{run.pk}").count() == 5


def test_the_next_holder_is_told_and_nobody_else(office):
    run = office.sent()
    told = Notice.objects.filter(event=f"workflow.step:{holding(run).pk}", channel="app")
    assert [notice.person for notice in told] == [office.people["head"]]
    assert told[0].url == run.url


def test_a_second_decision_is_a_conflict_and_changes_nothing(office):
    run = office.sent()
    step = holding(run)
    endorse(actor=office.actor("head"), step=step, note="เห็นชอบ")
    before = Step.objects.count()
    with pytest.raises(Conflict, match="ทำไปแล้ว"):
        endorse(actor=office.actor("head"), step=step, note="เห็นชอบอีกครั้ง")
    assert Step.objects.count() == before
    assert again(run).state == "moving"


def test_only_the_holder_may_decide_and_the_refusal_names_them(office):
    run = office.sent()
    with pytest.raises(Forbidden, match="สุภาวดี"):
        endorse(actor=office.actor("director"), step=holding(run), note="x")
    with pytest.raises(NotFound):
        endorse(actor=office.actor("lawyer"), step=holding(run), note="x")
    assert holding(run).post == office.posts["head"]


def test_an_act_outside_the_step_is_refused(office):
    run = office.begin()
    with pytest.raises(Forbidden) as refusal:
        approve(actor=office.actor("officer"), step=holding(run), note="อนุมัติเอง")
    assert refusal.value.code == "workflow.not_in_this_step"
    run = office.sent()
    with pytest.raises(Forbidden):
        approve(actor=office.actor("head"), step=holding(run))
    assert again(run).state == "moving"


def test_nobody_approves_their_own_request(office):
    run = office.begin("deputy")
    submit(actor=office.actor("deputy"), step=holding(run))
    delegate(actor=Actor.system(), post=office.posts["director"], person=office.people["deputy"])
    with pytest.raises(Forbidden) as refusal:
        approve(actor=office.actor("deputy"), step=holding(run))
    assert refusal.value.code == "workflow.own_request"
    assert again(run).is_open


def test_signing_needs_a_fresh_sign_in(office):
    run = to_top(office)
    with pytest.raises(FreshSignInNeeded):
        sign(actor=office.actor("director"), step=holding(run))
    assert again(run).is_open
    sign(actor=office.fresh("director"), step=holding(run))
    assert again(run).state == "approved"


def test_a_decided_step_cannot_be_changed_even_by_sql(office):
    run = office.sent()
    step = Step.objects.filter(run=run, decided_at__isnull=False).get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.filter(pk=step.pk).update(note="แก้ภายหลัง")
    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.filter(pk=step.pk).delete()


def test_two_holders_at_once_are_impossible(office):
    run = office.sent()
    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.create(
            run=run, order=99, kind="head", post=office.posts["deputy"], unit=office.units["office"]
        )


def test_returning_needs_a_reason_and_goes_back_to_the_drafter(office):
    run = to_top(office)
    with pytest.raises(Refusal, match="บอกเหตุ"):
        give_back(actor=office.actor("director"), step=holding(run), note="  ")
    give_back(actor=office.actor("director"), step=holding(run), note="ขอจำนวนโรงเรียนที่น้ำท่วมประกอบ")
    run = again(run)
    assert (run.state, holding(run).post, holding(run).request) == (
        "returned", office.posts["officer"], "ขอจำนวนโรงเรียนที่น้ำท่วมประกอบ")  # fmt: skip
    submit(actor=office.actor("officer"), step=holding(run), note="แก้แล้ว")
    assert holding(run).post == office.posts["head"]


def test_returning_to_an_earlier_step_of_ones_choice(office):
    run = to_top(office)
    choices = returnable(holding(run))
    assert [step.post for step in choices] == [office.posts[w] for w in ("officer", "head", "deputy")]
    give_back(actor=office.actor("director"), step=holding(run), note="ดูตัวเลขอีกครั้ง", to=choices[1])
    assert holding(run).post == office.posts["head"]
    endorse(actor=office.actor("head"), step=holding(run), note="ดูแล้ว")
    assert holding(run).post == office.posts["deputy"]


def test_the_first_holder_has_nobody_to_return_to(office):
    run = office.begin("director")
    run = again(run)
    assert run.plan == []
    other = office.begin()
    submit(actor=office.actor("officer"), step=holding(other))
    with pytest.raises(Refusal):
        give_back(actor=office.actor("head"), step=holding(other), note="x", to=holding(run))


def test_rerouting_within_the_house_only(office):
    run = office.sent()
    with pytest.raises(Refusal, match="โรงเรียน"):
        forward(actor=office.actor("head"), step=holding(run), to=office.posts["principal"], note="ดูให้หน่อย")
    forward(actor=office.actor("head"), step=holding(run), to=office.posts["lawhead"], note="ข้อกฎหมาย")
    assert holding(run).post == office.posts["lawhead"]
    assert [item["post"] for item in again(run).plan] == [
        office.posts["deputy2"].pk,
        office.posts["director"].pk,
    ]


def test_rerouting_never_hands_on_the_power_to_approve(office):
    run = to_top(office)
    forward(actor=office.actor("director"), step=holding(run), to=office.posts["lawyer"], note="ดูให้หน่อย")
    step = holding(run)
    assert (step.post, step.kind) == (office.posts["lawyer"], "review")
    with pytest.raises(Forbidden):
        approve(actor=office.actor("lawyer"), step=step)
    endorse(actor=office.actor("lawyer"), step=step, note="ทำได้ตามระเบียบ")
    assert (holding(run).post, holding(run).kind) == (office.posts["director"], "top")


def test_skipping_a_stop_of_the_route_upwards(office):
    run = office.sent()
    endorse(actor=office.actor("head"), step=holding(run), note="ด่วน", to=office.posts["director"])
    assert (holding(run).post, holding(run).kind, again(run).plan) == (office.posts["director"], "top", [])


def test_assigning_down_with_hosts_and_a_mentor(office):
    run = to_top(office)
    due = today() + timedelta(days=3)
    assign(
        actor=office.actor("director"), step=holding(run), to=office.posts["officer"], note="ดำเนินการ",
        co_hosts=[office.units["legal"]], mentors=[office.posts["lawhead"]], informed=[office.posts["head"]], due=due,
    )  # fmt: skip
    main = holding(run)
    assert (main.part, main.kind, timezone.localdate(main.due_at)) == (Part.HOST, "work", due)
    sides = Step.objects.filter(beside=main)
    assert sorted(side.part for side in sides) == [Part.CO_HOST, Part.INFORMED, Part.MENTOR]
    assert again(run).state == "working"
    assert [s.part for s in inbox(office.actor("lawhead"))] == [Part.MENTOR]
    assert [s.unit for s in group_inbox(office.actor("lawyer"))] == [office.units["legal"]]
    advise(actor=office.actor("lawhead"), step=sides.get(part=Part.MENTOR), note="ระวังอายุความ")
    finish(actor=office.actor("officer"), step=main, note="เสร็จแล้ว")
    run = again(run)
    assert (run.state, run.is_open) == ("closed", False)
    assert Step.objects.get(run=run, part=Part.CO_HOST).act == "lapsed"
    assert Step.objects.get(run=run, part=Part.INFORMED).is_open
    acknowledge(actor=office.actor("head"), step=Step.objects.get(run=run, part=Part.INFORMED))


def test_assigning_with_a_past_day_is_refused(office):
    run = to_top(office)
    with pytest.raises(Refusal, match="ผ่านไปแล้ว"):
        assign(
            actor=office.actor("director"), step=holding(run), to=office.posts["officer"],
            due=today() - timedelta(days=1),
        )  # fmt: skip
    assert holding(run).post == office.posts["director"]


def test_an_opinion_stands_beside_and_the_holder_keeps_the_matter(office):
    run = office.sent()
    step = holding(run)
    with pytest.raises(Refusal):
        ask(actor=office.actor("head"), step=step, to=[office.posts["lawyer"]], note="")
    (asked,) = ask(actor=office.actor("head"), step=step, to=[office.posts["lawyer"]], note="ผิดระเบียบหรือไม่")
    assert holding(run) == step
    with pytest.raises(Conflict):
        ask(actor=office.actor("head"), step=step, to=[office.posts["lawyer"]], note="อีกครั้ง")
    assert [s.pk for s in waiting(office.actor("head"))] == [asked.pk]
    with pytest.raises(Forbidden):
        endorse(actor=office.actor("lawyer"), step=asked, note="x")
    advise(actor=office.actor("lawyer"), step=asked, note="ทำได้")
    assert holding(run) == step
    assert Notice.objects.filter(event=f"workflow.answer:{asked.pk}", person=office.people["head"]).exists()
    with pytest.raises(Forbidden):
        advise(actor=office.actor("head"), step=step, note="x")


def test_recall_until_the_receiver_opens(office):
    run = office.sent()
    sent = Step.objects.get(run=run, act="submit")
    with pytest.raises((Forbidden, NotFound)):
        recall(actor=office.actor("lawyer"), step=sent)
    recall(actor=office.actor("officer"), step=sent)
    assert holding(run).post == office.posts["officer"]
    assert [s.act for s in Step.objects.filter(run=run).order_by("order")] == ["submit", "recall", ""]
    submit(actor=office.actor("officer"), step=holding(run), note="แก้แล้ว")
    mark_opened(office.actor("head"), run)
    latest = Step.objects.filter(run=run, act="submit").latest("order")
    with pytest.raises(Conflict, match="เปิดอ่านแล้ว"):
        recall(actor=office.actor("officer"), step=latest)


def test_looking_without_the_right_to_decide_does_not_end_recall(office):
    run = office.sent()
    assert mark_opened(office.actor("director"), run) == 0
    assert mark_opened(office.actor("head"), run) == 1


def test_withdrawing_is_the_drafters(office):
    run = office.begin()
    withdraw(actor=office.actor("officer"), step=holding(run), note="ไม่ไปแล้ว")
    assert again(run).state == "withdrawn"
    run = office.sent()
    with pytest.raises(Forbidden):
        withdraw(actor=office.actor("head"), step=holding(run))


def test_taking_and_handing_out_in_a_group(office):
    run = to_top(office)
    assign(actor=office.actor("director"), step=holding(run), to=office.units["legal"], note="ดำเนินการ")
    step = holding(run)
    with pytest.raises((Forbidden, NotFound)):
        take(actor=office.actor("teacher"), step=step)
    with pytest.raises(Forbidden, match="หัวหน้า"):
        hand(actor=office.actor("lawyer"), step=step, to=office.posts["lawyer"])
    with pytest.raises(Refusal):
        hand(actor=office.actor("lawhead"), step=step, to=office.posts["officer"])
    take(actor=office.actor("lawyer"), step=step)
    with pytest.raises(Conflict):
        take(actor=office.actor("lawhead"), step=step)
    assert [s.pk for s in inbox(office.actor("lawyer"))] == [step.pk]
    finish(actor=office.actor("lawyer"), step=step)


def test_a_team_of_several_groups_takes_work(office):
    run = to_top(office)
    assign(actor=office.actor("director"), step=holding(run), to=office.units["team"], note="ทีมรับไป")
    assert [s.run_id for s in group_inbox(office.actor("lawyer"))] == [run.pk]
    take(actor=office.actor("lawyer"), step=holding(run))
    finish(actor=office.actor("lawyer"), step=holding(run))
    assert again(run).state == "closed"


def test_the_head_hands_out(office):
    run = to_top(office)
    assign(actor=office.actor("director"), step=holding(run), to=office.units["legal"])
    hand(actor=office.actor("lawhead"), step=holding(run), to=office.posts["lawyer"])
    assert holding(run).post == office.posts["lawyer"]
    assert Notice.objects.filter(
        event=f"workflow.handed:{holding(run).pk}", person=office.people["lawyer"]
    ).exists()


@pytest.mark.parametrize(
    ("closes", "due_at"), [(time(0, 0), time(23, 59, 59)), (time(23, 59, 58), time(23, 59, 58))]
)
def test_today_may_be_asked_for_after_the_office_has_closed(office, monkeypatch, closes, due_at):
    monkeypatch.setattr("khet.kits.workflow.clock.CLOSES", closes)
    run = to_top(office)
    assign(actor=office.actor("director"), step=holding(run), to=office.posts["officer"], due=today())
    assert timezone.localtime(holding(run).due_at) == timezone.make_aware(datetime.combine(today(), due_at))
    with pytest.raises(Refusal):
        assign(
            actor=office.actor("officer"),
            step=holding(run),
            to=office.posts["lawyer"],
            due=today() - timedelta(days=1),
        )


def test_more_time_is_granted_by_the_sender_with_a_reason(office):
    run = to_top(office)
    assign(actor=office.actor("director"), step=holding(run), to=office.posts["officer"], due=today())
    later = today() + timedelta(days=10)
    with pytest.raises(Forbidden):
        change_due(actor=office.actor("officer"), step=holding(run), due=later, reason="ไม่ทัน")
    with pytest.raises(Refusal):
        change_due(actor=office.actor("director"), step=holding(run), due=later, reason="")
    change_due(actor=office.actor("director"), step=holding(run), due=later, reason="น้ำท่วม")
    assert timezone.localdate(holding(run).due_at) == later


def test_a_subject_travels_once(office):
    run = office.begin()
    from khet.base.org.api import Role

    with pytest.raises(Conflict):
        start(
            actor=office.actor("officer"), flow="test.paper", subject=Role.objects.get(pk=run.subject_id),
            unit=run.unit, title="อีกครั้ง",
        )  # fmt: skip


def test_what_the_subject_refuses_did_not_happen(office, monkeypatch):
    from khet.kits.workflow.tests.office import paper

    run = office.begin()

    def refuse(moved):
        raise Refusal("ยังไม่มีสิ่งที่ส่งมาด้วย", code="test.no")

    object.__setattr__(paper, "after", refuse)
    try:
        with pytest.raises(Refusal, match="สิ่งที่ส่งมาด้วย"):
            submit(actor=office.actor("officer"), step=holding(run))
    finally:
        object.__setattr__(paper, "after", calls.append)
    assert holding(run).post == office.posts["officer"]
    assert Step.objects.filter(run=run).count() == 1


def test_what_is_kept_and_told_is_thai_whatever_language_the_actor_reads(office):
    run = to_top(office)
    delegate(actor=office.actor("director"), post=office.posts["director"], person=office.people["deputy2"])
    with override("en"):
        assign(actor=office.actor("deputy2"), step=holding(run), to=office.posts["officer"], note="ทำต่อ")
    step = Step.objects.get(run=run, act="assign")
    assert step.acting == f"รักษาราชการแทน {office.posts['director'].title}"
    assert Entry.objects.get(verb="workflow.assign").acting_for == step.acting
    told = Notice.objects.filter(event=f"workflow.step:{holding(run).pk}", channel="app").get()
    with override("th"):
        assert (told.title, told.body) == (
            f"{holding(run).ask}: {run.title}",
            f"จาก {step.decided_by.full_name}",
        )


def test_a_deputy_acting_sees_the_directors_desk_and_decides_as_such(office):
    run = to_top(office)
    lent = delegate(
        actor=office.actor("director"), post=office.posts["director"], person=office.people["deputy2"]
    )
    acting = office.actor("deputy2")
    assert [s.run_id for s in inbox(acting)] == [run.pk]
    approve(actor=acting, step=holding(run), note="อนุมัติ")
    step = Step.objects.get(run=run, act="approve")
    assert (step.decided_by, step.acting) == (
        office.people["deputy2"], f"รักษาราชการแทน {office.posts['director'].title}")  # fmt: skip
    assert Entry.objects.get(verb="workflow.approve").acting_for == step.acting
    revoke_delegation(actor=office.actor("director"), delegation=lent)
    other = to_top(office)
    assert list(inbox(office.actor("deputy2"))) == []
    with pytest.raises(Forbidden):
        approve(actor=office.actor("deputy2"), step=holding(other))


def test_a_limited_delegation_reaches_only_the_steps_it_names(office):
    run = to_top(office)
    delegate(
        actor=office.actor("director"), post=office.posts["director"], person=office.people["deputy2"],
        kind="on_behalf", capabilities=["org.view"],
    )  # fmt: skip
    assert list(inbox(office.actor("deputy2"))) == []
    with pytest.raises(Forbidden):
        approve(actor=office.actor("deputy2"), step=holding(run))


def test_an_official_who_moves_leaves_the_work_to_the_successor(office):
    run = office.sent()
    old, new = office.people["head"], office.people["officer2"]
    before = Actor.of(old)
    assert inbox(before).count() == 1
    appoint(
        actor=Actor.system(),
        post=office.posts["head"],
        person=new,
        since=today(),
        leaves=office.posts["officer2"],
    )
    assert inbox(Actor.of(old)).count() == 0
    with pytest.raises((Forbidden, NotFound)):
        endorse(actor=Actor.of(old), step=holding(run), note="ยังอยู่")
    assert inbox(Actor.of(new)).count() == 1
    endorse(actor=Actor.of(new), step=holding(run), note="รับช่วง")
    assert holding(run).post == office.posts["deputy"]


def test_a_vacant_post_falls_to_the_superior_with_a_word(office):
    run = office.sent()
    vacate(actor=Actor.system(), post=office.posts["head"])
    assert [s.run_id for s in inbox(office.actor("deputy"))] == [run.pk]
    assert list(inbox(office.actor("deputy2"))) == []
    endorse(actor=office.actor("deputy"), step=holding(run), note="แทน")
    step = Step.objects.get(run=run, act="endorse")
    assert "ตำแหน่งที่ว่าง" in step.acting
    assert holding(run).post == office.posts["deputy"]


def test_the_route_asks_again_when_a_post_on_it_was_abolished(office):
    run = office.sent()
    post = office.posts["deputy"]
    from khet.base.org.actions import change_post, change_unit

    vacate(actor=Actor.system(), post=post)
    change_post(actor=Actor.system(), post=post, until=today() - timedelta(days=1))
    change_unit(actor=Actor.system(), unit=office.units["policy"], overseer=office.posts["deputy2"])
    endorse(actor=office.actor("head"), step=holding(run), note="เห็นชอบ")
    assert holding(run).post == office.posts["deputy2"]
