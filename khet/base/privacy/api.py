"""The door of privacy: note who reads what about whom."""

from khet.base.privacy.actions import Subject, record_reading, typed_reason
from khet.base.privacy.choices import SENSITIVE, DataKind, Via
from khet.base.privacy.rules import READINGS_VIEW

__all__ = ["READINGS_VIEW", "SENSITIVE", "DataKind", "Subject", "Via", "record_reading", "typed_reason"]
