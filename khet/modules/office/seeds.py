"""The demo office: its structure and its people. Every name is invented."""

from __future__ import annotations

from datetime import date
from itertools import count

from django.contrib.auth.hashers import make_password

from khet.base.org.actions import (
    Appointment,
    add_unit,
    change_unit,
    join,
    staff,
)
from khet.base.org.api import Holiday, Person, Profile, Unit, ensure_roles
from khet.base.org.choices import PostKind, UnitKind
from khet.base.org.rules import capabilities
from khet.base.org.world import World
from khet.base.signin.api import DEMO_PASSWORD, open_demo_factor

SINCE = date(2023, 10, 1)

GROUPS = [
    ("admin", "กลุ่มอำนวยการ", "อำนวยการ", 1),
    ("policy", "กลุ่มนโยบายและแผน", "นโยบายและแผน", 1),
    ("dlict", "กลุ่มส่งเสริมการศึกษาทางไกล เทคโนโลยีสารสนเทศและการสื่อสาร", "DLICT", 1),
    ("finance", "กลุ่มบริหารงานการเงินและสินทรัพย์", "การเงินและสินทรัพย์", 2),
    ("personnel", "กลุ่มบริหารงานบุคคล", "บริหารงานบุคคล", 2),
    ("development", "กลุ่มพัฒนาครูและบุคลากรทางการศึกษา", "พัฒนาครู", 2),
    ("supervision", "กลุ่มนิเทศ ติดตาม และประเมินผลการจัดการศึกษา", "นิเทศ ติดตามฯ", 3),
    ("promotion", "กลุ่มส่งเสริมการจัดการศึกษา", "ส่งเสริมการจัดการศึกษา", 3),
    ("legal", "กลุ่มกฎหมายและคดี", "กฎหมายและคดี", 3),
    ("audit", "หน่วยตรวจสอบภายใน", "ตรวจสอบภายใน", 0),
]
TEAMS = [
    ("jasmine", "กลุ่มดอกมะลิ"),
    ("marigold", "กลุ่มดอกดาวเรือง"),
    ("canna", "กลุ่มดอกพุทธรักษา"),
    ("lotus", "กลุ่มดอกบัวหลวง"),
]
COMMITTEES = [
    ("ktpn", "คณะกรรมการติดตาม ตรวจสอบ ประเมินผลและนิเทศการศึกษา", "ก.ต.ป.น."),
    ("data", "คณะทำงานสารสนเทศทางการศึกษา", "คณะทำงานสารสนเทศ"),
]

# (words in World.posts, unit, kind, title, short title, roles, title of name, first, last, username)
LEADERS = [
    ("director", "office", PostKind.DIRECTOR, "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา", "ผอ.สพป.", ["director"], "นาย", "วิทยา", "ธารสุวรรณ", "director"),
    ("deputy:1", "office", PostKind.DEPUTY, "รองผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา", "รอง ผอ.สพป.", ["deputy"], "นาง", "พรรณี", "แก้วมณีรัตน์", "deputy1"),
    ("deputy:2", "office", PostKind.DEPUTY, "รองผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา", "รอง ผอ.สพป.", ["deputy"], "นาย", "ประเสริฐ", "ทุ่งเรืองศรี", "deputy2"),
    ("deputy:3", "office", PostKind.DEPUTY, "รองผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา", "รอง ผอ.สพป.", ["deputy"], "นางสาว", "ลัดดาวัลย์", "ควนแสงทอง", "deputy3"),
    ("saraban", "office", PostKind.OFFICER, "เจ้าพนักงานธุรการชำนาญงาน", "สารบรรณกลาง", ["saraban", "officer"], "นางสาว", "กนกวรรณ", "เพชรขำ", "saraban"),
    ("head:admin", "admin", PostKind.HEAD, "ผู้อำนวยการกลุ่มอำนวยการ", "ผอ.กลุ่มอำนวยการ", ["head"], "นาง", "จารุวรรณ", "เกาะกลางธาร", "head.admin"),
    ("head:policy", "policy", PostKind.HEAD, "หัวหน้ากลุ่มนโยบายและแผน", "หน.กลุ่มนโยบายและแผน", ["head"], "นาง", "สุภาวดี", "รักษ์ธารา", "head.policy"),
    ("planner", "policy", PostKind.OFFICER, "นักวิเคราะห์นโยบายและแผน", "นักวิเคราะห์นโยบายและแผน", ["officer", "planner"], "นางสาว", "ปิยะนุช", "ทองสลวย", "planner"),
    ("mentor", "dlict", PostKind.HEAD, "ผู้อำนวยการกลุ่มส่งเสริมการศึกษาทางไกลฯ", "ผอ.กลุ่ม DLICT", ["head"], "นาย", "ธีรพงศ์", "หนูแก้ว", "head.dlict"),
    ("admin", "dlict", PostKind.OFFICER, "นักวิชาการคอมพิวเตอร์", "นักวิชาการคอมพิวเตอร์", ["officer", "admin"], "นาย", "อนุชา", "เขาแก้วใส", "admin"),
    ("head:finance", "finance", PostKind.HEAD, "ผู้อำนวยการกลุ่มบริหารงานการเงินและสินทรัพย์", "ผอ.กลุ่มการเงินฯ", ["head", "finance"], "นาง", "มาลัย", "บางจากวงศ์", "head.finance"),
    ("finance", "finance", PostKind.OFFICER, "นักวิชาการเงินและบัญชี", "นักวิชาการเงินและบัญชี", ["officer", "finance"], "นางสาว", "ปาริชาต", "สุขเกษม", "finance"),
    ("head:personnel", "personnel", PostKind.HEAD, "ผู้อำนวยการกลุ่มบริหารงานบุคคล", "ผอ.กลุ่มบริหารงานบุคคล", ["head", "personnel"], "นาย", "สมพงษ์", "ลานสนชัย", "head.personnel"),
    ("head:development", "development", PostKind.HEAD, "ผู้อำนวยการกลุ่มพัฒนาครูและบุคลากรทางการศึกษา", "ผอ.กลุ่มพัฒนาครู", ["head"], "นาง", "วรรณา", "ผาน้ำหยด", "head.development"),
    ("head:supervision", "supervision", PostKind.HEAD, "ผู้อำนวยการกลุ่มนิเทศ ติดตาม และประเมินผลการจัดการศึกษา", "ผอ.กลุ่มนิเทศฯ", ["head"], "นาย", "ชาญวิทย์", "หนองปริงทอง", "head.supervision"),
    ("head:promotion", "promotion", PostKind.HEAD, "ผู้อำนวยการกลุ่มส่งเสริมการจัดการศึกษา", "ผอ.กลุ่มส่งเสริมฯ", ["head"], "นาง", "นงนุช", "ทุ่งไพลงาม", "head.promotion"),
    ("head:legal", "legal", PostKind.HEAD, "ผู้อำนวยการกลุ่มกฎหมายและคดี", "ผอ.กลุ่มกฎหมายฯ", ["head"], "นาย", "ธนวัฒน์", "คลองโหนด", "head.legal"),
    ("head:audit", "audit", PostKind.HEAD, "ผู้อำนวยการหน่วยตรวจสอบภายใน", "ผอ.หน่วยตรวจสอบภายใน", ["head", "auditor"], "นางสาว", "อัจฉรา", "ปากน้ำเงิน", "auditor"),
]  # fmt: skip

OFFICERS = {
    "admin": ["เจ้าพนักงานธุรการ", "นักจัดการงานทั่วไป", "นักประชาสัมพันธ์"],
    "policy": ["นักวิเคราะห์นโยบายและแผน", "นักวิเคราะห์นโยบายและแผนชำนาญการ", "เจ้าพนักงานธุรการ"],
    "dlict": ["นักวิชาการคอมพิวเตอร์", "เจ้าพนักงานธุรการ"],
    "finance": ["นักวิชาการเงินและบัญชี", "นักวิชาการพัสดุ", "เจ้าพนักงานการเงินและบัญชี", "เจ้าพนักงานพัสดุ"],
    "personnel": ["นักทรัพยากรบุคคล", "นักทรัพยากรบุคคลชำนาญการ", "เจ้าพนักงานธุรการ"],
    "development": ["นักทรัพยากรบุคคล", "เจ้าพนักงานธุรการ"],
    "supervision": ["ศึกษานิเทศก์", "ศึกษานิเทศก์ชำนาญการพิเศษ", "ศึกษานิเทศก์ชำนาญการ", "ศึกษานิเทศก์", "เจ้าพนักงานธุรการ"],
    "promotion": ["นักวิชาการศึกษา", "นักวิชาการศึกษาชำนาญการ", "เจ้าพนักงานธุรการ"],
    "legal": ["นิติกร", "นิติกรชำนาญการ"],
    "audit": ["นักวิชาการตรวจสอบภายใน"],
}

WOMEN = [
    "กมลวรรณ",
    "กัญญา",
    "ขวัญใจ",
    "จันทร์เพ็ญ",
    "จิราพร",
    "ชลธิชา",
    "ญาดา",
    "ดวงใจ",
    "ทิพย์สุดา",
    "นภาพร",
    "นันทนา",
    "บุษบา",
    "เบญจมาศ",
    "ปราณี",
    "พิมพ์ใจ",
    "เพ็ญศรี",
    "ภัทรา",
    "มณีรัตน์",
    "มยุรี",
    "ยุพิน",
    "รัตนา",
    "รุ่งนภา",
    "ละออ",
    "วนิดา",
    "วาสนา",
    "ศิริพร",
    "สมหญิง",
    "สายสุนีย์",
    "สุดารัตน์",
    "สุนิสา",
    "อรุณี",
    "อำไพ",
    "อุบล",
]
MEN = [
    "กิตติ",
    "เกรียงไกร",
    "ขจร",
    "คมสัน",
    "จักรพันธ์",
    "เจริญ",
    "ชัยวัฒน์",
    "ณรงค์",
    "ดำรง",
    "ถาวร",
    "ทวีศักดิ์",
    "ธวัชชัย",
    "นพดล",
    "บุญเลิศ",
    "ปกรณ์",
    "ประยูร",
    "พงศกร",
    "ไพศาล",
    "ภานุวัฒน์",
    "มนัส",
    "ยุทธนา",
    "รังสรรค์",
    "วัชระ",
    "วิชัย",
    "ศักดา",
    "สมชาย",
    "สมศักดิ์",
    "สันติ",
    "สุชาติ",
    "สุรพล",
    "อดิศร",
    "อภิชาติ",
    "เอกชัย",
]
FIRST_HALF = [
    "แก้ว",
    "ทอง",
    "เพชร",
    "พลอย",
    "จันทร์",
    "ศรี",
    "สุข",
    "เรือง",
    "รุ่ง",
    "ชัย",
    "บุญ",
    "มณี",
    "ธาร",
    "วารี",
    "ไพร",
    "พฤกษ์",
    "ลาน",
    "ควน",
    "นา",
    "เขา",
]
SECOND_HALF = [
    "สว่าง",
    "งาม",
    "รัตน์",
    "วงศ์",
    "ใจดี",
    "ประเสริฐ",
    "มงคล",
    "พันธุ์",
    "เกษม",
    "กุล",
    "สวัสดิ์",
    "แสง",
    "คง",
    "ดำ",
    "ขาว",
    "หนู",
    "เพ็ง",
    "อินทร์",
    "ช่วย",
    "รักษ์",
]


def invented_person(world: World, *, woman: bool | None = None) -> Person:
    """A person who does not exist. Phone numbers are of the unassigned 08 0000 xxxx block."""
    rng = world.rng
    woman = rng.random() < 0.62 if woman is None else woman
    first = rng.choice(WOMEN if woman else MEN)
    last = rng.choice(FIRST_HALF) + rng.choice(SECOND_HALF)
    title = rng.choice(["นาง", "นางสาว"]) if woman else "นาย"
    return Person(title=title, first_name=first, last_name=last, phone=f"08 0000 {rng.randrange(10000):04d}")


def demo(world: World) -> None:
    """The office, its groups, teams and committees, its leaders and officers, the year's holidays."""
    actor = world.actor
    profile = Profile.load()
    profile.is_demo = True
    profile.save()
    roles = ensure_roles()
    password = make_password(DEMO_PASSWORD)
    office = world.office = add_unit(
        actor=actor,
        kind=UnitKind.OFFICE,
        code="9902",
        name="สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2",
        short_name="สพป.ศรีธารา เขต 2",
        name_en="Si Thara Primary Educational Service Area Office 2",
        since=SINCE,
    )
    units: dict[str, Unit] = {"office": office}
    for number, (code, name, short, _deputy) in enumerate(GROUPS, start=1):
        units[code] = world.groups[code] = add_unit(
            actor=actor, kind=UnitKind.GROUP, code=f"g-{code}", name=name, short_name=short,
            parent=office, position=number, since=SINCE,
        )  # fmt: skip
    for code, name in TEAMS:
        world.teams[code] = add_unit(
            actor=actor,
            kind=UnitKind.TEAM,
            code=f"t-{code}",
            name=name,
            short_name=name,
            parent=office,
            since=SINCE,
        )
    for code, name, short in COMMITTEES:
        world.teams[code] = add_unit(
            actor=actor, kind=UnitKind.COMMITTEE, code=f"c-{code}", name=name, short_name=short, parent=office,
            since=SINCE,
        )  # fmt: skip
    lines: list[Appointment] = []
    words: list[str] = []
    for position, (word, unit, kind, title, short, role_codes, prefix, first, last, username) in enumerate(
        LEADERS
    ):
        person = Person(
            title=prefix, first_name=first, last_name=last, email=f"{username}@sithara2.example",
            phone=f"08 0000 {position:04d}",
        )  # fmt: skip
        lines.append(
            Appointment(units[unit], kind, title, short, person, tuple(roles[c] for c in role_codes), str(position + 1), position, username)
        )  # fmt: skip
        words.append(word)
    for code, titles in OFFICERS.items():
        for number, title in enumerate(titles, start=1):
            person = invented_person(world)
            username = f"{code}{number}"
            person.email = f"{username}@sithara2.example"
            lines.append(
                Appointment(units[code], PostKind.OFFICER, title, title, person, (roles["officer"],), f"{len(lines) + 1}", 10 + number, username)
            )  # fmt: skip
            words.append(f"officer:{code}:{number}")
    posts = staff(actor=actor, appointments=lines, since=SINCE, password_hash=password)
    world.posts.update(zip(words, posts, strict=True))
    open_factors(lines)
    for code, _name, _short, deputy in GROUPS:
        overseer = world.posts[f"deputy:{deputy}"] if deputy else world.posts["director"]
        change_unit(actor=actor, unit=units[code], overseer=overseer)
    officers = [line.person for line in lines[4:]]
    for team in world.teams.values():
        for person in world.rng.sample(officers, 7):
            join(actor=actor, unit=team, person=person, role=roles["member"], since=SINCE)
    holidays(2026)
    holidays(2027)


def staff_schools(world: World) -> None:
    """A principal, a clerk where there is one, and teachers for every school in ``world.schools``."""
    roles = ensure_roles()
    password = make_password(DEMO_PASSWORD)
    teachers = {"demo": (2, 4), "year": (2, 4), "full": (11, 16)}[world.size]
    lines: list[Appointment] = []
    words: list[str] = []
    numbers = count(1000)
    for school in world.schools:
        name = school.name.removeprefix("โรงเรียน")
        plan = [(PostKind.PRINCIPAL, f"ผู้อำนวยการโรงเรียน{name}", "ผอ.โรงเรียน", "principal", "p")]
        if world.rng.random() < 0.72:
            plan.append((PostKind.CLERK, f"เจ้าหน้าที่ธุรการโรงเรียน{name}", "ธุรการ", "school_clerk", "c"))
        plan += [
            (PostKind.TEACHER, "ครู", "ครู", "teacher", f"t{n}")
            for n in range(1, world.rng.randint(*teachers) + 1)
        ]
        has_clerk = any(kind == PostKind.CLERK for kind, *_ in plan)
        for position, (kind, title, short, role, letter) in enumerate(plan):
            person = invented_person(world)
            username = f"{letter}.{school.code}"
            person.email = f"{username}@sithara2.example"
            given = (
                (roles[role], roles["school_clerk"])
                if kind == PostKind.PRINCIPAL and not has_clerk
                else (roles[role],)
            )
            lines.append(
                Appointment(school, kind, title, short, person, given, str(next(numbers)), position, username)
            )
            words.append(
                f"{kind}:{school.pk}" if kind != PostKind.TEACHER else f"teacher:{school.pk}:{letter}"
            )
    posts = staff(actor=world.actor, appointments=lines, since=SINCE, password_hash=password)
    world.posts.update(zip(words, posts, strict=True))
    open_factors(lines)


def open_factors(lines: list[Appointment]) -> None:
    """A demo authenticator for every account whose roles show other people's personal data."""
    guarded = {declared.code for declared in capabilities if declared.others_data}
    for line in lines:
        if line.username and any(guarded.intersection(role.capabilities) for role in line.roles):
            open_demo_factor(line.person.account)


def holidays(year: int) -> None:
    """Public holidays of a calendar year (CE) on fixed days; movable ones are the office's to enter."""
    fixed = [
        (1, 1, "วันขึ้นปีใหม่"), (4, 6, "วันจักรี"), (4, 13, "วันสงกรานต์"), (4, 14, "วันสงกรานต์"), (4, 15, "วันสงกรานต์"),
        (5, 4, "วันฉัตรมงคล"), (6, 3, "วันเฉลิมพระชนมพรรษาสมเด็จพระราชินี"), (7, 28, "วันเฉลิมพระชนมพรรษา"),
        (8, 12, "วันแม่แห่งชาติ"), (10, 13, "วันนวมินทรมหาราช"), (10, 23, "วันปิยมหาราช"), (12, 5, "วันพ่อแห่งชาติ"),
        (12, 10, "วันรัฐธรรมนูญ"), (12, 31, "วันสิ้นปี"),
    ]  # fmt: skip
    Holiday.objects.bulk_create(
        [Holiday(day=date(year, month, day), name=name) for month, day, name in fixed], ignore_conflicts=True
    )
