"""The yearly sheet of compulsory education (EFA): the children of a school's service area, by where they stand."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.kits.rounds.bases import CensusTable, Scope, Sheet, sheet
from khet.modules.children.choices import AT_SCHOOL, FROM, OVER
from khet.modules.children.rules import RECORD, VIEW

Query = tuple[str, list[Any]]
# n a standing, c its child, s the service school.
ROWS = "children_standing n JOIN children_child c ON c.id = n.child_id JOIN schools_school s ON s.id = c.school_id"
COUNTED = "n.school_year = %s AND n.state <> 'gone'"
_AGE = "(n.school_year - c.birth_year)"
_BOUND = f"{_AGE} >= {FROM} AND {_AGE} < {OVER}"
_PLACES = ", ".join(f"'{state.value}'" for state in AT_SCHOOL)


def _rows(scope: Scope) -> Query:
    within, params = scope.within("s.unit_id")
    return f"FROM {ROWS} WHERE {COUNTED} AND {within}", [scope.school_year, *params]


def totals(scope: Scope) -> Query:
    rows, params = _rows(scope)
    return (
        f"""
        SELECT s.unit_id, 1 AS position, 'อยู่ในเกณฑ์บังคับ' AS label, count(*) AS n {rows} AND {_BOUND} AND n.state <> 'done' GROUP BY 1
        UNION ALL SELECT s.unit_id, 2, 'ในเกณฑ์ เรียนอยู่', count(*) {rows} AND {_BOUND} AND n.state IN ({_PLACES}) GROUP BY 1
        UNION ALL SELECT s.unit_id, 3, 'ในเกณฑ์ ผ่อนผันหรือยกเว้น', count(*) {rows} AND {_BOUND} AND n.state = 'exempt' GROUP BY 1
        UNION ALL SELECT s.unit_id, 4, 'ในเกณฑ์ ไม่ได้เรียน', count(*) {rows} AND {_BOUND} AND n.state = 'none' GROUP BY 1
        UNION ALL SELECT s.unit_id, 5, 'ยังไม่ถึงเกณฑ์', count(*) {rows} AND {_AGE} < {FROM} GROUP BY 1
        UNION ALL SELECT s.unit_id, 0, 'รวม', count(*) {rows} GROUP BY 1
        """,
        params * 6,
    )


def state(scope: Scope) -> Query:
    rows, params = _rows(scope)
    return (
        f"""SELECT s.unit_id, c.id::text AS row_key, c.title || c.first_name || ' ' || c.last_name AS label,
                   md5(concat_ws('|', n.state, n.school_id, n.place, c.registered, c.birth_year, c.village_id)) AS digest {rows}""",
        params,
    )


def frozen(scope: Scope) -> Query:
    rows, params = _rows(scope)
    return (
        f"""SELECT s.smis8 AS school, (n.school_year - c.birth_year)::int AS age, c.sex, n.state, count(*) AS children
            {rows} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""",
        params,
    )


def frozen_places(scope: Scope) -> Query:
    """Population of 3 to 17 years by village, against those at school: the count of a tambon."""
    rows, params = _rows(scope)
    return (
        f"""SELECT s.smis8 AS school, coalesce(v.code, '') AS village, count(*) AS children,
                   count(*) FILTER (WHERE n.state IN ({_PLACES})) AS at_school, count(*) FILTER (WHERE n.state = 'none') AS out_of_school
              {rows.replace("WHERE", "LEFT JOIN schools_village v ON v.id = c.village_id WHERE", 1)} AND {_AGE} BETWEEN 3 AND 17
             GROUP BY 1, 2 ORDER BY 1, 2""",
        params,
    )


def frozen_tracing(scope: Scope) -> Query:
    """Cases of the year by cause, reason and end."""
    within, params = scope.within("s.unit_id")
    return (
        f"""SELECT s.smis8 AS school, k.cause, k.reason, CASE WHEN k.closed_at IS NULL THEN k.state ELSE '' END AS state, k.outcome, count(*) AS cases
              FROM children_case k JOIN schools_school s ON s.id = k.school_id WHERE k.school_year = %s AND {within}
             GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5""",
        [scope.school_year, *params],
    )


sheet(
    Sheet(
        code="children",
        title=_("การศึกษาเพื่อปวงชน (EFA)"),
        record="children",
        yearly=True,
        counter=pgettext_lazy("counted", "คน"),
        totals=totals,
        state=state,
        enters=RECORD,
        sees=VIEW,
        oath=_("ข้าพเจ้าตรวจแล้ว ขอรับรองว่าเด็กในเขตบริการทั้ง %(n)s คน มีที่เรียนหรือสถานะตามนี้ ณ วันที่ %(day)s"),
        census=[
            CensusTable(
                "children",
                _("เด็กในเขตบริการตามอายุและการเข้าเรียน"),
                [("school", "text"), ("age", "int"), ("sex", "text"), ("state", "text"), ("children", "int")],
                frozen,
                total="children",
            ),
            CensusTable(
                "children_villages",
                _("เด็กอายุ 3–17 ปีตามหมู่บ้าน"),
                [("school", "text"), ("village", "text"), ("children", "int"), ("at_school", "int"), ("out_of_school", "int")],
                frozen_places,
                total="children",
            ),
            CensusTable(
                "children_tracing",
                _("เรื่องติดตามเด็ก"),
                [("school", "text"), ("cause", "text"), ("reason", "text"), ("state", "text"), ("outcome", "text"), ("cases", "int")],
                frozen_tracing,
                total="cases",
            ),
        ],
    )
)  # fmt: skip
