"""Invented schools of the demo office: six districts with their tambons, twelve networks, outlines drawn in code."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import product

from django.utils import timezone

from khet.base.org.actions import add_unit
from khet.base.org.choices import UnitKind
from khet.base.org.world import World
from khet.modules.office.api import staff_schools
from khet.modules.schools.actions import import_schools, keep_outlines, merge
from khet.modules.schools.choices import PositionState
from khet.modules.schools.models import School
from khet.modules.schools.seeds.emis import emis
from khet.modules.schools.seeds.villages import villages

PROVINCE = "ศรีธารา"
PROVINCE_CODE = "99"
AREA = "9902"
SINCE = date(2023, 10, 1)

# code, district, its seat on a rough plane (east, north, in tenths of a degree from 100 E 7.4 N), networks, tambons
DISTRICTS = [
    ("9901", "เขาแก้ว", (-0.9, 2.0), ("เขาแก้ว", "ผาน้ำหยด"), ("เขาแก้ว", "ผาน้ำหยด", "ดอนตาล", "ทุ่งหว้า"), "99110"),
    ("9902", "ธารทอง", (0.9, 2.1), ("ธารทอง", "ไร่ธาร"), ("ธารทอง", "ไร่ธารเหนือ", "หนองบัวลาย", "ท่าไม้แก่น"), "99120"),
    ("9903", "ทุ่งไพล", (-1.1, 0.2), ("ทุ่งไพล", "หนองปริง"), ("ทุ่งไพล", "ไร่ธาร", "หนองปริง", "ลำสินธุ์ใส"), "99130"),
    ("9904", "ควนชัย", (0.2, 0.4), ("ควนชัย", "ลานสน"), ("ควนชัย", "ลานสน", "เขาพระยอด"), "99140"),
    ("9905", "บางจาก", (1.4, 0.2), ("บางจาก", "คลองโหนด"), ("บางจาก", "คลองโหนด", "แหลมจันทน์", "ท่าเนียน"), "99150"),
    ("9906", "ปากน้ำเงิน", (0.3, -1.6), ("ปากน้ำเงิน", "เกาะกลาง"), ("ปากน้ำเงิน", "เกาะกลาง", "หัวเล", "ฝั่งอ่อน"), "99160"),
]  # fmt: skip

# Told by name in the pictures and in the story of the demo: (code, name, district, network, pupils, levels).
NAMED = [
    ("99020064", "บ้านช่องลมแล้ง", "ทุ่งไพล", "ทุ่งไพล", 64, "kp"),
    ("99020066", "บ้านต้นจิกเรียง", "ทุ่งไพล", "หนองปริง", 71, "kp"),
    ("99020071", "บ้านท่ามะปรางหวาน", "ทุ่งไพล", "ทุ่งไพล", 96, "kp"),
    ("99020079", "บ้านบ่อหินกรูด", "ทุ่งไพล", "หนองปริง", 52, "kp"),
    ("99020083", "บ้านปลายธาร", "ทุ่งไพล", "ทุ่งไพล", 88, "kp"),
    ("99020088", "บ้านไร่ธารใส", "ทุ่งไพล", "ทุ่งไพล", 83, "kp"),
    ("99020091", "บ้านลานเทียนหอม", "ทุ่งไพล", "หนองปริง", 45, "kp"),
    ("99020094", "บ้านสวนหมากงาม", "ทุ่งไพล", "ทุ่งไพล", 102, "kl"),
    ("99020096", "บ้านหนองปริงทอง", "ทุ่งไพล", "หนองปริง", 118, "kp"),
    ("99020158", "บ้านปากคลองเงิน", "ปากน้ำเงิน", "ปากน้ำเงิน", 109, "kp"),
    ("99020160", "บ้านพรุเตียวนอก", "ปากน้ำเงิน", "ปากน้ำเงิน", 77, "kp"),
    ("99020171", "บ้านกอจูดน้อย", "ปากน้ำเงิน", "เกาะกลาง", 38, "kp"),
    ("99020173", "บ้านหัวเลอ่อน", "ปากน้ำเงิน", "เกาะกลาง", 41, "kp"),
    ("99020175", "วัดเกาะกลางธาราม", "ปากน้ำเงิน", "เกาะกลาง", 146, "kl"),
    ("99020012", "วัดธารทอง", "ธารทอง", "ธารทอง", 284, "kl"),
    ("99020001", "อนุบาลศรีธารา 2", "ธารทอง", "ธารทอง", 842, "kp"),
    ("99020003", "ชุมชนเขาแก้ว", "เขาแก้ว", "เขาแก้ว", 318, "kl"),
]
FIRST = [
    "บ้านควน",
    "บ้านทุ่ง",
    "บ้านหนอง",
    "บ้านคลอง",
    "บ้านท่า",
    "บ้านเขา",
    "บ้านลำ",
    "บ้านโคก",
    "บ้านไสว",
    "บ้านพรุ",
    "วัด",
]
SECOND = [
    "ไพลงาม", "มะเดื่อทอง", "ตีนนา", "นกกระจอก", "หลุมพอ", "ขี้เหล็กงาม", "ตะเคียนคู่", "โตนดเดี่ยว", "หวายเหนือ", "บัวลาย",
    "เตยหอม", "กระถิน", "ยางเรียง", "ชะมวง", "ขนุนหวาน", "มะพร้าวน้ำ", "ตาลยอด", "สะพานไม้", "ใสสะอาด", "แก้วตา",
    "ทองคำเปลว", "เรือใบ", "นาลาว", "นาสวน", "ไม้ไผ่", "ดินสอ", "ศาลาแดง", "ลูกช้าง",
]  # fmt: skip
TEMPLES = [
    "ธารน้ำใส",
    "ควนนิมิต",
    "บางจากวนาราม",
    "ผาน้ำหยดสถิต",
    "ลานสนประดิษฐ์",
    "คลองโหนดใน",
    "ปากน้ำเงินวราราม",
    "ดอนตาลสามัคคี",
]
# Schools whose pin was dropped in the next tambon: the check has something to say.
STRAYED = {"99020079", "99020096", "99020160"}
SIZES = [(34, 119, 46), (121, 198, 32), (201, 298, 14), (301, 480, 6), (520, 980, 2)]


def demo(world: World) -> None:
    """Networks, schools with positions and contacts, outlines, one school taught elsewhere, villages."""
    actor = world.actor
    keep_outlines(actor=actor, geojson=outlines())
    for number, name in enumerate((name for district in DISTRICTS for name in district[3]), start=1):
        world.networks[name] = add_unit(
            actor=actor, kind=UnitKind.NETWORK, code=f"n-{number:02}", name=f"เครือข่าย{name}", short_name=name,
            parent=world.office, since=SINCE, position=number,
        )  # fmt: skip
    count = 130 if world.size == "full" else 120
    rows = [invented(world, *line) for line in lines(world, count)]
    made = import_schools(actor=actor, new=rows, changed=[], source="ข้อมูลสาธิต")
    world.schools = [school.unit for school in made]
    world.notes["schools"] = {school.smis8: school for school in made}
    staff_schools(world)
    confirm_positions(world, made)
    small = next(school for school in made if school.smis8 == "99020171")
    host = next(school for school in made if school.smis8 == "99020175")
    merge(
        actor=actor, school=small, into=host, since=date(2026, 5, 16),
        reference="ประกาศ สพป.ศรีธารา เขต 2 ลงวันที่ 2 เม.ย. 2569",
    )  # fmt: skip
    places = [
        (f"{code}{number:02}", tambon, name, PROVINCE)
        for code, name, _seat, _networks, tambons, _postcode in DISTRICTS
        for number, tambon in enumerate(tambons, start=1)
    ]
    villages(world, places, [school for school in made if school != small])
    emis(
        world,
        list(
            School.objects.select_related("joined")
            .filter(pk__in=[school.pk for school in made])
            .order_by("smis8")
        ),
    )


def lines(world: World, count: int) -> list[tuple[str, str, str, str, int, str]]:
    """(code, name, district, network, pupils, levels) of every school, the named ones first."""
    found = list(NAMED)
    codes = {line[0] for line in found}
    names = {line[1] for line in found}
    pool = [f"วัด{name}" for name in TEMPLES]
    mixed = [first + second for first, second in product(FIRST[:-1], SECOND)]
    world.rng.shuffle(mixed)
    pool += mixed
    places = [(district[1], network) for district in DISTRICTS for network in district[3]]
    number = 5
    extended = sum(1 for line in found if line[5] == "kl")
    for name in pool:
        if len(found) >= count:
            break
        while f"9902{number:04d}" in codes:
            number += 1
        if name in names:
            continue
        district, network = places[len(found) % len(places)]
        low, high, _weight = world.rng.choices(SIZES, [size[2] for size in SIZES])[0]
        levels = "kp"
        if extended < 14 and world.rng.random() < 0.14:
            levels, extended = "kl", extended + 1
        code = f"9902{number:04d}"
        codes.add(code)
        names.add(name)
        found.append((code, name, district, network, world.rng.randint(low, high), levels))
    return found


def invented(
    world: World, code: str, name: str, district: str, network: str, pupils: int, levels: str
) -> dict:
    """Every fact of one school, in the shape of an import row."""
    rng = world.rng
    amphoe_code, _name, seat, _networks, tambons, postcode = next(d for d in DISTRICTS if d[1] == district)
    place = rng.randrange(len(tambons))
    tambon = network if network in tambons else tambons[place]
    tambon_code = f"{amphoe_code}{tambons.index(tambon) + 1:02}"
    stands_in = (tambons.index(tambon) + (code in STRAYED)) % len(tambons)
    longitude, latitude = spot_in(amphoe_code, stands_in, rng.random(), math.sqrt(rng.uniform(0.02, 1)))
    reach = math.dist((longitude, latitude), (100 + seat[0] / 10, 7.4 + seat[1] / 10))
    km = math.hypot(longitude - 100.09, latitude - 7.61) * 110 * 1.25
    phone = f"0 7000 {2000 + int(code[-4:]):04d}"
    return {
        "smis8": code,
        "obec10": f"109956{int(code[-4:]) + 200:04d}",
        "obec6": f"56{int(code[-4:]) + 200:04d}",
        "name": name,
        "area_code": AREA,
        "levels": levels,
        "founded_on": date(rng.randint(1921, 1979), rng.randint(1, 12), rng.randint(1, 28)),
        "network": network,
        "address": f"หมู่ {rng.randint(1, 12)}",
        "tambon": tambon,
        "tambon_code": tambon_code,
        "amphoe": district,
        "amphoe_code": amphoe_code,
        "province": PROVINCE,
        "postcode": postcode,
        "phone": phone,
        "email": f"school{code}@sithara2.example",
        "local_government": f"องค์การบริหารส่วนตำบล{tambon}",
        "km_to_office": Decimal(round(km, 1)).quantize(Decimal("0.1")),
        "km_to_amphoe": Decimal(round(reach * 110 * 1.2 + 0.6, 1)).quantize(Decimal("0.1")),
        "pupils": pupils,
        "pupils_on": date(2026, 11, 10),
        "pupils_source": "ข้อมูลนักเรียนรอบ 2/2569",
        "latitude": Decimal(latitude).quantize(Decimal("0.00001")),
        "longitude": Decimal(longitude).quantize(Decimal("0.00001")),
        "position_source": "จุดกลางตำบล",
        "since": SINCE,
    }


def confirm_positions(world: World, schools: list[School]) -> None:
    """Most schools have dropped their pin by now; the rest keep the tambon's point."""
    now = timezone.now()
    sure = [school for school in schools if world.rng.random() < 0.82]
    for school in sure:
        school.position_state = PositionState.CONFIRMED
        school.position_source = "ปักหมุดบนแผนที่"
        school.position_by = "ผู้อำนวยการโรงเรียน"
        school.position_at = now - timedelta(days=world.rng.randint(20, 170))
    School.objects.bulk_update(sure, ["position_state", "position_source", "position_by", "position_at"])


@cache
def _straight() -> dict[str, tuple[str, list[tuple[float, float]]]]:
    """Code → name and cell, before borders bend."""
    cells: dict[str, tuple[str, list[tuple[float, float]]]] = {}
    seats = {district[0]: _seat(district[2]) for district in DISTRICTS}
    for code, name, _seat_at, _networks, tambons, _postcode in DISTRICTS:
        cell = _cell(_oval(), code, seats)
        cells[code] = (name, cell)
        inner = {f"{code}{n:02}": _tambon_seat(code, n - 1) for n in range(1, len(tambons) + 1)}
        for key, tambon in zip(inner, tambons, strict=True):
            cells[key] = (tambon, _cell(cell, key, inner))
    return cells


def outlines() -> dict:
    """Six districts and their tambons as cells around their seats inside a rough oval, with a little shore."""
    straight = _straight()
    # Where a border ends on another one, both have a corner: then both bend alike, and no gap opens.
    corners = sorted({(round(x, 9), round(y, 9)) for _name, cell in straight.values() for x, y in cell})
    features = []
    for code, (name, cell) in straight.items():
        ring = [[round(x, 5), round(y, 5)] for x, y in _roughen(_with_corners(cell, corners))]
        level = "district" if len(code) == 4 else "subdistrict"
        features.append(
            {
                "type": "Feature",
                "properties": {f"{level}_code": code, f"{level}_th": name},
                "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _seat(plane: tuple[float, float]) -> tuple[float, float]:
    return 100 + plane[0] / 10, 7.4 + plane[1] / 10


def _tambon_seat(district: str, place: int) -> tuple[float, float]:
    """The first tambon of a district lies around its seat, the others about it."""
    number, found = next((n, one) for n, one in enumerate(DISTRICTS) if one[0] == district)
    x, y = _seat(found[2])
    if not place:
        return x, y
    turn = 0.9 * number + 2 * math.pi * place / (len(found[4]) - 1)
    return x + 0.062 * math.cos(turn), y + 0.062 * math.sin(turn)


def spot_in(district: str, place: int, turn: float, share: float) -> tuple[float, float]:
    """A spot in a tambon, even over its ground when ``turn`` is (0 to 1); ``share`` (0 to 1) leads from its middle outward."""
    cell = _straight()[f"{district}{place + 1:02}"][1]
    x = sum(point[0] for point in cell) / len(cell)
    y = sum(point[1] for point in cell) / len(cell)
    sides = list(zip(cell, [*cell[1:], cell[0]], strict=True))
    weights = [abs((a[0] - x) * (b[1] - y) - (b[0] - x) * (a[1] - y)) for a, b in sides]
    left = turn * sum(weights)
    for (a, b), weight in zip(sides, weights, strict=True):
        if left <= weight or (a, b) == sides[-1]:
            along = min(left / weight, 1.0) if weight else 0.0
            break
        left -= weight
    inner = 0.84 * share
    return (
        x + inner * (a[0] + (b[0] - a[0]) * along - x),
        y + inner * (a[1] + (b[1] - a[1]) * along - y),
    )


def _cell(
    whole: list[tuple[float, float]], code: str, seats: dict[str, tuple[float, float]]
) -> list[tuple[float, float]]:
    cell = whole
    for other, seat in seats.items():
        if other != code:
            cell = _nearer(cell, seats[code], seat)
    return [(round(x, 9), round(y, 9)) for x, y in cell]


def _with_corners(
    cell: list[tuple[float, float]], corners: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for here, there in zip(cell, [*cell[1:], cell[0]], strict=True):
        points.append(here)
        length = math.dist(here, there)
        between = [
            (math.dist(here, corner), corner)
            for corner in corners
            if corner not in (here, there)
            and math.dist(here, corner) + math.dist(corner, there) - length < 1e-9
        ]
        points += [corner for _way, corner in sorted(between)]
    return points


def _oval() -> list[tuple[float, float]]:
    """The outer border of the area: an ellipse with bays."""
    points = []
    for step in range(96):
        angle = 2 * math.pi * step / 96
        bay = 1 + 0.05 * math.sin(3 * angle + 0.7) + 0.03 * math.sin(7 * angle)
        points.append((100.01 + 0.245 * bay * math.cos(angle), 7.445 + 0.305 * bay * math.sin(angle)))
    return points


def _nearer(
    cell: list[tuple[float, float]], mine: tuple[float, float], other: tuple[float, float]
) -> list[tuple[float, float]]:
    """The part of a polygon nearer to ``mine`` than to ``other`` (one cut of a Voronoi cell)."""

    def side(point: tuple[float, float]) -> float:
        return (
            (point[0] - other[0]) ** 2
            + (point[1] - other[1]) ** 2
            - (point[0] - mine[0]) ** 2
            - (point[1] - mine[1]) ** 2
        )

    kept: list[tuple[float, float]] = []
    for here, there in zip(cell, [*cell[1:], cell[0]], strict=True):
        a, b = side(here), side(there)
        if a >= 0:
            kept.append(here)
        if (a >= 0) != (b >= 0):
            share = a / (a - b)
            kept.append((here[0] + (there[0] - here[0]) * share, here[1] + (there[1] - here[1]) * share))
    return kept


def _roughen(cell: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Long straight borders get bends that both neighbours share: the bend depends on the place alone."""
    points: list[tuple[float, float]] = []
    for here, there in zip(cell, [*cell[1:], cell[0]], strict=True):
        points.append(here)
        length = math.dist(here, there)
        steps = int(length / 0.022)
        for step in range(1, steps + 1):
            share = step / (steps + 1)
            x, y = here[0] + (there[0] - here[0]) * share, here[1] + (there[1] - here[1]) * share
            shift = 0.007 * math.sin(210 * x + 0.4) * math.sin(170 * y) * math.sin(math.pi * share)
            points.append(
                (
                    x - (there[1] - here[1]) / length * shift * _sign(here, there),
                    y + (there[0] - here[0]) / length * shift * _sign(here, there),
                )
            )
    return points


def _sign(here: tuple[float, float], there: tuple[float, float]) -> int:
    return 1 if (here[0], here[1]) < (there[0], there[1]) else -1
