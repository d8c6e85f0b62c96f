"""Further parts of the pages of buildings and articles."""

from __future__ import annotations

from typing import Any

from khet.base.lib.thai.calendar import ERA, fiscal_year
from khet.base.org.api import Actor, can, today
from khet.modules.assets.actions.photos import photos
from khet.modules.assets.choices import DemolitionState
from khet.modules.assets.depreciation import Value, fiscal_end, row_value
from khet.modules.assets.models import Article, Building
from khet.modules.assets.rules import ASK, EDIT, PERMIT


def photos_tab(actor: Actor, record: Any) -> dict[str, Any]:
    return {
        "photos": photos(record),
        "may_add": can(actor, EDIT, record),
        "record_kind": "articles" if isinstance(record, Article) else "buildings",
        "subject": record,
    }


def building_way(actor: Actor, building: Building) -> dict[str, Any]:
    demolitions = list(building.demolitions.all())
    for one in demolitions:
        one.may_answer = one.state == DemolitionState.ASKED and can(actor, PERMIT, building)
        one.may_finish = one.state == DemolitionState.PERMITTED and can(actor, ASK, building)
    return {"repairs": building.repairs.all(), "demolitions": demolitions}


def article_way(actor: Actor, article: Article) -> dict[str, Any]:
    return {
        "repairs": article.repairs.all(),
        "transfers": article.transfer_items.select_related("transfer__source", "transfer__target").order_by(
            "-pk"
        ),
        "disposals": article.disposal_items.select_related("disposal").order_by("-pk"),
        "sightings": article.sightings.select_related("check_of").order_by("-check_of__fiscal_year"),
    }


def value_tab(actor: Actor, article: Article) -> dict[str, Any]:
    """The value at the end of every fiscal year of its life, and today."""
    now = row_value(article, today())
    years: list[tuple[int, Value, Any]] = []
    if now is not None:
        first = fiscal_year(article.acquired_on)
        before = None
        for year in range(first, first + article.life_years + 1):
            value = row_value(article, fiscal_end(year))
            part = value.accumulated - (before.accumulated if before else 0)
            if part or year == first:
                years.append((year, value, part))
            before = value
    return {"now": now, "years": years, "this_year": fiscal_year(today()), "era": ERA}
