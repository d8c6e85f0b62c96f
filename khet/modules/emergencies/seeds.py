"""Invented events of the demo office: last year's flood, closed, and this week's, open; reports written set-based."""

from __future__ import annotations

import importlib
import json
import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from khet.base.org.api import Person
from khet.base.org.world import World, at
from khet.modules.emergencies.actions import close_event, load_area, open_event
from khet.modules.emergencies.choices import Damage, EventKind, Need, SchoolState
from khet.modules.emergencies.models import Call, Event, Report
from khet.modules.schools.api import Outline

HARMS = [
    "ห้องสมุดและห้องเรียนชั้นล่างน้ำเข้า",
    "ชั้นหนังสือและโต๊ะเรียนเปียก",
    "รั้วด้านทิศเหนือพัง ถนนหน้าโรงเรียนขาด",
    "โรงอาหารน้ำท่วมถึงโต๊ะ",
    "ส้วมใช้ไม่ได้ ปั๊มน้ำเสีย",
    "คอมพิวเตอร์ในห้องธุรการเสียหาย",
    "หลังคาโรงจอดรถปลิว",
]
SHORE = ("ปากน้ำเงิน", "บางจาก")


def demo(world: World) -> None:
    """One closed and one open event."""
    now = timezone.localtime().replace(hour=7, minute=10, second=0, microsecond=0)
    last_year = now - timedelta(days=362)
    with at(last_year):
        past = open_event(
            actor=world.as_holder("head:policy"), kind=EventKind.FLOOD, title="น้ำท่วมปลายพฤศจิกายน 2568",
            note="รายงานวันละครั้งก่อน 15.00 น. ศูนย์ประสานงาน โทร 0 7000 1000", districts=[*SHORE, "ควนชัย"],
        )  # fmt: skip
    _reports(world, past, last_year, share=1.0, shut=0.45)
    with at(last_year + timedelta(days=12)):
        close_event(
            actor=world.as_holder("head:policy"), event=past,
            closing_note="ทุกโรงเรียนเปิดเรียนแล้ว หนังสือเรียนที่เปียกขอทดแทนจาก สพฐ. และส่งแบบสำรวจซ่อมแซมต่อกลุ่มอำนวยการ",
        )  # fmt: skip
    began = now - timedelta(days=2)
    with at(began):
        event = open_event(
            actor=world.as_holder("planner"), kind=EventKind.FLOOD, title="น้ำท่วมฝั่งทะเลสาบ พฤศจิกายน 2569",
            note="น้ำทะเลหนุนถึงปลายสัปดาห์ รายงานทุกวันก่อน 15.00 น. ศูนย์ประสานงาน โทร 0 7000 1000", districts=list(SHORE),
        )  # fmt: skip
    _reports(world, event, began, share=0.72, shut=0.34)
    for hours, reach in ((30, 0.26), (6, 0.4)):
        _ground(world, event, now - timedelta(hours=hours), reach)


def _ground(world: World, event: Event, as_at: datetime, reach: float) -> None:
    """The invented water: from the lake as far into the shore districts as ``reach`` (0 to 1), with bays and a dry hill."""
    outlines = list(Outline.objects.filter(name__in=SHORE))
    if not outlines:
        return
    # Loaded only here: a seed is no reason to carry a geometry library.
    shapely = importlib.import_module("shapely")
    shapes = importlib.import_module("khet.base.lib.geodata.shapes")
    land = shapely.union_all([shapes.shape_of(one.rings, one.holes) for one in outlines])
    west, south, east, north = land.bounds
    wide, high = east - west, north - south
    shore = [
        (
            east - wide * (reach + 0.08 * math.sin(n / 5.3) + 0.05 * math.sin(n / 1.9)),
            south + high * (0.02 + 0.9 * n / 80),
        )
        for n in range(81)
    ]
    hill = shapely.Point(east - wide * 0.2, south + high * 0.62).buffer(0.018)
    water = shapely.Polygon([*shore, (east, north), (east, south)]).buffer(0.006).buffer(-0.006)
    made = shapes.faces(shapely.set_precision(water.intersection(land).difference(hill), 1e-5))
    pieces = json.loads(shapely.to_geojson(shapely.multipolygons(shapely.get_parts(made))))
    with at(as_at + timedelta(hours=1)):
        load_area(
            actor=world.as_holder("planner"), event=event, name="ฝั่งทะเลสาบ", as_at=as_at, source="GISTDA ภาพดาวเทียม Sentinel-1 (สาธิต)",
            coordinates=pieces["coordinates"],
        )  # fmt: skip


def _reports(world: World, event: Event, began: datetime, *, share: float, shut: float) -> None:
    """Some schools answer, some once more; everything in three statements."""
    rng = world.rng
    calls = list(Call.objects.filter(event=event).select_related("school").order_by("school__smis8"))
    principals = {
        unit: (pk, f"{title}{first} {last}".strip())
        for unit, pk, title, first, last in Person.objects.filter(
            holdings__post__unit__in=[call.unit_id for call in calls],
            holdings__post__kind="principal",
            holdings__until__isnull=True,
        ).values_list("holdings__post__unit", "pk", "title", "first_name", "last_name")
    }
    made: list[Report] = []
    for call in calls:
        if rng.random() > share:
            continue
        first = began + timedelta(minutes=rng.randint(6, 900))
        for turn in range(1 if rng.random() < 0.7 else 2):
            made.append(
                _one(world, call, first + timedelta(hours=7 * turn), shut, principals.get(call.unit_id))
            )
    Report.objects.bulk_create(made)
    latest = {report.call_id: report for report in made}
    answered = [call for call in calls if call.pk in latest]
    for call in answered:
        call.latest = latest[call.pk]
    Call.objects.bulk_update(answered, ["latest"])


def _one(world: World, call: Call, moment: datetime, shut: float, who: Sequence[object] | None) -> Report:
    rng = world.rng
    chance = rng.random()
    state = (
        SchoolState.CLOSED
        if chance < shut
        else SchoolState.PARTLY
        if chance < shut + 0.15
        else SchoolState.OPEN
    )
    moment = min(moment, timezone.now() - timedelta(minutes=3))
    report = Report(
        call=call,
        reported_at=moment,
        by_id=who[0] if who else None,
        by_name=str(who[1]) if who else "ธุรการโรงเรียน",
        state=state,
    )
    if state == SchoolState.OPEN:
        return report
    day = timezone.localtime(moment).date()
    report.since = day
    report.until = day + timedelta(days=rng.randint(2, 5)) if rng.random() < 0.8 else None
    report.depth_cm = rng.choice([15, 20, 30, 40, 55, 70])
    report.buildings = rng.choices(Damage.values, [4, 4, 1, 2])[0]
    report.articles = rng.choices(Damage.values, [5, 3, 1, 2])[0]
    report.papers = rng.choices(Damage.values, [8, 1, 0.4, 1])[0]
    if report.harms:
        report.damage_words = rng.choice(HARMS)
        report.baht = rng.randint(2, 60) * 5000 if rng.random() < 0.5 else None
    pupils = call.school.pupils or 60
    report.pupils = rng.randint(pupils // 10, pupils // 2)
    report.staff = rng.randint(0, 4)
    report.hurt = 1 if rng.random() < 0.04 else 0
    report.sheltered = rng.randint(15, 80) if rng.random() < 0.12 else 0
    report.needs = sorted(rng.sample(Need.values, rng.randint(0, 4)), key=Need.values.index)
    return report
