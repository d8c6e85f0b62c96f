"""What a school confirms of its yearly facts (EMIS), and the table that closing freezes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.kits.rounds.bases import CensusTable, Scope, Sheet, census_reference, sheet
from khet.modules.schools.rules import EMIS

Query = tuple[str, list[Any]]
_OF = "FROM schools_emis e JOIN schools_school s ON s.id = e.school_id WHERE e.school_year = %s"
# What changes together: a reader of «changed since last year» is told the subject, which keeps its key over the years.
_SUBJECTS = [
    ("utilities", "ไฟฟ้าและน้ำ", "e.electricity, e.water"),
    ("internet", "อินเทอร์เน็ต", "e.internet_kind, e.internet_provider, e.internet_mbps, e.internet_state, e.internet_baht, e.lan, e.wireless"),
    ("computers", "คอมพิวเตอร์", "e.teach_obec, e.teach_own, e.teach_usable, e.teach_broken, e.office_obec, e.office_own, e.office_usable, e.office_broken"),
    ("place", "ระยะทางและที่ดิน", "e.km_to_office, e.km_to_amphoe, e.land_wa"),
    ("small", "โรงเรียนขนาดเล็กและพื้นที่พิเศษ", "e.standing, e.mother_id, e.terrain, e.hardship"),
    ("local", "องค์กรปกครองส่วนท้องถิ่น", "e.local_kind, e.local_government"),
]  # fmt: skip


def totals(scope: Scope) -> Query:
    within, units = scope.within("s.unit_id")
    lines = [
        (1, "คอมพิวเตอร์ใช้ได้", "coalesce(e.teach_usable, 0) + coalesce(e.office_usable, 0)"),
        (2, "คอมพิวเตอร์ใช้ไม่ได้", "coalesce(e.teach_broken, 0) + coalesce(e.office_broken, 0)"),
        (0, "รวม", "1"),
    ]
    return (
        " UNION ALL ".join(
            f"SELECT s.unit_id, {place} AS position, '{words}' AS label, sum({what})::bigint AS n {_OF} AND {within} GROUP BY 1"
            for place, words, what in lines
        ),
        [scope.school_year, *units] * len(lines),
    )


def state(scope: Scope) -> Query:
    """One row per subject of a school's facts; its digest changes with any of them, not with the note."""
    within, units = scope.within("s.unit_id")
    subjects = ", ".join(f"('{key}', '{words}', ROW({facts})::text)" for key, words, facts in _SUBJECTS)
    return (
        f"""SELECT s.unit_id, t.row_key, t.label, md5(t.facts) AS digest
              FROM schools_emis e JOIN schools_school s ON s.id = e.school_id
             CROSS JOIN LATERAL (VALUES {subjects}) AS t(row_key, label, facts)
             WHERE e.school_year = %s AND {within}""",
        [scope.school_year, *units],
    )


def frozen(scope: Scope) -> Query:
    within, units = scope.within("s.unit_id")
    return (
        f"""SELECT s.smis8 AS school, e.electricity, e.water, e.internet_kind, e.internet_mbps::int AS internet_mbps, e.internet_state,
                   e.internet_baht, e.lan, e.wireless, e.teach_obec::int AS teach_obec, e.teach_own::int AS teach_own,
                   e.teach_usable::int AS teach_usable, e.teach_broken::int AS teach_broken, e.office_obec::int AS office_obec,
                   e.office_own::int AS office_own, e.office_usable::int AS office_usable, e.office_broken::int AS office_broken,
                   e.km_to_office, e.km_to_amphoe, e.land_wa, e.standing, coalesce(m.smis8, '') AS mother, e.terrain, e.hardship, e.local_kind
              FROM schools_emis e JOIN schools_school s ON s.id = e.school_id LEFT JOIN schools_school m ON m.id = e.mother_id
             WHERE e.school_year = %s AND {within} ORDER BY s.smis8""",
        [scope.school_year, *units],
    )


sheet(
    Sheet(
        code="emis",
        title=_("ข้อมูลพื้นฐานโรงเรียน (EMIS)"),
        record="emis",
        yearly=True,
        counter=pgettext_lazy("counted", "ชุด"),
        totals=totals,
        state=state,
        enters=EMIS,
        census=[
            CensusTable(
                "emis",
                _("ข้อมูลพื้นฐานโรงเรียน (EMIS)"),
                [
                    ("school", "text"), ("electricity", "text"), ("water", "text"), ("internet_kind", "text"), ("internet_mbps", "int"),
                    ("internet_state", "text"), ("internet_baht", "decimal"), ("lan", "text"), ("wireless", "text"),
                    ("teach_obec", "int"), ("teach_own", "int"), ("teach_usable", "int"), ("teach_broken", "int"),
                    ("office_obec", "int"), ("office_own", "int"), ("office_usable", "int"), ("office_broken", "int"),
                    ("km_to_office", "decimal"), ("km_to_amphoe", "decimal"), ("land_wa", "decimal"), ("standing", "text"),
                    ("mother", "text"), ("terrain", "text"), ("hardship", "text"), ("local_kind", "text"),
                ],
                frozen,
            )
        ],
    )
)  # fmt: skip


def reference(scope: Scope) -> Query:
    """The schools of the area that had not closed by the day. Position, place and levels are those of the register at closing; the
    standing is what the school said of that year (EMIS), else of the newest year before it. When a unit began is not asked: an
    office that is new to the system has older rounds brought in."""
    within, units = scope.within("s.unit_id")
    return (
        f"""SELECT s.smis8 AS school, s.name, s.amphoe_code AS district_code, s.amphoe AS district, s.tambon_code AS subdistrict_code,
                   s.tambon AS subdistrict, coalesce(n.code, '') AS network_code, coalesce(n.short_name, '') AS network, s.levels,
                   {_KIND} AS kind, coalesce(e.standing, '') AS standing, s.status, s.latitude::float8 AS lat, s.longitude::float8 AS lon,
                   s.position_state = 'confirmed' AS position_confirmed
              FROM schools_school s JOIN org_unit u ON u.id = s.unit_id AND u.kind = 'school' AND u.parent_id IS NOT NULL
              LEFT JOIN LATERAL (SELECT g.code, g.short_name FROM org_grouping o JOIN org_unit g ON g.id = o.group_id AND g.kind = 'network'
                                  WHERE o.member_id = u.id AND (o.until IS NULL OR o.until >= %s) ORDER BY o.since, o.id LIMIT 1) n ON true
              LEFT JOIN LATERAL (SELECT e.standing FROM schools_emis e WHERE e.school_id = s.id AND e.school_year <= %s AND e.standing <> ''
                                  ORDER BY e.school_year DESC LIMIT 1) e ON true
             WHERE (u.until IS NULL OR u.until >= %s) AND {within} ORDER BY s.smis8""",
        [scope.as_at, scope.school_year, scope.as_at, *units],
    )


# By the lowest and highest level taught; ขยายโอกาส is a primary school that goes on to lower secondary.
_KIND = """CASE WHEN s.levels IN ('kl', 'pl') THEN 'extended' WHEN s.levels IN ('k', 'kp', 'p') THEN 'primary'
                        WHEN s.levels IN ('l', 'lu', 'u') THEN 'secondary' WHEN s.levels <> '' THEN 'whole' ELSE '' END"""

census_reference(
    CensusTable(
        "schools",
        pgettext_lazy("many", "โรงเรียน"),
        [
            ("school", "text"), ("name", "text"), ("district_code", "text"), ("district", "text"), ("subdistrict_code", "text"),
            ("subdistrict", "text"), ("network_code", "text"), ("network", "text"), ("levels", "text"), ("kind", "text"),
            ("standing", "text"), ("status", "text"), ("lat", "float"), ("lon", "float"), ("position_confirmed", "bool"),
        ],
        reference,
    )
)  # fmt: skip
