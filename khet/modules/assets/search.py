"""Buildings and articles in the search: by name, number, model, the code on the label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from khet.kits.search.api import Document, SearchKind, search_kind
from khet.modules.assets.models import Article, Building


def building_documents(queryset: models.QuerySet[Any]) -> Iterable[Document]:
    for building in queryset.select_related("unit"):
        yield Document(
            pk=building.pk,
            title=f"{building.name} {building.unit.short_name}",
            url=reverse("register:detail", args=["buildings", building.pk]),
            numbers=[number for number in (building.code, building.treasury_number) if number],
            body=building.model,
            note=building.unit.name,
            units=[building.unit_id],
        )


def article_documents(queryset: models.QuerySet[Any]) -> Iterable[Document]:
    for article in queryset.select_related("unit"):
        yield Document(
            pk=article.pk,
            title=article.name,
            url=reverse("register:detail", args=["articles", article.pk]),
            numbers=[article.number, article.code],
            body=" ".join((article.make, article.location)),
            note=article.unit.name,
            units=[article.unit_id],
        )


search_kind(
    SearchKind(
        "buildings", pgettext_lazy("many", "สิ่งก่อสร้าง"), Building, building_documents, icon="building-2"
    )
)
search_kind(
    SearchKind("articles", pgettext_lazy("many", "ครุภัณฑ์"), Article, article_documents, icon="package")
)
