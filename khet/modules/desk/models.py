"""The desk's own matters: a memo up the chain, a task down it. Where they are is the workflow kit's to know."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from khet.modules.desk.choices import STATES, MatterKind, MemoState


class Matter(models.Model):
    """What is asked or ordered, in words. ``state`` follows its run."""

    personal_data = {"subject": "opinion", "body": "opinion", "author": "conduct"}

    kind = models.CharField(_("ประเภท"), max_length=6, choices=MatterKind.choices, default=MatterKind.MEMO)
    subject = models.CharField(_("เรื่อง"), max_length=300)
    body = models.TextField(_("ข้อความ"), blank=True)
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("หน่วยงาน"))
    post = models.ForeignKey("org.Post", models.PROTECT, related_name="+", verbose_name=_("ตำแหน่งผู้เริ่มเรื่อง"))
    author = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("สถานะ"), max_length=10, choices=STATES, default=MemoState.DRAFT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["unit", "-created_at"])]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return f"/desk/matters/{self.pk}/"
