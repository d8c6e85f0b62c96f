"""The children of a school's service area on the school's page; the cases of a pupil on the pupil's."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor, visible
from khet.kits.register.bases import Tab, add_tab
from khet.modules.children.models import Case, Standing
from khet.modules.children.queries.children import now_year
from khet.modules.children.queries.figures import figures
from khet.modules.children.rules import VIEW
from khet.modules.schools.api import School
from khet.modules.students.api import Pupil


def _children(actor: Actor, school: School) -> dict[str, Any]:
    year = now_year()
    return {
        "figures": figures(visible(actor, Standing.objects.filter(child__school=school)), year),
        "school": school,
    }


def _cases(actor: Actor, pupil: Pupil) -> dict[str, Any]:
    return {
        "cases": visible(actor, Case.objects.filter(pupil=pupil)).select_related("school").order_by("-pk")
    }


add_tab(
    "schools", Tab("children", _("เด็กในเขตบริการ"), "children/tab_school.html", _children), capability=VIEW
)
add_tab("pupils", Tab("tracing", _("การติดตาม"), "children/tab_pupil.html", _cases), capability=VIEW)
