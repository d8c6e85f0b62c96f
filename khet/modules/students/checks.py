"""What may be wrong with the pupils of a term: one SELECT each, over a school or the whole area."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khet.base.lib.thai.calendar import term_before
from khet.kits.rounds.bases import Check, Level, Scope, check
from khet.modules.schools.choices import Grade, Levels, grades_of
from khet.modules.students.queries.rolls import NAME, ROLL, STUDYING

DMC = _("คู่มือการจัดเก็บข้อมูลนักเรียนรายบุคคล (DMC)")
LARGEST_CLASS = 45  # pupils of a class


def _select(
    scope: Scope, condition: str, facts: str = "", joins: str = "", more: list[Any] | None = None
) -> tuple[str, list[Any]]:
    within, params = scope.within("s.unit_id")
    return (
        f"""SELECT DISTINCT ON (e.pupil_id, s.unit_id) e.pupil_id AS subject_id, s.unit_id,
                   jsonb_build_object('name', {NAME}{", " + facts if facts else ""}) AS facts
              FROM {ROLL} {joins} WHERE {STUDYING} AND {within} AND ({condition}) ORDER BY e.pupil_id, s.unit_id""",
        [scope.school_year, scope.term, scope.as_at, *params, *(more or [])],
    )


def _declare(
    code: str,
    title: Any,
    sentence: Any,
    level: Level,
    find: Any,
    source: Any = DMC,
    *,
    outside: bool = True,
    settled_at: Any = None,
) -> None:
    check(
        Check(
            code=f"students.{code}", title=title, sentence=sentence, level=level, source=source, sheet="students", model="pupils",
            find=find, outside=outside, settled_at=settled_at,
        )
    )  # fmt: skip


def wrong_number(scope: Scope):
    return _select(
        scope,
        "NOT n.is_valid",
        "'tail', n.tail",
        "JOIN students_pupilid n ON n.pupil_id = p.id AND n.until IS NULL",
    )


def no_number(scope: Scope):
    return _select(
        scope, "NOT EXISTS (SELECT 1 FROM students_pupilid n WHERE n.pupil_id = p.id AND n.until IS NULL)"
    )


def two_schools(scope: Scope):
    within, params = scope.within("s.unit_id")
    return (
        f"""SELECT e.pupil_id AS subject_id, s.unit_id, (array_agg(o.unit_id ORDER BY o.unit_id))[1] AS other_unit_id,
                   jsonb_build_object('name', {NAME}, 'other', string_agg(o.name, ' และ ' ORDER BY o.unit_id), 'pair', e.pupil_id) AS facts
              FROM {ROLL} JOIN students_enrolment x ON x.pupil_id = e.pupil_id AND x.school_id <> e.school_id
                   AND (x.school_year, x.term) = (e.school_year, e.term) AND x.state = 'studying'
              JOIN schools_school o ON o.id = x.school_id
             WHERE {STUDYING} AND {within} GROUP BY e.pupil_id, s.unit_id, p.id ORDER BY e.pupil_id, s.unit_id""",
        [scope.school_year, scope.term, scope.as_at, *params],
    )


def one_child_two_records(scope: Scope):
    within, params = scope.within("s.unit_id")
    return (
        f"""WITH twins AS (
              SELECT sort_name, born_on FROM students_pupil WHERE born_on IS NOT NULL AND state IN ('studying', 'suspended', 'traced')
               GROUP BY 1, 2 HAVING count(*) > 1)
            SELECT DISTINCT ON (e.pupil_id, s.unit_id) e.pupil_id AS subject_id, s.unit_id,
                   jsonb_build_object('name', {NAME}) AS facts
              FROM {ROLL} JOIN twins t ON t.sort_name = p.sort_name AND t.born_on = p.born_on
             WHERE {STUDYING} AND {within} ORDER BY e.pupil_id, s.unit_id""",
        [scope.school_year, scope.term, scope.as_at, *params],
    )


def grade_not_taught(scope: Scope):
    taught = [[levels, grade.value] for levels in Levels.values for grade in grades_of(levels)]
    return _select(
        scope,
        "s.levels <> '' AND NOT EXISTS (SELECT 1 FROM unnest(%s::text[], %s::text[]) AS t(levels, grade) WHERE t.levels = s.levels AND t.grade = e.grade)",
        more=[[pair[0] for pair in taught], [pair[1] for pair in taught]],
    )


_AGE = "(e.school_year - 543 - extract(year FROM p.born_on)::int)"
_USUAL = (
    "(CASE " + " ".join(f"WHEN e.grade = '{grade.value}' THEN {grade.usual_age}" for grade in Grade) + " END)"
)


#: The grade as people write it (ป.1): facts are read on pages and on paper.
_GRADE_WORDS = (
    "(CASE e.grade " + " ".join(f"WHEN '{grade.value}' THEN '{grade.label}'" for grade in Grade) + " END)"
)


def age_against_grade(scope: Scope):
    return _select(scope, f"abs({_AGE} - {_USUAL}) > 2", f"'age', {_AGE}, 'usual', {_USUAL}")


def no_birthday(scope: Scope):
    return _select(scope, "p.born_on IS NULL")


def born_after_entry(scope: Scope):
    return _select(scope, "p.born_on > e.entered_on")


def no_sex(scope: Scope):
    return _select(scope, "p.sex = ''")


def not_measured(scope: Scope):
    return _select(scope, "e.weight IS NULL OR e.height IS NULL")


def measures_out_of_range(scope: Scope):
    return _select(
        scope,
        "e.height IS NOT NULL AND e.weight IS NOT NULL AND (e.weight / power(e.height / 100, 2) NOT BETWEEN 9 AND 40 OR e.height < 70)",
        "'weight', e.weight, 'height', e.height",
    )


def child_is_own_parent(scope: Scope):
    return _select(
        scope, "TRUE", joins="""JOIN students_guardian g ON g.pupil_id = p.id AND g.fingerprint <> ''
        JOIN students_pupilid n ON n.pupil_id = p.id AND n.fingerprint = g.fingerprint"""
    )  # fmt: skip


def no_guardian(scope: Scope):
    return _select(
        scope, "NOT EXISTS (SELECT 1 FROM students_guardian g WHERE g.pupil_id = p.id AND g.first_name <> '')"
    )


def number_twice(scope: Scope):
    return _select(
        scope,
        """e.student_no <> '' AND EXISTS (SELECT 1 FROM students_enrolment o WHERE o.school_id = e.school_id AND o.school_year = e.school_year
           AND o.term = e.term AND o.student_no = e.student_no AND o.pupil_id <> e.pupil_id AND o.state = 'studying')""",
        "'number', e.student_no",
    )


def class_too_large(scope: Scope):
    """One finding a class, on its first pupil."""
    within, params = scope.within("s.unit_id")
    return (
        f"""SELECT min(e.pupil_id) AS subject_id, s.unit_id, jsonb_build_object('class', {_GRADE_WORDS} || '/' || e.room, 'n', count(*)) AS facts
              FROM {ROLL} WHERE {STUDYING} AND {within} GROUP BY s.unit_id, e.grade, e.room HAVING count(*) > {LARGEST_CLASS}""",
        [scope.school_year, scope.term, scope.as_at, *params],
    )


def rooms_with_gaps(scope: Scope):
    """Rooms of a grade are numbered from 1; one finding a grade, on its first pupil."""
    within, params = scope.within("s.unit_id")
    return (
        f"""SELECT min(e.pupil_id) AS subject_id, s.unit_id, jsonb_build_object('grade', {_GRADE_WORDS}, 'rooms', string_agg(DISTINCT e.room::text, ', ')) AS facts
              FROM {ROLL} WHERE {STUDYING} AND {within} GROUP BY s.unit_id, e.grade HAVING max(e.room) <> count(DISTINCT e.room)""",
        [scope.school_year, scope.term, scope.as_at, *params],
    )


def vanished(scope: Scope):
    """In the term before, not graduated, not gone by any paper, and in no school now."""
    within, params = scope.within("s.unit_id")
    return (
        f"""SELECT DISTINCT ON (e.pupil_id, s.unit_id) e.pupil_id AS subject_id, s.unit_id, jsonb_build_object('name', {NAME}) AS facts
              FROM {ROLL} WHERE e.school_year = %s AND e.term = %s AND e.state = 'studying' AND e.left_on IS NULL AND e.outcome NOT IN ('graduated', 'left')
               AND {within} AND NOT EXISTS (SELECT 1 FROM students_enrolment o WHERE o.pupil_id = e.pupil_id AND (o.school_year, o.term) = (%s, %s))
             ORDER BY e.pupil_id, s.unit_id""",
        [*term_before(scope.school_year, scope.term), *params, scope.school_year, scope.term],
    )


def not_released(scope: Scope):
    return _select(scope, "e.unreleased <> ''", "'why', e.unreleased")


def not_found(scope: Scope):
    """Drawn by lot, visited, and nobody there knows the pupil; the newest word of the term counts."""
    return _select(
        scope,
        "v.result = 'not_found'",
        "'day', to_char(v.checked_at AT TIME ZONE 'Asia/Bangkok' + interval '543 years', 'DD/MM/YYYY')",
        """JOIN LATERAL (SELECT i.result, i.checked_at FROM students_visit i JOIN students_draw d ON d.id = i.draw_id
                           WHERE i.pupil_id = e.pupil_id AND i.school_id = e.school_id AND (d.school_year, d.term) = (e.school_year, e.term)
                             AND i.result <> '' ORDER BY i.checked_at DESC LIMIT 1) v ON TRUE""",
    )


_declare(
    "number",
    _("เลขประจำตัวไม่ถูกหลัก"),
    _("%(name)s เลขประจำตัวลงท้าย %(tail)s หลักตรวจสอบไม่ตรง ตรวจกับสูติบัตรแล้วเปลี่ยนเลข"),
    Level.STOP,
    wrong_number,
)
_declare(
    "no_number",
    _("ไม่มีเลขประจำตัว"),
    _("%(name)s ไม่มีเลขประจำตัว เติมเลข 13 หลัก หรือขอรหัส G"),
    Level.STOP,
    no_number,
)
_declare(
    "two_schools",
    _("เรียนหลายโรงเรียน"),
    _("%(name)s มีชื่อเรียนที่ %(other)s ด้วย ตรวจใบย้าย แล้วแก้ หรือขอให้เขตชี้ขาด"),
    Level.STOP,
    two_schools,
    settled_at=lambda subject_id, facts: reverse("students:double_of", args=[subject_id]),
)
_declare(
    "twins",
    _("ชื่อและวันเกิดตรงกันแต่คนละเลข"),
    _("%(name)s มีอีกรายการที่ชื่อและวันเกิดตรงกันแต่เลขต่างกัน ตรวจว่าเป็นคนเดียวกันหรือไม่ แล้วชี้แจง"),
    Level.EXPLAIN,
    one_child_two_records,
)
_declare(
    "grade",
    _("ชั้นที่โรงเรียนไม่ได้เปิดสอน"),
    _("%(name)s อยู่ในชั้นที่โรงเรียนไม่ได้เปิดสอน แก้ชั้น หรือแจ้งเขตแก้ระดับที่เปิดสอน"),
    Level.STOP,
    grade_not_taught,
)
_declare(
    "age",
    _("อายุไม่ตรงชั้น"),
    _("%(name)s อายุ %(age)s ปี ชั้นนี้ปกติ %(usual)s ปี ตรวจวันเกิดกับสูติบัตร หรือชี้แจงเหตุ"),
    Level.EXPLAIN,
    age_against_grade,
    _("พ.ร.บ.การศึกษาภาคบังคับ พ.ศ. 2545"),
)
_declare("no_birthday", _("ไม่มีวันเกิด"), _("%(name)s ไม่มีวันเกิด เติมจากสูติบัตร"), Level.STOP, no_birthday)
_declare(
    "born_late",
    _("เกิดหลังเข้าเรียน"),
    _("%(name)s วันเกิดอยู่หลังวันเข้าเรียน ตรวจทั้งสองวัน"),
    Level.STOP,
    born_after_entry,
)
_declare("no_sex", _("ไม่ระบุเพศ"), _("%(name)s ไม่ระบุเพศ เติมในทะเบียน"), Level.STOP, no_sex)
_declare(
    "not_measured",
    _("ไม่มีน้ำหนักหรือส่วนสูง"),
    _("%(name)s ไม่มีน้ำหนักหรือส่วนสูง ชั่งวัดแล้วบันทึก หรือชี้แจงเหตุที่ชั่งไม่ได้"),
    Level.EXPLAIN,
    not_measured,
)
_declare(
    "measures",
    _("น้ำหนักส่วนสูงผิดปกติ"),
    _("%(name)s หนัก %(weight)s กก. สูง %(height)s ซม. วัดใหม่ หรือชี้แจงถ้าถูกต้อง"),
    Level.EXPLAIN,
    measures_out_of_range,
)
_declare(
    "own_parent",
    _("เลขผู้ปกครองเป็นเลขของเด็กเอง"),
    _("%(name)s มีเลขผู้ปกครองซ้ำกับเลขของตนเอง แก้เลขผู้ปกครอง"),
    Level.STOP,
    child_is_own_parent,
)
_declare(
    "no_guardian",
    _("ไม่มีชื่อผู้ปกครอง"),
    _("%(name)s ไม่มีชื่อบิดา มารดา หรือผู้ปกครอง เติมอย่างน้อยหนึ่งคน หรือชี้แจง"),
    Level.EXPLAIN,
    no_guardian,
)
_declare(
    "student_no",
    _("เลขประจำตัวนักเรียนซ้ำในโรงเรียน"),
    _("%(name)s ใช้เลขประจำตัวนักเรียน %(number)s ซ้ำกับคนอื่นในโรงเรียน แก้ให้ไม่ซ้ำ"),
    Level.EXPLAIN,
    number_twice,
)
_declare(
    "class_size",
    _("ห้องเรียนเกิน 45 คน"),
    _("ห้อง %(class)s มีนักเรียน %(n)s คน ตรวจเลขห้อง หรือชี้แจงถ้าถูกต้อง"),
    Level.EXPLAIN,
    class_too_large,
    outside=False,
)
_declare(
    "rooms",
    _("เลขห้องข้าม"),
    _("ชั้น %(grade)s มีห้อง %(rooms)s เลขห้องข้าม แก้เลขห้องให้เรียงกัน หรือชี้แจง"),
    Level.EXPLAIN,
    rooms_with_gaps,
)
_declare(
    "vanished",
    _("หายไปจากภาคเรียนก่อน"),
    _("%(name)s อยู่ในภาคเรียนก่อนแต่ไม่อยู่ในภาคเรียนนี้ บันทึกการย้ายหรือจำหน่าย หรือเริ่มติดตาม"),
    Level.EXPLAIN,
    vanished,
)
_declare(
    "not_released",
    _("ยังไม่สามารถจำหน่ายได้ (3.1.8)"),
    _("%(name)s ยังจำหน่ายไม่ได้: %(why)s ชี้แจงผลการติดตาม"),
    Level.EXPLAIN,
    not_released,
)
_declare(
    "not_found",
    _("ไม่พบตัวเมื่อตรวจสอบ"),
    _("%(name)s ไม่พบตัวเมื่อเขตตรวจสอบ %(day)s จำหน่ายหรือบันทึกว่าอยู่ระหว่างติดตาม ถ้ามีตัวอยู่จริงแจ้งเขตตรวจอีกครั้ง"),
    Level.STOP,
    not_found,
    _("การตรวจสอบการมีตัวตนของเขต"),
)
