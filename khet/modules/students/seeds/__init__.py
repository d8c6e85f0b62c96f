"""Invented pupils of the demo office: 25,000 at about 120 schools, three school years with promotion, leavers and moves."""

from khet.modules.students.seeds.pupils import demo
from khet.modules.students.seeds.visits import after_all

__all__ = ["after_all", "demo"]
