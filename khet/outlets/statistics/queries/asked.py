"""What a reader asks of an indicator, as it stands in the address; the address of any other view of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _t

from khet.base.lib.errors import NotFound
from khet.outlets.statistics.bases import Indicator
from khet.outlets.statistics.choices import Kind, Level
from khet.outlets.statistics.queries.periods import Period, Periods
from khet.outlets.statistics.queries.places import Place, places_of

SHOWS = ("count", "percent", "room")
BY_PLACES = (Level.DISTRICT, Level.NETWORK, Level.SCHOOL)


@dataclass(frozen=True)
class Asked:
    """``by`` is "" (its own dims), a dim, or a level: what stands in the rows. ``show``: count, percent or (per) room.

    ``beside`` is the round compared with. Everything else follows from these, so the address alone gives the same figures again.
    """

    indicator: Indicator
    period: Period
    beside: Period | None
    place: Place
    by: str = ""
    show: str = "count"
    pinned: bool = False

    def query(self, **changes: str) -> str:
        parts = {
            "round": self.period.pinned if self.pinned else self.period.key,
            "with": self.beside.key if self.beside else "none",
            "level": str(self.place.level) if self.place.code else "",
            "place": self.place.code or "",
            "by": self.by,
            "show": "" if self.show == "count" else self.show,
        } | changes
        return urlencode({name: value for name, value in parts.items() if value})

    def url(self, name: str = "indicator", **changes: str) -> str:
        """The address of another view of the same figure."""
        return f"{reverse(f'statistics:{name}', args=[self.indicator.code])}?{self.query(**changes)}"

    @property
    def stable(self) -> str:
        """The address that will always give these very figures: with the hash of the census."""
        return replace(self, pinned=True).url()


def read(indicator: Indicator, given: Mapping[str, str], periods: Periods) -> Asked | None:
    """From an address. None where there is no round at all; raises ``NotFound`` for what is not there."""
    asked = given.get("round", "")[:60]
    period = periods.find(asked) if asked else periods.newest
    if period is None:
        return None
    with_ = given.get("with", "")[:60]
    beside = None if with_ == "none" else periods.find(with_) if with_ else periods.before(period)
    if beside is not None and beside.key == period.key and not period.replaced:
        beside = None
    level = given.get("level", "") or str(Level.AREA)
    if level not in Level.values:
        raise NotFound(_t("ไม่มีระดับพื้นที่นี้ เลือกพื้นที่จากรายการบนหน้าสถิติ"), code="statistics.no_level")
    place = places_of(period.source).find(Level(level), given.get("place", "")[:20])
    by = given.get("by", "")
    if by not in (*BY_PLACES, *indicator.dim_codes):
        by = ""
    if by in BY_PLACES and _inside(place.level, Level(by)):
        by = ""
    show = given.get("show", "")
    if show not in SHOWS or (show == "percent" and indicator.kind != Kind.COUNT):
        show = "count"
    return Asked(indicator, period, beside, place, by, show, bool(asked) and "~" in asked)


def _inside(place: Level, by: Level) -> bool:
    """Whether a place is too small, or of another kind, to be divided so."""
    return place != Level.AREA
