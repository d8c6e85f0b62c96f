"""People of the staff in the search: by name, code, number of the position, place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from khet.kits.search.api import Document, SearchKind, search_kind
from khet.modules.staff.models import Official


def documents(queryset: models.QuerySet[Any]) -> Iterable[Document]:
    for official in queryset.select_related("person", "unit", "position"):
        yield Document(
            pk=official.pk,
            title=official.person.full_name,
            url=reverse("register:detail", args=["officials", official.pk]),
            numbers=[official.code, *([official.position.number] if official.position else [])],
            body=f"{official.title} {official.unit.name} {official.major}",
            note=f"{official.title} · {official.unit.short_name}",
            units=[official.unit_id],
        )


search_kind(SearchKind("officials", pgettext_lazy("many", "บุคลากร"), Official, documents, icon="users"))
