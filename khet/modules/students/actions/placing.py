"""Where a pupil is now, repeated on the pupil from the latest enrolment. One statement for any number of pupils."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

_PLACE = """
UPDATE students_pupil p
   SET school_id = e.school_id, grade = e.grade, room = e.room, state = e.state, school_year = e.school_year, term = e.term
  FROM (SELECT DISTINCT ON (pupil_id) pupil_id, school_id, grade, room, state, school_year, term
          FROM students_enrolment {where}
         ORDER BY pupil_id, school_year DESC, term DESC, (state = 'studying') DESC, entered_on DESC NULLS LAST, id DESC) e
 WHERE e.pupil_id = p.id
   AND (p.school_id, p.grade, p.room, p.state, p.school_year, p.term)
       IS DISTINCT FROM (e.school_id, e.grade, e.room, e.state, e.school_year, e.term)
"""


def place(pupils: Iterable[int] | None = None) -> int:
    """Bring ``school``, ``grade``, ``room``, ``state`` and the term of these pupils (None: all) up to date; returns how many moved.

    For verbs: called inside their transaction.
    """
    with connection.cursor() as cursor:
        if pupils is None:
            cursor.execute(_PLACE.format(where=""))
        else:
            cursor.execute(_PLACE.format(where="WHERE pupil_id = ANY(%s)"), [list(pupils)])
        return cursor.rowcount
