"""The service record as a tab of an official's page, for those who may open it; a school's people on the school's page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.org.api import Actor, can
from khet.kits.register.bases import Tab, add_tab
from khet.modules.staff.models import Official
from khet.modules.staff.queries.schools import school_tab
from khet.modules.staff.queries.service import is_owner, service_lines
from khet.modules.staff.rules import CERTIFY, PAY, RECORD, SERVICE, VIEW


def service_tab(actor: Actor, official: Official) -> dict[str, Any]:
    """Rows without what they say of pay: that is opened with a reason, but to the owner."""
    if not (is_owner(actor, official) or can(actor, SERVICE, official)):
        return {"closed": True}
    may = {
        "may_write": can(actor, RECORD, official) and not is_owner(actor, official),
        "may_certify": can(actor, CERTIFY, official) and not is_owner(actor, official),
        "may_open_pay": can(actor, PAY, official),
    }
    return {
        "official": official,
        "lines": service_lines(official),
        "show_pay": is_owner(actor, official),
        "copies": list(official.service_copies.all()[:20]) if may["may_certify"] else [],
        **may,
    }


add_tab(
    "officials",
    Tab("service", gettext_lazy("ก.พ.7"), "staff/service/tab.html", service_tab),
    capability=SERVICE,
)
add_tab(
    "schools",
    Tab("staff", pgettext_lazy("many", "บุคลากร"), "staff/tab_school.html", school_tab),
    capability=VIEW,
)
