"""What may be wrong with the children of the service area: one SELECT each, over a school or the whole area."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from khet.kits.rounds.bases import Check, Level, Scope, check
from khet.modules.children.choices import FROM, OVER
from khet.modules.children.sheets import COUNTED, ROWS

ACT = _("พ.ร.บ.การศึกษาภาคบังคับ พ.ศ. 2545 มาตรา 4–6")
TR14 = _("รายชื่อจากทะเบียนราษฎร (ทร.14)")
TRACING = _("การติดตามเด็กออกกลางคัน (พาน้องกลับมาเรียน)")
QUIET_DAYS = 30
NAME = "c.title || c.first_name || ' ' || c.last_name"


def _select(
    scope: Scope, condition: str, facts: str = "", joins: str = "", more: list[Any] | None = None
) -> tuple[str, list[Any]]:
    within, params = scope.within("s.unit_id")
    return (
        f"""SELECT c.id AS subject_id, s.unit_id, jsonb_build_object('name', {NAME}{", " + facts if facts else ""}) AS facts
              FROM {ROWS} {joins} WHERE {COUNTED} AND {within} AND ({condition})""",
        [scope.school_year, *params, *(more or [])],
    )


def _declare(
    code: str, title: Any, sentence: Any, level: Level, find: Any, source: Any, model: str = "children"
) -> None:
    check(
        Check(
            code=f"children.{code}", title=title, sentence=sentence, level=level, source=source, sheet="children", model=model, find=find
        )
    )  # fmt: skip


def in_no_school(scope: Scope):
    return _select(
        scope, f"n.state = 'none' AND n.school_year - c.birth_year >= {FROM} AND n.school_year - c.birth_year < {OVER}",
        "'age', n.school_year - c.birth_year",
    )  # fmt: skip


def child_twice(scope: Scope):
    """The same name and birthday under two numbers, both still here."""
    within, params = scope.within("s.unit_id")
    return (
        f"""WITH twins AS (
              SELECT sort_name, born_on FROM children_child WHERE registered NOT IN ('moved', 'died') GROUP BY 1, 2 HAVING count(*) > 1)
            SELECT c.id AS subject_id, s.unit_id, jsonb_build_object('name', {NAME}) AS facts
              FROM {ROWS} JOIN twins t ON t.sort_name = c.sort_name AND t.born_on = c.born_on
             WHERE {COUNTED} AND {within}""",
        [scope.school_year, *params],
    )


def wrong_number(scope: Scope):
    return _select(scope, "NOT c.is_valid", "'tail', c.tail")


def no_number(scope: Scope):
    return _select(scope, "c.fingerprint = ''")


def without_village(scope: Scope):
    """A child whose village is unknown has no service school: the finding belongs to the school whose roll has the child, else to the office."""
    within, params = scope.within("w.unit_id")
    return (
        f"""SELECT c.id AS subject_id, w.unit_id,
                   jsonb_build_object('name', {NAME}, 'place', concat_ws(' ', 'หมู่ ' || c.home_moo, 'ตำบล' || c.home_tambon)) AS facts
              FROM children_standing n JOIN children_child c ON c.id = n.child_id LEFT JOIN schools_school a ON a.id = n.school_id
             CROSS JOIN LATERAL (SELECT coalesce(a.unit_id, (SELECT u.id FROM org_unit u WHERE u.kind = 'office' AND u.parent_id IS NULL LIMIT 1)) AS unit_id) w
             WHERE {COUNTED} AND c.school_id IS NULL AND w.unit_id IS NOT NULL AND {within}""",
        [scope.school_year, *params],
    )


def not_in_extract(scope: Scope):
    return _select(scope, "c.registered = 'missing'")


def evidence_missing(scope: Scope):
    return _select(scope, "n.is_by_hand AND n.state <> 'exempt' AND n.place = ''", "'state', n.state")


def quiet_case(scope: Scope):
    """Nobody has visited for 30 days, and nothing is planned from then on."""
    within, params = scope.within("s.unit_id")
    return (
        f"""SELECT k.id AS subject_id, s.unit_id, jsonb_build_object('name', k.name, 'days', %s::date - coalesce(k.visited_on, k.opened_at::date)) AS facts
              FROM children_case k JOIN schools_school s ON s.id = k.school_id
             WHERE k.closed_at IS NULL AND coalesce(k.visited_on, k.opened_at::date) <= %s::date - {QUIET_DAYS}
               AND (k.due_on IS NULL OR k.due_on < %s) AND {within}""",
        [scope.as_at, scope.as_at, scope.as_at, *params],
    )


_declare(
    "no_school", _("เด็กในเขตบริการไม่ได้เรียน"),
    _("%(name)s อายุ %(age)s ปี ถึงเกณฑ์แต่ไม่มีชื่อในโรงเรียนใด ติดตาม หรือบันทึกที่เรียนพร้อมหลักฐาน"), Level.EXPLAIN, in_no_school, ACT,
)  # fmt: skip
_declare(
    "twice", _("เด็กคนเดียวสองเลข"), _("%(name)s มีชื่อและวันเกิดเดียวกันสองแถว ตรวจกับทะเบียนบ้าน ถ้าเป็นคนเดียวกันให้บันทึกแถวหนึ่งว่าย้ายออก"),
    Level.EXPLAIN, child_twice, TR14,
)  # fmt: skip
_declare(
    "wrong_number", _("เลขประจำตัวประชาชนหลักสุดท้ายไม่ตรง"), _("%(name)s เลขลงท้าย %(tail)s หลักตรวจสอบไม่ตรง ตรวจกับทะเบียนบ้าน"), Level.EXPLAIN,
    wrong_number, TR14,
)  # fmt: skip
_declare(
    "no_number", _("เด็กไม่มีเลขประจำตัว"), _("%(name)s ยังไม่มีเลขประจำตัว จับคู่กับทะเบียนนักเรียนไม่ได้ ขอรหัส G หรือเลขจากทะเบียนราษฎร"), Level.EXPLAIN,
    no_number, TR14,
)  # fmt: skip
_declare(
    "no_village", _("เด็กไม่มีโรงเรียนเขตบริการ"), _("%(name)s อยู่ %(place)s ซึ่งยังไม่มีในทะเบียนหมู่บ้านหรือไม่มีโรงเรียนรับผิดชอบ กำหนดเขตบริการ"),
    Level.EXPLAIN, without_village, ACT,
)  # fmt: skip
_declare(
    "not_in_extract", _("ไม่พบใน ทร.14 ชุดล่าสุด"), _("%(name)s ไม่มีชื่อใน ทร.14 ชุดล่าสุด ตรวจกับผู้ใหญ่บ้านแล้วบันทึกว่าย้ายออก เสียชีวิต หรือยังอยู่"),
    Level.EXPLAIN, not_in_extract, TR14,
)  # fmt: skip
_declare(
    "no_place", _("บันทึกที่เรียนโดยไม่บอกสถานศึกษา"), _("%(name)s บันทึกว่าเรียนที่อื่นแต่ไม่บอกชื่อสถานศึกษา เติมชื่อและหลักฐาน"), Level.STOP,
    evidence_missing, ACT,
)  # fmt: skip
_declare(
    "quiet_case", _("เรื่องติดตามเงียบเกิน 30 วัน"), _("%(name)s ไม่มีการติดตามมา %(days)s วันและไม่มีขั้นต่อไป ติดตามหรือกำหนดขั้นต่อไป"), Level.EXPLAIN,
    quiet_case, TRACING, "cases",
)  # fmt: skip
