"""The events a school was in, on the school's own page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor, visible
from khet.kits.register.bases import Tab, add_tab
from khet.modules.emergencies.queries import calls_of_school
from khet.modules.emergencies.rules import VIEW
from khet.modules.schools.api import School


def _events(actor: Actor, school: School) -> dict[str, Any]:
    return {"calls": list(visible(actor, calls_of_school(school)))}


add_tab("schools", Tab("emergencies", _("เหตุภัย"), "emergencies/tab.html", _events), capability=VIEW)
