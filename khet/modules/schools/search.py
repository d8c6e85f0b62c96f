"""Schools in the search: by name, any code they ever had, place, and the schools they took over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from khet.kits.search.api import Document, SearchKind, search_kind
from khet.modules.schools.models import School, SchoolCode


def documents(queryset: models.QuerySet[Any]) -> Iterable[Document]:
    """Three queries for any number of schools."""
    schools = list(queryset.select_related("unit"))
    pks = [school.pk for school in schools]
    codes: dict[int, list[str]] = {pk: [] for pk in pks}
    for pk, value in (
        SchoolCode.objects.filter(school__in=pks)
        .exclude(kind="area")
        .order_by("pk")
        .values_list("school", "value")
    ):
        codes[pk].append(value)
    taken: dict[int, list[str]] = {pk: [] for pk in pks}
    for row in School.objects.filter(joined__in=pks).order_by("pk").values("joined", "name", "smis8"):
        taken[row["joined"]] += [row["name"], row["smis8"]]
    for school in schools:
        place = " ".join(
            words
            for words in (
                f"ต.{school.tambon}" if school.tambon else "",
                f"อ.{school.amphoe}" if school.amphoe else "",
                f"จ.{school.province}" if school.province else "",
            )
            if words
        )
        yield Document(
            pk=school.pk,
            title=school.full_name,
            url=reverse("register:detail", args=["schools", school.pk]),
            numbers=list(dict.fromkeys(codes[school.pk])),
            body=" ".join([school.name_en, place, school.address, *taken[school.pk]]),
            note=place,
            units=[school.unit_id],
        )


search_kind(SearchKind("schools", pgettext_lazy("many", "โรงเรียน"), School, documents, icon="school"))
