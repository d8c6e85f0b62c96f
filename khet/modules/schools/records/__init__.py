"""The register of schools."""

from khet.kits.register.api import register
from khet.modules.schools.records.schools import SchoolRecord

SCHOOLS = register(SchoolRecord())
