"""Free room on a page: where the receive stamp covers nothing.

The stamp belongs to the top right corner (ระเบียบงานสารบรรณ, แบบที่ 12). Where the sender has written
there, a clerk moves it a little down or to the left; so does this.
"""

from __future__ import annotations

from PIL import Image

#: How far below paper's own grey something counts as written; scans are never white.
INK = 36
#: Dust of a scan: this share of dark pixels is still empty paper.
DUST = 0.002
#: Kept clear around the stamp, in shares of its height.
CLEAR = 0.06


def place(
    picture: Image.Image, scale: float, *, wide: float, high: float, edge: float, step: float
) -> tuple[float, float]:
    """Left and top of a stamp of ``wide`` by ``high`` on the page, in its own units from its top left.

    ``picture`` is the page in grey, ``scale`` its pixels for one unit. Looked for in the upper third (at least two
    heights of the stamp): one step down weighs as much as four to the left. With no room at all, where least is covered.
    """
    ink = _ink(picture)
    page_wide, page_high = picture.width / scale, picture.height / scale
    right, lowest = page_wide - edge - wide, max(page_high / 3, edge + 2 * high) - high
    lowest = min(lowest, page_high - edge - high)
    clear = high * CLEAR
    spots = []
    for down in _steps(edge, lowest, step):
        for left in reversed(_steps(edge, right, step)):
            spots.append(((down - edge) * 2 + (right - left) * 0.5, left, down))
    best = (1.0, right, edge)
    for _cost, left, down in sorted(spots):
        window = (left - clear, down - clear, left + wide + clear, down + high + clear)
        covered = _share(ink, tuple(round(value * scale) for value in window))
        if covered <= DUST:
            return left, down
        if covered < best[0]:
            best = (covered, left, down)
    return best[1], best[2]


def _steps(first: float, last: float, step: float) -> list[float]:
    """From the last one back to the first: the right edge is always among them."""
    if last <= first:
        return [max(last, 0.0)] if last > 0 else [first]
    count = int((last - first) / step)
    found = {
        first,
        last,
        *(last - step * n for n in range(count + 1)),
        *(first + step * n for n in range(count + 1)),
    }
    return sorted(found)


def _ink(picture: Image.Image) -> Image.Image:
    """White where something is written, black where the paper shows."""
    shades = picture.histogram()
    paper = max(range(128, 256), key=lambda shade: shades[shade])
    return picture.point(lambda shade: 255 if shade < paper - INK else 0)


def _share(ink: Image.Image, window: tuple[int, ...]) -> float:
    left, top, right, bottom = window
    part = ink.crop((max(left, 0), max(top, 0), min(right, ink.width), min(bottom, ink.height)))
    whole = part.width * part.height
    return part.histogram()[255] / whole if whole else 1.0
