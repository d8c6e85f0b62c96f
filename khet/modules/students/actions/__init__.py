"""Verbs on pupils."""

from khet.modules.students.actions.doubles import (
    claim,
    open_double,
    open_doubles,
    settle_double,
    tell_overdue,
)
from khet.modules.students.actions.enrolments import change_enrolment, enrol, leave
from khet.modules.students.actions.forgetting import due_to_forget, forget_pupils
from khet.modules.students.actions.importing import put_back, write_pupils
from khet.modules.students.actions.moves import accept, announce, ask, move_in, move_out, refuse, withdraw
from khet.modules.students.actions.numbers import replace_number
from khet.modules.students.actions.placing import place
from khet.modules.students.actions.pupils import add_pupil, change_guardians, change_pupil
from khet.modules.students.actions.visits import draw_lots, record_visit
from khet.modules.students.actions.yearends import (
    decide,
    lock_year,
    open_second_term,
    open_year_end,
    promote,
    undo,
)

__all__ = [
    "accept",
    "add_pupil",
    "announce",
    "ask",
    "change_enrolment",
    "change_guardians",
    "change_pupil",
    "claim",
    "decide",
    "draw_lots",
    "due_to_forget",
    "enrol",
    "forget_pupils",
    "leave",
    "lock_year",
    "move_in",
    "move_out",
    "open_double",
    "open_doubles",
    "open_second_term",
    "open_year_end",
    "place",
    "promote",
    "put_back",
    "record_visit",
    "refuse",
    "replace_number",
    "settle_double",
    "tell_overdue",
    "undo",
    "withdraw",
    "write_pupils",
]
