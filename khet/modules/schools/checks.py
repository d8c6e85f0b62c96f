"""Rules of data quality of schools: place, contacts, service area, and the yearly facts. Each is one SELECT over the area."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khet.kits.rounds.bases import Check, Level, Scope, check
from khet.modules.schools.choices import OUTSIDE_M, SIZE_LIMITS

EMIS_FORM = _("แบบข้อมูลพื้นฐานสถานศึกษา (EMIS)")
PLACES = _("แนวทางพิกัดสถานศึกษาและแนวเขตที่สำนักงานใส่")
COMPULSORY = _("พ.ร.บ.การศึกษาภาคบังคับ 2545 มาตรา 6 และประกาศเขตพื้นที่บริการ")
SMALL = SIZE_LIMITS[0][0]
# How much further than its neighbours a school may say it is: three times the way to them, and this many km.
FAR_KM = 5

Found = tuple[str, list[Any]]
# Schools of the area that stand on the day, with their unit.
_STANDING = (
    "JOIN org_unit u ON u.id = s.unit_id AND u.parent_id IS NOT NULL AND (u.until IS NULL OR u.until >= %s)"
)
_KM = """111.32 * sqrt(power(o.latitude - s.latitude, 2)
                         + power((o.longitude - s.longitude) * cos(radians(s.latitude)), 2))"""


def _schools(
    scope: Scope, where: str, params: list[Any], facts: str = "", before: list[Any] | None = None
) -> Found:
    """Standing schools that a condition fits; ``before`` are the parameters of the facts."""
    within, units = scope.within("s.unit_id")
    return (
        f"""SELECT s.id AS subject_id, s.unit_id, jsonb_build_object('name', s.name{facts}) AS facts
              FROM schools_school s {_STANDING} WHERE {within} AND {where}""",
        [*(before or []), scope.as_at, *units, *params],
    )


def _emis(scope: Scope, where: str, params: list[Any], facts: str = "") -> Found:
    """Facts of the scope's school year that a condition fits."""
    within, units = scope.within("s.unit_id")
    return (
        f"""SELECT e.id AS subject_id, s.unit_id, jsonb_build_object('name', s.name{facts}) AS facts
              FROM schools_emis e JOIN schools_school s ON s.id = e.school_id {_STANDING}
             WHERE {within} AND e.school_year = %s AND {where}""",
        [scope.as_at, *units, scope.school_year, *params],
    )


def no_position(scope: Scope) -> Found:
    return _schools(scope, "s.latitude IS NULL", [])


def outside_tambon(scope: Scope) -> Found:
    """Measured when the position or the outlines were written."""
    return _schools(
        scope, "s.outside_m > %s", [OUTSIDE_M], ", 'tambon', s.tambon, 'km', round(s.outside_m / 1000.0, 1)"
    )


def no_head(scope: Scope) -> Found:
    return _schools(
        scope,
        """s.status = 'normal' AND NOT EXISTS (
             SELECT FROM org_post p JOIN org_holding h ON h.post_id = p.id
              WHERE p.unit_id = s.unit_id AND p.kind = 'principal' AND h.since <= %s AND (h.until IS NULL OR h.until >= %s))""",
        [scope.as_at, scope.as_at],
    )


def no_contact(scope: Scope) -> Found:
    return _schools(scope, "s.phone = '' AND s.email = ''", [])


def contact_form(scope: Scope) -> Found:
    """The first number of the field, without spaces and dashes, is a Thai one; the address has one @ and a dot after."""
    phone = r"""(s.phone <> '' AND regexp_replace(s.phone, '[\s\-().]', '', 'g') !~ '^(\+?66|0)[0-9]{8,9}([^0-9]|$)')"""
    email = r"""(s.email <> '' AND s.email !~ '^[^@\s]+@[^@\s]+\.[^@\s]{2,}$')"""
    return _schools(
        scope, f"({phone} OR {email})", [], f", 'what', CASE WHEN {phone} THEN s.phone ELSE s.email END"
    )


def no_service_area(scope: Scope) -> Found:
    return _schools(
        scope,
        """s.status = 'normal' AND EXISTS (SELECT FROM schools_village)
           AND NOT EXISTS (SELECT FROM schools_servicevillage v WHERE v.school_id = s.id AND v.since_year <= %s
                              AND (v.until_year IS NULL OR v.until_year >= %s))""",
        [scope.school_year, scope.school_year],
    )


def village_in_no_school(scope: Scope) -> Found:
    """Asked of the school that had it last, else of the first school of its tambon."""
    within, units = scope.within("c.unit_id")
    return (
        f"""SELECT c.village_id AS subject_id, c.unit_id, jsonb_build_object('name', c.name, 'tambon', c.tambon) AS facts
              FROM (SELECT DISTINCT ON (v.id) v.id AS village_id, s.unit_id, v.tambon,
                           CASE WHEN v.moo > 0 THEN 'หมู่ ' || v.moo ELSE 'ไม่มีหมู่' END || ' ' || v.name AS name
                      FROM schools_village v
                      JOIN schools_school s ON s.tambon_code = v.tambon_code OR EXISTS (
                           SELECT FROM schools_servicevillage o WHERE o.village_id = v.id AND o.school_id = s.id AND o.level = 'primary')
                      {_STANDING}
                      LEFT JOIN LATERAL (SELECT max(o.since_year) AS last FROM schools_servicevillage o
                            WHERE o.village_id = v.id AND o.school_id = s.id AND o.level = 'primary' AND o.since_year <= %s) b ON TRUE
                     WHERE NOT EXISTS (SELECT FROM schools_servicevillage n WHERE n.village_id = v.id AND n.level = 'primary'
                                          AND n.since_year <= %s AND (n.until_year IS NULL OR n.until_year >= %s))
                     ORDER BY v.id, b.last DESC NULLS LAST, s.smis8) c
             WHERE {within}""",
        [scope.as_at, scope.school_year, scope.school_year, scope.school_year, *units],
    )


def no_emis(scope: Scope) -> Found:
    return _schools(
        scope,
        "NOT EXISTS (SELECT FROM schools_emis e WHERE e.school_id = s.id AND e.school_year = %s)",
        [scope.school_year],
        ", 'year', %s::int",
        [scope.school_year],
    )


def computers_without_power(scope: Scope) -> Found:
    return _emis(
        scope,
        "e.electricity = 'none' AND coalesce(e.teach_usable, 0) + coalesce(e.office_usable, 0) > 0",
        [],
        ", 'n', coalesce(e.teach_usable, 0) + coalesce(e.office_usable, 0)",
    )


def utilities_unsaid(scope: Scope) -> Found:
    return _emis(scope, "(e.electricity = '' OR e.water = '' OR e.internet_kind = '')", [])


def internet_without_speed(scope: Scope) -> Found:
    return _emis(scope, "e.internet_kind NOT IN ('', 'none') AND coalesce(e.internet_mbps, 0) = 0", [])


def computers_do_not_add_up(scope: Scope) -> Found:
    sums = [
        f"(e.{p}_obec + e.{p}_own <> e.{p}_usable + e.{p}_broken)" for p in ("teach", "office")
    ]  # a count nobody said makes no comparison
    return _emis(scope, f"({' OR '.join(sums)})", [])


def small_school_unsaid(scope: Scope) -> Found:
    return _emis(
        scope,
        "s.pupils <= %s AND (e.standing = '' OR e.terrain = '' OR e.hardship = '' OR (e.standing = 'member' AND e.mother_id IS NULL))",
        [SMALL],
        ", 'pupils', s.pupils",
    )


def distance_unlike_neighbours(scope: Scope) -> Found:
    """The way to the office against that of the five schools nearest on the map: it cannot differ by more than the way
    between them, which is taken three times as long as the straight line."""
    within, units = scope.within("s.unit_id")
    return (
        f"""SELECT e.id AS subject_id, s.unit_id,
                   jsonb_build_object('name', s.name, 'km', e.km_to_office, 'near', round(n.km::numeric, 1)) AS facts
              FROM schools_emis e JOIN schools_school s ON s.id = e.school_id {_STANDING}
              JOIN LATERAL (
                   SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY f.km_to_office) AS km, max(f.way) AS way, count(*) AS n
                     FROM (SELECT o.km_to_office, {_KM} AS way FROM schools_school o
                            WHERE o.id <> s.id AND o.latitude IS NOT NULL AND o.km_to_office IS NOT NULL
                            ORDER BY way LIMIT 5) f) n ON n.n >= 3
             WHERE {within} AND e.school_year = %s AND s.latitude IS NOT NULL AND e.km_to_office IS NOT NULL
               AND abs(e.km_to_office - n.km) > 3 * n.way + %s""",
        [scope.as_at, *units, scope.school_year, FAR_KM],
    )


def _position(subject_id: int, _facts: dict[str, Any]) -> str:
    return reverse("schools:position", args=[subject_id])


def _service_area(subject_id: int, _facts: dict[str, Any]) -> str:
    return reverse("schools:service_area", args=[subject_id])


def _emis_tab(subject_id: int, _facts: dict[str, Any]) -> str:
    return reverse("register:tab", args=["schools", subject_id, "emis"])


def _rule(
    code: str, title: Any, sentence: Any, find: Any, *, source: Any = EMIS_FORM, level: Level = Level.EXPLAIN,
    model: str = "emis", link: Any = None, outside: bool = False,
) -> None:  # fmt: skip
    check(
        Check(
            code=f"schools.{code}", title=title, sentence=sentence, level=level, source=source, sheet="emis", model=model, find=find,
            link=link, outside=outside,
        )
    )  # fmt: skip


_rule(
    "no_position", _("ไม่มีพิกัดบนแผนที่"), _("%(name)sยังไม่มีพิกัด เปิดหน้าปักหมุดแล้วยืนยันตำแหน่งโรงเรียน"), no_position,
    source=PLACES, level=Level.STOP, model="schools", link=_position,
)  # fmt: skip
_rule(
    "outside_tambon", _("พิกัดอยู่นอกตำบล"),
    _("%(name)sอยู่นอกแนวเขตตำบล%(tambon)s %(km)s กม. ตรวจพิกัดและตำบล หรือชี้แจงว่าแนวเขตคลาดเคลื่อน"), outside_tambon,
    source=PLACES, model="schools", link=_position,
)  # fmt: skip
_rule(
    "no_head",
    _("ไม่มีผู้บริหาร"),
    _("%(name)sยังไม่มีผู้อำนวยการหรือผู้รักษาการในระบบ แจ้งงานบุคคลของเขต หรือชี้แจง"),
    no_head,
    model="schools",
)
_rule(
    "no_contact",
    _("ติดต่อไม่ได้"),
    _("%(name)sไม่มีทั้งโทรศัพท์และอีเมล ใส่อย่างน้อยหนึ่งอย่าง"),
    no_contact,
    level=Level.STOP,
    model="schools",
)
_rule(
    "contact_form", _("โทรศัพท์หรืออีเมลผิดรูปแบบ"), _("“%(what)s” ของ%(name)sไม่ใช่โทรศัพท์หรืออีเมลที่ครบ แก้ในข้อมูลติดต่อ"), contact_form,
    model="schools", outside=True,
)  # fmt: skip
_rule(
    "no_service_area", _("ไม่มีเขตพื้นที่บริการ"), _("%(name)sยังไม่มีหมู่บ้านในเขตพื้นที่บริการ แจ้งผู้ดูแลข้อมูลของเขต หรือชี้แจงเหตุ"), no_service_area,
    source=COMPULSORY, model="schools", link=_service_area,
)  # fmt: skip
_rule(
    "village_in_no_school", _("หมู่บ้านไม่มีโรงเรียน"), _("%(name)s ตำบล%(tambon)s ไม่อยู่ในเขตพื้นที่บริการของโรงเรียนใด กำหนดโรงเรียน หรือชี้แจง"), village_in_no_school,
    source=COMPULSORY, model="villages",
)  # fmt: skip
_rule(
    "no_emis", _("ยังไม่มีข้อมูล EMIS ของปี"), _("%(name)sยังไม่มีข้อมูล EMIS ปี %(year)s กดเริ่มปีจากข้อมูลปีก่อน แล้วแก้ให้เป็นปัจจุบัน"), no_emis,
    level=Level.STOP, model="schools", link=_emis_tab,
)  # fmt: skip
_rule(
    "utilities_unsaid",
    _("ไฟฟ้า น้ำ หรืออินเทอร์เน็ตยังไม่ได้ตอบ"),
    _("%(name)sยังไม่ได้ตอบไฟฟ้า น้ำใช้ หรือประเภทอินเทอร์เน็ต เลือกให้ครบ"),
    utilities_unsaid,
    level=Level.STOP,
)
_rule(
    "power_and_computers", _("ไม่มีไฟฟ้าแต่มีคอมพิวเตอร์ใช้ได้"),
    _("%(name)sตอบว่าไม่มีไฟฟ้าใช้ แต่มีคอมพิวเตอร์ใช้ได้ %(n)s เครื่อง แก้ข้อใดข้อหนึ่ง หรือชี้แจง"), computers_without_power, outside=True,
)  # fmt: skip
_rule(
    "internet_speed",
    _("อินเทอร์เน็ตไม่มีความเร็ว"),
    _("%(name)sมีอินเทอร์เน็ตแต่ไม่ได้ใส่ความเร็ว ดูจากสัญญาหรือใบแจ้งหนี้"),
    internet_without_speed,
    outside=True,
)
_rule(
    "computers_sum", _("จำนวนคอมพิวเตอร์ไม่ตรงกัน"), _("คอมพิวเตอร์ของ%(name)s ตามที่มารวมกันไม่เท่ากับใช้ได้รวมกับใช้ไม่ได้ นับใหม่แล้วแก้"), computers_do_not_add_up,
    outside=True,
)  # fmt: skip
_rule(
    "small_unsaid", _("ข้อมูลโรงเรียนขนาดเล็กไม่ครบ"),
    _("%(name)sมีนักเรียน %(pupils)s คน ตอบการจัดการของโรงเรียน ลักษณะพื้นที่ ความทุรกันดาร และโรงเรียนหลักให้ครบ"), small_school_unsaid,
    level=Level.STOP,
)  # fmt: skip
_rule(
    "distance", _("ระยะทางต่างจากโรงเรียนใกล้เคียง"),
    _("%(name)sตอบระยะทางถึงเขต %(km)s กม. แต่โรงเรียนใกล้เคียงบอกราว %(near)s กม. ตรวจระยะทางหรือพิกัด"), distance_unlike_neighbours,
)  # fmt: skip
