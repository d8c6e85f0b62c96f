"""What the page offers the panels that others declare, and which of them is shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from khet.outlets.statistics.panels import Panel, Slot, panels
from khet.outlets.statistics.queries.shown import Shown
from khet.outlets.statistics.queries.tables import HIDDEN, written


@dataclass(frozen=True)
class Drawn:
    """The panel of a page: its markup and the address of the larger view."""

    panel: Panel
    markup: SafeString
    link: str


def slot_of(shown: Shown) -> Slot | None:
    """The districts of the round as a slot; None where there is only one, or where the page shows a smaller place."""
    if len(shown.districts) < 2:
        return None
    said, asked = shown.indicator, shown.asked
    return Slot(
        indicator=said,
        title=str(said.title),
        unit=str(said.unit),
        period=asked.period.short,
        values={code: cell.value for code, _name, cell in shown.districts},
        names={code: name for code, name, _cell in shown.districts},
        words={
            code: HIDDEN if cell.hidden else written(cell.value, said.digits)
            for code, _name, cell in shown.districts
        },
        links={
            code: asked.url(level="district", place=code, by="") for code, _name, _cell in shown.districts
        },
        address=asked.query(),
    )


def panel_for(shown: Shown) -> Drawn | None:
    """The first declared panel that can show the districts."""
    slot = slot_of(shown)
    if slot is None:
        return None
    for one in panels:
        markup = one.draw(slot)
        if markup is not None:
            return Drawn(one, markup, one.link(slot))
    return None
