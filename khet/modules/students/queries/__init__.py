"""Reading pupils."""

from khet.modules.students.queries.doubles import doubles_due
from khet.modules.students.queries.pupils import (
    by_number,
    holders_of,
    id_fingerprint,
    id_fingerprints,
    kind_of_number,
    present,
    with_class,
    with_facts,
)

__all__ = [
    "by_number",
    "doubles_due",
    "holders_of",
    "id_fingerprint",
    "id_fingerprints",
    "kind_of_number",
    "present",
    "with_class",
    "with_facts",
]
