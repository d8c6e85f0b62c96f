"""The door of the office."""

from khet.modules.office.seeds import staff_schools

__all__ = ["staff_schools"]
