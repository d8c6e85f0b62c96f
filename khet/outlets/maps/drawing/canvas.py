"""An SVG put together from shapes, symbols, names, a legend, a bar of scale and an arrow to the north.

Colours stand on every element, so that paper and a bare file show them; the classes beside them let the page's sheet
turn them for dark screens. Names are placed inside their area at the largest size that fits; what fits nowhere gets a
number that the legend explains.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from khet.base.lib.charts.letters import lines_of, width_of
from khet.base.ui.tokens import themes
from khet.outlets.maps.drawing.classes import number
from khet.outlets.maps.drawing.ground import Area, Plane

FACE = "Sarabun, 'TH Sarabun New', sans-serif"


def colour(name: str) -> str:
    """A token of the design in its light form: paper is white."""
    return themes()["light"][name]


def _n(value: float) -> str:
    """One decimal at most: deterministic and short."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def path_of(shape: BaseGeometry) -> str:
    """The ``d`` of a shape; every ring closed, holes by the even-odd rule."""
    parts: list[str] = []
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            points = [f"{_n(x)} {_n(y)}" for x, y in shapely.get_coordinates(ring)[:-1]]
            kept = [point for point, before in zip(points, [None, *points], strict=False) if point != before]
            parts.append("M" + "L".join(kept) + "Z")
    return "".join(parts)


@dataclass(frozen=True)
class Sign:
    """One entry of a legend: a ready drawn symbol of 16 × 16 about its middle, and words."""

    symbol: str
    words: str


@dataclass
class Canvas:
    """A picture in the making. ``width`` is the whole; the height grows with the legend."""

    plane: Plane
    title: str
    thai_digits: bool = False
    description: str = ""
    parts: list[str] = field(default_factory=list)
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)
    under: list[str] = field(default_factory=list)
    drop: float = 0.0

    def number(self, value: float, decimals: int = 0) -> str:
        return number(value, decimals, self.thai_digits)

    def area(
        self, shape: BaseGeometry, *, fill: str, kind: str, line: str = "surface", thick: float = 1.2, title: str = "", href: str = "",
        opacity: float = 1.0,
    ) -> None:  # fmt: skip
        """A filled area; with ``href`` a link that the keyboard reaches."""
        inner = f"<title>{escape(title)}</title>" if title else ""
        thin = f'fill-opacity="{opacity:g}" ' if opacity < 1 else ""
        drawn = (
            f'<path class="{kind}" d="{path_of(shape)}" fill="{colour(fill) if fill else "none"}" fill-rule="evenodd" '
            f'{thin}stroke="{colour(line)}" stroke-width="{_n(thick)}" stroke-linejoin="round">{inner}</path>'
        )
        self.parts.append(
            f'<a href="{escape(href)}" aria-label="{escape(title)}">{drawn}</a>' if href else drawn
        )

    def hatch(
        self,
        shape: BaseGeometry,
        kind: str = "map-hatch",
        gap: float = 6,
        *,
        ink: str = "line-2",
        thick: float = 1.0,
    ) -> None:
        """Lines over an area, as one that has no figure to show, cut at its border: no pattern, so no identifier."""
        west, north, east, south = shape.bounds
        rise = south - north
        lines = []
        start = math.floor((west - rise) / gap) * gap
        while start < east:
            lines.append(shapely.LineString([(start, south), (start + rise, north)]))
            start += gap
        cut = shapely.intersection(shapely.MultiLineString(lines), shape)
        d = "".join(
            "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in shapely.get_coordinates(line))
            for line in shapely.get_parts(cut)
            if line.geom_type == "LineString" and line.length > 1
        )
        self.parts.append(
            f'<path class="{kind}" d="{d}" fill="none" stroke="{colour(ink)}" stroke-width="{_n(thick)}"/>'
        )

    def text(
        self, x: float, y: float, words: str, *, size: float, kind: str = "map-word", ink: str = "ink", weight: int = 500,
        anchor: str = "middle", halo: str = "",
    ) -> None:  # fmt: skip
        ring = (
            f' stroke="{colour(halo)}" stroke-width="{_n(size / 4.5)}" stroke-linejoin="round" paint-order="stroke"'
            if halo
            else ""
        )
        self.parts.append(
            f'<text class="{kind}" x="{_n(x)}" y="{_n(y)}" font-family="{FACE}" font-size="{_n(size)}" font-weight="{weight}" '
            f'fill="{colour(ink)}" text-anchor="{anchor}"{ring}>{escape(words)}</text>'
        )

    def place(
        self,
        shape: BaseGeometry,
        words: str,
        sizes: Sequence[float],
        dots: Sequence[tuple[float, float]] = (),
    ) -> tuple[float, float, float] | None:
        """Where (middle, baseline) and how large the words fit inside a shape, hiding the fewest dots; None nowhere."""
        for size in sizes:
            wide, high = width_of(words, size) + 4, size * 1.45
            found = _room(shape, wide, high, dots, self.taken)
            if found is not None:
                x, y = found
                self.taken.append((x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))
                return x, y + size * 0.3, size
        return None

    def scale_bar(self, x: float, y: float, most: float) -> None:
        """A bar of a round number of kilometres, no longer than ``most``, in two parts."""
        kilometres = next(
            (k for k in (50, 20, 10, 5, 2, 1, 0.5, 0.2) if k * 1000 / self.plane.metres <= most), 0.1
        )
        length = kilometres * 1000 / self.plane.metres
        ink, half = colour("ink"), length / 2
        words = self.number(kilometres, 0 if kilometres >= 1 else 1)
        self.parts.append(
            f'<g class="map-scale"><path d="M{_n(x)} {_n(y - 4)}V{_n(y)}H{_n(x + length)}V{_n(y - 4)}" fill="none" '
            f'stroke="{ink}" stroke-width="1.2"/><path d="M{_n(x)} {_n(y)}H{_n(x + half)}" stroke="{ink}" stroke-width="3"/></g>'
        )
        size = 11.0
        self.text(x, y - 7, self.number(0), size=size, weight=400, anchor="middle", halo="surface")
        self.text(
            x + length, y - 7, f"{words} " + _("กม."), size=size, weight=400, anchor="middle", halo="surface"
        )

    def north(self, x: float, y: float) -> None:
        """An arrow 26 high whose top middle is at (x, y), with น for north under it."""
        ink = colour("ink")
        self.parts.append(
            f'<path class="map-north" d="M{_n(x)} {_n(y)}l7 20l-7 -5l-7 5z" fill="{ink}"/>'
            f'<path class="map-north-half" d="M{_n(x)} {_n(y + 1.5)}v13l-5.5 4z" fill="{colour("surface")}"/>'
        )
        self.text(x, y + 33, _("น."), size=12, weight=600, halo="surface")

    def legend(
        self, signs: Iterable[Sign], *, title: str = "", columns: int = 0, size: float = 13, notes: Sequence[str] = ()
    ) -> None:  # fmt: skip
        """Entries under the picture: in ``columns``, or flowing; then notes, a line each."""
        left, right = 4.0, self.plane.width - 4
        y = self.plane.height + self.drop + size + 6
        line = size * 1.75
        made, self.parts = self.parts, []
        if title:
            for words in lines_of(title, size, right - left):
                self.text(left, y, words, size=size, weight=600, anchor="start")
                y += line
        x, at = left, 0
        for sign in signs:
            wide = 24 + width_of(sign.words, size) + 18
            if columns:
                x = left + (at % columns) * (right - left) / columns
                if at and at % columns == 0:
                    y += line
            elif x > left and x + wide - 18 > right:
                x, y = left, y + line
            self.parts.append(
                f'<g transform="translate({_n(x + 8)} {_n(y - size * 0.36)})">{sign.symbol}</g>'
            )
            self.text(x + 24, y, sign.words, size=size, weight=400, anchor="start")
            x, at = x + wide, at + 1
        if at:
            y += line
        for note in notes:
            for words in lines_of(note, size - 1, right - left):
                self.text(
                    left, y, words, size=size - 1, weight=400, anchor="start", ink="ink-2", kind="map-note"
                )
                y += (size - 1) * 1.6
        self.under += self.parts
        self.parts = made
        self.drop = y - line * 0.55 - self.plane.height

    def svg(self) -> str:
        """The whole picture. The same content gives the same bytes."""
        width, height = (
            _n(self.plane.width),
            _n(self.plane.height + max(self.drop, 0) + (4 if self.drop else 0)),
        )
        described = f"<desc>{escape(self.description)}</desc>" if self.description else ""
        # Linked pictures are a group of links to a screen reader, the others one image with its name.
        role = "group" if any(part.startswith("<a ") for part in self.parts) else "img"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="khet-map" data-metres="{self.plane.metres:.3f}" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="{role}" aria-label="{escape(self.title)}">{described}' + "".join([*self.parts, *self.under]) + "</svg>"
        )  # fmt: skip


def _room(
    shape: BaseGeometry, wide: float, high: float, dots: Sequence[tuple[float, float]],
    taken: Sequence[tuple[float, float, float, float]], steps: int = 17,
) -> tuple[float, float] | None:  # fmt: skip
    """The middle of a box inside a shape: fewest dots under it, then the most air around it."""
    west, north, east, south = shape.bounds
    if east - west < wide or south - north < high:
        return None
    xs = [west + wide / 2 + (east - west - wide) * n / (steps - 1) for n in range(steps)]
    ys = [north + high / 2 + (south - north - high) * n / (steps - 1) for n in range(steps)]
    spots = [(x, y) for y in ys for x in xs]
    boxes = shapely.box(
        [x - wide / 2 for x, _y in spots],
        [y - high / 2 for _x, y in spots],
        [x + wide / 2 for x, _y in spots],
        [y + high / 2 for _x, y in spots],
    )
    shapely.prepare(shape)
    fits = shapely.contains(shape, boxes)
    if not fits.any():
        return None
    air = shapely.distance(shape.boundary, boxes)
    best: tuple[float, float, float] | None = None
    found: tuple[float, float] | None = None
    for spot, box_fits, free in zip(spots, fits, air, strict=True):
        if not box_fits:
            continue
        x, y = spot
        if any(
            x - wide / 2 < r and x + wide / 2 > left and y - high / 2 < b and y + high / 2 > top
            for left, top, r, b in taken
        ):
            continue
        hidden = sum(1 for dx, dy in dots if abs(dx - x) < wide / 2 + 2 and abs(dy - y) < high / 2 + 2)
        # Of equals the one nearest to the middle, told to a tenth so that no last digit decides.
        middle = math.hypot(x - (west + east) / 2, y - (north + south) / 2)
        rank = (float(hidden), round(-free, 1), round(middle, 1))
        if best is None or rank < best:
            best, found = rank, spot
    return found


def name_areas(
    canvas: Canvas, areas: Sequence[Area], *, sizes: Sequence[float], ink: dict[str, str] | None = None,
    dots: Sequence[tuple[float, float]] = (), kinds: dict[str, str] | None = None, weight: int = 500, halos: dict[str, str] | None = None,
    numbered: bool = True,
) -> list[str]:  # fmt: skip
    """Write every name inside its area; gives "1 ชื่อ" of those that had to be numbered."""
    inks, classes, rings = ink or {}, kinds or {}, halos or {}
    keys: list[str] = []
    for area in areas:
        look = {
            "ink": inks.get(area.code, "ink"),
            "kind": classes.get(area.code, "map-name"),
            "halo": rings.get(area.code, ""),
        }
        spot = canvas.place(area.shape, area.name, sizes, dots)
        if spot is not None:
            canvas.text(spot[0], spot[1], area.name, size=spot[2], weight=weight, **look)
            continue
        if not numbered:
            continue
        mark = canvas.number(len(keys) + 1)
        spot = canvas.place(area.shape, mark, [sizes[-1], sizes[-1] * 0.85], dots)
        if spot is not None:
            canvas.text(spot[0], spot[1], mark, size=spot[2], weight=weight, **look)
        else:
            at = area.shape.representative_point()
            canvas.text(at.x, at.y + sizes[-1] * 0.3, mark, size=sizes[-1] * 0.85, weight=weight, **look)
        keys.append(f"{mark} {area.name}")
    return keys
