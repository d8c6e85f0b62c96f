"""Figures are for everybody who works here; cells of few people only for who may see the rows behind them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from khet.base.org.api import EVERYONE, Actor, Rule, capability, rule
from khet.kits.rounds.api import sheets
from khet.outlets.statistics.bases import Indicator
from khet.outlets.statistics.models import PastFigure

VIEW = capability("statistics.view", _("ดูสถิติของเขต"), roles=EVERYONE)
# The register shows every row as the document has it, small cells too; the pages of statistics are for everybody and hide them.
VIEW_PAST = capability(
    "statistics.view_past", _("ดูทะเบียนตัวเลขก่อนใช้ระบบ"), roles=["director", "deputy", "planner", "admin"]
)
PAST = capability("statistics.past", _("นำเข้า แก้ และส่งออกตัวเลขก่อนใช้ระบบ"), roles=["planner"])

rule(Rule(PastFigure, view=VIEW_PAST, unit=None))


def seers_of(indicator: Indicator) -> set[str]:
    """The capabilities that together let one see the rows an indicator is counted from."""
    return {
        one.sees for one in sheets if one.sees and any(table.code in indicator.needs for table in one.census)
    }


def may_see_rows(actor: Actor, indicator: Indicator, unit: int | None = None) -> bool:
    """Whether the reader may see the rows behind the figures: of the whole area, or of the one ``unit`` that is shown."""
    seers = seers_of(indicator)
    if not seers:
        return False
    scopes = [actor.scope(code) for code in seers]
    return all(scope.everywhere or (unit is not None and unit in _units(scope)) for scope in scopes)


def _units(scope: object) -> set[int]:
    units = set(scope.units)  # type: ignore[attr-defined]
    if scope.trees:  # type: ignore[attr-defined]
        units |= set(scope.unit_ids().values_list("pk", flat=True))  # type: ignore[attr-defined]
    return units
