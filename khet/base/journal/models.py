"""The journal: what happened, append-only, each entry chained to the one before.

It holds no foreign keys on purpose: an entry tells who did what in words that stay true after the account,
the post or the unit has gone, and nothing outside can change or cascade into it.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Entry(models.Model):
    """One act. ``seq`` has no gaps; ``hash`` = SHA-256 over the previous hash and this row's canonical JSON."""

    personal_data = {
        "actor_id": "conduct",
        "actor_name": "conduct",
        "acting_for": "service",
        "changes": "conduct",
        "facts": "conduct",
        "address": "conduct",
    }

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    verb = models.CharField(max_length=80)
    sentence = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    acting_for = models.CharField(max_length=200, blank=True)
    unit_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=80, blank=True)
    others = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-seq"]
        indexes = [
            models.Index(fields=["subject", "-seq"]),
            models.Index(fields=["actor_id", "-seq"]),
            models.Index(fields=["unit_id", "-seq"]),
            models.Index(fields=["verb", "-seq"]),
            GinIndex(fields=["others"], opclasses=["jsonb_path_ops"], name="journal_entry_others"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'pgtrigger: the journal is append-only';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject}"


class Anchor(models.Model):
    """The chain's head at the end of a day, to be kept off this machine."""

    personal_data = None

    day = models.DateField(unique=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    sent_to = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.seq} {self.hash}"
