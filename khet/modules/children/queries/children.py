"""Children with their places; those who come of age."""

from __future__ import annotations

from django.db.models import ExpressionWrapper, F, IntegerField, QuerySet, Value

from khet.base.lib.thai.calendar import school_year
from khet.base.org.api import today
from khet.modules.children.choices import ABSENT, FROM
from khet.modules.children.models import Child

# The purpose of the fingerprint of a pupil's number: the same number is the same child.
PURPOSE = "citizen"


def now_year() -> int:
    """The present school year (BE)."""
    return school_year(today())


def with_places(queryset: QuerySet[Child] | None = None, year: int | None = None) -> QuerySet[Child]:
    """Children with service school, school attended, village, and ``age`` by calendar years in a school year."""
    rows = Child.objects.all() if queryset is None else queryset
    age = ExpressionWrapper(Value(year or now_year()) - F("birth_year"), output_field=IntegerField())
    return rows.select_related("school", "at_school", "village").annotate(age=age)


def intake(year: int, queryset: QuerySet[Child] | None = None) -> QuerySet[Child]:
    """The children who come of age for ป.1 in a school year, in the order of a list on paper."""
    return (
        with_places(queryset, year)
        .filter(birth_year=year - FROM)
        .exclude(registered__in=ABSENT)
        .order_by("home_amphoe", "home_tambon", "home_moo", "sort_name", "pk")
    )
