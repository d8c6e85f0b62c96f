"""From a figure to the rows behind it: the register's own list, with the filters that mean the same, for who may see it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from khet.base.org.api import Actor
from khet.kits.register.api import records
from khet.kits.rounds.api import sheets
from khet.outlets.statistics.choices import Level
from khet.outlets.statistics.queries.shown import Shown


def rows_link(actor: Actor, shown: Shown) -> str:
    """The list of the register that the indicator is counted from, of the school that is shown; "" where the reader may not.

    The list is of today, the figure of the round's day: the page says so beside the link.
    """
    needs = shown.indicator.needs
    sheet = next(
        (one for one in sheets if one.record and any(table.code in needs for table in one.census)), None
    )
    if sheet is None or sheet.record not in records or (sheet.sees and not actor.has(sheet.sees)):
        return ""
    filters = {}
    if shown.asked.place.level == Level.SCHOOL and any(
        one.code == "school" for one in records[sheet.record].facets
    ):
        filters["school"] = shown.asked.place.name
    return f"{reverse('register:list', args=[sheet.record])}{'?' + urlencode(filters) if filters else ''}"
