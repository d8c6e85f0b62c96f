"""A small area for the journeys: the demo office with all its people, six schools in two networks, no letters."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from khet.base.org.actions import add_unit
from khet.base.org.choices import UnitKind
from khet.base.org.world import World
from khet.kits.workflow.api import take
from khet.modules.letters.actions import draft, receive, send_ready
from khet.modules.letters.choices import Speed
from khet.modules.letters.flows import send_inside
from khet.modules.letters.seeds.papers import bureaus
from khet.modules.office import seeds as office
from khet.modules.schools import seeds as schools
from khet.modules.schools.actions import import_schools
from tests.journeys.papers import ministry

#: Two networks of one district, three schools each.
SCHOOLS = ["99020064", "99020083", "99020088", "99020066", "99020079", "99020096"]


def build() -> World:
    """Fill the database of the default connection."""
    world = World(size="demo")
    office.demo(world)
    lines = [line for line in schools.NAMED if line[0] in SCHOOLS]
    for number, name in enumerate(sorted({line[3] for line in lines}), start=1):
        world.networks[name] = add_unit(
            actor=world.actor, kind=UnitKind.NETWORK, code=f"n-{number:02}", name=f"เครือข่าย{name}",
            short_name=name, parent=world.office, since=schools.SINCE, position=number,
        )  # fmt: skip
    rows = [schools.invented(world, *line) for line in lines]
    made = import_schools(actor=world.actor, new=rows, changed=[], source="ข้อมูลสาธิต")
    world.schools = [school.unit for school in made]
    office.staff_schools(world)
    bureaus(world)
    return world


def correspond(world: World) -> dict[str, int]:
    """A little correspondence, so that pages have something to show; addresses of letters by name."""
    office_unit, policy = world.office, world.groups["policy"]
    saraban, head = world.as_holder("saraban"), world.as_holder("head:policy")
    row = receive(
        actor=saraban, unit=office_unit, subject="การจัดสรรงบประมาณค่าสาธารณูปโภคของสถานศึกษา",
        from_text="สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน", number_text="ศธ 04006/ว1500", speed=Speed.VERY_URGENT,
        dated_on=timezone.localdate() - timedelta(days=3), answer_by=timezone.localdate() + timedelta(days=4),
        paper=[pdf_file("scan.pdf", ministry("ศธ 04006/ว1500", "การจัดสรรงบประมาณค่าสาธารณูปโภคของสถานศึกษา"))],
    )  # fmt: skip
    run = send_inside(actor=saraban, letter=row.letter, unit=office_unit, to=policy)
    take(actor=head, step=run.steps.get(decided_at__isnull=True))
    late = receive(
        actor=saraban, unit=office_unit, subject="ขอเชิญประชุมเตรียมรับการตรวจราชการ", from_text="จังหวัดศรีธารา",
        number_text="ศร 0017/812", dated_on=timezone.localdate() - timedelta(days=9), paper=[],
        answer_by=timezone.localdate() - timedelta(days=1),
    )  # fmt: skip
    send_inside(actor=saraban, letter=late.letter, unit=office_unit, to=policy)
    top = receive(
        actor=saraban, unit=office_unit, subject="แต่งตั้งคณะกรรมการตรวจติดตาม", from_text="สพฐ.", number_text="ศธ 04006/77",
        dated_on=timezone.localdate(), paper=[],
    )  # fmt: skip
    send_inside(actor=saraban, letter=top.letter, unit=office_unit, to=world.posts["director"])
    circular = send_ready(
        actor=saraban, unit=office_unit, subject="ขอให้รายงานผลการใช้จ่ายงบประมาณ ไตรมาสที่ 1", is_circular=True,
        to_text="ผู้อำนวยการโรงเรียนทุกโรงเรียน", units=[school.pk for school in world.schools],
        answer_by=timezone.localdate() + timedelta(days=6),
        paper=[pdf_file("ว1.pdf", ministry("ศธ 04321/ว1", "ขอให้รายงานผลการใช้จ่ายงบประมาณ"))],
    )  # fmt: skip
    plan = draft(
        actor=world.as_holder("planner"), unit=policy, kind="external", subject="ขอส่งแผนปฏิบัติการประจำปี",
        to_text="เลขาธิการ กพฐ.", body="<p>ตามที่แจ้งให้จัดทำแผนปฏิบัติการ บัดนี้ได้ดำเนินการแล้ว</p>", to_units=[],
    )  # fmt: skip
    return {"incoming": row.letter_id, "circular": circular.pk, "draft": plan.pk}


def pdf_file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")
