"""What may be wrong with the people of a school: one SELECT each, over a school or the whole area."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from khet.kits.rounds.bases import Check, Level, Scope, check
from khet.modules.staff.queries.manpower import manpower_sql

POBEC = _("ข้อมูลบุคลากรรายบุคคล (P-OBEC)")
COUNCIL = _("พ.ร.บ.สภาครูและบุคลากรทางการศึกษา พ.ศ. 2546 มาตรา 43")
SERVICE_LAW = _("พ.ร.บ.ระเบียบข้าราชการครูและบุคลากรทางการศึกษา พ.ศ. 2547")
PENSION = _("พ.ร.บ.บำเหน็จบำนาญข้าราชการ พ.ศ. 2494 มาตรา 19")
SOON = 180  # days before a licence ends: renewing may be asked for from then on
YOUNGEST, OLDEST = 18, 80  # years of anybody who serves
LATEST_START = 60  # years at appointment
PROBATION_MONTHS = 30  # an assistant teacher is a teacher after two years; half a year for the papers
WIDE_GAP, WIDE_SHARE = 2, 20  # people and per cent that a school is off the criterion

NAME = "p.first_name || ' ' || p.last_name"
SERVES = (
    "(o.left_on IS NULL OR o.left_on > %s) AND coalesce(o.started_on, o.appointed_on, '0001-01-01') <= %s"
)
TEACHES = "o.job IN ('teacher', 'assistant') AND o.kind IN ('teacher', 'government')"
STATE = "o.kind IN ('teacher', 'civil', 'permanent')"  # who retires by law

Found = tuple[str, list[Any]]


def _officials(
    scope: Scope,
    condition: str,
    more: list[Any] | None = None,
    *,
    facts: str = "",
    joins: str = "",
    first: list[Any] | None = None,
) -> Found:
    """Officials in service on the day whom a condition fits. ``first`` are parameters of the facts and joins."""
    within, units = scope.within("o.unit_id")
    return (
        f"""SELECT DISTINCT ON (o.id) o.id AS subject_id, o.unit_id, jsonb_build_object('name', {NAME}{", " + facts if facts else ""}) AS facts
              FROM staff_official o JOIN org_person p ON p.id = o.person_id {joins}
             WHERE {SERVES} AND {within} AND ({condition}) ORDER BY o.id""",
        [*(first or []), scope.as_at, scope.as_at, *units, *(more or [])],
    )  # fmt: skip


def no_licence(scope: Scope) -> Found:
    return _officials(
        scope,
        f"({TEACHES} OR o.job IN ('principal', 'vice_principal')) AND NOT EXISTS (SELECT FROM staff_licence l WHERE l.official_id = o.id)",
    )


# The licence that runs longest; one without a last day runs for ever.
_LICENCE = """JOIN LATERAL (SELECT l.number, l.expires_on FROM staff_licence l WHERE l.official_id = o.id
                   ORDER BY l.expires_on DESC NULLS FIRST LIMIT 1) l ON true"""
_EXPIRES = "'expires', to_char(l.expires_on, 'DD/MM/') || (extract(year FROM l.expires_on)::int + 543)"


def licence_expired(scope: Scope) -> Found:
    return _officials(
        scope, f"({TEACHES} OR o.job IN ('principal', 'vice_principal')) AND l.expires_on < %s", [scope.as_at], facts=_EXPIRES, joins=_LICENCE
    )  # fmt: skip


def licence_soon(scope: Scope) -> Found:
    return _officials(
        scope, f"({TEACHES} OR o.job IN ('principal', 'vice_principal')) AND l.expires_on BETWEEN %s AND %s::date + {SOON}",
        [scope.as_at, scope.as_at], facts=_EXPIRES, joins=_LICENCE,
    )  # fmt: skip


def no_subject(scope: Scope) -> Found:
    return _officials(scope, f"{TEACHES} AND o.subject = ''")


def teaches_nothing(scope: Scope) -> Found:
    return _officials(
        scope,
        f"{TEACHES} AND NOT EXISTS (SELECT FROM staff_teaching t WHERE t.official_id = o.id AND t.school_year = %s)",
        [scope.school_year],
    )


def position_held_twice(scope: Scope) -> Found:
    return _officials(
        scope,
        "x.others IS NOT NULL",
        facts="'number', s.number, 'others', x.others",
        joins=f"""JOIN staff_position s ON s.id = o.position_id
            JOIN LATERAL (SELECT string_agg(q.first_name || ' ' || q.last_name, ', ' ORDER BY q.id) AS others FROM staff_official b
                            JOIN org_person q ON q.id = b.person_id
                           WHERE b.position_id = o.position_id AND b.id <> o.id AND {SERVES.replace("o.", "b.")}) x ON true""",
        first=[scope.as_at, scope.as_at],
    )


def no_position(scope: Scope) -> Found:
    return _officials(scope, "o.kind IN ('teacher', 'civil') AND o.position_id IS NULL")


def in_closed_unit(scope: Scope) -> Found:
    return _officials(
        scope,
        "u.until < %s OR s.status IN ('closed', 'transferred')",
        [scope.as_at],
        facts="'unit', u.name",
        joins="JOIN org_unit u ON u.id = o.work_unit_id LEFT JOIN schools_school s ON s.unit_id = u.id",
    )


def no_citizen_id(scope: Scope) -> Found:
    return _officials(
        scope, "NOT EXISTS (SELECT FROM org_personid i WHERE i.person_id = o.person_id AND i.until IS NULL)"
    )


def id_of_another(scope: Scope) -> Found:
    """The database refuses one number to two people at once; one after the other is a question."""
    return _officials(
        scope, "other.first_name IS NOT NULL", facts="'tail', i.tail, 'other', other.first_name || ' ' || other.last_name",
        joins="""JOIN org_personid i ON i.person_id = o.person_id
            JOIN org_personid j ON j.kind = i.kind AND j.fingerprint = i.fingerprint AND j.person_id <> i.person_id
            JOIN org_person other ON other.id = j.person_id""",
    )  # fmt: skip


def recorded_twice(scope: Scope) -> Found:
    return _officials(
        scope, "b.id IS NOT NULL", facts="'code', b.code",
        joins="""JOIN staff_official b ON b.sort_name = o.sort_name AND b.born_on = o.born_on AND b.id <> o.id AND b.left_on IS NULL""",
    )  # fmt: skip


def no_birthday(scope: Scope) -> Found:
    return _officials(scope, "o.born_on IS NULL")


def implausible_age(scope: Scope) -> Found:
    """Age today, or on the day of appointment."""
    now = "extract(year FROM age(%s::date, o.born_on))::int"
    then = "extract(year FROM age(o.appointed_on, o.born_on))::int"
    return _officials(
        scope, f"{now} NOT BETWEEN {YOUNGEST} AND {OLDEST} OR {then} NOT BETWEEN {YOUNGEST} AND {LATEST_START}", [scope.as_at],
        facts=f"'age', {now}, 'then', coalesce({then}::text, '–')", first=[scope.as_at],
    )  # fmt: skip


def past_retirement(scope: Scope) -> Found:
    return _officials(
        scope,
        f"{STATE} AND o.retires_on < %s",
        [scope.as_at],
        facts="'year', extract(year FROM o.retires_on)::int + 543",
    )


_RANK = "array_position(ARRAY['none', 'k2', 'k3', 'k4', 'k5']::text[], {}::text)"


def standing_above_frame(scope: Scope) -> Found:
    return _officials(
        scope,
        f"s.standing_allowed <> '' AND {_RANK.format('o.standing')} > {_RANK.format('s.standing_allowed')}",
        facts="'number', s.number",
        joins="JOIN staff_position s ON s.id = o.position_id",
    )


def standing_against_level(scope: Scope) -> Found:
    return _officials(
        scope, "o.kind = 'teacher' AND o.standing <> 'none' AND o.level <> '' AND o.level <> o.standing"
    )


def assistant_too_long(scope: Scope) -> Found:
    return _officials(
        scope,
        f"o.job = 'assistant' AND o.appointed_on < %s::date - make_interval(months => {PROBATION_MONTHS})",
        [scope.as_at],
        facts="'year', extract(year FROM o.appointed_on)::int + 543",
    )


def no_degree(scope: Scope) -> Found:
    return _officials(
        scope,
        f"{TEACHES} AND NOT EXISTS (SELECT FROM staff_education e WHERE e.official_id = o.id AND e.level <> 'training')",
    )


def no_appointment(scope: Scope) -> Found:
    return _officials(scope, "o.kind IN ('teacher', 'civil') AND o.appointed_on IS NULL")


def secondment_without_end(scope: Scope) -> Found:
    within, units = scope.within("o.unit_id")
    return (
        f"""SELECT DISTINCT ON (o.id) o.id AS subject_id, o.unit_id, x.unit_id AS other_unit_id,
                   jsonb_build_object('name', {NAME}, 'other', u.name) AS facts
              FROM staff_official o JOIN org_person p ON p.id = o.person_id
              JOIN staff_secondment x ON x.official_id = o.id AND x.until IS NULL AND x.since <= %s JOIN org_unit u ON u.id = x.unit_id
             WHERE {SERVES} AND {within} ORDER BY o.id, x.since DESC""",
        [scope.as_at, scope.as_at, scope.as_at, *units],
    )


def position_number(scope: Scope) -> Found:
    """Numbers of teachers and civil officers are digits, perhaps with a dash before a running number."""
    within, units = scope.within("s.unit_id")
    return (
        f"""SELECT s.id AS subject_id, s.unit_id, jsonb_build_object('number', s.number, 'title', s.title) AS facts
              FROM staff_position s
             WHERE {within} AND s.kind IN ('teacher', 'civil') AND s.since <= %s AND (s.until IS NULL OR s.until >= %s)
               AND s.number !~ '^[0-9]{{1,8}}(-[0-9]{{1,4}})?$'""",
        [*units, scope.as_at, scope.as_at],
    )


def post_and_position(scope: Scope) -> Found:
    """Who is in a position and who holds the post it pays for (decision 22)."""
    within, units = scope.within("s.unit_id")
    return (
        f"""SELECT DISTINCT ON (s.id) s.id AS subject_id, s.unit_id,
                   jsonb_build_object('number', s.number, 'title', s.title, 'name', {NAME}, 'other', q.first_name || ' ' || q.last_name) AS facts
              FROM staff_position s
              JOIN staff_official o ON o.position_id = s.id AND o.left_on IS NULL JOIN org_person p ON p.id = o.person_id
              JOIN org_holding h ON h.post_id = s.post_id AND h.kind = 'substantive' AND h.since <= %s AND (h.until IS NULL OR h.until >= %s)
              JOIN org_person q ON q.id = h.person_id
             WHERE {within} AND h.person_id <> o.person_id ORDER BY s.id, h.since DESC""",
        [scope.as_at, scope.as_at, *units],
    )


_OPEN_SCHOOLS = "schools_school s JOIN org_unit u ON u.id = s.unit_id AND u.parent_id IS NOT NULL AND (u.until IS NULL OR u.until >= %s)"


def no_head(scope: Scope) -> Found:
    """Neither a principal serves there, nor does anybody hold or act on the principal's post."""
    within, units = scope.within("s.unit_id")
    return (
        f"""SELECT s.id AS subject_id, s.unit_id, jsonb_build_object('name', s.name) AS facts
              FROM {_OPEN_SCHOOLS}
             WHERE {within} AND s.status = 'normal'
               AND NOT EXISTS (SELECT FROM staff_official o WHERE o.job = 'principal' AND s.unit_id IN (o.unit_id, o.work_unit_id) AND {SERVES})
               AND NOT EXISTS (SELECT FROM org_post t JOIN org_holding h ON h.post_id = t.id AND h.since <= %s AND (h.until IS NULL OR h.until >= %s)
                                WHERE t.unit_id = s.unit_id AND t.kind = 'principal' AND (t.until IS NULL OR t.until >= %s))""",
        [scope.as_at, *units, *[scope.as_at] * 5],
    )


def off_the_criterion(scope: Scope) -> Found:
    """Heads and teachers on paper against the criterion, for what the criterion counts."""
    counted, params = manpower_sql(scope.as_at, scope.school_year, scope.term, scope.within("s.unit_id"))
    return (
        f"""SELECT id AS subject_id, unit_id, jsonb_build_object('name', name, 'pupils', pupils, 'wanted', wanted, 'held', held,
                   'gap', abs(held - wanted), 'word', CASE WHEN held < wanted THEN 'ขาด' ELSE 'เกิน' END) AS facts
              FROM (SELECT m.id, m.unit_id, s.name, m.pupils,
                           coalesce(wanted_principal, 0) + coalesce(wanted_vice, 0) + coalesce(wanted_teacher, 0) AS wanted,
                           CASE WHEN wanted_principal IS NULL THEN 0 ELSE held_principal END + CASE WHEN wanted_vice IS NULL THEN 0 ELSE held_vice END
                             + CASE WHEN wanted_teacher IS NULL THEN 0 ELSE held_teacher END AS held
                      FROM ({counted}) m JOIN schools_school s ON s.id = m.id
                     WHERE s.status = 'normal' AND wanted_teacher IS NOT NULL) q
             WHERE abs(held - wanted) >= {WIDE_GAP} AND 100 * abs(held - wanted) > {WIDE_SHARE} * wanted""",
        params,
    )


def _declare(
    code: str,
    level: Level,
    find: Any,
    title: Any,
    sentence: Any,
    source: Any = POBEC,
    *,
    model: str = "officials",
    outside: bool = False,
) -> None:
    check(
        Check(
            code=f"staff.{code}", title=title, sentence=sentence, level=level, source=source, sheet="staff", model=model, find=find, outside=outside
        )
    )  # fmt: skip


STOP, EXPLAIN = Level.STOP, Level.EXPLAIN

# fmt: off
_declare("no_licence", EXPLAIN, no_licence, _("ครูไม่มีใบอนุญาตประกอบวิชาชีพ"), _("%(name)s ไม่มีใบอนุญาตประกอบวิชาชีพในทะเบียน บันทึกเลขที่และวันหมดอายุ หรือชี้แจงว่าสอนด้วยหนังสืออนุญาตใด"), COUNCIL)
_declare("licence_expired", EXPLAIN, licence_expired, _("ใบอนุญาตหมดอายุแล้ว"), _("ใบอนุญาตของ %(name)s หมดอายุ %(expires)s บันทึกใบใหม่ หรือชี้แจงว่ายื่นต่ออายุเมื่อใด"), COUNCIL)
_declare("licence_soon", EXPLAIN, licence_soon, _("ใบอนุญาตจะหมดอายุใน 180 วัน"), _("ใบอนุญาตของ %(name)s จะหมดอายุ %(expires)s ยื่นต่ออายุ แล้วบันทึกหรือชี้แจงวันที่ยื่น"), COUNCIL)
_declare("no_subject", EXPLAIN, no_subject, _("ครูไม่มีวิชาเอก"), _("%(name)s ไม่มีวิชาเอก เติมจากวุฒิ เพราะใช้คิดความขาดแคลนรายวิชา"), outside=True)
_declare("teaches_nothing", EXPLAIN, teaches_nothing, _("ครูไม่มีวิชาที่สอนในปีนี้"), _("%(name)s ยังไม่มีวิชาที่สอนในปีการศึกษานี้ บันทึกวิชาและชั้น หรือชี้แจงงานที่ทำ"))
_declare("position_twice", STOP, position_held_twice, _("อัตราเดียวมีผู้ครองสองคน"), _("%(name)s ครองอัตราเลขที่ %(number)s ซึ่ง %(others)s ครองอยู่ด้วย ตรวจคำสั่ง แล้วให้คนหนึ่งพ้นจากอัตรา"), SERVICE_LAW, outside=True)
_declare("no_position", EXPLAIN, no_position, _("ข้าราชการไม่มีเลขที่ตำแหน่ง"), _("%(name)s ไม่ได้ครองอัตราใด ลงอัตราตามคำสั่ง หรือชี้แจงเหตุ"), SERVICE_LAW, outside=True)
_declare("closed_unit", STOP, in_closed_unit, _("ปฏิบัติงานในโรงเรียนที่ยุบเลิก"), _("%(name)s ยังอยู่ที่%(unit)sซึ่งปิดแล้ว ย้ายไปหน่วยงานที่ปฏิบัติงานจริง"))
_declare("no_citizen_id", EXPLAIN, no_citizen_id, _("ไม่มีเลขประจำตัวประชาชน"), _("%(name)s ไม่มีเลขประจำตัวประชาชนในทะเบียน บันทึกจากสำเนาบัตร"), outside=True)
_declare("id_of_another", STOP, id_of_another, _("สองคนใช้เลขประจำตัวเดียวกัน"), _("เลขประจำตัวของ %(name)s (ลงท้าย %(tail)s) เคยเป็นของ %(other)s ตรวจกับบัตรของทั้งสองคน แล้วแก้คนที่ผิด"))
_declare("recorded_twice", EXPLAIN, recorded_twice, _("ชื่อและวันเกิดตรงกันสองรายการ"), _("%(name)s มีอีกรายการหนึ่ง (รหัส %(code)s) ที่ชื่อและวันเกิดตรงกัน ตรวจว่าเป็นคนเดียวกันหรือไม่ แล้วชี้แจง"))
_declare("no_birthday", STOP, no_birthday, _("ไม่มีวันเกิด"), _("%(name)s ไม่มีวันเกิด เติมจากสำเนาทะเบียนบ้าน เพราะใช้คิดวันเกษียณ"), PENSION, outside=True)
_declare("age", STOP, implausible_age, _("อายุไม่น่าเป็นไปได้"), _("%(name)s อายุ %(age)s ปี และอายุ %(then)s ปีเมื่อบรรจุ ตรวจวันเกิดและวันบรรจุกับ ก.พ.7"), SERVICE_LAW, outside=True)
_declare("past_retirement", STOP, past_retirement, _("เลยวันเกษียณแต่ยังปฏิบัติงาน"), _("%(name)s ครบเกษียณ 30 กันยายน %(year)s แต่ยังอยู่ในทะเบียน บันทึกการพ้นจากหน้าที่ หรือแก้วันเกิด"), PENSION, outside=True)
_declare("standing_above", EXPLAIN, standing_above_frame, _("วิทยฐานะสูงกว่ากรอบของอัตรา"), _("%(name)s มีวิทยฐานะสูงกว่าที่อัตราเลขที่ %(number)s กำหนด ตรวจคำสั่งและกรอบอัตรา หรือชี้แจง"), SERVICE_LAW)
_declare("standing_level", EXPLAIN, standing_against_level, _("วิทยฐานะไม่ตรงกับอันดับเงินเดือน"), _("วิทยฐานะของ %(name)s ไม่ตรงกับอันดับ คศ. ตรวจคำสั่งเลื่อน แล้วแก้ตัวที่ผิด หรือชี้แจง"), SERVICE_LAW, outside=True)
_declare("assistant_long", EXPLAIN, assistant_too_long, _("ครูผู้ช่วยเกินสองปีครึ่ง"), _("%(name)s เป็นครูผู้ช่วยตั้งแต่ พ.ศ. %(year)s ตรวจคำสั่งแต่งตั้งเป็นครู หรือชี้แจงผลการประเมิน"), SERVICE_LAW)
_declare("no_degree", EXPLAIN, no_degree, _("ครูไม่มีวุฒิการศึกษา"), _("%(name)s ไม่มีวุฒิการศึกษาในทะเบียน เติมระดับ วุฒิ สาขา และสถาบัน"))
_declare("no_appointment", EXPLAIN, no_appointment, _("ไม่มีวันสั่งบรรจุ"), _("%(name)s ไม่มีวันสั่งบรรจุ เติมจาก ก.พ.7 เพราะใช้คิดอายุราชการ"))
_declare("secondment_open", EXPLAIN, secondment_without_end, _("ช่วยราชการไม่มีวันสิ้นสุด"), _("%(name)s ช่วยราชการที่%(other)s โดยไม่มีวันสิ้นสุด เติมวันตามคำสั่ง หรือชี้แจง"))
_declare("position_number", EXPLAIN, position_number, _("เลขที่ตำแหน่งผิดรูป"), _("เลขที่ตำแหน่ง %(number)s (%(title)s) ไม่ใช่ตัวเลขล้วน แก้ให้ตรงกับ จ.18 หรือชี้แจง"), _("บัญชีถือจ่าย จ.18"), model="positions")
_declare("post_and_position", EXPLAIN, post_and_position, _("ผู้ครองอัตราไม่ตรงกับผู้ดำรงตำแหน่ง"), _("อัตราเลขที่ %(number)s มี %(name)s ครอง แต่ตำแหน่งในโครงสร้างเป็นของ %(other)s ตรวจคำสั่ง แล้วแก้ด้านที่ผิด หรือชี้แจง"), _("คำสั่งแต่งตั้ง"), model="positions")
_declare("no_head", EXPLAIN, no_head, _("โรงเรียนไม่มีผู้อำนวยการหรือผู้รักษาการ"), _("โรงเรียน%(name)sไม่มีผู้อำนวยการและไม่มีผู้รักษาการ แต่งตั้งผู้รักษาการ หรือชี้แจง"), SERVICE_LAW, model="schools")
_declare("off_criterion", EXPLAIN, off_the_criterion, _("อัตรากำลังต่างจากเกณฑ์มาก"), _("โรงเรียน%(name)sมีนักเรียน %(pupils)s คน เกณฑ์ %(wanted)s คน มี %(held)s คน %(word)s %(gap)s คน ตรวจข้อมูลทั้งสองด้าน หรือชี้แจงแผน"), _("เกณฑ์อัตรากำลังของ ก.ค.ศ."), model="schools")
# fmt: on
