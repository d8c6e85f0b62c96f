"""The trail of sign-ins, the counters that slow an attacker, and accounts linked at other providers."""

from __future__ import annotations

import pgtrigger
from django.db import models

from khet.base.signin.choices import EventKind, Outcome, Provider
from khet.base.signin.devices import describe


class Event(models.Model):
    """One thing that happened at the door. Append-only; a row may go only when it is older than 90 days.

    No foreign keys: who it was stays readable after the account has gone. ``typed`` is what an unknown visitor
    typed as a name, shortened, because people type passwords into that field.
    """

    personal_data = {
        "account_id": "conduct",
        "name": "conduct",
        "typed": "account",
        "address": "conduct",
        "agent": "conduct",
        "detail": "conduct",
    }

    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=16, choices=EventKind.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    account_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200, blank=True)
    typed = models.CharField(max_length=80, blank=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at"]),
            models.Index(fields=["account_id", "-at"]),
            models.Index(fields=["address", "-at"]),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="keep_ninety_days",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=(
                    "IF TG_OP = 'DELETE' AND OLD.at < now() - INTERVAL '90 days' THEN RETURN OLD; END IF; "
                    "RAISE EXCEPTION 'pgtrigger: the trail of sign-ins is append-only';"
                ),
            ),
            pgtrigger.Trigger(
                name="no_truncate",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'pgtrigger: the trail of sign-ins is append-only';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.kind} {self.outcome}"

    @property
    def device(self) -> str:
        return describe(self.agent) if self.agent else "–"


class Counter(models.Model):
    """How often something was tried within a window; written by one statement only (``limits.py``).

    ``key`` is a keyed fingerprint, so the table names nobody. ``strikes`` counts windows that were overrun in
    a row: each doubles the next one.
    """

    personal_data = None

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)
    strikes = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"


class Link(models.Model):
    """An account a person has linked at LINE. ``subject`` is sealed, and found again by its fingerprint."""

    personal_data = {"account": "account", "subject": "account", "fingerprint": "account", "name": "account"}

    account = models.ForeignKey("org.Account", models.CASCADE, related_name="links")
    provider = models.CharField(max_length=10, choices=Provider.choices)
    subject = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    name = models.CharField(max_length=120, blank=True)
    linked_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["provider", "linked_at"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "fingerprint"], name="signin_link_subject_once"),
            models.UniqueConstraint(fields=["account", "provider"], name="signin_link_one_per_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.account_id}"
