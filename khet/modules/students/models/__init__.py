"""Pupils, their numbers, guardians, enrolments and what happens to them in a school life."""

from khet.modules.students.models.doubles import Claim, Double, DoubleRoll
from khet.modules.students.models.enrolments import Enrolment
from khet.modules.students.models.moves import Transfer
from khet.modules.students.models.pupils import Guardian, Pupil, PupilId, Scholarship
from khet.modules.students.models.visits import Draw, Visit
from khet.modules.students.models.yearends import Promotion, YearEnd

__all__ = [
    "Claim",
    "Double",
    "DoubleRoll",
    "Draw",
    "Enrolment",
    "Guardian",
    "Promotion",
    "Pupil",
    "PupilId",
    "Scholarship",
    "Transfer",
    "Visit",
    "YearEnd",
]
