"""The door of maps: pictures for pages and books, as SVG text.

Shapely takes half a second to load, so the drawing is imported at the first picture and not when the server starts.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from khet.base.org.api import Actor, demand
from khet.modules.schools.api import School
from khet.modules.schools.choices import OutlineLevel
from khet.outlets.maps.choices import SchoolSymbols, ShapeLayer, SheetSize
from khet.outlets.maps.queries import schools_on_map
from khet.outlets.maps.rules import EXPORT

__all__ = ["SchoolSymbols", "area_map_svg", "choropleth_svg", "export_to", "school_map_svg", "unplaced"]


def choropleth_svg(
    values: Mapping[str | tuple[str, str], float | None],
    *,
    level: str = OutlineLevel.DISTRICT,
    title: str = "",
    unit: str = "",
    decimals: int = 0,
    width: float = 640,
    height: float | None = None,
    classes: int = 4,
    within: Sequence[str] = (),
    hidden: Iterable[str | tuple[str, str]] = (),
    thai_digits: bool = False,
    compact: bool = False,
    notes: Sequence[str] = (),
    links: Mapping[str, str] | None = None,
) -> str | None:
    """Districts or sub-districts coloured in at most four classes by a figure, with names, legend, scale and north.

    ``values`` by code (4 or 6 digits), by name, or by (district code, name) where a name stands twice. None is "no
    data"; places in ``hidden`` (the small-cell rule) are hatched and never told. ``within`` keeps what lies in these
    districts. ``compact`` is the inset beside a chart: names and a legend of two columns, nothing else. ``links`` (code →
    address) make the areas links. ``notes`` are lines under the legend (source, round). Sizes in CSS pixels. The result
    depends on nothing but the arguments and the outlines held; None where there is nothing to draw.
    """
    return _pictures().choropleth(
        values, level=level, title=title, unit=unit, decimals=decimals, width=width, height=height, classes=classes,
        within=within, hidden=list(hidden), thai_digits=thai_digits, compact=compact, notes=notes, links=links or {},
    )  # fmt: skip


def area_map_svg(
    *,
    schools: Iterable[School] | None = None,
    symbols: str = SchoolSymbols.SIZE,
    values: Mapping[str, float | None] | None = None,
    networks: Mapping[int, str] | None = None,
    title: str = "",
    unit: str = "",
    decimals: int = 0,
    width: float = 720,
    height: float | None = None,
    within: Sequence[str] = (),
    thai_digits: bool = False,
    tambons: bool = True,
    names: bool = True,
    notes: Sequence[str] = (),
) -> str | None:
    """The schools of the area (or those given) where they stand, over districts and thin sub-districts.

    ``symbols``: size (and level), level, network (``networks``: id of school → name; numbers explained in the legend), or
    indicator (``values`` by eight-digit code, in four steps). A hollow symbol has no confirmed position. Without outlines
    the districts are a hull around their schools, said so in a note; None when no school has a position either.
    """
    return _pictures().area_map(
        schools=schools, symbols=symbols, values=values, networks=networks, title=title, unit=unit, decimals=decimals,
        width=width, height=height, within=within, thai_digits=thai_digits, tambons=tambons, names=names, notes=notes,
    )  # fmt: skip


def school_map_svg(
    school: School, *, width: float = 320, height: float | None = None, whole: bool = False, thai_digits: bool = False
) -> str | None:  # fmt: skip
    """One school as a pin in its district, its sub-district filled; ``whole`` shows all districts, its own filled."""
    return _pictures().school_map(school, width=width, height=height, whole=whole, thai_digits=thai_digits)


def unplaced(
    values: Mapping[str | tuple[str, str], float | None], level: str = OutlineLevel.DISTRICT
) -> tuple[str, ...]:
    """The keys of figures that no outline of the level bears, so that whoever prints a map can say what is not on it."""
    return _pictures().read_keys(values, level).strange


def export_to(
    *, actor: Actor, folder: Path, formats: Sequence[str], frame: int = 4326
) -> list[tuple[Path, int]]:
    """Every layer that the actor sees in each of the formats, and the map on A4 where there is one to draw: the files written, with their bytes."""
    demand(actor, EXPORT)
    schools = schools_on_map(actor)
    maker = importlib.import_module("khet.outlets.maps.layers")
    layers = [maker.layer(name, schools, actor) for name in ShapeLayer.values]
    written = []
    for code in formats:
        made = maker.packed(layers, format=code, frame=frame, name="khet-map")
        written.append((folder / f"khet-map-{code}{Path(made.name).suffix}", made.content))
    paper = importlib.import_module("khet.outlets.maps.papers").map_pdf(
        schools,
        show=SchoolSymbols.SIZE,
        title=_("แผนที่โรงเรียน: %(what)s") % {"what": SchoolSymbols.SIZE.label},
        size=SheetSize.A4,
    )
    if paper is not None:
        written.append((folder / "khet-map.pdf", paper))
    for path, content in written:
        path.write_bytes(content)
    return [(path, len(content)) for path, content in written]


def _pictures() -> Any:
    return importlib.import_module("khet.outlets.maps.drawing.pictures")
