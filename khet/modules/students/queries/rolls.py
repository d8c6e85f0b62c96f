"""Parts of SQL for the roll of a term: sheets, checks and censuses must count the same pupils."""

from __future__ import annotations

#: e an enrolment, s its school, p its pupil.
ROLL = "students_enrolment e JOIN schools_school s ON s.id = e.school_id JOIN students_pupil p ON p.id = e.pupil_id"
#: Parameters: school year, term, the day the data speaks of.
STUDYING = (
    "e.school_year = %s AND e.term = %s AND e.state = 'studying' AND (e.left_on IS NULL OR e.left_on > %s)"
)
NAME = "p.first_name || ' ' || p.last_name"
