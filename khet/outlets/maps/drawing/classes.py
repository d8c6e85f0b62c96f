"""From figures to the classes of a map: natural breaks, rounded where nothing changes its class, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khet.base.lib.thai.digits import to_thai_digits


@dataclass(frozen=True)
class Classes:
    """``breaks`` are the highest values of every class but the last; ``low`` and ``high`` the whole reach."""

    breaks: tuple[float, ...]
    low: float
    high: float
    decimals: int = 0

    @property
    def count(self) -> int:
        return len(self.breaks) + 1

    def of(self, value: float) -> int:
        """The class of a value, from 0."""
        value = round(value, self.decimals)
        return sum(1 for upper in self.breaks if value > upper)

    def words(self, index: int, thai_digits: bool = False) -> str:
        """ไม่เกิน 2,350 · 2,351–2,700 · 3,401 ขึ้นไป."""
        step = 10**-self.decimals
        if self.count == 1:
            low, high = (number(value, self.decimals, thai_digits) for value in (self.low, self.high))
            return low if low == high else f"{low}–{high}"
        if index == 0:
            return _("ไม่เกิน %(n)s") % {"n": number(self.breaks[0], self.decimals, thai_digits)}
        lower = number(self.breaks[index - 1] + step, self.decimals, thai_digits)
        if index == self.count - 1:
            return _("%(n)s ขึ้นไป") % {"n": lower}
        upper = number(self.breaks[index], self.decimals, thai_digits)
        return lower if lower == upper else f"{lower}–{upper}"


def number(value: float, decimals: int = 0, thai_digits: bool = False) -> str:
    """1,234.5 in the digits of the paper."""
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"
    return to_thai_digits(text) if thai_digits else text


def classes_of(values: Iterable[float], most: int = 4, decimals: int = 0) -> Classes | None:
    """At most ``most`` classes that hold together what lies together (Fisher and Jenks); None without a value.

    A border is moved to the roundest number between the two values that it parts, so no value changes its class.
    """
    found = sorted(round(value, decimals) for value in values)
    if not found:
        return None
    distinct = sorted(set(found))
    starts = _natural(found, min(most, len(distinct)))
    breaks = tuple(_roundest(found[start - 1], found[start], decimals) for start in starts)
    return Classes(breaks, found[0], found[-1], decimals)


def _natural(values: Sequence[float], parts: int) -> list[int]:
    """Where each class but the first begins, so that the squares of distances within the classes are least."""
    size = len(values)
    sums, squares = [0.0], [0.0]
    for value in values:
        sums.append(sums[-1] + value)
        squares.append(squares[-1] + value * value)

    def spread(start: int, end: int) -> float:
        total = sums[end] - sums[start]
        return squares[end] - squares[start] - total * total / (end - start)

    # Equal values stay together: a class may begin only where the value changes.
    may_start = [i for i in range(1, size) if values[i] != values[i - 1]]
    best = {end: (spread(0, end), []) for end in [*may_start, size]}
    for _part in range(parts - 1):
        following: dict[int, tuple[float, list[int]]] = {}
        for end in [*may_start, size]:
            options = [
                (best[start][0] + spread(start, end), [*best[start][1], start])
                for start in may_start
                if start < end and start in best
            ]
            if options:
                following[end] = min(options, key=lambda option: (round(option[0], 9), option[1]))
        best = following
    return best[size][1]


def _roundest(below: float, above: float, decimals: int) -> float:
    """The number with the fewest digits in [below, above)."""
    unit = 10**-decimals
    for power in range(9, -decimals - 1, -1):
        for step in (5 * 10**power, 10**power):
            if step < unit:
                continue
            candidate = round(above / step) * step
            while candidate >= above - unit / 2:
                candidate -= step
            if candidate >= below - unit / 1e6:
                return round(candidate, decimals)
    return below
