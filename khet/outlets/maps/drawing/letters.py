"""How wide a line of Thai is, read from the typeface itself, so that a name is placed where it fits."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont

_USUAL = 0.56  # of the letter height, for a sign the typeface does not have


@cache
def _advances() -> dict[str, float]:
    spec = find_spec("fontpkg_sarabun")
    if spec is None or spec.origin is None:
        raise RuntimeError("the typeface is missing: install fontpkg-sarabun")
    with TTFont(Path(spec.origin).parent / "files" / "Sarabun-Medium.ttf", lazy=True) as font:
        widths, em = font["hmtx"], font["head"].unitsPerEm
        return {chr(point): widths[glyph][0] / em for point, glyph in font.getBestCmap().items()}


def width_of(text: str, size: float) -> float:
    """The width of a line in the unit of ``size``. Marks above and below take no room."""
    known = _advances()
    return size * sum(
        known.get(letter, _USUAL) for letter in text if unicodedata.category(letter) not in ("Mn", "Cf")
    )
