"""Invented pupils of the demo office: 25,000 at about 120 schools, three school years with promotion, leavers and moves."""

from khet.modules.students.seeds.pupils import demo

__all__ = ["demo"]
