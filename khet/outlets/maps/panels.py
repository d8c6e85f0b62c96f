"""The map beside a figure of statistics: districts in four shades, kept by what they show."""

from __future__ import annotations

from functools import lru_cache

import orjson
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from khet.outlets.maps.api import choropleth_svg
from khet.outlets.maps.queries import outlines_now
from khet.outlets.statistics.api import Panel, Slot, panel

WIDTH, HEIGHT = 300, 240


def draw(slot: Slot) -> SafeString | None:
    """The districts coloured by the slot's values; None where no outlines are loaded, so that bars stand instead."""
    n, _first, _last = sign = outlines_now()
    if not n or not slot.values:
        return None
    found = _drawn(_asked(slot), sign, get_language() or "th")
    return mark_safe(found) if found else None  # noqa: S308 – our own drawing, its words escaped there


def _asked(slot: Slot) -> bytes:
    shown = dict(slot.values)
    # What has words and no value is hidden for its small number; what has neither was not counted.
    hidden = sorted(
        code
        for code, value in shown.items()
        if value is None and slot.words.get(code, "–") not in ("", "–", "-")
    )
    whole = all(value is None or float(value).is_integer() for value in shown.values())
    return orjson.dumps(
        {"values": shown, "hidden": hidden, "title": slot.title, "unit": str(slot.unit), "links": dict(slot.links), "decimals": 0 if whole else 1},
        option=orjson.OPT_SORT_KEYS,
    )  # fmt: skip


@lru_cache(maxsize=256)
def _drawn(asked: bytes, sign: tuple[int, int, int], language: str) -> str:
    given = orjson.loads(asked)
    svg = choropleth_svg(
        given["values"], title=given["title"], unit=given["unit"], decimals=given["decimals"], links=given["links"],
        hidden=given["hidden"], width=WIDTH, height=HEIGHT, compact=True,
    )  # fmt: skip
    return svg or ""


def link(slot: Slot) -> str:
    """The page of the map with the same figure by school."""
    return f"{reverse('maps:home')}?show=indicator&figure={slot.indicator.code}"


panel(Panel("map", draw, link, stylesheet="maps/maps.css"))
