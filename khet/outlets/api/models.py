"""Tokens of programs, what they asked, and which data sets are open to everybody."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from khet.outlets.api.choices import TokenScope

KEPT_DAYS = 400
"""A call may be forgotten after so long; the trigger below holds the same number."""


class Token(models.Model):
    """A key for a program of one unit. The key itself is nowhere: ``fingerprint`` is its keyed hash, ``head`` its first signs.

    It acts as ``person`` in ``post``, at ``unit``, with ``scopes`` and nothing else; when the person leaves the post it opens
    nothing any more. ``window_at`` and ``asked`` count what was asked in the present minute.
    """

    personal_data = {
        "person": "conduct",
        "made_by": "conduct",
        "revoked_by": "conduct",
        "last_address": "conduct",
    }

    name = models.CharField(_("ชื่อโปรแกรม"), max_length=100)
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    post = models.ForeignKey("org.Post", models.PROTECT, related_name="+")
    scopes = ArrayField(models.CharField(max_length=20, choices=TokenScope.choices))
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    head = models.CharField(max_length=12, editable=False)
    made_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("ใช้ได้ถึง"))
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    last_used_at = models.DateTimeField(null=True)
    last_address = models.GenericIPAddressField(null=True)
    window_at = models.DateTimeField(null=True)
    asked = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("โทเคน")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="api_token_lives"),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="api_token_opens_something"),
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="api_token_of_unit")]

    def __str__(self) -> str:
        return f"{self.name} ({self.head}…)"

    @property
    def scope_words(self) -> list[str]:
        return [str(TokenScope(one).label) for one in self.scopes]


class Call(models.Model):
    """One thing a program asked, and how it was answered. ``token`` is empty where none fitted. Append-only."""

    personal_data = {"address": "conduct"}

    token = models.ForeignKey(Token, models.PROTECT, null=True, related_name="calls", db_index=False)
    at = models.DateTimeField(db_default=Now())
    method = models.CharField(max_length=7)
    path = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField()
    rows = models.PositiveIntegerField(default=0)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        verbose_name = _("การเรียกของโปรแกรม")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["token", "-at"], name="api_call_of_token"),
            models.Index(fields=["at"], name="api_call_at"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=(
                    "IF TG_OP = 'DELETE' AND OLD.at < now() - INTERVAL '400 days' THEN RETURN OLD; END IF; "
                    "RAISE EXCEPTION 'pgtrigger: what programs asked is append-only';"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.method} {self.path} {self.status}"


class OpenSet(models.Model):
    """An indicator that the office has opened to everybody, from now on and for the rounds closed before."""

    personal_data = {"opened_by": "conduct"}

    code = models.CharField(_("ตัวชี้วัด"), max_length=80, primary_key=True)
    opened_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("ชุดข้อมูลเปิด")

    def __str__(self) -> str:
        return self.code
