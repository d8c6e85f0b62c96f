"""What the map shows: schools as far as the reader sees them, outlines thinned for the screen, figures by school."""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from khet.base.org.api import Actor, visible
from khet.kits.rounds.api import censuses
from khet.modules.schools.api import Outline, School, own_schools, with_networks
from khet.outlets.statistics.api import Chapter, Level, figures, indicators

# The page's whole picture stays under 200 kB compressed; some 12,000 corners are.
MOST_CORNERS = 12_000


def schools_on_map(actor: Actor) -> list[School]:
    """The open schools of the area that the reader sees, with ``network_name``. One query."""
    rows = with_networks(visible(actor, own_schools())).only(
        "pk", "smis8", "name", "sort_name", "levels", "size", "pupils", "amphoe", "amphoe_code", "tambon", "tambon_code", "latitude",
        "longitude", "position_state", "outside_m", "unit_id",
    )  # fmt: skip
    return list(rows.order_by("sort_name", "pk"))


def outlines_now() -> tuple[int, int, int]:
    """A sign that changes whenever outlines do: a level is always replaced by new rows."""
    found = Outline.objects.aggregate(n=Count("pk"), first=Min("pk"), last=Max("pk"))
    return found["n"], found["first"] or 0, found["last"] or 0


@lru_cache(maxsize=8)
def _shapes(sign: tuple[int, int, int], ours: frozenset[str]) -> dict[str, Any]:
    return importlib.import_module("khet.outlets.maps.drawing.screen").shapes(ours, MOST_CORNERS)


def shapes(schools: list[School]) -> dict[str, Any]:
    """Districts and tambons as GeoJSON for the browser, neighbours thinned together; kept while the outlines are the same."""
    return _shapes(outlines_now(), frozenset(school.amphoe_code for school in schools if school.amphoe_code))


def choices_of_figures() -> list[tuple[str, list[tuple[str, str]]]]:
    """Indicators by chapter, for a list to choose from."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for one in indicators:
        grouped.setdefault(str(Chapter(one.chapter).label), []).append((one.code, str(one.title)))
    return list(grouped.items())


def figure_of_schools(code: str, round_code: str = "") -> tuple[dict[str, float | None], dict[str, Any]]:
    """The values of an indicator by school in a closed round (the newest unless named), and what they are.

    A hidden value is left out and counted in ``hidden``. Without a closed round there are none: ``note`` says why.
    """
    known = censuses()
    chosen = next((one for one in known if round_key(one) == round_code), known[0] if known else None)
    if chosen is None:
        return {}, {"note": _("ยังไม่มีรอบข้อมูลที่ปิดแล้ว ตัวชี้วัดจะปรากฏเมื่อปิดรอบแรก")}
    found = figures(code, [chosen], Level.SCHOOL, dims=())
    values = {row.place: row.value for row in found.rows if not row.hidden and row.value is not None}
    about = {
        "title": str(found.indicator.title),
        "unit": str(found.indicator.unit),
        "round": str(chosen.round.title),
        "sha256": chosen.sha256,
        "hidden": sum(1 for row in found.rows if row.hidden),
        "decimals": 0 if all(float(value).is_integer() for value in values.values()) else 1,
        "note": "; ".join(str(why) for why in found.missing.values()),
    }
    return values, about


def round_key(census: Any) -> str:
    """The number of a census's round in an address."""
    return str(census.round_id)
