"""Further parts of a school's page."""

from __future__ import annotations

from typing import Any

from khet.base.org.api import Actor, can
from khet.modules.schools.actions.photos import photos
from khet.modules.schools.models import School
from khet.modules.schools.queries.villages import service_area
from khet.modules.schools.rules import EDIT_OWN, SERVICE


def codes_tab(actor: Actor, school: School) -> dict[str, Any]:
    return {
        "codes": school.codes.all(),
        "statuses": school.statuses.select_related("other"),
        "received": school.received.order_by("sort_name"),
    }


def photos_tab(actor: Actor, school: School) -> dict[str, Any]:
    return {"photos": photos(school), "may_add": can(actor, EDIT_OWN, school)}


def service_tab(actor: Actor, school: School) -> dict[str, Any]:
    return {
        "services": list(service_area(school)),
        "school": school,
        "may_change": can(actor, SERVICE, school),
    }
