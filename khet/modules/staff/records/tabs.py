"""Further parts of an official's page."""

from __future__ import annotations

from typing import Any

from khet.base.org.api import Actor, can
from khet.modules.staff.actions.photos import photo_of
from khet.modules.staff.models import Official
from khet.modules.staff.parts import PARTS
from khet.modules.staff.rules import EDIT, EDIT_SCHOOL, PRIVATE


def parts_tab(actor: Actor, official: Official) -> dict[str, Any]:
    """Every kind of part with its rows; discipline only for those who may read private facts."""
    may_edit, may_teach = can(actor, EDIT, official), can(actor, EDIT_SCHOOL, official)
    private = can(actor, PRIVATE, official)
    return {
        "parts": [
            {
                "part": part,
                "rows": list(part.model.objects.filter(official=official)),
                "may": may_teach if part.code == "teaching" else may_edit,
            }
            for part in PARTS.values()
            if private or not part.private
        ]
    }


def moves_tab(actor: Actor, official: Official) -> dict[str, Any]:
    return {
        "incumbencies": official.incumbencies.select_related("position__unit"),
        "secondments": official.secondments.select_related("unit"),
        "may_edit": can(actor, EDIT, official),
    }


def photo_panel(actor: Actor, official: Official) -> dict[str, Any]:
    return {"photo": photo_of(official), "may_edit": can(actor, EDIT_SCHOOL, official)}
