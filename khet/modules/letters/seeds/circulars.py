"""Circulars to every school, and what the schools do with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from khet.base.org.api import Unit
from khet.kits.workflow.api import endorse, sign
from khet.modules.letters.actions import (
    draft,
    mark_opened,
    register,
    send_ready,
    submit,
)
from khet.modules.letters.models import Letter, Receipt
from khet.modules.letters.seeds.crowd import Act
from khet.modules.letters.seeds.papers import named
from khet.modules.letters.seeds.story import Story


def circular(story: Story, row: tuple) -> None:
    """Drafted in a group, up the chain, signed, sent to every school, and what the schools then do."""
    subject, group, line, speed, answer_days, days_ago = row
    world = story.world
    begin = story.moment(days_ago + 1, 9, 10)
    letter: dict[str, Letter] = {}

    def drafted() -> None:
        actor = story.by(story.officer(group))
        letter["it"] = draft(
            actor=actor, unit=world.groups[group], subject=subject, to_text="ผู้อำนวยการโรงเรียนในสังกัดทุกโรงเรียน",
            speed=speed, is_circular=True, to_units=[school.pk for school in world.schools],
            body=(
                f"<p>ด้วยสำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2 {line} เพื่อให้การดำเนินงานเป็นไปด้วยความเรียบร้อย"
                "และทันตามกำหนด</p><p>ในการนี้ จึงขอให้โรงเรียนดำเนินการในส่วนที่เกี่ยวข้อง"
                + (" และรายงานผลให้สำนักงานเขตพื้นที่การศึกษาทราบภายในกำหนด" if answer_days else "")
                + "</p><p>จึงเรียนมาเพื่อทราบและดำเนินการ</p>"
            ),
            answer_by=story.day_in(answer_days - days_ago) if answer_days else None,
        )  # fmt: skip
        submit(actor=actor, letter=letter["it"])

    def up() -> None:
        step = story.step(letter["it"])
        endorse(actor=story.holder(step), step=step, note="เห็นชอบตามเสนอ")

    def signed() -> None:
        step = story.step(letter["it"])
        while step.kind != "sign":
            up()
            step = story.step(letter["it"])
        sign(actor=story.holder(step), step=step, note="")
        letter["it"].refresh_from_db()
        receivers(story, letter["it"], answer_days)

    story.when(begin, drafted, inside=True)
    story.when(begin + timedelta(hours=2), up, inside=True)
    story.when(story.moment(days_ago, 9, 14), signed, inside=True)


def receivers(story: Story, letter: Letter, answer_days: int | None) -> None:
    """Schools open, register and answer: most within hours, some late, a few not at all.

    One school in fifteen acts through the verbs, the others together (``crowd.py``).
    """
    world, rng = story.world, story.world.rng
    sent = timezone.now()
    schools = {school.pk: school for school in world.schools}
    for place, receipt in enumerate(Receipt.objects.filter(letter=letter).order_by("pk")):
        school = schools.get(receipt.unit_id)
        if school is None or rng.random() < 0.04:
            continue
        lag = timedelta(minutes=rng.choice([25, 50, 95, 140, 190, 260, 340, 1500, 2900]) + rng.randrange(20))
        if sent + lag > story.now:
            continue
        is_sample = place % 15 == 0
        only_opens = rng.random() < 0.05
        if is_sample:
            story.when(sent + lag, registers(story, school, receipt, only_opens))
        else:
            acts = story.crowd.opened if only_opens else story.crowd.registered
            acts.append(Act(sent + lag, school, letter, receipt.pk))
        if answer_days and not only_opens and rng.random() < 0.7:
            back = sent + lag + timedelta(hours=rng.choice([5, 20, 26, 44, 70]))
            if back >= story.now:
                continue
            if is_sample:
                story.when(back, _answers(story, school, letter))
            else:
                story.crowd.answered.append(Act(back, school, letter))


def registers(story: Story, school: Unit, receipt: Receipt, only_opens: bool) -> Callable[[], None]:
    def act() -> None:
        actor = story.clerk(school)
        if only_opens:
            mark_opened(actor=actor, receipt=receipt)
        else:
            register(actor=actor, unit=school, receipts=[receipt.pk])

    return act


def _answers(story: Story, school: Unit, letter: Letter) -> Callable[[], None]:
    def act() -> None:
        send_ready(
            actor=story.clerk(school), unit=school, subject=letter.subject, to_text=story.world.office.name,
            units=[story.world.office.pk], answers=letter, paper=[named(story.scan, "ตอบ")],
        )  # fmt: skip

    return act
