"""The door of students."""

from khet.modules.students.models import Enrolment, Pupil
from khet.modules.students.queries import (
    by_number,
    doubles_due,
    holders_of,
    id_fingerprint,
    id_fingerprints,
    present,
    with_class,
)

__all__ = [
    "Enrolment",
    "Pupil",
    "by_number",
    "doubles_due",
    "holders_of",
    "id_fingerprint",
    "id_fingerprints",
    "present",
    "with_class",
]
