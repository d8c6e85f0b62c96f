"""Papers from outside, and how far each has come."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from khet.kits.workflow.api import assign, endorse, finish, take
from khet.modules.letters.actions import (
    receive,
    register,
)
from khet.modules.letters.choices import Speed
from khet.modules.letters.flows import send_inside
from khet.modules.letters.models import Letter, Receipt
from khet.modules.letters.seeds.papers import named, scanned
from khet.modules.letters.seeds.story import Story


def incoming(story: Story, row: tuple, days_ago: int, *, paper: bool, minute: int) -> None:
    """A paper from outside: received, sent to its group, and some way up the chain."""
    subject, sender, number, group, speed, answer_days = row
    world = story.world
    moment = story.moment(days_ago, 8, 35 + minute)

    def came() -> None:
        day = timezone.localdate(moment) - timedelta(days=3)
        file = scanned(subject, sender, number, day, "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา") if paper else None
        entry_row = receive(
            actor=story.by("saraban"), unit=world.office, subject=subject, from_text=sender, number_text=number,
            dated_on=day, to_text="ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา", speed=speed,
            answer_by=story.day_in(answer_days) if answer_days is not None else None,
            action=world.groups[group].short_name, paper=[named(file, number)] if file else [],
        )  # fmt: skip
        letter = entry_row.letter
        send_inside(actor=story.by("saraban"), letter=letter, unit=world.office, to=world.groups[group])
        onward(story, letter, group, moment, days_ago)

    story.when(moment, came, inside=True)


def onward(story: Story, letter: Letter, group: str, moment: datetime, days_ago: int) -> None:
    """The group takes it; how far it goes depends on how long ago it came."""
    world = story.world
    person = story.officer(group) if group != "audit" else "officer:audit:1"

    def taken() -> None:
        step = story.step(letter)
        take(actor=story.by(person), step=step)

    def endorsed() -> None:
        step = story.step(letter)
        if step.post_id is None or not step.declared.allows(endorse):
            return
        endorse(actor=story.holder(step), step=step, note="เห็นควรแจ้งสถานศึกษาในสังกัดทราบและถือปฏิบัติ")

    def decided() -> None:
        step = story.step(letter)
        if step.kind != "decide":
            return
        assign(actor=story.holder(step), step=step, to=world.posts[person], note="มอบผู้รับผิดชอบดำเนินการตามเสนอ")

    def done() -> None:
        step = story.step(letter)
        if step.kind == "do":
            finish(actor=story.holder(step), step=step, note="ดำเนินการแล้ว")

    story.when(moment + timedelta(minutes=23), taken, inside=True)
    if days_ago >= 1 or letter.speed == Speed.MOST_URGENT:
        story.when(moment + timedelta(minutes=30), endorsed, inside=True)
    if days_ago >= 2:
        story.when(moment + timedelta(hours=5), endorsed, inside=True)
    if days_ago >= 3:
        story.when(moment + timedelta(hours=26), endorsed, inside=True)
        story.when(moment + timedelta(hours=29), decided, inside=True)
    if days_ago >= 6:
        story.when(moment + timedelta(hours=74), done, inside=True)


def saraban_mornings(story: Story, days: int) -> None:
    """The registry clears its inbox each noon, except today's newest."""

    def clear() -> None:
        waiting = list(
            Receipt.objects.filter(
                unit=story.world.office, registered_at__isnull=True, returned_at__isnull=True
            )
            .order_by("sent_at")
            .values_list("pk", flat=True)
        )
        if waiting:
            register(actor=story.by("saraban"), unit=story.world.office, receipts=waiting)

    for day in range(days, 0, -1):
        story.when(story.moment(day, 15, 40), clear)
