"""People in positions, what belongs to a person's record, the service record, the criteria of manpower."""

from khet.modules.staff.models.criteria import Criterion, SalaryBand
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
from khet.modules.staff.models.service import ServiceCopy, ServiceRow

__all__ = [
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
    "SalaryBand",
    "Secondment",
    "ServiceCopy",
    "ServiceRow",
    "Teaching",
]
