"""Kinds and states of the desk's own matters."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MatterKind(models.TextChoices):
    MEMO = "memo", _("บันทึกเสนอ")
    TASK = "task", _("งานมอบหมาย")


class MemoState(models.TextChoices):
    """Where a memo stands on its way up."""

    DRAFT = "draft", _("ร่าง")
    MOVING = "moving", _("กำลังเสนอ")
    DECIDING = "deciding", _("รอพิจารณา")
    WORKING = "working", _("กำลังดำเนินการ")
    RETURNED = "returned", _("ส่งคืนให้แก้")
    APPROVED = "approved", _("อนุมัติแล้ว")
    DONE = "done", _("เสร็จแล้ว")
    WITHDRAWN = "withdrawn", pgettext_lazy("state", "ถอนเรื่อง")


class TaskState(models.TextChoices):
    """Where a task stands on its way down and back."""

    DRAFT = "draft", _("ร่าง")
    WORKING = "working", _("กำลังดำเนินการ")
    CHECKING = "checking", _("รอตรวจรับ")
    RETURNED = "returned", _("ส่งคืนให้แก้")
    DONE = "done", _("เสร็จแล้ว")
    WITHDRAWN = "withdrawn", pgettext_lazy("state", "ถอนเรื่อง")


STATES = [*MemoState.choices, (TaskState.CHECKING.value, TaskState.CHECKING.label)]
