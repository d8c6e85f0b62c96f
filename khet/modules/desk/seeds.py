"""Matters of the demo office in every state, made through the verbs; every word is invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from khet.base.lib.thai.calendar import add_working_days, is_working_day
from khet.base.notices.models import Channel, Notice
from khet.base.org.api import Actor, Person, Post, Unit
from khet.base.org.world import World, at
from khet.kits.workflow.api import (
    Run,
    Step,
    acknowledge,
    advise,
    ask,
    holidays,
    recall,
    runs_of,
    save_phrases,
    submit,
    withdraw,
)
from khet.kits.workflow.choices import Part, Urgency
from khet.modules.desk.actions import give_task, write_memo
from khet.modules.desk.choices import MemoState
from khet.modules.desk.models import Matter
from khet.modules.desk.past import Past

PHRASES = [
    "เพื่อโปรดพิจารณา",
    "เห็นชอบตามเสนอ",
    "ทราบ",
    "ขอข้อมูลเพิ่ม",
    "เห็นควรอนุมัติ",
    "มอบผู้รับผิดชอบดำเนินการ",
]

MEMOS = [
    ("finance", "ขออนุมัติไปราชการ อบรมระบบบัญชีโรงเรียน 3 ราย", "ด้วยกลุ่มได้รับแจ้งการอบรมระบบบัญชีโรงเรียน ระหว่างวันที่ 2–3 ธันวาคม จึงขออนุมัติให้ข้าราชการ 3 รายเดินทางไปราชการ"),
    ("policy", "ขออนุมัติจัดสรรงบพัฒนาคุณภาพการศึกษา ปี 2570", "เสนอกรอบการจัดสรรงบพัฒนาคุณภาพการศึกษา แยกตามขนาดโรงเรียนและผลการประเมิน รายละเอียดตามเอกสารแนบ"),
    ("policy", "แผนปฏิบัติการประจำปีงบประมาณ 2570 ฉบับร่างที่ 2", "ปรับตามความเห็นของคณะกรรมการ รวม 46 โครงการ"),
    ("personnel", "คำขอย้ายสับเปลี่ยนของข้าราชการครู 2 ราย", "ผู้ขอย้ายทั้งสองรายมีคุณสมบัติครบ สถานศึกษาต้นทางและปลายทางยินยอม"),
    ("legal", "ข้อร้องเรียนการจัดอาหารกลางวัน ตรวจข้อเท็จจริงเสร็จแล้ว", "คณะกรรมการตรวจข้อเท็จจริงสรุปแล้วว่าเป็นเรื่องการบันทึกรายการ เสนอแนวทางแก้ไข 3 ข้อ"),
    ("promotion", "โรงเรียนขนาดเล็ก 3 แห่งขอเรียนรวม ปีการศึกษา 2570", "ผ่านความเห็นชอบของคณะกรรมการสถานศึกษาทั้งสามแห่ง มีข้อเสนอ 2 ทาง"),
    ("supervision", "แผนนิเทศภาคเรียนที่ 2 ปีการศึกษา 2569", "กำหนดนิเทศโรงเรียนครบทุกแห่ง แบ่งเป็น 12 เครือข่าย"),
    ("dlict", "คู่มือจัดเก็บข้อมูลสำหรับโรงเรียนขนาดเล็กที่ไม่มีเจ้าหน้าที่ธุรการ", "ร่างคู่มือ 24 หน้า ทดลองใช้กับ 6 โรงเรียนแล้ว"),
    ("admin", "ขออนุมัติจัดประชุมผู้บริหารสถานศึกษา ครั้งที่ 11/2569", "กำหนดประชุมวันพุธที่ 9 ธันวาคม ห้องธารแก้ว"),
    ("finance", "ขอข้อมูลอาคารชำรุดเพื่อตั้งงบปี 2571", "รวบรวมรายการอาคารชำรุดจากโรงเรียนเพื่อจัดทำคำของบประมาณ"),
    ("development", "โครงการพัฒนาครูผู้สอนภาษาไทยชั้นประถมศึกษาปีที่ 1", "จัดอบรม 2 รุ่น รุ่นละ 60 คน"),
    ("personnel", "คำสั่งแต่งตั้งคณะทำงานสารสนเทศทางการศึกษา ปี 2569", "เสนอแต่งตั้งคณะทำงาน 12 ราย"),
]  # fmt: skip

CLIMBING = ["เห็นควรเสนอเพื่อพิจารณา", "เห็นชอบตามเสนอ เรียน ผอ.สพป. เพื่อโปรดพิจารณา", "เห็นชอบ"]

TASKS = [
    ("director", "office:policy", "สรุปสถานการณ์น้ำท่วมโรงเรียนในสังกัด รายงานทุกเช้า", Urgency.MOST_URGENT, 1),
    ("director", "team:jasmine", "เตรียมนิทรรศการวันวิชาการของเขตพื้นที่", Urgency.NORMAL, 12),
    ("deputy:1", "head:policy", "จัดทำสารสนเทศโรงเรียนขนาดเล็ก 46 แห่ง", Urgency.URGENT, 5),
    ("deputy:2", "head:finance", "เร่งเบิกจ่ายงบลงทุนไตรมาสที่ 1", Urgency.VERY_URGENT, 3),
    ("head:policy", "planner", "ตรวจแบบสำรวจโรงเรียนขนาดเล็กก่อนเผยแพร่", Urgency.NORMAL, 4),
    ("deputy:3", "office:supervision", "ติดตามโรงเรียนที่ผลประเมินต่ำกว่าเป้าหมาย", Urgency.NORMAL, 9),
    ("director", "team:marigold", "ต้อนรับคณะศึกษาดูงานจากต่างจังหวัด", Urgency.NORMAL, 6),
    ("head:policy", "officer:policy:2", "ปรับปรุงแผนที่ตั้งโรงเรียนในสังกัด", Urgency.NORMAL, 2),
]


def step_of(matter: Matter) -> Step:
    """The open main step of a matter."""
    run = runs_of(matter).first()
    step = Step.objects.select_related("post", "unit").get(
        run=run, decided_at__isnull=True, part__in=[Part.HOLDER, Part.HOST]
    )
    step.run = run
    return step


class Story:
    """Acts of the holders of posts, each at its moment."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.off = holidays()
        self.now = timezone.now()

    def actor(self, post: Post) -> Actor:
        return self.world.as_holder(post)

    def moment(self, working_days_ago: int, hour: int = 9, minute: int = 0) -> datetime:
        """An office hour some working days before today, never in the future."""
        day = timezone.localdate(self.now)
        while working_days_ago > 0 or not is_working_day(day, self.off):
            day -= timedelta(days=1)
            if is_working_day(day, self.off):
                working_days_ago -= 1
        found = timezone.make_aware(datetime.combine(day, time(hour, minute)))
        return min(found, self.now)

    def memo(self, writer: Post, subject: str, body: str, moment: datetime, **facts) -> Matter:
        with at(moment):
            return write_memo(actor=self.actor(writer), subject=subject, body=body, post=writer, **facts)

    def act(self, matter: Matter, moment: datetime, function: Callable, note: str = "", **facts) -> Run:
        """Whoever holds the matter acts."""
        step = step_of(matter)
        moment = max(moment, step.arrived_at + timedelta(minutes=7))
        with at(min(moment, self.now)):
            return function(actor=self.actor(step.post), step=step, note=note, **facts)


def demo(world: World) -> None:
    """One matter in every state, spread over the last weeks and due around today."""
    story = Story(world)
    with at(story.moment(40)):
        save_phrases(actor=world.actor, texts=PHRASES)
    today = timezone.localdate(story.now)
    officers = {
        code: world.posts.get("planner") if code == "policy" else world.posts[f"officer:{code}:1"]
        for code in world.groups
    }
    past, asked = Past(story.now, story.moment(3)), None
    due = [-2, -1, 0, 0, 2, 3, 4, 6, 8, 12, None, 1]
    for number, (group, subject, body) in enumerate(MEMOS):
        days = due[number]
        limit = None if days is None else _day(today, days, story.off)
        began = story.moment(7 - number % 5, 8 + number % 6, (number * 13) % 60)
        urgency = [Urgency.NORMAL, Urgency.URGENT, Urgency.NORMAL, Urgency.VERY_URGENT, Urgency.NORMAL][
            number % 5
        ]
        if number == 7:  # stays a draft, with a mentor asked
            matter = story.memo(officers[group], subject, body, began, due=limit, urgency=urgency, send=False)
            with at(began + timedelta(hours=1)):
                ask(
                    actor=story.actor(officers[group]), step=step_of(matter), to=[world.posts["head:policy"]],
                    note="ขอคำแนะนำเรื่องหัวข้อที่โรงเรียนขนาดเล็กใช้จริง", part=Part.MENTOR,
                )  # fmt: skip
            continue
        memo = past.memo(officers[group], subject, body, began, limit, urgency)
        memo.climb(number % 4, began, timedelta(hours=5), CLIMBING)
        if number == 3:
            memo.give_back(began + timedelta(hours=30), "ขอหนังสือยินยอมของสถานศึกษาปลายทางประกอบ")
        elif number == 4:
            asked = memo, began + timedelta(hours=20)
        elif number == 11:
            memo.climb(4, began + timedelta(hours=8), timedelta(hours=5), CLIMBING)
            memo.onward(began + timedelta(hours=40), "approve", "อนุมัติ")
    past.write()
    _opinion(story, asked[0].matter, world.posts["head:legal"], asked[1])
    gone = story.memo(
        officers["admin"], "ขออนุมัติเลื่อนประชุมผู้บริหาร", "ขอเลื่อนประชุมไปสัปดาห์หน้า", story.moment(5), send=False
    )
    story.act(gone, story.moment(4), withdraw, "ประชุมตามกำหนดเดิม")
    called = story.memo(officers["policy"], "ขอแก้ไขรายการครุภัณฑ์ในแผน", "แก้รายการที่ 12", story.moment(2, 10))
    step = Step.objects.get(run=runs_of(called).first(), act="submit")
    with at(story.moment(2, 11)):
        recall(actor=story.actor(step.post), step=step)
    for number, (giver, to, subject, urgency, days) in enumerate(TASKS):
        _task(story, giver, to, subject, urgency, _day(today, days, story.off), number)
    _have_read(story)


def _have_read(story: Story) -> None:
    """Everybody has read what they were told until three working days ago."""
    readers = Person.objects.filter(holdings__post__in=story.world.posts.values()).values("pk")
    Notice.objects.filter(
        person__in=readers, channel=Channel.APP, read_at__isnull=True, created_at__lt=story.moment(3)
    ).update(read_at=timezone.now())


def _day(today: date, days: int, off) -> date:
    if days >= 0:
        return add_working_days(today, days, off) if days else today
    day = today
    while days < 0:
        day -= timedelta(days=1)
        if is_working_day(day, off):
            days += 1
    return day


def _opinion(story: Story, matter: Matter, mentor: Post, moment: datetime) -> None:
    step = step_of(matter)
    if step.post == mentor:
        return
    moment = min(max(moment, step.arrived_at + timedelta(minutes=20)), story.now)
    with at(moment):
        (side,) = ask(actor=story.actor(step.post), step=step, to=[mentor], note="ขอความเห็นข้อกฎหมาย")
    with at(min(moment + timedelta(hours=2), story.now)):
        advise(actor=story.actor(mentor), step=side, note="ทำได้ตามระเบียบ ให้แนบบันทึกถ้อยคำประกอบ")


def place_of(world: World, words: str) -> Post | Unit:
    kind, _colon, code = words.partition(":")
    if kind == "team":
        return world.teams[code]
    if kind == "office":
        return world.groups[code]
    return world.posts[words]


def _task(story: Story, giver: str, to: str, subject: str, urgency: int, due: date, number: int) -> None:
    world = story.world
    post = world.posts[giver]
    place = place_of(world, to)
    mentors = [world.posts["mentor"]] if number % 3 == 1 and place != world.posts["mentor"] else []
    co_hosts = [world.groups["dlict"]] if number % 2 == 0 and place != world.groups["dlict"] else []
    began = story.moment(6 - number % 5, 9, number * 7)
    with at(began):
        task = give_task(
            actor=story.actor(post), subject=subject, body="ดำเนินการและรายงานผลตามกำหนด", to=place, post=post,
            urgency=urgency, due=due, mentors=mentors, co_hosts=co_hosts,
        )  # fmt: skip
    if isinstance(place, Post) and number % 3 == 1 and number != 7:
        story.act(task, began + timedelta(hours=26), submit, "ดำเนินการเสร็จ ส่งรายงานตามแนบ")
    if number == 7:
        story.act(task, began + timedelta(hours=20), submit, "ปรับปรุงแล้ว 9 จุด")
        story.act(task, began + timedelta(hours=30), acknowledge, "ตรวจรับ ขอบคุณ")


def year(world: World) -> None:
    """A year of memos: most approved or done, some late, some returned once."""
    story = Story(world)
    rng = world.rng
    count = {"demo": 0, "year": 400, "full": 400}[world.size]
    codes = list(world.groups)
    past = Past(story.now, story.now)
    for number in range(count):
        code = codes[rng.randrange(len(codes))]
        writers = [post for word, post in world.posts.items() if word.startswith(f"officer:{code}:")]
        writer = writers[rng.randrange(len(writers))]
        _group, subject, body = MEMOS[rng.randrange(len(MEMOS))]
        ago = rng.randrange(12, 240)
        began = story.moment(ago, rng.randrange(8, 16), rng.randrange(60))
        limit = add_working_days(timezone.localdate(began), rng.randrange(3, 12), story.off)
        memo = past.memo(writer, f"{subject} (ครั้งที่ {number + 1})", body, began, limit)
        moment = began
        if number % 17 == 0:
            moment += timedelta(hours=rng.randrange(2, 30))
            memo.give_back(moment, "แก้จำนวนเงินให้ตรงกับเอกสารแนบ")
            moment += timedelta(hours=rng.randrange(2, 30))
            memo.onward(moment, "submit", "แก้แล้ว")
        for stop in range(4):
            moment += timedelta(hours=rng.randrange(1, 40))
            if memo.last.kind == "top":
                break
            if ago < 16 and stop == 1:
                break  # still lying there
            memo.onward(moment, "endorse", rng.choice(PHRASES[:2]))
        if memo.last.kind != "top":
            continue
        if number % 6 == 0:
            memo.assign(moment, "มอบดำเนินการ", writer.unit)
            moment += timedelta(hours=rng.randrange(2, 60))
            memo.take(moment, writer)
            memo.decide(
                moment + timedelta(hours=20), "finish", "ดำเนินการแล้ว", state=MemoState.DONE, ends=True
            )
        elif ago > 18:
            memo.onward(moment, "approve", "อนุมัติ")
    past.write()


full = year
