"""The registers of staff: people and budgeted positions."""

from khet.kits.register.api import register
from khet.modules.staff.records.officials import OfficialRecord
from khet.modules.staff.records.positions import PositionRecord

OFFICIALS = register(OfficialRecord())
POSITIONS = register(PositionRecord())
