"""Rules of data quality of land, buildings and articles. Each is one SELECT over the area."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khet.kits.rounds.bases import Check, Level, Scope, check
from khet.modules.assets.choices import BUILDING_LIFE
from khet.modules.assets.item_codes import ITEMS
from khet.modules.schools.api import School
from khet.modules.students.api import present

BOBEC = _("แบบเก็บข้อมูลสิ่งก่อสร้าง (B-OBEC)")
MOBEC = _("แบบเก็บข้อมูลครุภัณฑ์ (M-OBEC)")
REGISTER = _("หลักเกณฑ์การควบคุมพัสดุ ระเบียบพัสดุ 2560 ข้อ 203")
CHECKED = _("ระเบียบพัสดุ 2560 ข้อ 213")
# A price above this is looked at again; vehicles have a limit of their own (baht).
HIGH, HIGH_VEHICLE = 500_000, 3_000_000
# A repair within so many years makes an old building's «good» believable.
REPAIRED_WITHIN = 10

Found = tuple[str, list[Any]]


def _buildings(scope: Scope, facts: str, where: str, params: list[Any], joins: str = "") -> Found:
    """Buildings that a condition fits; ``facts`` are pairs besides the name."""
    within, units = scope.within("b.unit_id")
    return (
        f"""SELECT b.id AS subject_id, b.unit_id, jsonb_build_object('name', b.name{facts}) AS facts
              FROM assets_building b {joins} WHERE {within} AND {where}""",
        [*units, *params],
    )


def _articles(scope: Scope, facts: str, where: str, params: list[Any], joins: str = "") -> Found:
    """Articles still held that a condition fits."""
    within, units = scope.within("a.unit_id")
    return (
        f"""SELECT a.id AS subject_id, a.unit_id,
                   jsonb_build_object('name', a.name, 'number', a.number{facts}) AS facts
              FROM assets_article a {joins} WHERE {within} AND a.condition <> 'disposed' AND {where}""",
        [*units, *params],
    )


def old_and_good(scope: Scope) -> Found:
    year = scope.as_at.year + 543
    life = " ".join(f"WHEN '{kind}' THEN {years}" for kind, years in BUILDING_LIFE.items())
    found = _buildings(
        scope,
        ", 'year', b.year_built, 'age', %s::int - b.year_built",
        f"b.condition = 'good' AND b.standing = 'standing' AND %s - b.year_built > CASE b.kind {life} ELSE 25 END"
        " AND coalesce(b.repaired_year, 0) < %s",
        [year, year - REPAIRED_WITHIN],
    )
    return _with_first(found, year)


def _with_first(found: Found, *first: Any) -> Found:
    """Parameters of the facts stand before those of the condition."""
    return found[0], [*first, *found[1]]


def year_to_come(scope: Scope) -> Found:
    return _buildings(scope, ", 'year', b.year_built", "b.year_built > %s", [scope.as_at.year + 543])


def no_year(scope: Scope) -> Found:
    return _buildings(scope, "", "b.year_built IS NULL AND b.standing <> 'demolished'", [])


def no_rooms(scope: Scope) -> Found:
    return _buildings(
        scope, "", "b.kind = '01' AND coalesce(b.rooms_plan, 0) = 0 AND b.standing <> 'demolished'", []
    )


def more_used_than_planned(scope: Scope) -> Found:
    return _buildings(
        scope,
        ", 'used', b.rooms_used, 'plan', b.rooms_plan",
        "b.rooms_used > b.rooms_plan AND b.standing <> 'demolished'",
        [],
    )


def demolished_in_use(scope: Scope) -> Found:
    return _buildings(scope, ", 'used', b.rooms_used", "b.standing = 'demolished' AND b.rooms_used > 0", [])


def poor_in_use(scope: Scope) -> Found:
    return _buildings(
        scope,
        ", 'used', b.rooms_used",
        "b.condition = 'poor' AND b.rooms_used > 0 AND b.standing IN ('standing', 'asked')",
        [],
    )


def before_the_school(scope: Scope) -> Found:
    return _buildings(
        scope,
        ", 'year', b.year_built, 'founded', extract(year FROM s.founded_on)::int + 543",
        "b.year_built < extract(year FROM s.founded_on)::int + 543 AND b.standing <> 'demolished'",
        [],
        "JOIN schools_school s ON s.unit_id = b.unit_id",
    )


def without_toilet(scope: Scope) -> Found:
    within, units = scope.within("s.unit_id")
    return (
        f"""SELECT s.id AS subject_id, s.unit_id, jsonb_build_object('name', s.name, 'pupils', s.pupils) AS facts
              FROM schools_school s
             WHERE {within} AND s.status = 'normal' AND s.pupils > 0
               AND EXISTS (SELECT FROM assets_building b WHERE b.unit_id = s.unit_id)
               AND NOT EXISTS (SELECT FROM assets_building b WHERE b.unit_id = s.unit_id AND b.kind = '05'
                                  AND b.standing <> 'demolished')""",
        units,
    )


def fewer_rooms_than_classes(scope: Scope) -> Found:
    """Classes (grade and room with pupils in this term) against rooms used as classrooms."""
    within, units = scope.within("s.unit_id")
    classes = (
        present(scope.school_year, scope.term).order_by().values("school_id", "grade", "room").distinct()
    )
    taught, params = classes.query.sql_with_params()
    return (
        f"""SELECT s.id AS subject_id, s.unit_id,
                   jsonb_build_object('name', s.name, 'classes', t.n, 'rooms', r.n) AS facts
              FROM schools_school s
              JOIN (SELECT school_id, count(*) AS n FROM ({taught}) c GROUP BY school_id) t ON t.school_id = s.id
              JOIN (SELECT unit_id, coalesce(sum(rooms_used), 0) AS n FROM assets_building
                     WHERE standing <> 'demolished' GROUP BY unit_id) r ON r.unit_id = s.unit_id
             WHERE {within} AND r.n < t.n""",
        [*params, *units],
    )


def land_without_document(scope: Scope) -> Found:
    within, units = scope.within("l.unit_id")
    return (
        f"""SELECT l.id AS subject_id, l.unit_id, jsonb_build_object('number', l.number) AS facts
              FROM assets_land l
             WHERE {within} AND (l.kind = 'none' OR (l.document = '' AND l.treasury_number = ''))""",
        units,
    )


def number_twice(scope: Scope) -> Found:
    """Twice within one unit; numbers run anew in each school."""
    within, units = scope.within("unit_id")
    return (
        f"""SELECT id AS subject_id, unit_id,
                   jsonb_build_object('name', name, 'number', number, 'times', n) AS facts
              FROM (SELECT id, unit_id, name, number, count(*) OVER (PARTITION BY unit_id, number_key) AS n
                      FROM assets_article
                     WHERE {within} AND condition <> 'disposed' AND number_key <> '') a
             WHERE n > 1""",
        units,
    )


def no_price(scope: Scope) -> Found:
    return _articles(scope, "", "coalesce(a.price, 0) = 0", [])


def high_price(scope: Scope) -> Found:
    return _articles(
        scope,
        ", 'price', to_char(a.price, 'FM999,999,999,990')",
        "a.price > CASE WHEN a.kind = 'vehicle' THEN %s ELSE %s END",
        [HIGH_VEHICLE, HIGH],
    )


def acquired_later(scope: Scope) -> Found:
    return _articles(scope, "", "a.acquired_on > %s", [scope.as_at])


def acquired_before_the_school(scope: Scope) -> Found:
    return _articles(
        scope,
        ", 'year', extract(year FROM a.acquired_on)::int + 543, 'founded', extract(year FROM s.founded_on)::int + 543",
        "a.acquired_on < s.founded_on",
        [],
        "JOIN schools_school s ON s.unit_id = a.unit_id",
    )


def past_its_life(scope: Scope) -> Found:
    found = _articles(
        scope,
        ", 'life', a.life_years, 'age', extract(year FROM age(%s::date, a.acquired_on))::int",
        "a.condition = 'in_use' AND a.checked_on IS NULL AND a.life_years > 0"
        " AND a.acquired_on + make_interval(years => a.life_years) < %s",
        [scope.as_at],
    )
    return _with_first(found, scope.as_at)


def unknown_item(scope: Scope) -> Found:
    return _articles(
        scope, ", 'code', a.item_code", "a.item_code <> '' AND NOT a.item_code = ANY(%s)", [list(ITEMS)]
    )


def nobody_responsible(scope: Scope) -> Found:
    return _articles(scope, "", "a.responsible_id IS NULL AND a.responsible_name = ''", [])


def missing_article(scope: Scope) -> Found:
    return _articles(scope, "", "a.condition = 'missing'", [])


def _list_of_school(subject: int, facts: dict[str, Any]) -> str:
    """The buildings of the school that the finding is about."""
    school = School.objects.filter(pk=subject).first()
    return reverse("register:list", args=["buildings"]) + (f"?q={school.smis8}" if school else "")


def _declare(
    code: str,
    find: Any,
    level: str,
    title: Any,
    sentence: Any,
    source: Any,
    sheet: str,
    model: str,
    **more: Any,
) -> None:
    check(
        Check(
            code=code, title=title, sentence=sentence, level=level, source=source, sheet=sheet, model=model, find=find, **more
        )
    )  # fmt: skip


B, A = "buildings", "articles"
STOP, EXPLAIN = Level.STOP, Level.EXPLAIN

_declare(
    "buildings.year_to_come", year_to_come, STOP, _("ปีที่สร้างยังมาไม่ถึง"),
    _("%(name)s สร้าง พ.ศ. %(year)s ซึ่งยังมาไม่ถึง ตรวจปีกับเอกสารรับมอบงาน"), BOBEC, B, B, outside=True,
)  # fmt: skip
_declare(
    "buildings.no_year", no_year, EXPLAIN, _("ไม่มีปีที่สร้าง"),
    _("%(name)s ไม่มีปีที่สร้าง เติมปี พ.ศ. หรือชี้แจงว่าไม่มีหลักฐาน"), BOBEC, B, B, outside=True,
)  # fmt: skip
_declare(
    "buildings.no_rooms", no_rooms, STOP, _("อาคารเรียนไม่มีจำนวนห้อง"),
    _("%(name)s ไม่มีจำนวนห้องตามแปลน เติมตามแบบก่อสร้าง"), BOBEC, B, B, outside=True,
)  # fmt: skip
_declare(
    "buildings.more_used", more_used_than_planned, STOP, _("ห้องที่ใช้มากกว่าห้องตามแปลน"),
    _("%(name)s ใช้เรียน %(used)s ห้อง แต่แบบมี %(plan)s ห้อง นับห้องใหม่แล้วแก้ตัวใดตัวหนึ่ง"), BOBEC, B, B, outside=True,
)  # fmt: skip
_declare(
    "buildings.demolished_in_use", demolished_in_use, STOP, _("รื้อถอนแล้วแต่ยังมีห้องเรียน"),
    _("%(name)s รื้อถอนแล้วแต่ยังนับห้องเรียน %(used)s ห้อง แก้จำนวนห้องที่ใช้เป็น 0"), BOBEC, B, B, outside=True,
)  # fmt: skip
_declare(
    "buildings.poor_in_use", poor_in_use, EXPLAIN, _("อาคารทรุดโทรมยังใช้เรียน"),
    _("%(name)s ทรุดโทรมแต่ใช้เรียน %(used)s ห้อง ขอซ่อมหรือรื้อถอน หรือชี้แจงว่าใช้ได้อย่างปลอดภัยอย่างไร"), BOBEC, B, B,
)  # fmt: skip
_declare(
    "buildings.old_and_good", old_and_good, EXPLAIN, _("อาคารเก่าเกินอายุแต่สภาพดี"),
    _("%(name)s สร้าง พ.ศ. %(year)s อายุ %(age)s ปี ไม่มีการซ่อมในสิบปี แต่บันทึกว่าสภาพดี ตรวจสภาพจริง หรือชี้แจง"),
    _("หลักการและนโยบายบัญชีสำหรับหน่วยงานภาครัฐ เรื่องอายุการใช้งานอาคาร"), B, B,
)  # fmt: skip
_declare(
    "buildings.before_the_school", before_the_school, EXPLAIN, _("สร้างก่อนก่อตั้งโรงเรียน"),
    _("%(name)s สร้าง พ.ศ. %(year)s ก่อนก่อตั้งโรงเรียน พ.ศ. %(founded)s ตรวจปีทั้งสอง หรือชี้แจง"), BOBEC, B, B,
)  # fmt: skip
_declare(
    "buildings.without_toilet", without_toilet, EXPLAIN, _("โรงเรียนไม่มีส้วม"),
    _("โรงเรียน%(name)sมีนักเรียน %(pupils)s คน แต่ไม่มีส้วมในทะเบียน เพิ่มส้วมที่มี หรือชี้แจง"), BOBEC, B, "schools", link=_list_of_school,
)  # fmt: skip
_declare(
    "buildings.fewer_rooms", fewer_rooms_than_classes, EXPLAIN, _("ห้องเรียนน้อยกว่าชั้นเรียนที่สอน"),
    _("โรงเรียน%(name)sสอน %(classes)s ห้อง แต่ใช้ห้องเรียน %(rooms)s ห้อง ตรวจจำนวนห้องที่ใช้ หรือชี้แจงว่าสอนที่ไหน"), BOBEC, B,
    "schools", link=_list_of_school,
)  # fmt: skip
_declare(
    "land.without_document", land_without_document, EXPLAIN, _("ที่ดินไม่มีเอกสาร"),
    _("ที่ดินแปลงที่ %(number)s ไม่มีเลขที่เอกสารสิทธิ์หรือทะเบียนราชพัสดุ เติมเลขที่ หรือชี้แจง"),
    _("พ.ร.บ. ที่ราชพัสดุ 2562"), B, "land",
)  # fmt: skip
_declare(
    "articles.number_twice", number_twice, STOP, _("เลขครุภัณฑ์ซ้ำ"),
    _("เลข %(number)s ใช้ %(times)s รายการในโรงเรียนเดียวกัน รวมทั้ง%(name)s ให้เลขใหม่แก่รายการหลัง"), REGISTER, A, A,
)  # fmt: skip
_declare(
    "articles.no_price", no_price, STOP, _("ไม่มีราคา"),
    _("%(name)s %(number)s ไม่มีราคา เติมราคา ของบริจาคใช้ราคากลางหรือราคาประเมิน"), REGISTER, A, A,
)  # fmt: skip
_declare(
    "articles.high_price", high_price, EXPLAIN, _("ราคาสูงผิดปกติ"),
    _("%(name)s %(number)s ราคา %(price)s บาท ตรวจจุดทศนิยมกับเอกสาร หรือชี้แจง"), REGISTER, A, A,
)  # fmt: skip
_declare(
    "articles.acquired_later", acquired_later, STOP, _("วันที่ได้มายังมาไม่ถึง"),
    _("%(name)s %(number)s ได้มาหลังวันที่ของรอบนี้ ตรวจวันที่กับเอกสาร"), REGISTER, A, A,
)  # fmt: skip
_declare(
    "articles.before_the_school", acquired_before_the_school, STOP, _("ได้มาก่อนก่อตั้งโรงเรียน"),
    _("%(name)s %(number)s ได้มา พ.ศ. %(year)s ก่อนก่อตั้งโรงเรียน พ.ศ. %(founded)s ตรวจวันที่ได้มา"), REGISTER, A, A,
)  # fmt: skip
_declare(
    "articles.past_its_life", past_its_life, EXPLAIN, _("เกินอายุใช้งานและไม่เคยตรวจ"),
    _("%(name)s %(number)s อายุใช้งาน %(life)s ปี ใช้มา %(age)s ปี ยังไม่เคยตรวจ ตรวจของจริงแล้วบันทึกสภาพ หรือเสนอจำหน่าย"), CHECKED, A, A,
)  # fmt: skip
_declare(
    "articles.unknown_item", unknown_item, EXPLAIN, _("รหัสรายการไม่มีใน M-OBEC"),
    _("%(name)s ใช้รหัสรายการ %(code)s ซึ่งไม่มีในรายการ เลือกรหัสใหม่ หรือเว้นว่างถ้าไม่อยู่ในรายการ"), MOBEC, A, A, outside=True,
)  # fmt: skip
_declare(
    "articles.nobody_responsible", nobody_responsible, EXPLAIN, _("ไม่มีผู้รับผิดชอบ"),
    _("%(name)s %(number)s ไม่มีผู้รับผิดชอบ ระบุชื่อผู้ดูแล"), REGISTER, A, A,
)  # fmt: skip
_declare(
    "articles.missing", missing_article, EXPLAIN, _("ครุภัณฑ์หาไม่พบ"),
    _("%(name)s %(number)s หาไม่พบ แต่งตั้งคณะกรรมการสอบหาข้อเท็จจริง หรือชี้แจงความคืบหน้า"),
    _("ระเบียบพัสดุ 2560 ข้อ 214"), A, A,
)  # fmt: skip
