"""The pictures of the door: areas coloured by a figure, schools as symbols, one school in its district."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.translation import gettext as _

from khet.base.lib.geodata.shapes import faces, surface_of
from khet.modules.schools.api import School, own_schools
from khet.modules.schools.choices import OutlineLevel
from khet.outlets.maps.choices import SchoolSymbols
from khet.outlets.maps.drawing.canvas import Canvas, Sign, colour, name_areas
from khet.outlets.maps.drawing.classes import Classes, classes_of
from khet.outlets.maps.drawing.ground import Area, Ground, Plane, bounds_of, ground
from khet.outlets.maps.drawing.symbols import by_class, by_network, by_size_and_level, by_state, dot_sign

Key = str | tuple[str, str]
SEQUENCE = ("map-1", "map-2", "map-3", "map-4")
_INK = ("ink", "ink", "ink", "on-accent")


def choropleth(
    values: Mapping[Key, float | None], *, level: str, title: str, unit: str, decimals: int, width: float, height: float | None,
    classes: int, within: Sequence[str], hidden: Iterable[Key], thai_digits: bool, compact: bool, notes: Sequence[str],
    links: Mapping[str, str],
) -> str | None:  # fmt: skip
    base = ground(level, within=within)
    if not base.areas:
        return None
    known = _by_code(values, base.areas)
    secret = set(_by_code(dict.fromkeys(hidden, 0.0), base.areas))
    shown = {
        code: value
        for code, value in known.items()
        if value is not None and value == value and code not in secret
    }
    scale = classes_of(shown.values(), min(classes, len(SEQUENCE)), decimals)
    plane = Plane(bounds_of(base.areas), width, pad=4 if compact else 10, height=height)
    canvas = Canvas(plane, title or _("แผนที่"), thai_digits)
    laid = plane.lay(base.areas, 0.5 if compact else 0.7)
    if not compact:
        _surroundings(canvas, base, laid)
    inks: dict[str, str] = {}
    kinds: dict[str, str] = {}
    words: list[str] = []
    for area in laid:
        told = _("ไม่มีข้อมูล")
        fill, kind = "surface", "map-empty"
        if area.code in secret:
            told = _("ปกปิด (น้อยกว่าเกณฑ์)")
        if scale is not None and area.code in shown:
            index = _step(scale, shown[area.code])
            fill, kind = SEQUENCE[index], f"map-class map-class-{index + 1}"
            inks[area.code], kinds[area.code] = _INK[index], f"map-name map-on-{index + 1}"
            told = f"{canvas.number(shown[area.code], decimals)} {unit}".strip()
        words.append(f"{area.name} {told}")
        canvas.area(
            area.shape, fill=fill, kind=kind, line="surface" if area.code in shown else "line-2",
            thick=1.2 if compact else 1.5, title=f"{area.name} {told}", href=links.get(area.code, ""),
        )  # fmt: skip
        if area.code not in shown:
            canvas.hatch(area.shape)
    canvas.description = ", ".join(words)
    if not compact:
        _furniture(canvas)
    keys = name_areas(
        canvas,
        laid,
        sizes=(14, 13, 12, 11, 10) if compact else (16, 15, 14, 13, 12, 11, 10),
        ink=inks,
        kinds=kinds,
    )
    signs = []
    if scale is not None:
        order = range(scale.count - 1, -1, -1)
        signs = [Sign(_patch(_spread(scale, n)), scale.words(n, thai_digits)) for n in order]
    if any(area.code not in shown and area.code not in secret for area in laid):
        signs.append(Sign(_empty_patch(), _("ไม่มีข้อมูล")))
    if secret:
        signs.append(Sign(_empty_patch(), _("ปกปิด (น้อยกว่าเกณฑ์)")))
    remarks = [" · ".join(keys)] if keys else []
    canvas.legend(
        signs,
        title="" if compact or not unit else _("หน่วย: %(unit)s") % {"unit": unit},
        columns=2 if compact else 0,
        size=13 if compact else 14,
        notes=[*remarks, *_origin(base), *notes],
    )
    return canvas.svg()


def area_map(
    *, schools: Iterable[School] | None, symbols: str, values: Mapping[str, float | None] | None, title: str, unit: str, decimals: int,
    width: float, height: float | None, within: Sequence[str], thai_digits: bool, tambons: bool, names: bool, notes: Sequence[str],
    networks: Mapping[int, str] | None, struck: Sequence[tuple[str, Sequence[Any]]] = (), states: Mapping[int, str] | None = None,
) -> str | None:  # fmt: skip
    rows = list(schools if schools is not None else _own(within))
    placed = [school for school in rows if school.latitude is not None and school.longitude is not None]
    base = ground(within=within)
    points = [(float(school.longitude), float(school.latitude)) for school in placed]
    bounds = bounds_of(base.areas, points)
    if bounds is None:
        return None
    plane = Plane(bounds, width, pad=18, height=height)
    canvas = Canvas(plane, title or _("แผนที่โรงเรียน"), thai_digits)
    laid = plane.lay(base.areas)
    _surroundings(canvas, base, laid)
    for area in laid:
        canvas.area(area.shape, fill="surface", kind="map-land", line="line-2", thick=0, title=area.name)
    if tambons:
        for area in plane.lay(ground(OutlineLevel.TAMBON, within=within).areas):
            canvas.area(area.shape, fill="", kind="map-inner", line="line", thick=0.8)
    _struck(canvas, [surface_of(coordinates) for _words, coordinates in struck])
    for area in laid:
        canvas.area(area.shape, fill="", kind="map-border", line="line-field", thick=1.3)
    spots = [plane.at(*point) for point in points]
    # A school of an emergency shows what it reported instead of what it is.
    told = states or {}
    rest = [(school, spot) for school, spot in zip(placed, spots, strict=True) if school.pk not in told]
    others, places = [school for school, _spot in rest], [spot for _school, spot in rest]
    if symbols == SchoolSymbols.NETWORK:
        signs = by_network(canvas, others, places, networks or {})
    elif symbols == SchoolSymbols.INDICATOR and values is not None:
        signs = by_class(canvas, others, places, values, decimals)
    else:
        signs = by_size_and_level(canvas, others, places, sized=symbols == SchoolSymbols.SIZE)
    reported = by_state(canvas, placed, spots, told) if told else []
    canvas.description = _("โรงเรียน %(n)s แห่ง") % {"n": canvas.number(len(placed))}
    if symbols in (SchoolSymbols.SIZE, SchoolSymbols.LEVEL) and any(not s.position_confirmed for s in others):
        signs.append(dot_sign(estimated=True))
    if names and len(base.areas) > 1:
        name_areas(
            canvas, laid, sizes=(17, 16, 15, 14, 13), dots=spots, numbered=False, weight=600,
            ink={area.code: "ink-2" for area in laid}, halos={area.code: "surface" for area in laid},
        )  # fmt: skip
    _furniture(canvas)
    signs += [*reported, *(Sign(_struck_patch(), words) for words, _coordinates in struck)]
    absent = len(rows) - len(placed)
    remarks = [_("อีก %(n)s แห่งไม่มีพิกัด") % {"n": canvas.number(absent)}] if absent else []
    canvas.legend(
        signs,
        title=_("หน่วย: %(unit)s") % {"unit": unit} if unit else "",
        size=14,
        notes=[*remarks, *_origin(base), *notes],
    )
    return canvas.svg()


def school_map(
    school: School, *, width: float, height: float | None, whole: bool, thai_digits: bool
) -> str | None:
    """The district of a school (or the ``whole`` area) with its tambon filled and the school as a pin."""
    base = ground()
    own = [area for area in base.areas if area.code == school.amphoe_code]
    frame = base.areas if whole or not own else own
    placed = school.latitude is not None and school.longitude is not None
    points = [(float(school.longitude), float(school.latitude))] if placed else []
    bounds = bounds_of(frame, points)
    if bounds is None:
        return None
    plane = Plane(bounds, width, pad=8, height=height)
    canvas = Canvas(plane, _("ที่ตั้งโรงเรียน%(name)s") % {"name": school.name}, thai_digits)
    seen = plane.lay(base.areas)
    inside = [area for area in seen if area.code in {one.code for one in frame}]
    box = shapely.box(0, 0, plane.width, plane.height)
    for area in seen:
        if not whole and area.code != school.amphoe_code:
            piece = shapely.intersection(area.shape, box)
            if piece.area > 0:
                canvas.area(faces(piece), fill="ground", kind="map-around", line="line-2", thick=0.8)
    tambons = (
        plane.lay(ground(OutlineLevel.TAMBON, within=[school.amphoe_code]).areas)
        if school.amphoe_code and not whole
        else []
    )
    for area in inside:
        here = area.code == school.amphoe_code
        canvas.area(
            area.shape,
            fill="map-1" if here and whole else "surface",
            kind="map-class-1" if here and whole else "map-land",
            line="line-2",
        )
    for area in tambons:
        here = area.code == school.tambon_code
        canvas.area(
            area.shape, fill="map-1" if here else "", kind="map-class-1" if here else "map-inner", line="line-2", thick=0.8,
        )  # fmt: skip
    for area in inside:
        canvas.area(area.shape, fill="", kind="map-border", line="line-field", thick=1.3)
    if placed:
        x, y = plane.at(*points[0])
        canvas.taken.append((x - 10, y - 24, x + 10, y + 6))
    named = tambons or inside
    name_areas(
        canvas, named, sizes=(13, 12, 11, 10), ink={area.code: "ink-2" for area in named}, numbered=False,
    )  # fmt: skip
    if placed:
        _pin(canvas, *plane.at(*points[0]), sure=school.position_confirmed)
    _furniture(canvas, small=width < 260)
    notes = []
    if not placed:
        notes.append(_("โรงเรียนยังไม่มีพิกัด"))
    elif not school.position_confirmed:
        notes.append(_("ยังไม่ยืนยันพิกัด"))
    canvas.legend([], notes=[*notes, *_origin(base)], size=12)
    return canvas.svg()


def stands(schools: Sequence[School]) -> bool | None:
    """Whether the area is taller than wide; None of nothing."""
    placed = [one for one in schools if one.latitude is not None and one.longitude is not None]
    bounds = bounds_of(ground().areas, [(float(one.longitude), float(one.latitude)) for one in placed])
    return None if bounds is None else bounds[3] - bounds[1] >= bounds[2] - bounds[0]


@dataclass(frozen=True)
class Reading:
    """What a mapping of figures says of the areas: how many were understood and which keys were not."""

    known: int
    strange: tuple[str, ...]


def read_keys(values: Mapping[Key, Any], level: str) -> Reading:
    """Which keys name no area of the map: for a note beside it, so that no figure is lost in silence."""
    areas = ground(level).areas
    index = _index(areas)
    strange = tuple(str(key) for key in values if _find(index, key) is None)
    return Reading(len(values) - len(strange), strange)


def _own(within: Sequence[str]) -> Iterable[School]:
    found = own_schools().order_by("smis8", "pk")
    return found.filter(amphoe_code__in=within) if within else found


def _index(areas: Iterable[Area]) -> dict[Key, str | None]:
    """Code, name, and (district code, name) → code; a name that stands twice says nothing."""
    found: dict[Key, str | None] = {}
    for area in areas:
        found[area.code] = area.code
        found[(area.code[:4], area.name)] = area.code
        found[area.name] = None if area.name in found else area.code
    return found


def _find(index: Mapping[Key, str | None], key: Key) -> str | None:
    return index.get(key) or (index.get(key.removeprefix("อำเภอ")) if isinstance(key, str) else None)


def _by_code(values: Mapping[Key, float | None], areas: Iterable[Area]) -> dict[str, float | None]:
    index = _index(areas)
    found: dict[str, float | None] = {}
    for key, value in values.items():
        code = _find(index, key)
        if code is not None:
            found[code] = value
    return found


def _step(scale: Classes, value: float) -> int:
    """The colour of a value: fewer than four classes keep the ends of the sequence."""
    return _spread(scale, scale.of(value))


def _spread(scale: Classes, index: int) -> int:
    if scale.count == 1:
        return 2
    return round(index * (len(SEQUENCE) - 1) / (scale.count - 1))


def _patch(index: int) -> str:
    return (
        f'<rect class="map-class map-class-{index + 1}" x="-8" y="-8" width="16" height="16" rx="2.5" '
        f'fill="{colour(SEQUENCE[index])}"/>'
    )


def _empty_patch() -> str:
    line = colour("line-2")
    return (
        f'<rect class="map-empty" x="-7.5" y="-7.5" width="15" height="15" rx="2.5" fill="{colour("surface")}" stroke="{line}"/>'
        f'<path class="map-hatch" d="M-7 1L1 -7M-6 6L6 -6M-1 7L7 -1" fill="none" stroke="{line}"/>'
    )


def _struck_patch() -> str:
    ink = colour("accent")
    return (
        f'<rect class="map-struck" x="-8" y="-7" width="16" height="14" fill="{ink}" fill-opacity="0.14" stroke="{ink}" stroke-width="1.4"/>'
        f'<path class="map-struck-hatch" d="M-8 2L1 -7M-6 7L8 -7M3 7L8 2" fill="none" stroke="{ink}" stroke-width="1.2"/>'
    )


def _struck(canvas: Canvas, shapes: Sequence[Any]) -> None:
    """Struck ground: thin enough to see borders through, hatched so that a copier keeps it."""
    plane = canvas.plane
    box = shapely.box(0, 0, plane.width, plane.height)
    for shape in shapes:
        flat = shapely.simplify(shapely.transform(shape, plane.project()), 0.4)
        piece = faces(shapely.intersection(flat if flat.is_valid else shapely.make_valid(flat), box))
        if piece.area > 0:
            canvas.area(piece, fill="accent", kind="map-struck", line="accent", thick=1.4, opacity=0.14)
            canvas.hatch(piece, "map-struck-hatch", gap=8, ink="accent", thick=1.0)


def _surroundings(canvas: Canvas, base: Ground, laid: Sequence[Area]) -> None:
    """What lies about the area, pale and cut at the frame."""
    box = shapely.box(0, 0, canvas.plane.width, canvas.plane.height)
    for area in canvas.plane.lay(base.around):
        piece = shapely.intersection(area.shape, box)
        if piece.area > 0:
            canvas.area(
                faces(piece), fill="ground", kind="map-around", line="line", thick=0.8, title=area.name
            )


def _furniture(canvas: Canvas, small: bool = False) -> None:
    """The bar of scale bottom left and the arrow top right, each in the corner with the least land."""
    plane = canvas.plane
    canvas.scale_bar(12, plane.height - 8, plane.width * (0.3 if small else 0.22))
    canvas.taken.append((0, plane.height - 34, plane.width * 0.4, plane.height))
    if not small:
        canvas.north(plane.width - 16, 8)
        canvas.taken.append((plane.width - 36, 0, plane.width, 48))


def _pin(canvas: Canvas, x: float, y: float, sure: bool) -> None:
    fill = colour("alert") if sure else colour("surface")
    canvas.parts.append(
        f'<path class="map-pin{"" if sure else " is-estimated"}" d="M{x} {y}c-2 -6 -8 -9 -8 -15a8 8 0 1 1 16 0c0 6 -6 9 -8 15z" '
        f'fill="{fill}" stroke="{colour("surface") if sure else colour("alert")}" stroke-width="1.5"/>'
        f'<circle class="map-pin-eye" cx="{x}" cy="{y - 15:.1f}" r="2.6" fill="{colour("surface") if sure else colour("alert")}"/>'
    )


def _origin(base: Ground) -> list[str]:
    """A map that does not stand on loaded outlines says so."""
    return {
        "hull": [_("ยังไม่ได้ใส่แนวเขต: ขอบเขตลากโดยประมาณรอบโรงเรียน ไม่ใช่เขตปกครอง")],
        "tambons": [_("แนวเขตอำเภอรวมจากแนวเขตตำบล")],
    }.get(base.origin, [])


__all__ = ["area_map", "choropleth", "read_keys", "school_map"]
