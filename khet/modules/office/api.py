"""The door of the office."""

from khet.modules.office.seeds import invented_person, staff_schools

__all__ = ["invented_person", "staff_schools"]
