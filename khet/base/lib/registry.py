"""Closed registries: a module declares, a kit finds.

A registry is filled once, while Django starts, by importing one fixed drawer (``rules``, ``menu``,
``records``, ``flows`` …) of every installed khet app, and refuses additions afterwards. What exists is
therefore known from the files alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Generic, TypeVar

from django.apps import apps

T = TypeVar("T")


class Registry(Generic[T]):
    """An ordered store of declarations by code, closed after start-up.

    ``drawer`` is the module name looked for in each app, e.g. ``"records"``.
    """

    def __init__(self, name: str, drawer: str) -> None:
        self.name = name
        self.drawer = drawer
        self._items: dict[str, T] = {}
        self._closed = False

    def add(self, code: str, item: T) -> T:
        if self._closed:
            raise RuntimeError(f"registry {self.name!r} is closed; declare {code!r} in {self.drawer}.py")
        if code in self._items:
            raise RuntimeError(f"registry {self.name!r} has {code!r} already")
        self._items[code] = item
        return item

    def discover(self) -> None:
        """Import the drawer of every khet app, in the order of INSTALLED_APPS, then close."""
        if self._closed:
            return
        for config in apps.get_app_configs():
            if config.name.startswith("khet.") and find_spec(f"{config.name}.{self.drawer}") is not None:
                import_module(f"{config.name}.{self.drawer}")
        self._closed = True

    def __getitem__(self, code: str) -> T:
        return self._items[code]

    def get(self, code: str) -> T | None:
        return self._items.get(code)

    def __contains__(self, code: object) -> bool:
        return code in self._items

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def codes(self) -> list[str]:
        return list(self._items)
