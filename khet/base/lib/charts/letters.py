"""How wide a word is in Sarabun, and how a long one is broken: between Thai words, never inside."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import fontpkg_sarabun
from fontTools.ttLib import TTFont

from khet.base.lib.thai import words


@cache
def _advances() -> tuple[dict[int, int], int]:
    font = TTFont(fontpkg_sarabun.ROOT / "files" / "Sarabun-Regular.ttf", lazy=True)
    widths, letters = font["hmtx"], font.getBestCmap()
    found = {letter: widths[name][0] for letter, name in letters.items()}
    em = font["head"].unitsPerEm
    font.close()
    return found, em


def width_of(text: str, size: float) -> float:
    """Width in px of one line at ``size`` px. Marks above and below take none."""
    advances, em = _advances()
    return sum(advances.get(ord(letter), em // 2) for letter in text) * size / em


_SARA_AM = re.compile("([่้๊๋]?)ำ")
_APART = re.compile("ํ([่้๊๋]?)า")


def taken_apart(text: str) -> str:
    """ำ as its two signs. Drawn by itself usvg (in Typst and in the converter) gives it no width, and the next letter falls on it."""
    return _SARA_AM.sub("ํ\\1า", text)


def put_together(text: str) -> str:
    """The spelling of ``normalise`` again: for browsers, for whoever copies or listens."""
    return _APART.sub("\\1ำ", text)


def _pieces(text: str) -> list[str]:
    """The text cut where a line may end; what stands before a word (a bracket) stays with it."""
    cuts, at = [], 0
    for word in words(text):
        found = text.find(word, at)
        if found < 0:
            continue
        start = found
        while start > at and text[start - 1] in '([{“"':
            start -= 1
        if start and text[start - 1] not in "/.-–":
            cuts.append(start)
        at = found + len(word)
    edges = [0, *dict.fromkeys(cut for cut in cuts if cut), len(text)]
    return [text[one:other] for one, other in pairwise(edges)]


def lines_of(text: str, size: float, room: float) -> list[str]:
    """The text in lines of at most ``room`` px; a single word that is longer stands alone."""
    if width_of(text, size) <= room:
        return [text]
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width_of((line + piece).rstrip(), size) > room:
            lines.append(line.strip())
            line = ""
        line += piece
    lines.append(line.strip())
    return [one for one in lines if one]
