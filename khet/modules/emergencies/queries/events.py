"""Events and the schools they call."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from khet.modules.emergencies.choices import SchoolState
from khet.modules.emergencies.models import Call, Event
from khet.modules.schools.api import School, own_schools


def open_events() -> QuerySet[Event]:
    return Event.objects.filter(closed_at__isnull=True)


def with_counts(queryset: QuerySet[Event] | None = None) -> QuerySet[Event]:
    """Events with how many schools are in them, have answered, are closed."""
    return (Event.objects.all() if queryset is None else queryset).annotate(
        total=Count("calls"),
        answered=Count("calls", filter=Q(calls__latest__isnull=False)),
        shut=Count("calls", filter=Q(calls__latest__state=SchoolState.CLOSED)),
    )


def schools_for(districts: Iterable[str] = (), schools: Iterable[int] = ()) -> QuerySet[School]:
    """The open schools of the area in these districts (by name) or named one by one; all when neither is given."""
    districts, schools = list(districts), list(schools)
    found = own_schools()
    if districts or schools:
        found = found.filter(Q(amphoe__in=districts) | Q(pk__in=schools))
    return found


def calls_of_school(school: School) -> QuerySet[Call]:
    """Every event a school was in, newest first."""
    return (
        Call.objects.filter(school=school)
        .select_related("event", "latest")
        .order_by("-event__opened_at", "-event_id")
    )


def closed_unit_ids() -> set[int]:
    """Units of schools that stand reported as closed in an open event."""
    return set(
        Call.objects.filter(event__closed_at__isnull=True, latest__state=SchoolState.CLOSED).values_list(
            "unit_id", flat=True
        )
    )
