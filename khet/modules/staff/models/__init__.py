"""People in positions, and what belongs to a person's record."""

from khet.modules.staff.models.manpower import Criterion
from khet.modules.staff.models.officials import Incumbency, Official, Position, Secondment
from khet.modules.staff.models.parts import (
    Decoration,
    Discipline,
    Education,
    LeaveSummary,
    Licence,
    PayGap,
    Teaching,
)
from khet.modules.staff.models.service import CorrectionWish, ServiceCopy, ServiceRow

__all__ = [
    "CorrectionWish",
    "Criterion",
    "Decoration",
    "Discipline",
    "Education",
    "Incumbency",
    "LeaveSummary",
    "Licence",
    "Official",
    "PayGap",
    "Position",
    "Secondment",
    "ServiceCopy",
    "ServiceRow",
    "Teaching",
]
