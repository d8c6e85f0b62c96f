"""Round numbers for axes, written figures, and where labels at the end of lines stand without touching."""

from __future__ import annotations

import math
from collections.abc import Sequence

from khet.base.lib.thai import to_thai_digits


def ticks(low: float, high: float, about: int = 5, *, whole: bool = False) -> list[float]:
    """Round values that embrace ``low`` to ``high``; ``whole`` when a half of a thing makes no sense."""
    if high <= low:
        high = low + (abs(low) * 0.1 or 1)
    raw = (high - low) / max(about - 1, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    # 3 is a fine step too (0, 300, 600 …): it keeps bars high in their frame.
    step = next(factor * power for factor in (1, 2, 2.5, 3, 4, 5, 10) if factor * power >= raw * 0.999)
    if whole:
        step = max(1.0, math.ceil(step)) if step < 10 else float(round(step))
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(place * step, 10) + 0.0 for place in range(first, last + 1)]


def places_of(values: Sequence[float], places: int) -> int:
    """Decimals needed to tell ticks apart, at most two."""
    for enough in range(3):
        if all(abs(value - round(value, enough)) < 1e-9 for value in values):
            return enough
    return max(places, 2)


def written(value: float | None, places: int = 0, digits: str = "arabic") -> str:
    """16,938 · −475 · 2.7 · – for what was not counted; Thai digits where asked."""
    if value is None:
        return "–"
    said = f"{value:,.{places}f}".replace("-", "−")
    return to_thai_digits(said) if digits == "thai" else said


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Heights near the ``wanted`` ones, each at least ``gap`` from the next, within ``low`` to ``high``."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    placed = [min(max(wanted[place], low), high) for place in order]
    for _round in range(2):
        for at in range(1, len(placed)):
            placed[at] = max(placed[at], placed[at - 1] + gap)
        over = placed[-1] - high if placed else 0
        if over > 0:
            placed[-1] = high
            for at in range(len(placed) - 2, -1, -1):
                placed[at] = min(placed[at], placed[at + 1] - gap)
    found = [0.0] * len(wanted)
    for at, place in enumerate(order):
        found[place] = placed[at]
    return found
