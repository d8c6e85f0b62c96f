"""The door of privacy: note who reads what about whom."""

from khet.base.privacy.actions import Subject, record_reading, typed_reason
from khet.base.privacy.choices import WATCHED, DataKind, Via
from khet.base.privacy.forms import ReasonForm
from khet.base.privacy.rules import COPY, READINGS_VIEW
from khet.base.privacy.statements import statement

__all__ = [
    "COPY",
    "READINGS_VIEW",
    "WATCHED",
    "DataKind",
    "ReasonForm",
    "Subject",
    "Via",
    "record_reading",
    "statement",
    "typed_reason",
]
