"""Memos up the chain and tasks down it: each verb happy, refused, forbidden."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.org.api import Actor, today
from khet.kits.files.api import attachments
from khet.kits.workflow.api import (
    acknowledge,
    advise,
    approve,
    assign,
    endorse,
    finish,
    give_back,
    inbox,
    recall,
    runs_of,
    submit,
    take,
)
from khet.kits.workflow.choices import Part
from khet.kits.workflow.models import Step
from khet.kits.workflow.tests.office import holding
from khet.modules.desk.actions import change_memo, give_task, write_memo
from khet.modules.desk.models import Matter


def memo(office, word="officer", **facts) -> Matter:
    return write_memo(actor=office.actor(word), subject="ขออนุมัติเดินทางไปราชการ", body="รายละเอียด", **facts)


def step(matter: Matter) -> Step:
    return holding(runs_of(matter).get())


def test_a_memo_climbs_and_is_approved(office):
    made = memo(office)
    assert made.state == "moving"
    assert step(made).post == office.posts["head"]
    for word in ("head", "deputy"):
        endorse(actor=office.actor(word), step=step(made), note="เห็นชอบ")
    approve(actor=office.actor("director"), step=step(made), note="อนุมัติ")
    made.refresh_from_db()
    assert made.state == "approved"


def test_a_school_memo_ends_with_its_principal(office):
    made = memo(office, "teacher")
    approve(actor=office.actor("principal"), step=step(made))
    made.refresh_from_db()
    assert made.state == "approved"


def test_approval_before_submission_is_impossible(office):
    made = memo(office, send=False)
    with pytest.raises(Forbidden):
        approve(actor=office.actor("officer"), step=step(made))
    assert made.state == "draft"


def test_words_change_only_while_with_the_drafter(office):
    made = memo(office, send=False)
    change_memo(actor=office.actor("officer"), matter=made, subject="ขออนุมัติเดินทาง", body="ใหม่")
    assert runs_of(made).get().title == "ขออนุมัติเดินทาง"
    with pytest.raises(Forbidden):
        change_memo(actor=office.actor("head"), matter=made, subject="x", body="")
    with pytest.raises(Refusal):
        change_memo(actor=office.actor("officer"), matter=made, subject="  ", body="")
    submit(actor=office.actor("officer"), step=step(made))
    with pytest.raises(Conflict):
        change_memo(actor=office.actor("officer"), matter=made, subject="แก้หลังเสนอ", body="")
    made.refresh_from_db()
    assert made.subject == "ขออนุมัติเดินทาง"


def test_a_returned_memo_may_be_mended_and_a_recalled_one_too(office):
    made = memo(office)
    give_back(actor=office.actor("head"), step=step(made), note="แก้จำนวนเงิน")
    change_memo(actor=office.actor("officer"), matter=made, subject="แก้แล้ว", body="")
    submit(actor=office.actor("officer"), step=step(made))
    sent = Step.objects.filter(run=runs_of(made).get(), act="submit").latest("order")
    recall(actor=office.actor("officer"), step=sent)
    change_memo(actor=office.actor("officer"), matter=made, subject="แก้อีกครั้ง", body="")
    made.refresh_from_db()
    assert (made.subject, made.state) == ("แก้อีกครั้ง", "draft")


def test_writing_needs_a_post_and_a_subject(office):
    with pytest.raises(Refusal, match="ชื่อเรื่อง"):
        write_memo(actor=office.actor("officer"), subject=" ")
    with pytest.raises(Forbidden):
        write_memo(actor=office.actor("officer"), subject="x", post=office.posts["head"])
    with pytest.raises(Forbidden):
        write_memo(actor=Actor(), subject="x")
    assert not Matter.objects.exists()


def test_a_memo_carries_files(office):
    made = memo(office, files=[SimpleUploadedFile("แผน.csv", "ก,ข\n1,2\n".encode())])
    assert [file.name for file in attachments(made)] == ["แผน.csv"]


def test_a_task_goes_down_with_hosts_and_mentor_and_comes_back_for_checking(office):
    task = give_task(
        actor=office.actor("director"), subject="เตรียมนิทรรศการ", to=office.units["team"], due=today(),
        co_hosts=[office.units["legal"]], mentors=[office.posts["head"]],
    )  # fmt: skip
    assert task.state == "working"
    assert {one.part for one in Step.objects.filter(run=runs_of(task).get(), decided_at__isnull=True)} == {
        Part.HOST, Part.CO_HOST, Part.MENTOR,
    }  # fmt: skip
    advice = Step.objects.get(run=runs_of(task).get(), part=Part.MENTOR)
    advise(actor=office.actor("head"), step=advice, note="ใช้ห้องธารแก้ว")
    take(actor=office.actor("lawyer"), step=step(task))
    submit(actor=office.actor("lawyer"), step=step(task), note="เสร็จแล้ว")
    task.refresh_from_db()
    assert (task.state, step(task).post) == ("checking", office.posts["director"])
    give_back(actor=office.actor("director"), step=step(task), note="เพิ่มป้าย", to=_latest(task, "submit"))
    submit(actor=office.actor("lawyer"), step=step(task), note="เพิ่มแล้ว")
    acknowledge(actor=office.actor("director"), step=step(task), note="ตรวจรับ")
    task.refresh_from_db()
    assert task.state == "done"


def _latest(task: Matter, act: str) -> Step:
    return Step.objects.filter(run=runs_of(task).get(), act=act).latest("order")


def test_only_those_who_lead_give_tasks(office):
    with pytest.raises(Forbidden):
        give_task(actor=office.actor("officer"), subject="x", to=office.posts["officer2"])
    with pytest.raises(Refusal):
        give_task(actor=office.actor("director"), subject="x", to=office.posts["teacher"])
    assert not Matter.objects.exists()


def test_an_assigned_memo_is_worked_and_closed(office):
    made = memo(office)
    assign(actor=office.actor("head"), step=step(made), to=office.posts["officer2"], note="ดำเนินการ")
    assert [one.part for one in inbox(office.actor("officer2"))] == [Part.HOST]
    finish(actor=office.actor("officer2"), step=step(made), note="เสร็จ")
    made.refresh_from_db()
    assert made.state == "done"
