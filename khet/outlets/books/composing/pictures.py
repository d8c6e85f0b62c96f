"""Charts and maps drawn for paper, each once, under names that depend on their content alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from khet.base.lib.charts.letters import taken_apart


class Maps(Protocol):
    """What draws maps for a book; None where there is nothing to draw."""

    def districts(self, values: Mapping[str, float | None], unit: str, decimals: int) -> str | None:
        """Districts coloured by a figure, small."""

    def area(self) -> str | None:
        """All schools by size and level."""

    def school(self, code: str) -> str | None:
        """One school in its district."""

    def cover(self, values: Mapping[str, float | None], unit: str) -> str | None:
        """The districts coloured by a figure, for the cover."""


@dataclass
class Pictures:
    """``files`` is what the setter may read: name → picture. ``draw_chart`` and ``maps`` are the doors they come from."""

    draw_chart: Callable[[Any], str]
    maps: Maps
    files: dict[str, bytes] = field(default_factory=dict)

    def keep(self, svg: str | bytes, kind: str = "svg") -> str:
        """Keep a picture (SVG, or bytes of another ``kind``) and give its name; the same picture is kept once."""
        data = svg.encode() if isinstance(svg, str) else svg
        name = f"{hashlib.sha256(data).hexdigest()[:20]}.{kind}"
        self.files[name] = data
        return name

    def chart(self, chart: Any) -> str:
        return self.keep(self.draw_chart(chart))

    def kept(self, svg: str | None) -> str:
        """The name of a map, or nothing when there is none."""
        return self.keep(taken_apart(svg)) if svg else ""
