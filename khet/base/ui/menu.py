"""The menu: each app declares its places in its own ``menu.py``; a person sees those their rights allow.

The rail holds at most ``RAIL_LIMIT`` places; what does not fit, and what is declared with ``rail=False``,
stands on the page "ทั้งหมด" only. A declaration whose address does not exist yet is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch

from khet.base.lib.registry import Registry
from khet.base.ui.addresses import fixed
from khet.base.ui.counting import Countable, counted

RAIL_LIMIT = 9


@dataclass(frozen=True)
class Item:
    """One place of the menu.

    ``capability``: who sees it (empty: everyone signed in). ``badge``: how many wait for the reader, asked
    on every page: a number, or better a cheap queryset, which is counted together with the others. ``key``: the letter after ``G`` that jumps here. ``phone``:
    stands in the bottom bar of a phone. ``args`` are the further parts of the address ``url``. ``prefix``: the start of the addresses that belong to this place,
    by default its own address. ``group``: the heading on the page of all places.
    """

    code: str
    label: Any
    icon: str
    url: str
    capability: str = ""
    badge: Callable[[HttpRequest], Countable] | None = None
    order: int = 100
    key: str = ""
    rail: bool = True
    phone: bool = True
    prefix: str = ""
    group: Any = ""
    hint: Any = ""
    args: Sequence[str] = ()


@dataclass(frozen=True)
class Place:
    """An item as one reader meets it."""

    item: Item
    address: str
    current: bool
    count: int | None

    @property
    def code(self) -> str:
        return self.item.code

    @property
    def label(self) -> Any:
        return self.item.label

    @property
    def icon(self) -> str:
        return self.item.icon


menu: Registry[Item] = Registry("menu", drawer="menu")


def places(request: HttpRequest) -> list[Place]:
    """Every place the reader may enter, in order. Badges are asked only for places in the rail."""
    return places_and_count(request, None)[0]


def places_and_count(request: HttpRequest, more: Countable) -> tuple[list[Place], int]:
    """The same, and one more count of the frame, asked in the same statement."""
    actor = getattr(request, "actor", None)
    found: list[tuple[Item, str]] = []
    for item in sorted(menu, key=lambda i: i.order):
        if item.capability and not (actor and actor.has(item.capability)):
            continue
        try:
            found.append((item, fixed(item.url, *item.args)))
        except NoReverseMatch:
            continue
    current = _current(request.path, found)
    badges = [item.badge(request) if item.badge and item.rail else None for item, _address in found]
    *counts, count = counted([*badges, more])
    return [
        Place(item, address, item.code == current, waiting or None)
        for (item, address), waiting in zip(found, counts, strict=True)
    ], count or 0


def _current(path: str, found: list[tuple[Item, str]]) -> str | None:
    """The place whose addresses hold this page: the longest prefix wins."""
    matches = [
        (len(prefix), item.code)
        for item, address in found
        if path.startswith(prefix := item.prefix or address) and (prefix != "/" or path == "/")
    ]
    return max(matches)[1] if matches else None
