"""A school's people and its manpower, as a tab of the school's own page shows them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _

from khet.base.lib.thai.calendar import school_term, school_year
from khet.base.org.api import Actor, today, visible
from khet.modules.schools.api import School
from khet.modules.staff.choices import SEATS, Job, Seat
from khet.modules.staff.models import Criterion, Official
from khet.modules.staff.queries.manpower import manpower, share, signed
from khet.modules.staff.queries.retirement import forecast
from khet.modules.staff.rules import VIEW

_RANK = Case(
    When(job=Job.PRINCIPAL, then=0), When(job=Job.VICE_PRINCIPAL, then=1), When(job__in=SEATS[Seat.TEACHER], then=2), default=3,
    output_field=IntegerField(),
)  # fmt: skip


def school_tab(actor: Actor, school: School) -> dict[str, Any]:
    """Criterion against people, who serves here, who retires when. Counts of a school are for those who see its people."""
    scope, day = actor.scope(VIEW), today()
    people = visible(
        actor,
        Official.objects.filter(Q(unit=school.unit_id) | Q(work_unit=school.unit_id), left_on__isnull=True),
    ).select_related("person")
    context: dict[str, Any] = {"people": list(people.order_by(_RANK, "sort_name", "pk")[:200])}
    if not (scope.everywhere or school.unit_id in scope.units):
        return context
    line = manpower(day, school_year(day), school_term(day), [school.unit_id]).get(school.unit_id)
    if line is None:
        return context
    whole = line.count()
    gap = whole.gap("paper")
    percent = share(gap, whole.wanted)
    coming = forecast([school.unit_id], by="unit", day=day)
    return context | {
        "line": line,
        "seats": [(label, line.count(seat)) for seat, label in Seat.choices],
        "gap": gap,
        "gap_words": signed(gap),
        "percent_words": _("ร้อยละ %(n)s") % {"n": signed(percent)} if gap else _("พอดีเกณฑ์"),
        "vacant": sum(line.count(seat).vacant for seat in Seat.values),
        "vacant_url": f"{reverse('register:list', args=['positions'])}?{urlencode({'unit': school.unit.short_name, 'occupancy': 'vacant'})}",
        "retiring": list(zip(coming.years, coming.total(), strict=True)) if sum(coming.total()) else [],
        "unconfirmed": Criterion.objects.filter(is_confirmed=False).exists(),
    }
