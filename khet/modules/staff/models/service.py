"""The service record (ก.พ.7, ก.ค.ศ.16 item 13): rows that are only ever added, and certified copies of it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from khet.modules.staff.choices import Level, Movement
from khet.modules.staff.models.officials import Official, money


class ServiceRowQuerySet(models.QuerySet):
    def in_force(self):
        """The rows that hold: neither corrected by a later row, nor one that only strikes another out."""
        corrected = ServiceRow.objects.filter(corrects=OuterRef("pk"))
        return self.filter(~Exists(corrected), is_void=False)


class ServiceRow(models.Model):
    """One order about a person: what changed, from which day, by which paper.

    A row is never changed nor deleted (trigger). A mistake is corrected by a new row that names it in ``corrects``;
    with ``is_void`` the new row strikes the old one out without putting anything in its place.
    """

    personal_data = {
        "official": "service", "words": "service", "title": "service", "place": "service", "position_number": "service",
        "level": "service", "salary": "salary", "position_pay": "salary", "order_number": "service", "order_by": "service",
        "order_on": "service", "corrects": "service", "reason": "service", "written_by": "conduct",
    }  # fmt: skip

    official = models.ForeignKey(Official, models.PROTECT, related_name="service_rows")
    effective_on = models.DateField(_("วันที่มีผล"))
    movement = models.CharField(_("ประเภทการเคลื่อนไหว"), max_length=14, choices=Movement.choices)
    words = models.CharField(_("รายการ"), max_length=300, blank=True)
    title = models.CharField(_("ตำแหน่ง"), max_length=160, blank=True)
    place = models.CharField(_("สังกัด"), max_length=200, blank=True)
    position_number = models.CharField(_("เลขที่ตำแหน่ง"), max_length=20, blank=True)
    level = models.CharField(_("ระดับ"), max_length=10, choices=Level.choices, blank=True)
    salary = money(_("อัตราเงินเดือน"))
    position_pay = money(_("เงินประจำตำแหน่ง"))
    order_number = models.CharField(_("คำสั่งที่"), max_length=60, blank=True)
    order_by = models.CharField(_("หน่วยงานที่ออกคำสั่ง"), max_length=120, blank=True)
    order_on = models.DateField(_("คำสั่งลงวันที่"), null=True, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", editable=False
    )
    reason = models.CharField(_("เหตุที่แก้ไข"), max_length=200, blank=True)
    is_void = models.BooleanField(_("ยกเลิกรายการ"), default=False)
    source = models.CharField(_("ที่มา"), max_length=200, blank=True, editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    written_by = models.CharField(max_length=200, blank=True, editable=False)

    objects = ServiceRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("รายการใน ก.พ.7")
        ordering = ["effective_on", "pk"]
        indexes = [
            models.Index(fields=["official", "effective_on"]),
            models.Index(fields=["corrects"], condition=Q(corrects__isnull=False), name="staff_row_corrects"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_void=False) | Q(corrects__isnull=False), name="staff_row_void_names_another"
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="staff_row_corrected_once"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'pgtrigger: the service record is append-only';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_movement_display()} {self.effective_on}"

    @property
    def text(self) -> str:
        """What stands in the column of positions: the words of the order, else the movement."""
        return self.words or self.get_movement_display()

    @property
    def reference(self) -> str:
        """คำสั่ง สพป.… ที่ 12/2569: what the last column of the form names."""
        number = f"ที่ {self.order_number}" if self.order_number else ""
        parts = [f"คำสั่ง {self.order_by}".strip() if number or self.order_by else "", number]
        return " ".join(part for part in parts if part)


def _public_id() -> str:
    return get_random_string(12, "23456789abcdefghjkmnpqrstuvwxyz")


class ServiceCopy(models.Model):
    """A certified true copy that was printed: by whom, on which day, of what. ``digest`` is the SHA-256 of what the copy
    says; the address in its QR carries a keyed hash over all of it, so that no other copy can be made to verify."""

    personal_data = {
        "official": "service", "certified_by": "name", "certified_post": "service", "purpose": "service", "public_id": "service",
    }  # fmt: skip

    official = models.ForeignKey(Official, models.PROTECT, related_name="service_copies")
    public_id = models.CharField(max_length=12, unique=True, default=_public_id, editable=False)
    certified_on = models.DateField(_("วันที่รับรอง"))
    certified_by = models.CharField(_("ผู้รับรอง"), max_length=200)
    certified_post = models.CharField(_("ตำแหน่งผู้รับรอง"), max_length=300, blank=True)
    purpose = models.CharField(_("ใช้เพื่อ"), max_length=200)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("สำเนา ก.พ.7 ที่รับรอง")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["official"])]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.public_id}"
