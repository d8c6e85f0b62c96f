"""The map as it is printed: A4 or A3, standing or lying as the area does, with its scale as a number and its source."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from khet.base.lib.pdf.maps import UNITS_PER_MM, MapPaper, map_sheet, room
from khet.base.lib.thai import thai_date
from khet.base.org.queries import frame_office
from khet.modules.schools.api import School
from khet.outlets.maps.drawing.classes import number

_ROOT = re.compile(r'data-metres="([0-9.]+)" viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


def map_pdf(
    schools: Sequence[School], *, show: str, title: str, size: str, values: dict[str, float | None] | None = None, about: dict[str, Any] | None = None,
    struck: Sequence[tuple[str, Sequence[Any]]] = (), states: Mapping[int, str] | None = None,
) -> bytes | None:  # fmt: skip
    """The area's schools on a sheet; None where there is nothing to draw. ``struck``: ground under them, words and outline each;
    ``states``: what the schools of an emergency said, by their number."""
    pictures = importlib.import_module("khet.outlets.maps.drawing.pictures")
    told = about or {}

    def draw(width: float, height: float) -> str | None:
        return pictures.area_map(
            schools=schools, symbols=show, values=values, networks={one.pk: one.network_name for one in schools if one.network_name},
            title=title, unit=told.get("unit", ""), decimals=told.get("decimals", 0), width=width, height=height, within=(),
            thai_digits=False, tambons=True, names=True, notes=[told["note"]] if told.get("note") else [],
            struck=struck, states=states or {},
        )  # fmt: skip

    standing = pictures.stands(schools)
    if standing is None:
        return None
    wide, high = room(size, not standing)
    svg = _fitted(draw, wide * UNITS_PER_MM, high * UNITS_PER_MM)
    if svg is None:
        return None
    metres = float(_ROOT.search(svg)[1])
    office = frame_office()
    source = _("ที่มา: ทะเบียนโรงเรียน ณ วันที่ %(day)s") % {"day": thai_date(timezone.localdate())}
    if told.get("round"):
        source = _("ที่มา: สำมะโน %(round)s ลายนิ้วมือ %(sha)s") % {
            "round": told["round"],
            "sha": told["sha256"][:12],
        }
    return map_sheet(
        MapPaper(
            title=title,
            office=office.name if office else "",
            svg=svg,
            width=wide,
            size=size,
            landscape=not standing,
            scale=_("มาตราส่วน 1 : %(n)s") % {"n": number(_rounded(metres * UNITS_PER_MM * 1000))},
            source=source,
            printed=_("พิมพ์ %(day)s") % {"day": thai_date(timezone.localdate())},
        )
    )


def _fitted(draw: Callable[[float, float], str | None], width: float, height: float) -> str | None:
    """Legends differ in height: the picture is drawn a second time in what the first legend left over."""
    svg = draw(width, height - 90)
    if svg is None:
        return None
    over = float(_ROOT.search(svg)[3]) - height
    return draw(width, height - 90 - over) if over > 1 else svg


def _rounded(scale: float) -> int:
    """A scale to three figures: 1 : 247,312 is not known so well."""
    step = 10 ** max(len(str(int(scale))) - 3, 0)
    return round(scale / step) * step
