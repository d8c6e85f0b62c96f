"""Invented children of the service area: the demo pupils as the civil register has them, graduates elsewhere, and those in no school."""

from khet.modules.children.seeds.children import demo

__all__ = ["demo"]
