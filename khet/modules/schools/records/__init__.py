"""The registers of schools, of the villages they serve, and of their yearly facts."""

from khet.kits.register.api import register
from khet.modules.schools.records.emis import EmisRecord
from khet.modules.schools.records.schools import SchoolRecord
from khet.modules.schools.records.villages import VillageRecord

SCHOOLS = register(SchoolRecord())
VILLAGES = register(VillageRecord())
EMIS = register(EmisRecord())
