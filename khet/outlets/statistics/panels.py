"""The slot beside a figure: whoever can show values by district in a better way (a map) declares a panel in its ``panels`` drawer.

Statistics knows no map; the arrow goes the other way. Until somebody declares one, the page ranks the districts by bars.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from khet.base.lib.registry import Registry
from khet.outlets.statistics.bases import Indicator


@dataclass(frozen=True)
class Slot:
    """What a panel is offered: values by district of one figure in one round.

    ``values``: district code → value (None where nothing was counted, or where it is hidden); ``words`` the values as they are
    written; ``links`` the page of each district. ``address`` is the query of the page, so that a larger view can show the same.
    """

    indicator: Indicator
    title: str
    unit: str
    period: str
    values: Mapping[str, float | None]
    names: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True)
class Panel:
    """``draw`` gives markup without style attributes (SVG in line, legend), or None when it cannot show this slot.

    It has to answer in a few milliseconds: what is slow is kept. ``link``: the address of the larger view, or "".
    """

    code: str
    draw: Callable[[Slot], SafeString | None]
    link: Callable[[Slot], str] = lambda slot: ""
    stylesheet: str = ""


panels: Registry[Panel] = Registry("panels of statistics", drawer="panels")


def panel(declared: Panel) -> Panel:
    """Declare a panel; the first one that can show a slot is taken."""
    return panels.add(declared.code, declared)
