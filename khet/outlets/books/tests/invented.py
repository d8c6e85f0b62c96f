"""An invented area of any size in the shape of the facts: no office, school or person of it exists."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from khet.base.lib.thai import sort_key
from khet.outlets.books.facts import (
    AREA,
    CensusFact,
    Cube,
    Dim,
    Facts,
    Figure,
    GroupFact,
    IndicatorFact,
    SchoolFact,
)

DISTRICTS = (
    ("9901", "เขาแก้ว"),
    ("9902", "ธารทอง"),
    ("9903", "ทุ่งไพล"),
    ("9904", "ควนชัย"),
    ("9905", "บางจาก"),
    ("9906", "ปากน้ำเงิน"),
)
SUBDISTRICTS = ("ไร่ธาร", "ป่าแก่", "น้ำผุด", "ปี้ใหญ่", "เกาะญวน", "หัวฐานทราย")
HEADS = ("บ้าน", "วัด", "ชุมชนบ้าน", "อนุบาล")
NAMES = (
    "ไร่ธารใส",
    "ควนปริง",
    "หัวเลอ่อน",
    "กอจูดน้อย",
    "ปากบางสูง",
    "เขาเจ็ดยอดฟ้า",
    "ท่ามะปรางหวาน",
    "ทุ่งขี้เหล็กใต้",
    "โคกญาติ",
    "ป่าไม้แก้ว",
    "ใต้ต้นฐานราก (ประชาอุปถัมภ์วิทยาคารอนุสรณ์ ๒๕๐๐)",
    "หนองปู่ปี้",
    "แหลมกรวด",
    "ลานช้างทูน",
    "สระกุฎีใหญ่",
)
GRADES = {
    **{f"k{n}": f"อนุบาลปีที่ {n}" for n in (1, 2, 3)},
    **{f"p{n}": f"ประถมศึกษาปีที่ {n}" for n in range(1, 7)},
    **{f"m{n}": f"มัธยมศึกษาปีที่ {n}" for n in (1, 2, 3)},
}
GRADE = Dim(
    code="grade",
    title="ชั้น",
    values=GRADES,
    short={
        **{f"k{n}": f"อ.{n}" for n in (1, 2, 3)},
        **{f"p{n}": f"ป.{n}" for n in range(1, 7)},
        **{f"m{n}": f"ม.{n}" for n in (1, 2, 3)},
    },
)
SEX = Dim(code="sex", title="เพศ", values={"m": "ชาย", "f": "หญิง"})
JOB = Dim(
    code="job",
    title="ตำแหน่ง",
    values={
        "principal": "ผู้อำนวยการสถานศึกษา",
        "vice": "รองผู้อำนวยการสถานศึกษา",
        "teacher": "ครู",
        "assistant": "ครูผู้ช่วย",
        "government": "พนักงานราชการ",
        "clerk": "ธุรการโรงเรียน",
        "janitor": "นักการภารโรง",
    },
)
KIND = Dim(
    code="kind",
    title="ประเภท",
    values={
        "01": "อาคารเรียน",
        "02": "อาคารอเนกประสงค์/โรงอาหาร/โรงฝึกงาน/หอประชุม",
        "03": "บ้านพักครู",
        "05": "ส้วม",
        "15": "สนามกีฬา",
        "16": "ถังเก็บน้ำ",
    },
)
CONDITION = Dim(code="condition", title="สภาพ", values={"good": "ดี", "fair": "พอใช้", "poor": "ทรุดโทรม"})
CENSUS = CensusFact(
    pk=1,
    title="รอบ 1/2569",
    short="1/2569",
    school_year=2569,
    as_at=dt.date(2026, 6, 10),
    closed_on=dt.date(2026, 6, 30),
    sha256="9f2c41ab" + "0" * 56,
)
YEARLY = replace(
    CENSUS,
    pk=2,
    title="ข้อมูลรายปี 2569",
    short="2569",
    closed_on=dt.date(2026, 8, 31),
    sha256="51d0a7c3" + "0" * 56,
    yearly=True,
)

_MORE = [
    ("distance", "pupils", "นักเรียนที่บ้านไกลเกิน 3 กิโลเมตร"),
    ("poor", "pupils", "นักเรียนยากจน"),
    ("repeat", "pupils", "นักเรียนซ้ำชั้น"),
    ("away", "pupils", "นักเรียนย้ายออก"),
    ("retire", "teachers", "บุคลากรที่จะเกษียณในสิบปี"),
    ("short", "teachers", "อัตรากำลังครูต่ำกว่าเกณฑ์"),
    ("land", "buildings", "เนื้อที่ดินของโรงเรียน"),
    ("toilets", "buildings", "ห้องส้วม"),
    ("speed", "equipment", "ความเร็วอินเทอร์เน็ต"),
    ("pcs", "equipment", "คอมพิวเตอร์ที่ใช้ได้"),
    ("efa", "children", "เด็กในเกณฑ์บังคับที่เรียนอยู่"),
    ("next5", "forecast", "นักเรียนที่คาดในอีก 5 ปี"),
    ("next10", "forecast", "นักเรียนที่คาดในอีก 10 ปี"),
]
INDICATORS = {
    one.code: one
    for one in (
        IndicatorFact(code="pupils_by_grade", chapter="pupils", title="นักเรียน", definition="นักเรียนที่เรียนอยู่ในวันนับ", unit="คน", dims=("grade", "sex")),
        IndicatorFact(code="rooms", chapter="pupils", title="ห้องเรียน", definition="ห้องที่มีนักเรียนในวันนับ", unit="ห้อง", dims=("grade",)),
        IndicatorFact(code="staff", chapter="teachers", title="บุคลากร", definition="บุคลากรทุกประเภทที่สังกัดโรงเรียนในวันนับ", unit="คน", dims=("job", "sex")),
        IndicatorFact(code="buildings", chapter="buildings", title="อาคารและสิ่งก่อสร้าง", definition="อาคารและสิ่งก่อสร้างที่ยังไม่รื้อถอน", unit="หลัง", dims=("kind", "condition")),
        IndicatorFact(code="articles", chapter="equipment", title="ครุภัณฑ์", definition="ครุภัณฑ์ที่ยังไม่จำหน่าย", unit="ชิ้น", dims=("condition",)),
        *(IndicatorFact(code=code, chapter=chapter, title=title, definition=f"จำนวน{title}", unit="คน") for code, chapter, title in _MORE),
    )
}  # fmt: skip


def schools_of(count: int) -> list[SchoolFact]:
    made = []
    for n in range(count):
        code, district = DISTRICTS[n * len(DISTRICTS) // count]
        name = f"{HEADS[n % len(HEADS)]}{NAMES[n % len(NAMES)]}" + (
            f" {n // len(NAMES) + 1}" if n >= len(NAMES) else ""
        )
        levels = "kl" if n % 7 == 0 else "kp"
        made.append(
            SchoolFact(
                code=f"9901{n:04d}", name=name, sort_name=sort_key(name), district=district, district_code=code, subdistrict=SUBDISTRICTS[n % 6],
                network=f"ศูนย์เครือข่าย{district}", levels=levels, levels_words="อนุบาล–ม.ต้น" if levels == "kl" else "อนุบาล–ประถม", extended=levels == "kl",
                latitude=7.2 + n / 400, longitude=99.9 + (n * 37 % 100) / 400, confirmed=n % 3 > 0, obec10=f"10993{n:05d}", obec6=f"3{n:05d}", head=f"นางสาวฐิติมา ใจดี{n}",
                address=f"หมู่ {n % 9 + 1} ถนนเลียบเขา ตำบล{SUBDISTRICTS[n % 6]} อำเภอ{district} จังหวัดศรีธารา 99130", phone=f"0 7000 {n:04d}", email=f"school{n}@example.test",
                website=f"https://school{n}.example.test/", founded="1 พ.ค. 2481", km_to_office=3.5 + n % 40,
            )
        )  # fmt: skip
    return sorted(made, key=lambda one: (one.district_code, one.sort_name))


@cache
def invented(count: int = 118, years: int = 10) -> Facts:
    """Facts of an area with so many schools; the same every time."""
    dice = random.Random(9)
    schools = schools_of(count)
    rows: dict[str, list[Figure]] = {code: [] for code in INDICATORS}
    for school in schools:
        size = dice.choice((3, 6, 9, 14, 25))
        for grade in GRADES:
            if grade[0] == "m" and school.levels == "kp":
                continue
            for sex in ("m", "f"):
                n = max(0, size + dice.randint(-3, 4))
                if n:
                    rows["pupils_by_grade"].append(Figure(school.code, (grade, sex), n))
            rows["rooms"].append(Figure(school.code, (grade,), 1 + size // 20))
        for job in JOB.values:
            for sex in ("m", "f"):
                n = dice.randint(0, 8 if job == "teacher" else 1)
                if n:
                    rows["staff"].append(Figure(school.code, (job, sex), n))
        for kind in KIND.values:
            for condition in CONDITION.values:
                n = dice.randint(0, 3)
                if n:
                    rows["buildings"].append(Figure(school.code, (kind, condition), n))
        for condition in CONDITION.values:
            rows["articles"].append(Figure(school.code, (condition,), dice.randint(4, 90)))
        for code, _chapter, _title in _MORE:
            n = 3 if code == "poor" and school is schools[0] else dice.randint(0, 60)
            rows[code].append(Figure(school.code, (), n, hidden=code == "poor" and 0 < n < 5))
    dims = {dim.code: dim for dim in (GRADE, SEX, JOB, KIND, CONDITION)}
    district = {school.code: school.district_code for school in schools}

    @cache
    def cube(code: str, level: str) -> Cube:
        indicator = INDICATORS[code]
        found: Sequence[Figure] = rows[code]
        if level != "school":
            sums: dict[tuple[str, tuple[str, ...]], float] = {}
            for row in found:
                key = (AREA if level == "area" else district[row.place], row.keys)
                sums[key] = sums.get(key, 0) + (row.n or 0)
            found = [Figure(place, keys, n) for (place, keys), n in sums.items()]
        census = YEARLY if indicator.chapter in ("buildings", "equipment") else CENSUS
        return Cube(indicator, [dims[one] for one in indicator.dims], found, census, level)

    def past(code: str, school: str = "") -> list[tuple[CensusFact, float | None]]:
        now = cube(code, "school" if school else "area").of(school or AREA)
        found = []
        for n in range(years):
            year = 2569 - years + 1 + n
            value = round(now * (1 + 0.017 * (years - 1 - n))) if isinstance(now, int | float) else None
            found.append((replace(CENSUS, school_year=year, short=f"1/{year}"), value))
        return found

    people = [
        ("นายเมฆา ใจงาม", "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา"),
        ("นางสาวปี้ญาดา กุฎีทอง", "รองผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา"),
    ]
    groups = [GroupFact(name="ผู้บริหาร", people=people)]
    groups += [
        GroupFact(
            name=name, people=[(f"นางสาวดารา ใจดี{n}", "นักวิเคราะห์นโยบายและแผนชำนาญการ") for n in range(7)]
        )
        for name in (
            "กลุ่มอำนวยการ",
            "กลุ่มนโยบายและแผน",
            "กลุ่มบริหารงานบุคคล",
            "กลุ่มนิเทศ ติดตาม และประเมินผลการจัดการศึกษา",
        )
    ]
    return Facts(
        office="สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2", office_short="สพป.ศรีธารา เขต 2", school_year=2569, censuses=[CENSUS, YEARLY],
        schools=schools, groups=groups, indicators=INDICATORS, cube=cube, past=past, address=["ถนนเลียบเขา อำเภอเขาแก้ว จังหวัดศรีธารา 99000"],
    )  # fmt: skip


def outline(dots: Sequence[tuple[float, float]] = (), words: bool = True) -> str:
    """A small drawn map of six fields, for where the door of maps is not asked."""
    cells = "".join(
        f'<path d="M{x} {y}h60v60h-60z" fill="#9FB4CF" stroke="#fff" stroke-width="2"/>'
        + (
            f'<text x="{x + 30}" y="{y + 34}" font-family="Sarabun" font-size="11" text-anchor="middle">{name}</text>'
            if words
            else ""
        )
        for (x, y), (_code, name) in zip(
            ((10, 10), (70, 10), (10, 70), (70, 70), (10, 130), (70, 130)), DISTRICTS, strict=True
        )
    )
    spots = "".join(
        f'<circle cx="{10 + x * 120:.1f}" cy="{10 + y * 180:.1f}" r="4" fill="#B02A16"/>' for x, y in dots
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="140" height="200" viewBox="0 0 140 200">{cells}{spots}</svg>'


class DrawnMaps:
    """Maps of the invented area."""

    def districts(self, values: object, unit: str, decimals: int) -> str:
        return outline()

    def area(self) -> str:
        return outline([(one.longitude % 1, one.latitude % 1) for one in invented().schools])

    def school(self, code: str) -> str:
        n = int(code[-4:])
        return outline([((n * 37 % 100) / 100, n / 150)])

    def cover(self, values: object, unit: str) -> str:
        return outline(words=False)
