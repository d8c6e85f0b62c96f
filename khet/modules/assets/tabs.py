"""The land of a school on the school's page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from khet.base.lib.thai.places import written_area
from khet.base.org.api import Actor, can, visible
from khet.kits.register.bases import Tab, add_tab
from khet.modules.assets.models import Land
from khet.modules.assets.rules import EDIT, VIEW
from khet.modules.schools.api import School


def land_tab(actor: Actor, school: School) -> dict[str, Any]:
    """Every parcel, and what they come to together."""
    parcels = list(visible(actor, Land.objects.filter(unit=school.unit_id)).order_by("number"))
    whole = sum((land.area_wa for land in parcels), Decimal(0))
    return {
        "parcels": parcels,
        "whole": written_area(whole),
        "undocumented": sum(1 for land in parcels if not land.document),
        "may_add": can(actor, EDIT, school.unit),
        "school": school,
    }


add_tab("schools", Tab("land", _("ที่ดิน"), "assets/tab_school.html", land_tab), capability=VIEW)
