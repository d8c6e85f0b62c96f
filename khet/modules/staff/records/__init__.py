"""The registers of staff: people, budgeted positions, what orders said."""

from khet.kits.register.api import register
from khet.modules.staff.records.criteria import CriterionRecord
from khet.modules.staff.records.officials import OfficialRecord
from khet.modules.staff.records.positions import PositionRecord
from khet.modules.staff.records.service import MovementRecord, SalaryRecord

OFFICIALS = register(OfficialRecord())
POSITIONS = register(PositionRecord())
MOVEMENTS = register(MovementRecord())
SALARIES = register(SalaryRecord())
CRITERIA = register(CriterionRecord())
