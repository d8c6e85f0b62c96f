"""The service record (ก.พ.7, ก.ค.ศ.16 item 13): rows that are only ever added, printed copies of it, wishes for correction."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.modules.staff.choices import WISH_PARTS, CopyKind, Level, Movement, Standing, WishState
from khet.modules.staff.models.officials import Official, money


class ServiceRowQuerySet(models.QuerySet["ServiceRow"]):
    def in_force(self) -> ServiceRowQuerySet:
        """The rows that hold: neither corrected by a later row, nor one that only strikes another out."""
        corrected = ServiceRow.objects.filter(corrects=OuterRef("pk"))
        return self.filter(~Exists(corrected), is_void=False)


class ServiceRow(models.Model):
    """One order about a person: what changed, from which day, by which paper.

    A row is never changed nor deleted (trigger). A mistake is corrected by a new row that names it in ``corrects``;
    with ``is_void`` the new row strikes the old one out without putting anything in its place. ``before`` is what the
    row changed in the present (position, unit, pay …) as it was until then, so that striking it out can put it back.
    """

    personal_data = {
        "official": "service", "effective_on": "service", "movement": "service", "words": "service", "title": "service",
        "unit": "service", "place": "service", "position_number": "service", "standing": "service", "level": "service",
        "salary": "salary", "position_pay": "salary", "order_number": "service", "order_by": "service", "order_on": "service",
        "signed_by": "name", "corrects": "service", "reason": "service", "before": "salary", "written_by": "conduct",
    }  # fmt: skip

    masked_fields = ("salary", "position_pay", "before")

    official = models.ForeignKey(Official, models.PROTECT, related_name="service_rows")
    effective_on = models.DateField(_("วันที่มีผล"))
    movement = models.CharField(_("ประเภทการเคลื่อนไหว"), max_length=14, choices=Movement.choices)
    words = models.CharField(_("รายการตามคำสั่ง"), max_length=300, blank=True)
    title = models.CharField(_("ตำแหน่ง"), max_length=160, blank=True)
    unit = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, blank=True, related_name="service_rows", verbose_name=_("สังกัด")
    )
    place = models.CharField(_("สังกัดตามคำสั่ง"), max_length=200, blank=True)
    position_number = models.CharField(_("เลขที่ตำแหน่ง"), max_length=20, blank=True)
    standing = models.CharField(_("วิทยฐานะ"), max_length=8, choices=Standing.choices, blank=True)
    level = models.CharField(_("ระดับ"), max_length=10, choices=Level.choices, blank=True)
    salary = money(_("อัตราเงินเดือน"))
    position_pay = money(_("เงินประจำตำแหน่ง"))
    order_number = models.CharField(_("คำสั่งที่"), max_length=60)
    order_on = models.DateField(_("คำสั่งลงวันที่"), null=True, blank=True)
    order_by = models.CharField(_("หน่วยงานที่ออกคำสั่ง"), max_length=120, blank=True)
    signed_by = models.CharField(_("ผู้ลงนามในคำสั่ง"), max_length=150, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", editable=False
    )
    reason = models.CharField(_("เหตุที่แก้ไข"), max_length=200, blank=True, editable=False)
    is_void = models.BooleanField(_("ขีดออก"), default=False, editable=False)
    before = models.JSONField(default=dict, editable=False)
    source = models.CharField(_("ที่มา"), max_length=200, blank=True, editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    written_by = models.CharField(max_length=200, blank=True, editable=False)

    objects = ServiceRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("รายการใน ก.พ.7")
        ordering = ["effective_on", "pk"]
        indexes = [
            models.Index(fields=["official", "effective_on"]),
            models.Index(fields=["order_number", "effective_on"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_void=False) | Q(corrects__isnull=False), name="staff_row_void_names_another"
            ),
            # Two people who correct the same row at once: the second is refused.
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
        """What happened: the words of the order, else the movement."""
        return self.words or str(self.get_movement_display())

    @property
    def rank(self) -> str:
        """Level and standing as the column ระดับ has them."""
        parts = [self.get_level_display() if self.level else ""]
        if self.standing and self.standing != Standing.NONE:
            parts.append(self.get_standing_display())
        return " ".join(str(part) for part in parts if part)

    @property
    def order_words(self) -> str:
        """คำสั่ง สพป.… ที่ 12/2569: what the last column of the form names; its day is said beside it."""
        return " ".join(part for part in ("คำสั่ง", self.order_by, f"ที่ {self.order_number}") if part)


def public_id() -> str:
    """Sixteen letters that nobody guesses (about 2⁷⁹ of them), none of which is read for another."""
    return get_random_string(16, "23456789abcdefghjkmnpqrstuvwxyz")


class ServiceCopy(models.Model):
    """A copy that was printed: by whom, when, of how many rows. Its public page tells a stranger whether the paper in hand
    is genuine.

    ``seal`` is a keyed hash over the rows printed and over this record, so that whoever could write in the database
    could still not make a paper verify; ``last_row`` is the newest row in it. Never changed but to be withdrawn.
    """

    personal_data = {
        "official": "service", "public_id": "service", "certified_by": "name", "certified_post": "service", "purpose": "service",
        "masked_name": "name", "made_by": "conduct", "withdrawn_why": "service",
    }  # fmt: skip

    official = models.ForeignKey(Official, models.PROTECT, related_name="service_copies")
    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    kind = models.CharField(_("ชนิดสำเนา"), max_length=9, choices=CopyKind.choices)
    masked_name = models.CharField(max_length=120, editable=False)
    certified_by = models.CharField(_("ผู้รับรอง"), max_length=200, blank=True, editable=False)
    certified_post = models.CharField(_("ตำแหน่งผู้รับรอง"), max_length=300, blank=True, editable=False)
    purpose = models.CharField(_("ใช้เพื่อ"), max_length=200)
    rows = models.PositiveIntegerField(editable=False)
    last_row = models.BigIntegerField(default=0, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    seal = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.CharField(max_length=200, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_why = models.CharField(_("เหตุที่ยกเลิก"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("สำเนา ก.พ.7")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["official"])]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.public_id}"

    @property
    def check_code(self) -> str:
        """The code printed under the QR, in groups of four."""
        return "-".join(self.digest[n : n + 4] for n in range(0, 16, 4)).upper()


class CorrectionWish(models.Model):
    """The owner of a record says that something in it is wrong; the personnel group settles it with an answer."""

    personal_data = {
        "official": "service", "row": "service", "about": "service", "words": "opinion", "answer": "opinion", "settled_by": "conduct",
    }  # fmt: skip

    official = models.ForeignKey(Official, models.PROTECT, related_name="correction_wishes")
    row = models.ForeignKey(
        ServiceRow,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="wishes",
        verbose_name=_("รายการใน ก.พ.7"),
    )
    about = models.CharField(_("ส่วนของทะเบียน"), max_length=12)
    words = models.CharField(_("ที่ถูกต้องคืออะไร มีหลักฐานใด"), max_length=600)
    state = models.CharField(max_length=8, choices=WishState.choices, default=WishState.OPEN)
    answer = models.CharField(pgettext_lazy("wish", "คำตอบ"), max_length=400, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("คำขอแก้ไขทะเบียนประวัติ")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "made_at"]), models.Index(fields=["official"])]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def part_words(self) -> str:
        return str(WISH_PARTS.get(self.about, self.about))
