"""Kinds, classes and states of letters and registers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.kits.workflow.choices import Secrecy
from khet.kits.workflow.choices import Urgency as Speed

__all__ = [
    "LETTER_SHAPES",
    "RECEIPT_SHAPES",
    "LetterKind",
    "LetterState",
    "Origin",
    "ReceiptState",
    "RegisterKind",
    "Secrecy",
    "Speed",
]


class LetterKind(models.TextChoices):
    """The six kinds of the saraban regulation, orders and notices told apart because they number apart."""

    EXTERNAL = "external", _("หนังสือภายนอก")
    MEMO = "memo", _("หนังสือภายใน (บันทึกข้อความ)")
    STAMPED = "stamped", _("หนังสือประทับตรา")
    ORDER = "order", _("คำสั่ง")
    ANNOUNCEMENT = "announcement", _("ประกาศ")
    CERTIFICATE = "certificate", _("หนังสือรับรอง")
    OTHER = "other", _("หนังสืออื่น")


class RegisterKind(models.TextChoices):
    """A run of numbers within one unit and one calendar year."""

    RECEIVE = "receive", _("ทะเบียนหนังสือรับ")
    SEND = "send", _("ทะเบียนหนังสือส่ง")
    CIRCULAR = "circular", _("ทะเบียนหนังสือเวียน")
    MEMO = "memo", _("ทะเบียนบันทึกข้อความ")
    ORDER = "order", _("ทะเบียนคำสั่ง")
    ANNOUNCEMENT = "announcement", _("ทะเบียนประกาศ")


class Origin(models.TextChoices):
    """Where the paper was made: outside the system (scanned in) or here."""

    OUTSIDE = "outside", _("รับจากภายนอกระบบ")
    HERE = "here", _("ออกในระบบ")


class LetterState(models.TextChoices):
    """Where a letter stands. Receivers' own progress is on their receipts, not here."""

    DRAFT = "draft", _("ร่าง")
    IN_ROUTE = "in_route", _("กำลังเสนอ")
    RETURNED = "returned", _("ส่งคืนให้แก้")
    SIGNED = "signed", _("ลงนามแล้ว รอส่ง")
    SENT = "sent", pgettext_lazy("letter", "ส่งแล้ว")
    RECEIVED = "received", _("ลงรับแล้ว")
    CLOSED = "closed", pgettext_lazy("state", "ปิดเรื่อง")
    CANCELLED = "cancelled", _("ยกเลิก")


class ReceiptState(models.TextChoices):
    """How far one receiver is; follows from the times on the receipt."""

    UNOPENED = "unopened", _("ยังไม่เปิด")
    OPENED = "opened", _("เปิดอ่าน")
    REGISTERED = "registered", _("ลงรับ ยังไม่ตอบ")
    ANSWERED = "answered", _("ตอบแล้ว")
    RETURNED = "returned", _("ส่งกลับให้แก้")
    RECALLED = "recalled", pgettext_lazy("state", "เรียกคืน")
    EXCUSED = "excused", pgettext_lazy("state", "ผ่อนผัน")


#: Drawn shape of each state (design language, section 4).
RECEIPT_SHAPES = {
    ReceiptState.UNOPENED: "empty",
    ReceiptState.OPENED: "half",
    ReceiptState.REGISTERED: "full",
    ReceiptState.ANSWERED: "done",
    ReceiptState.RETURNED: "returned",
    ReceiptState.RECALLED: "void",
    ReceiptState.EXCUSED: "none",
}
LETTER_SHAPES = {
    LetterState.DRAFT: "draft",
    LetterState.IN_ROUTE: "half",
    LetterState.RETURNED: "returned",
    LetterState.SIGNED: "done",
    LetterState.SENT: "full",
    LetterState.RECEIVED: "full",
    LetterState.CLOSED: "closed",
    LetterState.CANCELLED: "void",
}
