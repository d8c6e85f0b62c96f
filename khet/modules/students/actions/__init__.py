"""Verbs on pupils."""

from khet.modules.students.actions.enrolments import change_enrolment, enrol, leave
from khet.modules.students.actions.numbers import open_number, replace_number
from khet.modules.students.actions.placing import place
from khet.modules.students.actions.pupils import add_pupil, change_guardians, change_pupil

__all__ = [
    "add_pupil",
    "change_enrolment",
    "change_guardians",
    "change_pupil",
    "enrol",
    "leave",
    "open_number",
    "place",
    "replace_number",
]
