"""The rarer things: secrets, cancelled numbers, orders, returns, reminders, recalls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from khet.base.org.api import Unit
from khet.kits.workflow.api import ask, endorse, give_back, sign
from khet.modules.letters.actions import (
    cancel_entry,
    draft,
    excuse,
    recall,
    receive,
    remind,
    send_back,
    send_ready,
    submit,
)
from khet.modules.letters.choices import LetterKind, Secrecy, Speed
from khet.modules.letters.flows import send_inside
from khet.modules.letters.models import Letter, Receipt
from khet.modules.letters.seeds.circulars import registers
from khet.modules.letters.seeds.papers import named
from khet.modules.letters.seeds.story import Story
from khet.modules.letters.seeds.words import CIRCULARS, INCOMING, SCHOOL_SUBJECTS


def special(story: Story) -> None:
    """The rarer things: schools' own letters, a secret one, a cancelled number, an order, drafts in every state."""
    world = story.world
    office, groups = world.office, world.groups

    for number, subject in enumerate(SCHOOL_SUBJECTS):
        school = world.schools[number * 3]

        def to_office(school=school, subject=subject) -> None:
            send_ready(
                actor=story.clerk(school), unit=school, subject=subject, to_text=office.name, units=[office.pk],
                paper=[named(story.scan, "รายงาน")],
            )  # fmt: skip

        story.when(story.moment(number // 3, 13 if number % 2 else 10, 5 + number), to_office)

    one, two = world.schools[0], world.schools[4]

    def school_to_school() -> None:
        letter = send_ready(
            actor=story.clerk(one), unit=one, subject="ขอยืมเต็นท์และเก้าอี้สำหรับศูนย์พักพิง", to_text=two.name, units=[two.pk],
            paper=[named(story.scan, "ขอยืม")],
        )  # fmt: skip
        receipt = Receipt.objects.get(letter=letter, unit=two)
        story.when(timezone.now() + timedelta(hours=1), registers(story, two, receipt, False))
        story.when(timezone.now() + timedelta(hours=3), _answers_school(story, two, letter, one))

    story.when(story.moment(2, 9, 40), school_to_school)

    def secret() -> None:
        row = receive(
            actor=story.by("saraban"), unit=office, subject="ผลการสืบสวนข้อเท็จจริงกรณีถูกร้องเรียน",
            from_text="สำนักงาน ป.ป.ท. เขต 9", number_text="ปป 0021/ล14", dated_on=timezone.localdate() - timedelta(days=2),
            secrecy=Secrecy.SECRET, speed=Speed.URGENT,
        )  # fmt: skip
        send_inside(actor=story.by("saraban"), letter=row.letter, unit=office, to=world.posts["director"])

    story.when(story.moment(1, 11, 20), secret)

    def cancelled() -> None:
        row = receive(
            actor=story.by("saraban"), unit=office, subject="ขอเชิญร่วมงานกฐินสามัคคี", from_text="วัดธารทองใน",
            number_text="", dated_on=None,
        )  # fmt: skip
        cancel_entry(actor=story.by("saraban"), row=row, reason="ลงรับซ้ำกับฉบับที่รับทางไปรษณีย์")

    story.when(story.moment(5, 14, 10), cancelled)

    def order() -> None:
        letter = draft(
            actor=story.by("head:personnel"), unit=groups["personnel"], kind=LetterKind.ORDER,
            subject="แต่งตั้งคณะทำงานจัดทำสารสนเทศทางการศึกษา ประจำปี 2569",
            body="<p>ด้วยสำนักงานเขตพื้นที่การศึกษาจะจัดทำสารสนเทศทางการศึกษา จึงแต่งตั้งคณะทำงาน ดังนี้</p>"
            "<ol><li>รองผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา ประธาน</li><li>ผู้อำนวยการกลุ่ม ทุกกลุ่ม คณะทำงาน</li></ol>"
            "<p>ทั้งนี้ ตั้งแต่บัดนี้เป็นต้นไป</p>",
        )  # fmt: skip
        submit(actor=story.by("head:personnel"), letter=letter)
        step = story.step(letter)
        while step.kind != "sign":
            endorse(actor=story.holder(step), step=step, note="เพื่อโปรดลงนาม")
            step = story.step(letter)
        sign(actor=story.holder(step), step=step)

    story.when(story.moment(7, 10, 30), order)

    states = [
        ("ร่างหนังสือแจ้งโรงเรียนสำรวจความเสียหายจากอุทกภัย", "finance", 0, Speed.URGENT, ""),
        ("ขอเชิญเป็นวิทยากรอบรมระบบสารสนเทศ", "dlict", 1, Speed.NORMAL, ""),
        ("แจ้งผลการพิจารณาคำขอย้าย", "personnel", 2, Speed.NORMAL, ""),
        ("ขอส่งรายงานผลการเบิกจ่ายงบลงทุน", "finance", 3, Speed.VERY_URGENT, ""),
        ("ตอบข้อหารือการใช้อาคารเรียน", "legal", 2, Speed.NORMAL, "return"),
        ("ขอความอนุเคราะห์ข้อมูลเด็กในเขตบริการ", "policy", 3, Speed.URGENT, "keep"),
    ]
    for number, (subject, group, stops, speed, end) in enumerate(states):

        def going(subject=subject, group=group, stops=stops, speed=speed, end=end) -> None:
            actor = story.by(story.officer(group))
            letter = draft(
                actor=actor, unit=groups[group], subject=subject, to_text="ผู้อำนวยการโรงเรียนในสังกัด", speed=speed,
                body=f"<p>ด้วยสำนักงานเขตพื้นที่การศึกษา {subject} รายละเอียดตามสิ่งที่ส่งมาด้วย</p><p>จึงเรียนมาเพื่อทราบ</p>",
                to_units=[school.pk for school in world.schools[:12]], send_when_signed=end != "keep",
            )  # fmt: skip
            if not stops:
                return
            submit(actor=actor, letter=letter)
            for _turn in range(stops - 1):
                step = story.step(letter)
                if step.kind == "sign":
                    break
                endorse(actor=story.holder(step), step=step, note="เห็นควรลงนาม")
            step = story.step(letter)
            if end == "return":
                give_back(actor=story.holder(step), step=step, note="อ้างระเบียบให้ครบ แล้วเสนอใหม่")
            elif end == "keep":
                while step.kind != "sign":
                    endorse(actor=story.holder(step), step=step, note="เห็นควรลงนาม")
                    step = story.step(letter)
                sign(actor=story.holder(step), step=step)

        story.when(story.moment(1 if number % 2 else 0, 8, 40 + number), going)

    def chase() -> None:
        letter = Letter.objects.get(subject=CIRCULARS[6][0], issuer=office)
        owing = list(
            Receipt.objects.filter(letter=letter, answered_at__isnull=True).values_list("unit_id", flat=True)
        )
        silent = list(
            Receipt.objects.filter(letter=letter, opened_at__isnull=True)
            .order_by("pk")
            .select_related("unit")[:3]
        )
        for receipt in silent[:1]:
            excuse(actor=story.by("saraban"), letter=letter, unit=receipt.unit, reason="น้ำท่วม ปิดเรียน")
        if owing:
            remind(actor=story.by("saraban"), letter=letter, units=owing, number=1)
        for receipt in silent[1:2]:
            send_back(actor=story.clerk(receipt.unit), receipt=receipt, reason="แบบสำรวจไม่มีหน้า 2")

    story.when(story.moment(2, 14, 30), chase)

    def recalled() -> None:
        letter = send_ready(
            actor=story.by("saraban"), unit=office, subject="แจ้งกำหนดการตรวจเยี่ยม (ฉบับส่งผิด)", to_text="ผู้อำนวยการโรงเรียน",
            units=[school.pk for school in world.schools[30:34]], paper=[named(story.scan, "กำหนดการ")],
        )  # fmt: skip
        recall(actor=story.by("saraban"), letter=letter, reason="แนบกำหนดการผิดฉบับ")

    story.when(story.moment(3, 15, 5), recalled)

    def opinion() -> None:
        letter = Letter.objects.filter(subject=INCOMING[0][0]).first()
        step = story.step(letter)
        if step.kind == "head":
            ask(
                actor=story.holder(step),
                step=step,
                to=[world.posts["mentor"]],
                note="ขอความเห็นการจัดคนตอบทางไลน์กลุ่ม",
                part="mentor",
            )

    story.when(story.moment(0, 9, 31), opinion)


def _answers_school(story: Story, school: Unit, letter: Letter, to: Unit) -> Callable[[], None]:
    def act() -> None:
        send_ready(
            actor=story.clerk(school), unit=school, subject=letter.subject, to_text=to.name, units=[to.pk],
            answers=letter, paper=[named(story.scan, "ตอบ")],
        )  # fmt: skip

    return act
