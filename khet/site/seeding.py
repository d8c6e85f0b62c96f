"""Filling an office with invented people and work: every app's ``seeds.py`` in the order of the arrows."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import connection, transaction

from khet.base.lib.errors import Refusal
from khet.base.org.api import Person, Unit, ensure_roles
from khet.base.org.world import World
from khet.kits.search.api import indexed_at_the_end

SIZES = ("demo", "year", "full")


def is_empty() -> bool:
    """Whether no office has been set up yet."""
    return not Unit.objects.exists() and not Person.objects.exists()


def seed(size: str, *, add: bool = False, say: Callable[[str], None] = lambda text: None) -> World:
    """Build the demo office in one transaction: all of it or nothing.

    ``year`` and ``full`` build on ``demo``: each app's ``demo`` runs first, then its function of that size. ``after_all`` of
    an app runs when every app has had its turn: for what is made of everybody's rows, such as rounds of data.
    """
    if not add and not is_empty():
        raise Refusal("ฐานข้อมูลมีข้อมูลอยู่แล้ว ใช้ KHET_DATA ใหม่ หรือเติมทับด้วย --add ถ้าแน่ใจ", code="seed.not_empty")
    # All of them are loaded before the first is run: a fault in the last shows at once, not after minutes of work.
    drawers = [
        (config, import_module(f"{config.name}.seeds"))
        for config in apps.get_app_configs()
        if config.name.startswith("khet.") and find_spec(f"{config.name}.seeds") is not None
    ]
    world = World(size=size)
    ensure_roles()
    with transaction.atomic(), indexed_at_the_end():
        for config, drawer in drawers:
            began = time.monotonic()
            steps = ["demo"] if size == "demo" else ["demo", size]
            done = [step(world) for step in (getattr(drawer, word, None) for word in steps) if step]
            if done:
                say(f"{config.verbose_name}: {time.monotonic() - began:.1f} วินาที")
        _analyze()  # the last steps ask questions over everybody's rows: with plans for empty tables they take thrice as long
        for config, drawer in drawers:
            if last := getattr(drawer, "after_all", None):
                began = time.monotonic()
                last(world)
                say(f"{config.verbose_name}: {time.monotonic() - began:.1f} วินาที")
    _analyze()
    return world


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
