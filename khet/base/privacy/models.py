"""The record of reading: who read what about whom, when, how and why. Append-only."""

from __future__ import annotations

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from khet.base.privacy.choices import DataKind, Via

KEPT_DAYS = 400  # a row may go when it is older; the trigger below holds the same number


class Reading(models.Model):
    """One subject read once. What was read together (a list taken out as a file) shares its ``occasion``.

    No foreign keys: who read about whom stays readable when the account, the pupil or the school has gone.
    ``subject`` is the record's name as in the journal, ``students.pupil:512``. ``what`` holds kinds of data,
    never the data itself.
    """

    personal_data = {
        "person_id": "conduct",
        "reader": "conduct",
        "acting_for": "service",
        "subject": "name",
        "subject_words": "name",
        "reason": "conduct",
        "address": "conduct",
    }

    at = models.DateTimeField(_("เวลา"))
    occasion = models.UUIDField(default=uuid.uuid4)
    size = models.PositiveIntegerField(_("จำนวนคนในครั้งนั้น"), default=1)
    person_id = models.BigIntegerField(null=True)
    reader = models.CharField(_("ผู้อ่าน"), max_length=200)
    acting_for = models.CharField(max_length=200, blank=True)
    reader_unit_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=80)
    subject_words = models.CharField(_("อ่านเรื่องของ"), max_length=200)
    subject_unit_id = models.BigIntegerField(null=True)
    is_outside = models.BooleanField(_("นอกหน่วยงานของผู้อ่าน"), default=False)
    what = ArrayField(models.CharField(max_length=16, choices=DataKind.choices))
    via = models.CharField(_("ทาง"), max_length=6, choices=Via.choices)
    reason = models.CharField(_("เหตุผล"), max_length=300, blank=True)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        verbose_name = _("การอ่านข้อมูลส่วนบุคคล")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "occasion"]),
            models.Index(fields=["subject", "-at"]),
            models.Index(fields=["person_id", "-at"]),
            models.Index(fields=["subject_unit_id", "-at"]),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=(
                    "IF TG_OP = 'DELETE' AND OLD.at < now() - INTERVAL '400 days' THEN RETURN OLD; END IF; "
                    "RAISE EXCEPTION 'pgtrigger: the record of reading is append-only';"
                ),
            ),
            pgtrigger.Trigger(
                name="no_truncate",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'pgtrigger: the record of reading is append-only';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.reader} → {self.subject}"

    @property
    def others(self) -> int:
        """How many were read about on the same occasion besides this one."""
        return self.size - 1

    @property
    def kinds(self) -> list[str]:
        """The kinds in words."""
        labels = dict(DataKind.choices)
        return [str(labels.get(kind, kind)) for kind in self.what]


class KeptFor(models.Model):
    """How many years the office keeps what a retention speaks of, where it differs from the declaration."""

    personal_data = {"set_by": "conduct"}

    code = models.CharField(max_length=60, primary_key=True)
    years = models.PositiveSmallIntegerField(_("เก็บไว้ (ปี)"))
    set_by = models.CharField(max_length=200)
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("ระยะเวลาเก็บข้อมูลส่วนบุคคล")

    def __str__(self) -> str:
        return f"{self.code} {self.years}"
