"""What a school confirms about its people in each round, and the tables that closing freezes: counts, no names, no numbers of people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.kits.rounds.bases import CensusTable, Scope, Sheet, sheet
from khet.modules.staff.queries.manpower import VACANT, manpower_sql, serving
from khet.modules.staff.rules import VIEW

Query = tuple[str, list[Any]]
# The office and whoever is no school stands under the code of its unit.
_SCHOOL = "coalesce(nullif(s.smis8, ''), u.code)"

GROUPS = [
    ("q.kind = 'teacher' AND q.job IN ('principal', 'vice_principal')", "ผู้บริหารสถานศึกษา"),
    ("q.kind = 'teacher' AND q.job IN ('teacher', 'assistant')", "ครูและครูผู้ช่วย"),
    ("q.kind = 'government'", "พนักงานราชการ"),
    ("q.kind = 'permanent'", "ลูกจ้างประจำ"),
    ("q.kind IN ('temporary', 'contract', 'service')", "ลูกจ้างชั่วคราวและอัตราจ้าง"),
    ("TRUE", "บุคลากรอื่น"),
]
_PLACE = "CASE " + " ".join(f"WHEN {rule} THEN {n}" for n, (rule, _w) in enumerate(GROUPS, start=1)) + " END"
_WORDS = "CASE " + " ".join(f"WHEN {rule} THEN '{words}'" for rule, words in GROUPS) + " END"


def _served(scope: Scope) -> Query:
    """The officials of the units on the day, as ``q``."""
    sql, params = serving(scope.as_at)
    within, units = scope.within("q.unit_id")
    return f"FROM ({sql}) q JOIN staff_official o ON o.id = q.id WHERE {within}", [*params, *units]


def totals(scope: Scope) -> Query:
    served, params = _served(scope)
    return (
        f"""SELECT q.unit_id, {_PLACE} AS position, {_WORDS} AS label, count(*) AS n {served} GROUP BY 1, 2, 3
            UNION ALL
            SELECT q.unit_id, {len(GROUPS) + 1}, 'ช่วยราชการที่อื่น', count(*) {served} AND q.work_unit_id <> q.unit_id GROUP BY 1
            UNION ALL SELECT q.unit_id, 0, 'รวม', count(*) {served} GROUP BY 1""",
        params * 3,
    )


def state(scope: Scope) -> Query:
    """Pay and contacts change all the time and are nothing a school vouches for."""
    sql, params = serving(scope.as_at)
    within, units = scope.within("q.unit_id")
    return (
        f"""SELECT q.unit_id, o.id::text AS row_key, p.first_name || ' ' || p.last_name AS label,
                   md5(concat_ws('|', p.first_name, p.last_name, o.kind, o.title, o.standing, o.level, o.subject, o.born_on, o.sex, q.position_id, q.work_unit_id)) AS digest
              FROM ({sql}) q JOIN staff_official o ON o.id = q.id JOIN org_person p ON p.id = o.person_id WHERE {within}""",
        [*params, *units],
    )


_EDUCATION = """(SELECT e.level FROM staff_education e WHERE e.official_id = o.id AND e.level <> 'training'
   ORDER BY array_position(ARRAY['doctor', 'master', 'diploma', 'bachelor', 'below']::text[], e.level::text) LIMIT 1)"""


def frozen_people(scope: Scope) -> Query:
    """Grouped by everything statistics ask for. Age is in whole years on the day, years of retirement are Buddhist."""
    sql, params = serving(scope.as_at)
    within, units = scope.within("q.unit_id")
    return (
        f"""SELECT {_SCHOOL} AS school, o.kind, o.job, o.standing, o.level, coalesce({_EDUCATION}, '') AS education, o.subject, o.sex,
                   extract(year FROM age(%s::date, o.born_on))::int AS age, extract(year FROM o.retires_on)::int + 543 AS retires,
                   q.work_unit_id <> q.unit_id AS seconded, count(*)::int AS people
              FROM ({sql}) q JOIN staff_official o ON o.id = q.id JOIN org_unit u ON u.id = q.unit_id LEFT JOIN schools_school s ON s.unit_id = u.id WHERE {within}
             GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11""",
        [scope.as_at, *params, *units],
    )


def frozen_positions(scope: Scope) -> Query:
    within, units = scope.within("p.unit_id")
    return (
        f"""SELECT {_SCHOOL} AS school, p.kind, p.job, p.standing_allowed, count(*)::int AS positions, count(v.id)::int AS vacant
              FROM staff_position p JOIN org_unit u ON u.id = p.unit_id LEFT JOIN schools_school s ON s.unit_id = u.id LEFT JOIN ({VACANT}) v ON v.id = p.id
             WHERE {within} AND p.since <= %s AND (p.until IS NULL OR p.until >= %s)
             GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""",
        [*[scope.as_at] * 7, *units, scope.as_at, scope.as_at],
    )


MANPOWER = ["pupils", "rooms"] + [f"{what}_{seat}" for what in ("wanted", "held", "vacant", "work") for seat in ("principal", "vice", "teacher")]  # fmt: skip


def frozen_manpower(scope: Scope) -> Query:
    """Criterion against people as on the day; the criterion is that of then."""
    counted, params = manpower_sql(scope.as_at, scope.school_year, scope.term, scope.within("s.unit_id"))
    return (
        f"""SELECT {_SCHOOL} AS school, {", ".join(f"m.{name}" for name in MANPOWER)} FROM ({counted}) m
              JOIN org_unit u ON u.id = m.unit_id LEFT JOIN schools_school s ON s.unit_id = u.id WHERE u.parent_id IS NOT NULL ORDER BY 1""",
        params,
    )


sheet(
    Sheet(
        code="staff",
        title=pgettext_lazy("many", "บุคลากร"),
        record="officials",
        sees=VIEW,
        counter=pgettext_lazy("counted", "คน"),
        totals=totals,
        state=state,
        oath=_("ข้าพเจ้าตรวจแล้ว ขอรับรองว่าบุคลากรทั้ง %(n)s คน สังกัดโรงเรียนนี้และข้อมูลถูกต้อง ณ วันที่ %(day)s"),
        census=[
            CensusTable(
                "staff",
                pgettext_lazy("many", "บุคลากร"),
                [
                    ("school", "text"), ("kind", "text"), ("job", "text"), ("standing", "text"), ("level", "text"), ("education", "text"),
                    ("subject", "text"), ("sex", "text"), ("age", "int"), ("retires", "int"), ("seconded", "bool"), ("people", "int"),
                ],
                frozen_people,
                total="people",
            ),
            CensusTable(
                "positions",
                pgettext_lazy("many", "อัตรากำลัง"),
                [
                    ("school", "text"), ("kind", "text"), ("job", "text"), ("standing_allowed", "text"), ("positions", "int"), ("vacant", "int"),
                ],
                frozen_positions,
                total="positions",
            ),
            CensusTable(
                "manpower", _("อัตรากำลังเทียบเกณฑ์"), [("school", "text"), *((name, "int") for name in MANPOWER)], frozen_manpower
            ),
        ],
    )
)  # fmt: skip
