"""Pupils, their numbers, guardians, enrolments and what happens to them in a school life."""

from khet.modules.students.models.enrolments import Enrolment
from khet.modules.students.models.pupils import Guardian, Pupil, PupilId, Scholarship

__all__ = ["Enrolment", "Guardian", "Pupil", "PupilId", "Scholarship"]
