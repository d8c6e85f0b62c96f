"""Words of a round that never change: levels of checks, kinds of sheets, states of a return and of a finding."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """What a finding asks for before its sheet can be confirmed."""

    STOP = "stop", _("ต้องแก้")
    EXPLAIN = "explain", _("แก้หรือชี้แจง")


class SheetKind(models.TextChoices):
    REGISTER = "register", _("ยืนยันทะเบียน")
    FORM = "form", _("ตอบแบบ")
    FILE = "file", _("ส่งไฟล์")


class RoundKind(models.TextChoices):
    TERM = "term", _("รอบนักเรียน")
    YEARLY = "yearly", _("รอบประจำปี")


class RoundState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("round", "ยังไม่เปิด")
    OPEN = "open", pgettext_lazy("round", "เปิดอยู่")
    CLOSED = "closed", pgettext_lazy("round", "ปิดแล้ว")


class ReturnState(models.TextChoices):
    """The steps of one sheet of one unit, in order; what may follow what stands in ``models.MOVES``."""

    NOT_STARTED = "not_started", pgettext_lazy("return", "ยังไม่เริ่ม")
    ENTERING = "entering", pgettext_lazy("return", "กำลังกรอก")
    CLEARED = "cleared", pgettext_lazy("return", "ผ่านการตรวจซ้ำซ้อน")
    CONFIRMED = "confirmed", pgettext_lazy("return", "ยืนยันแล้ว")
    CERTIFIED = "certified", pgettext_lazy("return", "ผอ. รับรอง")
    VERIFIED = "verified", pgettext_lazy("return", "เขตตรวจแล้ว")
    RETURNED = "returned", pgettext_lazy("return", "ส่งคืน")
    CLOSED = "closed", pgettext_lazy("return", "ปิดรอบแล้ว")
    EXEMPT = "exempt", pgettext_lazy("return", "ไม่ต้องตอบ")

    @property
    def shape(self) -> str:
        return SHAPES[self.value]


SHAPES = {
    "not_started": "empty",
    "entering": "quarter",
    "cleared": "quarter",
    "confirmed": "half",
    "certified": "full",
    "verified": "done",
    "returned": "returned",
    "closed": "closed",
    "exempt": "none",
}

OWING = (
    ReturnState.NOT_STARTED,
    ReturnState.ENTERING,
    ReturnState.CLEARED,
    ReturnState.CONFIRMED,
    ReturnState.RETURNED,
)
"""States in which the unit still has something to do."""
HANDED_IN = (ReturnState.CERTIFIED, ReturnState.VERIFIED, ReturnState.CLOSED)


class FindingState(models.TextChoices):
    OPEN = "open", pgettext_lazy("finding", "รอแก้")
    CORRECTED = "corrected", pgettext_lazy("finding", "แก้แล้ว")
    EXPLAINED = "explained", pgettext_lazy("finding", "ชี้แจงแล้ว")
    ACCEPTED = "accepted", pgettext_lazy("finding", "เขตรับคำชี้แจง")
    REOPENED = "reopened", pgettext_lazy("finding", "กลับมารอแก้")

    @property
    def shape(self) -> str:
        return {
            "open": "empty",
            "corrected": "done",
            "explained": "half",
            "accepted": "done",
            "reopened": "returned",
        }[self.value]


UNSETTLED = (FindingState.OPEN, FindingState.REOPENED)


class QuestionKind(models.TextChoices):
    TEXT = "text", _("ข้อความ")
    NUMBER = "number", _("ตัวเลข")
    CHOICE = "choice", _("ตัวเลือก")
    DATE = "date", _("วันที่")
    FILE = "file", _("ไฟล์")
