"""Formats the office has, and every export that was made: numbered, with its manifest, never changed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class KeptFormat(models.Model):
    """A version of a format: uploaded by the office, or a shipped one from the day it was first exported with.

    ``text`` is the file as it came; a version never changes. ``retired_at``: no longer offered.
    """

    personal_data = {"made_by": "conduct"}

    code = models.CharField(_("รหัสรูปแบบ"), max_length=40)
    version = models.CharField(_("รุ่น"), max_length=20)
    name = models.CharField(_("ชื่อ"), max_length=150)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    is_shipped = models.BooleanField(default=False)
    made_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("รูปแบบข้อมูลจังหวัด")
        ordering = ["code", "-pk"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="province_format_once")]
        triggers = [
            pgtrigger.ReadOnly(name="format_stays", fields=["code", "version", "text", "sha256"]),
            pgtrigger.Protect(name="format_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Export(models.Model):
    """One export: which format and censuses, what came out. ``inputs`` is the digest of all that went in.

    The package and its manifest hang on it as files of kind ``package`` and ``manifest``.
    """

    personal_data = {"made_by": "conduct"}

    number = models.PositiveIntegerField(_("เลขที่"), unique=True)
    format = models.ForeignKey(KeptFormat, models.PROTECT, related_name="exports")
    census = models.ForeignKey("rounds.Census", models.PROTECT, related_name="+")
    inputs = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64)
    manifest = models.JSONField()
    rows = models.PositiveIntegerField(_("แถว"))
    made_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("ข้อมูลที่ส่งออกให้จังหวัด")
        ordering = ["-number"]
        constraints = [models.CheckConstraint(condition=Q(number__gt=0), name="province_export_numbered")]
        triggers = [pgtrigger.Protect(name="export_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.number} {self.format}"
