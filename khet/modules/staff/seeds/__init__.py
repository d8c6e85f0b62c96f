"""Invented officials of the demo office: everybody who holds a post, the teachers that its schools need beside them, their
positions, and the orders about them."""

from khet.base.org.world import World
from khet.modules.staff.seeds.officials import demo as officials
from khet.modules.staff.seeds.service import service


def demo(world: World) -> None:
    officials(world)
    service(world)


__all__ = ["demo"]
