"""The registers of schools and of the villages they serve."""

from khet.kits.register.api import register
from khet.modules.schools.records.schools import SchoolRecord
from khet.modules.schools.records.villages import VillageRecord

SCHOOLS = register(SchoolRecord())
VILLAGES = register(VillageRecord())
