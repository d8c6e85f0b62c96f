"""Pupils between schools: transfers asked for and accepted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.modules.students.choices import Grade, Side, TransferState
from khet.modules.students.models.pupils import Pupil, _words


class Transfer(models.Model):
    """From one school to another, asked for by either, decided by the other; one open at a time.

    A transfer to or from another area has no school on that side, but a place and, where known, its area code; it
    is done at once, because nobody here can answer for the other side.
    """

    personal_data = {
        "pupil": "schooling", "from_place": "schooling", "to_place": "schooling", "reason": "schooling", "reply": "schooling",
    }  # fmt: skip

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="transfers")
    from_school = models.ForeignKey("schools.School", models.PROTECT, null=True, related_name="+")
    to_school = models.ForeignKey("schools.School", models.PROTECT, null=True, related_name="+")
    from_place = _words(_("จากโรงเรียน"), 150)
    to_place = _words(_("ไปโรงเรียน"), 150)
    area_code = _words(_("รหัสเขตพื้นที่"), 6)
    area_name = _words(_("เขตพื้นที่"), 120)
    asked_by = models.CharField(max_length=4, choices=Side.choices)
    state = models.CharField(
        _("สถานะ"), max_length=9, choices=TransferState.choices, default=TransferState.ASKED
    )
    grade = _words(_("ชั้น"), 2, choices=Grade.choices)
    moves_on = models.DateField(_("วันที่ย้าย"))
    reason = _words(_("เหตุผล"), 300)
    asked_at = models.DateTimeField(default=timezone.now)
    asker = _words("", 200)
    decided_at = models.DateTimeField(null=True)
    decider = _words("", 200)
    reply = _words(_("คำตอบ"), 300)

    class Meta:
        verbose_name = _("การย้าย")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pupil"], condition=Q(state="asked"), name="students_transfer_one_open"
            ),
            models.CheckConstraint(
                condition=Q(from_school__isnull=False) | Q(to_school__isnull=False),
                name="students_transfer_somewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["from_school", "state"], name="students_transfer_from"),
            models.Index(fields=["to_school", "state"], name="students_transfer_to"),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.from_name} → {self.to_name}"

    @property
    def from_name(self) -> str:
        return self.from_school.full_name if self.from_school else self.from_place

    @property
    def to_name(self) -> str:
        return self.to_school.full_name if self.to_school else self.to_place

    @property
    def waits_for(self) -> str:
        """The side that has to answer."""
        return Side.TO if self.asked_by == Side.FROM else Side.FROM
