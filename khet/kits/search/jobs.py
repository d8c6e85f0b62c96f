"""Indexing outside the request, for many records at once. Running twice does no harm."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from procrastinate.contrib.django import app

CHUNK = 2_000


def index_later(model: type[models.Model], pks: Iterable[int]) -> None:
    """Queue the indexing within the running transaction."""
    wanted = sorted(set(pks))
    for begin in range(0, len(wanted), CHUNK):
        index_records.defer(label=model._meta.label_lower, pks=wanted[begin : begin + CHUNK])


@app.task(name="search.index_records", queue="search", retry=3)
def index_records(label: str, pks: list[int]) -> None:
    """Index some records of one model."""
    from khet.kits.search.actions import index  # noqa: PLC0415 - words and grams load in the worker only

    index(apps.get_model(label), pks)


@app.task(name="search.reindex", queue="search", retry=1)
def reindex_kind(code: str) -> None:
    """Make one kind's index again."""
    from khet.kits.search.actions import reindex  # noqa: PLC0415

    reindex(code)
