"""The life of findings: they survive re-checking, belong to an officer, are explained, accepted, refused, settled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.org.api import Holding, Post
from khet.kits.rounds.actions import (
    accept,
    assign_duty,
    check_round,
    check_unit,
    drop_duty,
    explain,
    open_round,
    refuse,
    settle,
)
from khet.kits.rounds.bases import checks
from khet.kits.rounds.choices import FindingState
from khet.kits.rounds.models import Finding
from khet.kits.rounds.tests.conftest import a_round
from khet.kits.rounds.tests.examples import NUMBERED

pytestmark = pytest.mark.django_db


def vacate(house, word):
    Holding.objects.filter(post=house.posts[word]).delete()


def look(house, round_):
    return check_round(actor=house.actor("planner"), round=round_)


def test_found_once_and_vanished_when_corrected_and_reopened_when_back(house, opened):
    Post.objects.filter(pk=house.posts["clerk0"].pk).update(number="")
    assert look(house, opened)[0] == 1
    finding = Finding.objects.get()
    assert (finding.state, finding.unit, finding.level) == (FindingState.OPEN, house.schools[0], "stop")
    assert look(house, opened) == (1, 0, 0)
    Post.objects.filter(pk=house.posts["clerk0"].pk).update(number="5")
    assert look(house, opened) == (0, 0, 1)
    finding.refresh_from_db()
    assert finding.state == FindingState.CORRECTED
    Post.objects.filter(pk=house.posts["clerk0"].pk).update(number="")
    look(house, opened)
    finding.refresh_from_db()
    assert (finding.state, finding.corrected_at) == (FindingState.REOPENED, None)
    assert Finding.objects.count() == 1


def test_checking_one_unit_leaves_the_others_alone(house, opened):
    Post.objects.filter(pk__in=[house.posts["clerk0"].pk, house.posts["clerk1"].pk]).update(number="")
    look(house, opened)
    Post.objects.update(number="9")
    Post.objects.filter(pk=house.posts["clerk0"].pk).update(number="8")
    Post.objects.filter(unit=house.schools[0], kind="principal").update(number="7")
    check_unit(actor=house.actor("clerk0"), handed=house.handed(opened))
    states = dict(Finding.objects.filter(code=NUMBERED.code).values_list("unit", "state"))
    assert states == {house.schools[0].pk: "corrected", house.schools[1].pk: "open"}
    with pytest.raises(Forbidden):
        check_unit(actor=house.actor("clerk1"), handed=house.handed(opened))
    with pytest.raises(Forbidden):
        check_round(actor=house.actor("clerk0"), round=opened)


def test_it_belongs_to_the_clerk_unless_the_duty_table_says_otherwise(house, opened):
    Post.objects.filter(pk__in=[house.posts["clerk0"].pk, house.posts["clerk1"].pk]).update(number="")
    look(house, opened)
    of = lambda n: Finding.objects.get(unit=house.schools[n]).post  # noqa: E731
    assert of(0) == house.posts["clerk0"]
    duty = assign_duty(
        actor=house.actor("head0"), code="test.posts", unit=house.schools[0], post=house.posts["head0"]
    )
    assert of(0) == house.posts["head0"]
    assert of(1) == house.posts["clerk1"]
    narrower = assign_duty(
        actor=house.actor("planner"), code=NUMBERED.code, unit=None, post=house.posts["planner"]
    )
    assert of(1) == house.posts["planner"]
    assert of(0) == house.posts["head0"]  # the unit's own row is narrower than one for all
    drop_duty(actor=house.actor("head0"), duty=duty)
    assert of(0) == house.posts["planner"]
    drop_duty(actor=house.actor("planner"), duty=narrower)
    assert of(0) == house.posts["clerk0"]


def test_duties_of_others_cannot_be_set(house, opened):
    with pytest.raises(Forbidden):
        assign_duty(
            actor=house.actor("head0"), code="test.posts", unit=house.schools[1], post=house.posts["head1"]
        )
    with pytest.raises(Forbidden, match="ทั้งเขต"):
        assign_duty(actor=house.actor("head0"), code="test.posts", unit=None, post=house.posts["head0"])
    with pytest.raises(Refusal, match="ตำแหน่งในหน่วยงาน"):
        assign_duty(
            actor=house.actor("head0"), code="test.posts", unit=house.schools[0], post=house.posts["head1"]
        )
    with pytest.raises(Refusal, match="ไม่มีชุด"):
        assign_duty(
            actor=house.actor("head0"), code="nothing", unit=house.schools[0], post=house.posts["head0"]
        )


def test_explained_accepted_refused(house, opened):
    vacate(house, "head0")
    look(house, opened)
    finding = Finding.objects.get()
    with pytest.raises(Refusal, match="เหตุผล"):
        explain(actor=house.actor("clerk0"), finding=finding, reason="x")
    with pytest.raises(Forbidden):
        explain(actor=house.actor("clerk1"), finding=finding, reason="รอคำสั่งย้าย")
    explain(actor=house.actor("clerk0"), finding=finding, reason="รอคำสั่งย้าย")
    look(house, opened)
    finding.refresh_from_db()
    assert finding.state == FindingState.EXPLAINED
    refuse(actor=house.actor("planner"), finding=finding, answer="คำสั่งออกแล้ว")
    finding.refresh_from_db()
    assert (finding.state, finding.answer) == (FindingState.REOPENED, "คำสั่งออกแล้ว")
    explain(actor=house.actor("clerk0"), finding=finding, reason="ยังไม่ได้รับคำสั่ง")
    assert accept(actor=house.actor("planner"), findings=[finding.pk]) == 1
    with pytest.raises(Conflict):
        accept(actor=house.actor("planner"), findings=[finding.pk])
    with pytest.raises(Forbidden):
        accept(actor=house.actor("clerk0"), findings=[finding.pk])


def test_a_stop_cannot_be_explained_away(house, opened):
    Post.objects.filter(pk=house.posts["clerk0"].pk).update(number="")
    look(house, opened)
    with pytest.raises(Refusal, match="ต้องแก้ให้ถูก"):
        explain(actor=house.actor("clerk0"), finding=Finding.objects.get(), reason="เพราะไม่มีเลข")


def test_other_facts_reopen_what_was_explained(house, opened):
    vacate(house, "head0")
    look(house, opened)
    finding = Finding.objects.get()
    explain(actor=house.actor("clerk0"), finding=finding, reason="รอคำสั่งย้าย")
    Post.objects.filter(pk=house.posts["head0"].pk).update(title="ผู้อำนวยการใหม่")
    look(house, opened)
    finding.refresh_from_db()
    assert finding.state == FindingState.REOPENED


def test_what_was_explained_in_the_round_before_need_not_be_said_again(house):
    first = a_round(
        title="รอบ 1/2569", number=1, as_at=house.posts["head0"].since.replace(year=2026, month=6, day=10)
    )
    open_round(actor=house.actor("planner"), round=first)
    vacate(house, "head0")
    look(house, first)
    explain(actor=house.actor("clerk0"), finding=Finding.objects.get(), reason="รอคำสั่งย้าย")
    second = a_round()
    open_round(actor=house.actor("planner"), round=second)
    look(house, second)
    later = Finding.objects.get(round=second)
    assert (later.state, later.reason) == (FindingState.EXPLAINED, "รอคำสั่งย้าย")


def test_the_area_settles_whose_it_is(house, opened):
    Post.objects.filter(pk=house.posts["clerk1"].pk).update(number="02")
    look(house, opened)
    mine, theirs = (Finding.objects.get(code="test.post_shared", unit=house.schools[n]) for n in (0, 1))
    assert mine.other_unit == house.schools[1]
    with pytest.raises(Refusal, match="หลักฐาน"):
        settle(actor=house.actor("planner"), finding=mine, keeper=house.schools[0], reason="")
    with pytest.raises(Refusal, match="สองโรงเรียน"):
        settle(actor=house.actor("planner"), finding=mine, keeper=house.schools[2], reason="คำสั่งที่ 5")
    settle(actor=house.actor("planner"), finding=mine, keeper=house.schools[0], reason="คำสั่งที่ 5/2569")
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.state, mine.reason) == (FindingState.ACCEPTED, "คำสั่งที่ 5/2569")
    assert (theirs.state, theirs.answer) == (FindingState.REOPENED, "คำสั่งที่ 5/2569")


def test_one_broken_rule_does_not_stop_the_others(house, opened, monkeypatch, caplog):
    broken = replace(
        NUMBERED,
        code="test.broken",
        find=lambda scope: ("SELECT 1/0 AS subject_id, 1 AS unit_id, '{}'::jsonb AS facts", []),
    )
    monkeypatch.setitem(checks._items, broken.code, broken)
    Post.objects.filter(pk=house.posts["clerk0"].pk).update(number="")
    assert look(house, opened)[0] == 1
    assert "test.broken" in caplog.text
