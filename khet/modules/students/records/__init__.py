"""The registers of pupils and of enrolments."""

from khet.kits.register.api import register
from khet.modules.students.records.enrolments import EnrolmentRecord
from khet.modules.students.records.pupils import PupilRecord

PUPILS = register(PupilRecord())
ENROLMENTS = register(EnrolmentRecord())
