"""The end of a school year: opened, decided, promoted in one statement for a school or the whole area, undone, locked.

Pupils move up by themselves, as DMC does it: nobody moves classes by hand. What a school decides otherwise (repeat, graduate,
leave) is written on the enrolment before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.org.api import Actor, demand, entry, verb
from khet.modules.schools.api import School
from khet.modules.schools.choices import LAST_GRADES, Grade, Levels, grades_of
from khet.modules.students.actions.placing import place
from khet.modules.students.choices import PRESENT, Outcome, RunKind
from khet.modules.students.models import Enrolment, Promotion, YearEnd
from khet.modules.students.rules import CLOSE_YEAR, DECIDE

# What goes along into the next term: not measures of the body, not the number in the class.
CARRIED = (
    "disadvantage", "disability", "disability_level", "lacking", "journey", "km_paved", "km_unpaved", "km_water", "minutes", "lives_with",
    "parents_status", "welfare_card", "student_no", "entered_on", "room",
)  # fmt: skip


def following() -> tuple[list[str], list[str], list[str]]:
    """For every level of school and class the class after it; empty where the pupils graduate."""
    rows = []
    for levels in [*Levels.values, ""]:
        taught = grades_of(levels) if levels else list(Grade)
        for grade in Grade:
            after = grade.next if grade.next in taught else None
            if not levels and grade in LAST_GRADES[1:]:
                after = None
            rows.append((levels, grade.value, after.value if after else ""))
    columns = list(zip(*rows, strict=True))
    return [list(columns[0]), list(columns[1]), list(columns[2])]


# Every pupil on the roll in the year's last term with what becomes of it. Suspended and missing pupils stay in their class.
DECIDED = """
decided AS (
  SELECT e.id, e.pupil_id, e.school_id, e.grade, e.state, f.after,
         CASE WHEN e.decision = 'passed' AND f.after = '' THEN 'graduated' WHEN e.decision <> '' THEN e.decision
              WHEN e.state <> 'studying' THEN 'repeated' WHEN f.after = '' THEN 'graduated' ELSE 'passed' END AS outcome
    FROM students_enrolment e
    JOIN schools_school s ON s.id = e.school_id
    JOIN unnest(%s::text[], %s::text[], %s::text[]) AS f(levels, grade, after) ON f.levels = s.levels AND f.grade = e.grade
   WHERE e.school_year = %s AND e.term = 2 AND e.state = ANY(%s) AND e.closed_by_id IS NULL AND {schools})
"""


def decided(school_year: int, schools: Iterable[int] | None) -> tuple[str, list[Any]]:
    """The common table ``decided`` and its parameters."""
    parameters: list[Any] = [*following(), school_year, list(PRESENT)]
    if schools is None:
        return DECIDED.format(schools="TRUE"), parameters
    return DECIDED.format(schools="e.school_id = ANY(%s)"), [*parameters, list(schools)]


@verb("students.open_year_end", gettext_lazy("เปิดสิ้นปีการศึกษา"), capability=CLOSE_YEAR)
def open_year_end(*, actor: Actor, school_year: int, ends_on: date) -> YearEnd:
    """From now on schools decide and promote. ``ends_on``: the last day of those who graduate or leave."""
    if YearEnd.objects.filter(pk=school_year).exists():
        raise Conflict(_("เปิดสิ้นปีการศึกษา %(year)d ไว้แล้ว") % {"year": school_year}, code="students.year_open")
    if not Enrolment.objects.filter(school_year=school_year, term=2).exists():
        raise Refusal(
            _("ยังไม่มีนักเรียนในภาคเรียนที่ 2/%(year)d") % {"year": school_year},
            code="students.year_empty",
            field="school_year",
        )
    year = YearEnd.objects.create(school_year=school_year, ends_on=ends_on, opened_by=actor.name[:200])
    entry().tell(school_year=school_year, ends_on=ends_on)
    return year


@verb("students.decide_outcomes", gettext_lazy("กำหนดผลสิ้นปี"), capability=DECIDE)
def decide(*, actor: Actor, enrolments: Iterable[int], outcome: str, reason: str = "") -> int:
    """Pass, repeat, graduate or leave for many pupils at once; empty takes the decision back. Callers pass only what the actor sees."""
    if outcome and outcome not in Outcome.values:
        raise Refusal(_("เลือกผลสิ้นปี"), code="students.outcome", field="outcome")
    if outcome == Outcome.LEFT and not reason:
        raise Refusal(_("เลือกสาเหตุที่ออก"), code="students.leave_reason", field="reason")
    ids = list(enrolments)
    rows = Enrolment.objects.filter(pk__in=ids).exclude(decision=outcome)
    if rows.filter(closed_by__isnull=False).exists():
        raise Conflict(_("เลื่อนชั้นไปแล้ว ย้อนกลับการเลื่อนชั้นก่อนแก้ผล"), code="students.promoted")
    if not actor.is_system and not actor.scope(DECIDE).everywhere:
        outside = Enrolment.objects.filter(pk__in=ids).exclude(
            school__unit_id__in=actor.scope(DECIDE).unit_ids()
        )
        if outside.exists():
            raise Refusal(_("มีนักเรียนของโรงเรียนอื่นอยู่ในรายการ"), code="students.other_school")
    changed = rows.update(decision=outcome, leave_reason=reason if outcome == Outcome.LEFT else "")
    entry().tell(outcome=outcome, changed=changed)
    return changed


@verb("students.promote", gettext_lazy("เลื่อนชั้น"), capability="")
def promote(*, actor: Actor, year_end: YearEnd, school: School | None = None) -> Promotion:
    """Close the year of one school, or of every school not promoted yet, and open the next with its classes."""
    demand(actor, DECIDE, school.unit) if school else demand(actor, CLOSE_YEAR)
    year = YearEnd.objects.select_for_update().get(pk=year_end.pk)
    if year.locked_at:
        raise Conflict(_("ปีการศึกษานี้ล็อกแล้ว"), code="students.year_locked")
    runs = Promotion.objects.filter(school_year=year.pk, kind=RunKind.YEAR, undone_at__isnull=True)
    if runs.filter(school=school).exists() or (school and runs.filter(school__isnull=True).exists()):
        raise Conflict(_("เลื่อนชั้นไปแล้ว"), code="students.promoted")
    run = Promotion.objects.create(
        year_end=year, school=school, school_year=year.pk, kind=RunKind.YEAR, by=actor.name[:200]
    )
    common, parameters = decided(year.pk, [school.pk] if school else None)
    carried = ", ".join(CARRIED)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH {common},
                made AS (
                  INSERT INTO students_enrolment (pupil_id, school_id, school_year, term, grade, state, made_by_id, updated_at, {carried})
                  SELECT d.pupil_id, d.school_id, %s, 1, CASE d.outcome WHEN 'passed' THEN d.after ELSE d.grade END,
                         d.state, %s, %s, {", ".join(f"e.{name}" for name in CARRIED)}
                    FROM decided d JOIN students_enrolment e ON e.id = d.id
                   WHERE d.outcome IN ('passed', 'repeated')
                  ON CONFLICT DO NOTHING RETURNING 1),
                closed AS (
                  UPDATE students_enrolment e
                     SET outcome = d.outcome, closed_by_id = %s, left_on = CASE WHEN d.outcome IN ('graduated', 'left') THEN %s ELSE e.left_on END,
                         state = CASE d.outcome WHEN 'graduated' THEN 'graduated' WHEN 'left' THEN 'resigned' ELSE e.state END
                    FROM decided d WHERE d.id = e.id
                  RETURNING d.outcome)
                SELECT (SELECT count(*) FROM made), jsonb_object_agg(outcome, n),
                       (SELECT jsonb_object_agg(id, state) FROM decided WHERE state <> 'studying' AND outcome IN ('graduated', 'left'))
                  FROM (SELECT outcome, count(*) AS n FROM closed GROUP BY outcome) q""",
            [*parameters, year.pk + 1, run.pk, run.applied_at, run.pk, year.ends_on],
        )
        made, outcomes, states = cursor.fetchone()
    if not outcomes:
        raise Refusal(_("ไม่มีนักเรียนที่จะเลื่อนชั้น"), code="students.nobody")
    run.counts = {"made": made, "outcomes": _json(outcomes), "states": _json(states) or {}}
    run.save(update_fields=["counts"])
    _placed(run)
    if school:
        entry().on(school, school.unit)
    entry().tell(school_year=year.pk, made=made, **run.counts["outcomes"])
    return run


@verb("students.open_second_term", gettext_lazy("เปิดภาคเรียนที่ 2"), capability="")
def open_second_term(*, actor: Actor, school_year: int, school: School | None = None) -> Promotion:
    """The pupils of term 1 in term 2, in the same classes. Who is there already stays as is."""
    demand(actor, DECIDE, school.unit) if school else demand(actor, CLOSE_YEAR)
    if Promotion.objects.filter(
        school=school, school_year=school_year, kind=RunKind.TERM, undone_at__isnull=True
    ).exists():
        raise Conflict(_("เปิดภาคเรียนที่ 2 ไปแล้ว"), code="students.term_open")
    run = Promotion.objects.create(
        school=school, school_year=school_year, kind=RunKind.TERM, by=actor.name[:200]
    )
    carried = ", ".join((*CARRIED, "number", "grade", "state", "unreleased"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO students_enrolment (pupil_id, school_id, school_year, term, made_by_id, updated_at, {carried})
                SELECT pupil_id, school_id, school_year, 2, %s, %s, {carried} FROM students_enrolment
                 WHERE school_year = %s AND term = 1 AND state = ANY(%s) AND (%s::bigint IS NULL OR school_id = %s)
                ON CONFLICT DO NOTHING""",
            [
                run.pk,
                run.applied_at,
                school_year,
                list(PRESENT),
                school.pk if school else None,
                school.pk if school else None,
            ],
        )
        made = cursor.rowcount
    if not made:
        raise Refusal(_("ไม่มีนักเรียนของภาคเรียนที่ 1 ที่ยังไม่อยู่ในภาคเรียนที่ 2"), code="students.nobody")
    run.counts = {"made": made}
    run.save(update_fields=["counts"])
    _placed(run)
    entry().tell(school_year=school_year, made=made)
    return run


@verb("students.undo_promotion", gettext_lazy("ย้อนกลับการเลื่อนชั้น"), capability="")
def undo(*, actor: Actor, run: Promotion, reason: str) -> Promotion:
    """As before the run, while the year is not locked and nobody has touched what it made."""
    run = (
        Promotion.objects.select_for_update(of=("self",))
        .select_related("school__unit", "year_end")
        .get(pk=run.pk)
    )
    demand(actor, DECIDE, run.school.unit) if run.school else demand(actor, CLOSE_YEAR)
    if len(reason.strip()) < 5:
        raise Refusal(_("บอกเหตุผลที่ย้อนกลับ"), code="students.undo_reason", field="reason")
    if run.undone_at:
        raise Conflict(_("ย้อนกลับไปแล้ว"), code="students.undone")
    if run.year_end and YearEnd.objects.select_for_update().get(pk=run.year_end_id).locked_at:
        raise Conflict(_("ปีการศึกษานี้ล็อกแล้ว ย้อนกลับไม่ได้"), code="students.year_locked")
    touched = run.made.exclude(updated_at=run.applied_at).count() + run.made.filter(left_on__isnull=False).count()  # fmt: skip
    if touched:
        raise Conflict(
            _("มีผู้แก้ข้อมูลนักเรียน %(n)d คนหลังเลื่อนชั้น ย้อนกลับทั้งหมดไม่ได้ แก้รายคนแทน") % {"n": touched},
            code="students.touched",
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE undone ON COMMIT DROP AS SELECT pupil_id FROM students_enrolment WHERE made_by_id = %s OR closed_by_id = %s",
            [run.pk, run.pk],
        )
        cursor.execute("DELETE FROM students_enrolment WHERE made_by_id = %s", [run.pk])
        cursor.execute(
            """UPDATE students_enrolment e SET outcome = '', closed_by_id = NULL,
                      left_on = CASE WHEN e.outcome IN ('graduated', 'left') THEN NULL ELSE e.left_on END,
                      state = CASE WHEN e.outcome IN ('graduated', 'left') THEN COALESCE(%s::jsonb ->> e.id::text, 'studying') ELSE e.state END
                WHERE closed_by_id = %s""",
            [_as_json(run.counts.get("states", {})), run.pk],
        )
        cursor.execute("SELECT pupil_id FROM undone")
        pupils = [pk for (pk,) in cursor.fetchall()]
        cursor.execute("DROP TABLE undone")
    place(pupils)
    run.undone_at, run.undone_by, run.undo_reason = timezone.now(), actor.name[:200], reason.strip()[:300]
    run.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    if run.school:
        entry().on(run.school, run.school.unit)
    entry().tell(school_year=run.school_year, reason=run.undo_reason, pupils=len(pupils))
    return run


@verb("students.lock_year", gettext_lazy("ล็อกปีการศึกษา"), capability=CLOSE_YEAR)
def lock_year(*, actor: Actor, year_end: YearEnd) -> YearEnd:
    """From now on promotion of this year stays as it is."""
    year = YearEnd.objects.select_for_update().get(pk=year_end.pk)
    if year.locked_at:
        raise Conflict(_("ปีการศึกษานี้ล็อกแล้ว"), code="students.year_locked")
    left = Enrolment.objects.filter(
        school_year=year.pk,
        term=2,
        state__in=PRESENT,
        closed_by__isnull=True,
        school__unit__until__isnull=True,
    ).count()
    if left:
        raise Conflict(
            _("ยังมีนักเรียน %(n)d คนที่ยังไม่เลื่อนชั้น เลื่อนชั้นให้ครบก่อนล็อก") % {"n": left},
            code="students.not_promoted",
        )
    year.locked_at, year.locked_by = timezone.now(), actor.name[:200]
    year.save(update_fields=["locked_at", "locked_by"])
    entry().tell(school_year=year.pk)
    return year


def _placed(run: Promotion) -> None:
    place(Enrolment.objects.filter(made_by=run).values_list("pupil", flat=True))
    closed = Enrolment.objects.filter(closed_by=run, outcome__in=(Outcome.GRADUATED, Outcome.LEFT))
    place(closed.values_list("pupil", flat=True))


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _as_json(value: Any) -> str:
    return json.dumps(value)
