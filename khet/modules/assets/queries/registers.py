"""The rows of the registers with everything their lists and pages show."""

from __future__ import annotations

from django.db.models import QuerySet

from khet.modules.assets.choices import Condition, Standing
from khet.modules.assets.models import Article, Building, Land


def buildings(queryset: QuerySet[Building] | None = None) -> QuerySet[Building]:
    return (
        (Building.objects.all() if queryset is None else queryset)
        .select_related("unit", "land")
        .defer("search_text")
    )


def articles(queryset: QuerySet[Article] | None = None) -> QuerySet[Article]:
    return (
        (Article.objects.all() if queryset is None else queryset)
        .select_related("unit", "responsible")
        .defer("search_text")
    )


def parcels(queryset: QuerySet[Land] | None = None) -> QuerySet[Land]:
    return (Land.objects.all() if queryset is None else queryset).select_related("unit")


def standing() -> QuerySet[Building]:
    """Buildings that have not been demolished."""
    return Building.objects.exclude(standing=Standing.DEMOLISHED)


def held() -> QuerySet[Article]:
    """Articles that have not been disposed of."""
    return Article.objects.exclude(condition=Condition.DISPOSED)
