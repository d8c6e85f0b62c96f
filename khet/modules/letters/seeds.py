"""Letters of the demo office in every state, made through the verbs in the order of their days; every word is invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from khet.base.lib import pdf
from khet.base.lib.thai.calendar import is_working_day
from khet.base.org.api import Actor, Unit
from khet.base.org.world import World, at
from khet.kits.workflow.api import Step, ask, assign, endorse, finish, give_back, holidays, sign, take
from khet.modules.letters.actions import (
    cancel_entry,
    draft,
    excuse,
    mark_opened,
    recall,
    receive,
    register,
    remind,
    save_addressees,
    send_back,
    send_ready,
    set_bureau,
    submit,
)
from khet.modules.letters.bulk import fill
from khet.modules.letters.choices import LetterKind, Secrecy, Speed
from khet.modules.letters.flows import send_inside
from khet.modules.letters.models import Letter, Receipt

PREFIX = "ศธ 04321"

# subject, sender, its number, group, speed, days in which to answer (None: no answer)
INCOMING = [
    ("การจัดเก็บข้อมูลนักเรียนรายบุคคล ภาคเรียนที่ 2 ปีการศึกษา 2569", "สพฐ.", "ศธ 04006/ว3412", "policy", 3, 0),
    ("รายงานผลการใช้จ่ายงบประมาณ ไตรมาสที่ 4", "สพฐ.", "ศธ 04002/ว3120", "finance", 2, -1),
    ("ขอข้อมูลจำนวนเด็กในเขตบริการที่จะเข้าเรียนชั้น ป.1", "ที่ว่าการอำเภอทุ่งไพล", "ศธร 0218/884", "policy", 0, -2),
    ("แนวทางการป้องกันและดูแลนักเรียนในสถานการณ์อุทกภัย", "สพฐ.", "ศธ 04001/ว3398", "promotion", 2, 2),
    ("โครงการอบรมครูผู้สอนภาษาไทย ชั้นประถมศึกษาปีที่ 1", "สพฐ.", "ศธ 04010/ว2991", "development", 0, 6),
    (
        "ขอความร่วมมือเผยแพร่โครงการประกวดสุนทรพจน์",
        "สำนักงานวัฒนธรรมจังหวัดศรีธารา",
        "วธ 0231/512",
        "promotion",
        0,
        None,
    ),
    ("การเบิกจ่ายเงินอุดหนุนรายหัว ภาคเรียนที่ 2", "สพฐ.", "ศธ 04002/ว3301", "finance", 1, 4),
    ("การคัดเลือกครูดีเด่น ประจำปี 2570", "สำนักงาน ก.ค.ศ.", "ศธ 0206.4/ว77", "personnel", 0, 12),
    ("ประกาศรายชื่อผู้ผ่านการย้ายข้าราชการครู", "สำนักงานศึกษาธิการจังหวัดศรีธารา", "ศธ 02131/1190", "personnel", 1, None),
    ("ขอใช้ห้องประชุมของสำนักงานเขตพื้นที่", "ชมรมข้าราชการบำนาญศรีธารา", "ชร 12/2569", "admin", 0, None),
    ("การนิเทศติดตามการอ่านออกเขียนได้", "สพฐ.", "ศธ 04010/ว3055", "supervision", 0, 9),
    ("ชี้แจงข้อร้องเรียนการจัดอาหารกลางวัน", "สำนักงาน ป.ป.ช. ประจำจังหวัดศรีธารา", "ปช 0033/246", "legal", 2, 5),
    ("แผนการตรวจสอบภายใน ประจำปีงบประมาณ 2570", "สพฐ.", "ศธ 04003/ว118", "audit", 0, None),
    ("การเข้าใช้งานระบบเครือข่ายอินเทอร์เน็ตโรงเรียน", "สพฐ.", "ศธ 04008/ว902", "dlict", 0, 8),
]

# subject, group, first line of the body, speed, days from sending to the answer (None: no answer), sent how many working days ago
CIRCULARS = [
    (
        "แจ้งปฏิทินการจัดเก็บข้อมูลนักเรียนรายบุคคล ภาคเรียนที่ 2",
        "policy",
        "จัดเก็บข้อมูลนักเรียน ณ วันที่ 10 พฤศจิกายน",
        1,
        None,
        18,
    ),
    ("ขอเชิญประชุมผู้บริหารสถานศึกษา ครั้งที่ 10/2569", "admin", "ประชุมผู้บริหารสถานศึกษา ณ ห้องธารแก้ว", 0, None, 16),
    ("การจัดทำแผนปฏิบัติการของสถานศึกษา ปีงบประมาณ 2570", "policy", "ให้สถานศึกษาจัดทำแผนปฏิบัติการ", 0, 14, 14),
    ("ซ้อมแผนเผชิญเหตุน้ำท่วมและดินถล่ม", "promotion", "ให้สถานศึกษาซักซ้อมแผนเผชิญเหตุ", 1, None, 10),
    ("การรายงานเงินอุดหนุนค่าอาหารกลางวัน", "finance", "ให้รายงานการใช้เงินอุดหนุนค่าอาหารกลางวัน", 0, 7, 8),
    ("แนวทางการรับนักเรียน ปีการศึกษา 2570", "promotion", "แจ้งแนวทางการรับนักเรียน", 0, None, 6),
    ("สำรวจความต้องการซ่อมแซมอาคารเรียนจากอุทกภัย", "policy", "สำรวจความเสียหายของอาคารเรียนจากอุทกภัย", 1, 7, 4),
    ("การประเมินการอ่านของผู้เรียน ชั้นประถมศึกษาปีที่ 1", "supervision", "แจ้งกำหนดการประเมินการอ่าน", 0, None, 2),
    ("ขอเชิญประชุมผู้บริหารสถานศึกษา ครั้งที่ 11/2569", "admin", "ประชุมผู้บริหารสถานศึกษา วันพุธที่ 9 ธันวาคม", 0, None, 1),
]

SCHOOL_SUBJECTS = [
    "รายงานสถานการณ์น้ำท่วมภายในโรงเรียน",
    "ขอส่งแบบสรุปจำนวนนักเรียน",
    "ขออนุญาตพานักเรียนไปทัศนศึกษา",
    "ขอย้ายข้าราชการครู",
    "ส่งรายงานการใช้อาคารสถานที่",
    "ขอความอนุเคราะห์วิทยากร",
]


class Story:
    """What happens, day by day, in the order of its moments."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = timezone.now()
        self.off = holidays()
        self.events: list[tuple[datetime, int, Callable[[], None]]] = []
        self.scan = b""

    def moment(self, working_days_ago: int, hour: int = 9, minute: int = 0) -> datetime:
        """An office hour some working days before today."""
        day = timezone.localdate(self.now)
        while working_days_ago > 0 or not is_working_day(day, self.off):
            day -= timedelta(days=1)
            if is_working_day(day, self.off):
                working_days_ago -= 1
        return timezone.make_aware(datetime.combine(day, time(hour, minute)))

    def day_in(self, days: int) -> date:
        """A working day some days from today (before it, when negative)."""
        day = timezone.localdate(self.now) + timedelta(days=days)
        while not is_working_day(day, self.off):
            day += timedelta(days=1 if days >= 0 else -1)
        return day

    def when(self, moment: datetime, act: Callable[[], None]) -> None:
        """Plan an act; what would lie in the future happened just now instead."""
        self.events.append((min(moment, self.now - timedelta(minutes=2)), len(self.events), act))

    def play(self) -> None:
        """Play everything in order, including what is planned on the way."""
        while self.events:
            self.events.sort(key=lambda event: event[:2])
            moment, _number, act = self.events.pop(0)
            with at(moment):
                act()

    def by(self, word: str) -> Actor:
        return self.world.as_holder(word)

    def clerk(self, school: Unit) -> Actor:
        """Who does the letters of a school: its clerk, else its principal."""
        word = f"clerk:{school.pk}"
        return self.by(word if word in self.world.posts else f"principal:{school.pk}")

    def officer(self, group: str) -> str:
        return "planner" if group == "policy" else f"officer:{group}:1"

    def step(self, letter: Letter) -> Step:
        return Step.objects.select_related("run", "post", "unit").get(
            run__subject_label="letters.letter", run__subject_id=letter.pk, decided_at__isnull=True,
            part__in=["holder", "host"],
        )  # fmt: skip

    def holder(self, step: Step) -> Actor:
        return self.world.as_holder(step.post)


def bureaus(world: World) -> None:
    actor = world.actor
    set_bureau(
        actor=actor, unit=world.office, prefix=PREFIX, stamp_name="สพป.ศรีธารา เขต 2",
        address="ถนนธารทอง อำเภอธารทอง\nจังหวัดศรีธารา ๙๙๑๒๐", phone="0 7400 0000", email="saraban@sithara2.example",
    )  # fmt: skip
    for number, school in enumerate(world.schools, start=1):
        set_bureau(
            actor=actor, unit=school, prefix=PREFIX, sub_prefix=f".{number:03d}", stamp_name=school.short_name,
            address="จังหวัดศรีธารา",
        )  # fmt: skip


def scanned(subject: str, sender: str, number: str, day: date, to: str) -> bytes:
    """A paper as it would arrive from outside."""
    return pdf.external_letter(
        pdf.LetterPaper(
            number=number,
            address=[sender],
            date=day,
            subject=subject,
            to=to,
            body=(
                f"<p>ด้วย{sender} ขอแจ้งเรื่อง{subject} เพื่อให้หน่วยงานในสังกัดดำเนินการให้แล้วเสร็จตามกำหนด</p>"
                "<p>ในการนี้ ขอให้แจ้งสถานศึกษาในสังกัดทราบและถือปฏิบัติ หากมีข้อขัดข้องให้แจ้งผู้ประสานงานตามเลขหมายโทรศัพท์ท้ายหนังสือ</p>"
                "<p>จึงเรียนมาเพื่อทราบและดำเนินการต่อไป</p>"
            ),
            signature=pdf.Signature(name="นายนที อรุณประภา", position="ผู้มีอำนาจลงนาม"),
            owner=["กลุ่มงานผู้ประสาน", "โทร. 0 2000 5511"],
        )
    )


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
            action=world.groups[group].short_name, paper=[_named(file, number)] if file else [],
        )  # fmt: skip
        letter = entry_row.letter
        send_inside(actor=story.by("saraban"), letter=letter, unit=world.office, to=world.groups[group])
        onward(story, letter, group, moment, days_ago)

    story.when(moment, came)


def _named(content: bytes, name: str):
    return ContentFile(content, name=f"{name.replace('/', '-')}.pdf")


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

    story.when(moment + timedelta(minutes=23), taken)
    if days_ago >= 1 or letter.speed == Speed.MOST_URGENT:
        story.when(moment + timedelta(minutes=30), endorsed)
    if days_ago >= 2:
        story.when(moment + timedelta(hours=5), endorsed)
    if days_ago >= 3:
        story.when(moment + timedelta(hours=26), endorsed)
        story.when(moment + timedelta(hours=29), decided)
    if days_ago >= 6:
        story.when(moment + timedelta(hours=74), done)


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

    story.when(begin, drafted)
    story.when(begin + timedelta(hours=2), up)
    story.when(story.moment(days_ago, 9, 14), signed)


def receivers(story: Story, letter: Letter, answer_days: int | None) -> None:
    """Schools open, register and answer: most within hours, some late, a few not at all."""
    world, rng = story.world, story.world.rng
    sent = timezone.now()
    schools = {school.pk: school for school in world.schools}
    for receipt in Receipt.objects.filter(letter=letter).order_by("pk"):
        school = schools.get(receipt.unit_id)
        if school is None or rng.random() < 0.04:
            continue
        lag = timedelta(minutes=rng.choice([25, 50, 95, 140, 190, 260, 340, 1500, 2900]) + rng.randrange(20))
        if sent + lag > story.now:
            continue
        only_opens = rng.random() < 0.05
        story.when(sent + lag, _registers(story, school, receipt, only_opens))
        if answer_days and not only_opens and rng.random() < 0.7:
            back = sent + lag + timedelta(hours=rng.choice([5, 20, 26, 44, 70]))
            if back < story.now:
                story.when(back, _answers(story, school, letter))


def _registers(story: Story, school: Unit, receipt: Receipt, only_opens: bool) -> Callable[[], None]:
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
            units=[story.world.office.pk], answers=letter, paper=[_named(story.scan, "ตอบ")],
        )  # fmt: skip

    return act


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


def demo(world: World) -> None:
    """The last weeks of correspondence, in every state there is; at the larger sizes after months or years of it."""
    story = Story(world)
    bureaus(world)
    # The past comes first: registers number in the order of their days.
    if world.size == "year":
        fill(world, letters=600, years=0.75)
    elif world.size == "full":
        fill(world, letters=100_000, years=5)
    story.scan = scanned("ส่งแบบรายงาน", "โรงเรียน", "", timezone.localdate(), world.office.name)
    saraban = "saraban"
    for row in CIRCULARS:
        circular(story, row)
    plan = [0, 1, 2, 1, 2, 3, 4, 5, 6, 7, 8, 3, 9, 12]
    for number, row in enumerate(INCOMING):
        incoming(story, row, plan[number], paper=number < 7, minute=number)
    saraban_mornings(story, 18)
    special(story)
    story.when(
        story.moment(15, 10),
        lambda: save_addressees(
            actor=story.by(saraban), unit=world.office, name="โรงเรียนในพื้นที่น้ำท่วม",
            members=[school.pk for school in world.schools[:18]],
        ),
    )  # fmt: skip
    story.play()


def special(story: Story) -> None:
    """The rarer things: schools' own letters, a secret one, a cancelled number, an order, drafts in every state."""
    world = story.world
    office, groups = world.office, world.groups

    for number, subject in enumerate(SCHOOL_SUBJECTS):
        school = world.schools[number * 3]

        def to_office(school=school, subject=subject) -> None:
            send_ready(
                actor=story.clerk(school), unit=school, subject=subject, to_text=office.name, units=[office.pk],
                paper=[_named(story.scan, "รายงาน")],
            )  # fmt: skip

        story.when(story.moment(number // 3, 13 if number % 2 else 10, 5 + number), to_office)

    one, two = world.schools[0], world.schools[4]

    def school_to_school() -> None:
        letter = send_ready(
            actor=story.clerk(one), unit=one, subject="ขอยืมเต็นท์และเก้าอี้สำหรับศูนย์พักพิง", to_text=two.name, units=[two.pk],
            paper=[_named(story.scan, "ขอยืม")],
        )  # fmt: skip
        receipt = Receipt.objects.get(letter=letter, unit=two)
        story.when(timezone.now() + timedelta(hours=1), _registers(story, two, receipt, False))
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
            units=[school.pk for school in world.schools[30:34]], paper=[_named(story.scan, "กำหนดการ")],
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
            answers=letter, paper=[_named(story.scan, "ตอบ")],
        )  # fmt: skip

    return act
