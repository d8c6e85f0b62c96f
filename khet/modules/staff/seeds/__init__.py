"""Invented officials of the demo office: everybody who holds a post, the teachers that its schools need beside them, and their positions."""

from khet.modules.staff.seeds.officials import demo

__all__ = ["demo"]
