"""The colours of charts: six in a fixed order, told apart by colour-blind eyes and on a photocopy.

Neighbours differ in lightness, not in hue alone (a test computes it); the pale ones carry an outline of 3:1 against the page.
A page in the dark theme turns each into the token of the same place by its style sheet.
"""

from __future__ import annotations

from typing import NamedTuple


class Paint(NamedTuple):
    """A fill and the outline that a pale fill needs."""

    fill: str
    edge: str | None = None


SERIES: tuple[Paint, ...] = (
    Paint("#1F4680"),
    Paint("#B67C00"),
    Paint("#8CC4BB", "#2B8A80"),
    Paint("#8F3522"),
    Paint("#DDD2EA", "#8A6BB0"),
    Paint("#6F7B87"),
)
SOFT: tuple[Paint, ...] = (
    Paint("#B5CAE4", "#6B8AB7"),
    Paint("#EBD3A0", "#B67C00"),
    Paint("#DDEFEC", "#2B8A80"),
    Paint("#E6C1B7", "#8F3522"),
    Paint("#F0EAF6", "#8A6BB0"),
    Paint("#D5DAE0", "#6F7B87"),
)
"""The second state of each: provisional figures, or the round compared with."""

INK = "#16202A"
NOTE = "#596672"
LINE = "#DCE2E8"
BASE = "#76838F"
GAP = "#FFFFFF"
