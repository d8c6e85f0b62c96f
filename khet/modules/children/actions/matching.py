"""Every child of the service area against the rolls of a school year, and the cases that follow. Set-based, a few statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from khet.base.notices.api import tell
from khet.base.org.api import Actor, entry, today, verb
from khet.modules.children.actions.placing import place
from khet.modules.children.choices import ABSENT, AT_SCHOOL, BY_HAND, FROM, OVER, TRACED_UNTIL, State
from khet.modules.children.queries.children import now_year
from khet.modules.children.rules import MATCH, TRACE
from khet.modules.schools.api import School

FIRST_VISIT = timedelta(days=15)
IN_CLASS = ("studying", "suspended")
LEFT = ("resigned", "dismissed", "traced")

# The last word of a pupil's year counts: who left in the second term is not at school although the first was finished.
_MATCHED = """
CREATE TEMPORARY TABLE matched ON COMMIT DROP AS
WITH roll AS (
  SELECT DISTINCT ON (e.pupil_id) e.pupil_id, e.school_id, e.grade, e.state = ANY(%(in_class)s) AS is_here
    FROM students_enrolment e WHERE e.school_year = %(year)s
   ORDER BY e.pupil_id, e.term DESC, (e.state = ANY(%(in_class)s)) DESC, e.entered_on DESC NULLS LAST, e.id DESC),
passed AS (
  SELECT DISTINCT e.pupil_id FROM students_enrolment e
   WHERE e.school_year < %(year)s AND e.outcome = 'graduated' AND e.grade IN ('m3', 'm4', 'm5', 'm6'))
SELECT c.id AS child_id, n.pupil_id,
       CASE WHEN w.is_here THEN r.school_id END AS school_id, CASE WHEN w.is_here THEN r.grade ELSE '' END AS grade,
       CASE WHEN c.registered = ANY(%(absent)s) THEN 'gone'
            WHEN w.is_here THEN CASE WHEN r.school_id = c.school_id THEN 'service' ELSE 'area' END
            WHEN s.is_by_hand AND s.state = ANY(%(by_hand)s) THEN s.state
            WHEN %(year)s - c.birth_year < %(from)s THEN 'young'
            WHEN p.pupil_id IS NOT NULL THEN 'done'
            WHEN %(year)s - c.birth_year >= %(over)s THEN 'over'
            ELSE 'none' END AS state,
       coalesce(s.is_by_hand, FALSE) AND NOT w.is_here AND c.registered <> ALL(%(absent)s) AS is_by_hand
  FROM {children} c
  LEFT JOIN students_pupilid n ON n.fingerprint = c.fingerprint AND n.until IS NULL AND c.fingerprint <> ''
  LEFT JOIN roll r ON r.pupil_id = n.pupil_id
  LEFT JOIN passed p ON p.pupil_id = n.pupil_id
  LEFT JOIN children_standing s ON s.child_id = c.id AND s.school_year = %(year)s
 CROSS JOIN LATERAL (SELECT coalesce(r.is_here, FALSE) AND c.registered <> ALL(%(absent)s) AS is_here) w
"""
_STANDINGS = """
INSERT INTO children_standing (child_id, school_year, state, pupil_id, school_id, grade, is_by_hand)
SELECT child_id, %(year)s, state, pupil_id, school_id, grade, is_by_hand FROM matched
ON CONFLICT (child_id, school_year) DO UPDATE
   SET state = excluded.state, pupil_id = excluded.pupil_id, school_id = excluded.school_id, grade = excluded.grade,
       is_by_hand = excluded.is_by_hand
 WHERE (children_standing.state, children_standing.pupil_id, children_standing.school_id, children_standing.grade, children_standing.is_by_hand)
       IS DISTINCT FROM (excluded.state, excluded.pupil_id, excluded.school_id, excluded.grade, excluded.is_by_hand)
"""
# Lists look at the child alone.
_REPEATED = """
UPDATE children_child c SET state = m.state, state_year = %(year)s, at_school_id = m.school_id, at_grade = m.grade
  FROM matched m WHERE m.child_id = c.id AND (c.state_year IS NULL OR c.state_year <= %(year)s)
   AND (c.state, c.state_year, c.at_school_id, c.at_grade) IS DISTINCT FROM (m.state, %(year)s, m.school_id, m.grade)
"""
_CLOSED = """
WITH told AS (
  SELECT k.id, CASE
      WHEN s.state IN ('service', 'area') OR (p.state = ANY(%(in_class)s) AND p.school_year >= k.school_year) THEN 'back'
      WHEN s.state = ANY(%(elsewhere)s) OR p.state = 'moved' THEN 'elsewhere'
      WHEN s.state = 'exempt' THEN 'exempt'
      WHEN s.state = 'gone' OR p.state = 'died' THEN 'gone'
      WHEN p.state = 'graduated' OR (k.cause <> 'left' AND s.state IN ('done', 'over')) OR %(year)s - k.birth_year > %(until)s THEN 'done'
      END AS outcome
    FROM children_case k
    LEFT JOIN children_standing s ON s.child_id = k.child_id AND s.school_year = %(year)s
    LEFT JOIN students_pupil p ON p.id = k.pupil_id
   WHERE k.closed_at IS NULL)
UPDATE children_case k SET outcome = t.outcome, closed_at = %(now)s, closed_by = %(by)s, closing_note = %(note)s
  FROM told t WHERE t.id = k.id AND t.outcome IS NOT NULL RETURNING t.outcome
"""
# A child of compulsory age in no school; a pupil who left before the end. One case for one person.
_OPENED = """
WITH leaver AS (
  SELECT p.id, p.school_id, p.school_year, l.leave_reason, %(year)s - (extract(year FROM p.born_on)::int + 543) AS age
    FROM students_pupil p
    JOIN LATERAL (SELECT e.leave_reason FROM students_enrolment e
                   WHERE e.pupil_id = p.id AND e.school_year = p.school_year AND e.state = p.state ORDER BY e.term DESC LIMIT 1) l ON TRUE
   WHERE p.state = ANY(%(left)s) AND p.school_year BETWEEN %(year)s - 1 AND %(year)s AND p.born_on IS NOT NULL),
wanted AS (
  SELECT c.id AS child_id, s.pupil_id, coalesce(c.school_id, l.school_id) AS school_id,
         CASE WHEN l.id IS NULL THEN 'no_school' ELSE 'left' END AS cause, coalesce(l.leave_reason, '') AS reason,
         c.title || c.first_name || ' ' || c.last_name AS name, c.sort_name, c.search_text, c.birth_year
    FROM children_standing s JOIN children_child c ON c.id = s.child_id LEFT JOIN leaver l ON l.id = s.pupil_id
   WHERE s.school_year = %(year)s AND s.state = 'none'
  UNION ALL
  SELECT s.child_id, p.id, l.school_id, 'left', l.leave_reason, p.title || p.first_name || ' ' || p.last_name, p.sort_name, p.search_text,
         extract(year FROM p.born_on)::int + 543
    FROM leaver l JOIN students_pupil p ON p.id = l.id
    LEFT JOIN children_standing s ON s.pupil_id = l.id AND s.school_year = %(year)s
   WHERE l.age BETWEEN %(from)s AND %(until)s AND coalesce(s.state, 'over') IN ('over', 'done'))
INSERT INTO children_case (child_id, pupil_id, name, sort_name, search_text, birth_year, school_id, school_year, cause, opened_at, opened_by,
                           state, reason, next_step, due_on)
SELECT w.child_id, w.pupil_id, left(w.name, 250), w.sort_name, w.search_text, w.birth_year, w.school_id, %(year)s, w.cause, %(now)s, %(by)s,
       'tracing', CASE w.reason WHEN 'unknown' THEN '' ELSE w.reason END, 'visit', %(due)s
  FROM wanted w
 WHERE NOT EXISTS (SELECT 1 FROM children_case k
                    WHERE (k.child_id = w.child_id OR k.pupil_id = w.pupil_id)
                      AND (k.closed_at IS NULL OR (k.school_year = %(year)s AND k.outcome <> 'back')))
ON CONFLICT DO NOTHING RETURNING school_id
"""


def _parameters(actor: Actor, year: int) -> dict[str, Any]:
    from django.utils import timezone  # noqa: PLC0415 - the moment is that of seeds and tests, which replace it

    with override("th"):
        note = _("พบจากการจับคู่กับทะเบียนนักเรียนและบันทึกที่เรียน")
    return {
        "year": year, "in_class": list(IN_CLASS), "absent": [str(one) for one in ABSENT], "by_hand": [str(one) for one in BY_HAND],
        "elsewhere": [str(one) for one in AT_SCHOOL if one not in (State.SERVICE, State.AREA)], "left": list(LEFT), "from": FROM,
        "over": OVER, "until": TRACED_UNTIL, "now": timezone.now(), "by": actor.name, "note": note, "due": today() + FIRST_VISIT,
    }  # fmt: skip


@verb("children.match", gettext_lazy("จับคู่เด็กในเขตบริการกับทะเบียนนักเรียน"), capability=MATCH)
def match(*, actor: Actor, school_year: int | None = None) -> dict[str, int]:
    """Place all children, tell where each stands in a school year (default the present one), close the cases of those
    who are found and open cases for those who are in no school. Past years only tell standings. Safe to run twice."""
    year = school_year or now_year()
    counts = stand(year)
    if year == now_year():
        counts |= trace(actor, year)
    entry().tell(school_year=year, **counts)
    return counts


def stand(year: int, children: Iterable[int] | None = None) -> dict[str, int]:
    """The standings of a year, for some children (by id) or all. For verbs: inside their transaction."""
    some = None if children is None else list(children)
    place(year, some)
    parameters = _parameters(Actor.system(), year)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS matched")
        where = "" if some is None else " WHERE c.id = ANY(%(some)s)"
        cursor.execute(_MATCHED.format(children="children_child") + where, parameters | {"some": some})
        cursor.execute(_STANDINGS, parameters)
        changed = cursor.rowcount
        cursor.execute(_REPEATED, parameters)
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE state = 'none') FROM matched")
        total, none = cursor.fetchone()
    return {"children": total, "changed": changed, "none": none}


def match_arriving(year: int) -> None:
    """Where the children of the temporary table ``arriving`` stand, into ``matched``: they are written with it, not changed afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS matched")
        cursor.execute(_MATCHED.format(children="arriving"), _parameters(Actor.system(), year))
        cursor.execute("ANALYZE matched (child_id)")


def stand_arrived(year: int) -> None:
    """The standings of the children that ``match_arriving`` matched, once they are written."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, {"year": year})


def trace(actor: Actor, year: int) -> dict[str, int]:
    """Close the cases whose child or pupil is found, open those that are missing, and tell the responsible schools."""
    parameters = _parameters(actor, year)
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED, parameters)
        closed = len(cursor.fetchall())
        cursor.execute(_OPENED, parameters)
        schools = [row[0] for row in cursor.fetchall()]
    responsible = {pk for pk in schools if pk}
    if responsible:
        units = School.objects.filter(pk__in=responsible).values_list("unit", flat=True)
        tell(
            event=f"children.opened:{year}:{parameters['now']:%Y%m%d%H%M%S%f}",
            title=_("มีเด็กที่ต้องติดตามเรื่องใหม่ เปิดดูกระดานติดตาม"),
            url=reverse("children:tracing"),
            units=list(units),
            capability=TRACE,
        )
    return {"opened": len(schools), "closed": closed}
