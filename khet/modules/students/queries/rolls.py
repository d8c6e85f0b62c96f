"""Parts of SQL for the roll of a term: sheets, checks and censuses must count the same pupils."""

from __future__ import annotations

#: e an enrolment, s its school, p its pupil.
ROLL = "students_enrolment e JOIN schools_school s ON s.id = e.school_id JOIN students_pupil p ON p.id = e.pupil_id"
#: Parameters: school year, term, the day the data speaks of.
STUDYING = (
    "e.school_year = %s AND e.term = %s AND e.state = 'studying' AND (e.left_on IS NULL OR e.left_on > %s)"
)
NAME = "p.first_name || ' ' || p.last_name"
#: Every roll of a pupil who stands on more than one: pupil_id, school_year, term, school_id.
#: Parameters: school year, term, a pupil's id or None twice.
DOUBLED = """
SELECT a.pupil_id, a.school_year, a.term, a.school_id FROM students_enrolment a
 WHERE (a.school_year, a.term) = (%s, %s) AND a.state = 'studying' AND (%s::bigint IS NULL OR a.pupil_id = %s)
   AND EXISTS (SELECT FROM students_enrolment b WHERE b.pupil_id = a.pupil_id AND (b.school_year, b.term) = (a.school_year, a.term)
                  AND b.state = 'studying' AND b.school_id <> a.school_id)
"""
