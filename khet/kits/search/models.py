"""The index: one row for every record that can be found. It is made from the records and can be made again."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Entry(models.Model):
    """A record as found and shown. ``head`` and ``text`` are the squeezed copies that confirm a candidate:
    title and numbers a line each, and the body after them; the grams beside them are their index. ``words``
    are the words of the title, each between spaces, for ranking."""

    personal_data = {
        "title": "name",
        "note": "opinion",
        "body": "opinion",
        "words": "opinion",
        "head": "opinion",
        "text": "opinion",
    }

    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    title = models.TextField()
    numbers = models.TextField(blank=True)
    note = models.TextField(blank=True)
    body = models.TextField(blank=True)
    url = models.TextField()
    day = models.DateField(null=True)
    year = models.SmallIntegerField(null=True)
    units = ArrayField(models.BigIntegerField(), default=list)
    words = models.TextField(blank=True)
    head = models.TextField()
    text = models.TextField(blank=True)
    head_grams = SearchVectorField()
    text_grams = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")]
        indexes = [
            GinIndex(fields=["head_grams"], name="search_entry_head"),
            GinIndex(fields=["text_grams"], name="search_entry_text"),
            # the newest of a kind first: what is common is found among them
            models.Index(
                "kind",
                models.F("day").desc(nulls_last=True),
                models.F("id").desc(),
                name="search_entry_newest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id} {self.title[:40]}"
