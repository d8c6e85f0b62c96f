"""Kinds of events, states of a school, grades of damage, what schools may need."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventKind(models.TextChoices):
    FLOOD = "flood", _("น้ำท่วม")
    STORM = "storm", _("วาตภัย")
    FIRE = "fire", _("อัคคีภัย")
    LANDSLIDE = "landslide", _("ดินถล่ม")
    QUAKE = "quake", _("แผ่นดินไหว")
    DROUGHT = "drought", _("ภัยแล้ง")
    DISEASE = "disease", _("โรคระบาด")
    OTHER = "other", _("เหตุอื่น")


ICONS = {
    EventKind.FLOOD: "waves-horizontal",
    EventKind.STORM: "wind",
    EventKind.FIRE: "flame",
    EventKind.LANDSLIDE: "mountain",
    EventKind.QUAKE: "activity",
    EventKind.DROUGHT: "sun",
    EventKind.DISEASE: "biohazard",
    EventKind.OTHER: "siren",
}


def ground_words(kind: str) -> str:
    """What the struck ground of an event is called."""
    return str(_("พื้นที่น้ำท่วม") if kind == EventKind.FLOOD else _("พื้นที่ประสบภัย"))


class SchoolState(models.TextChoices):
    """How a school works on the day of its report."""

    OPEN = "open", _("เปิดเรียนปกติ")
    PARTLY = "partly", _("เปิดบางส่วนหรือเรียนทางไกล")
    CLOSED = "closed", _("ปิดเรียน")


# The drawn state of a cell on the board; a school that has not answered is the empty ring.
SHAPES = {SchoolState.OPEN: "done", SchoolState.PARTLY: "quarter", SchoolState.CLOSED: "late", "": "empty"}
SILENT = pgettext_lazy("report", "ยังไม่ตอบ")


class Damage(models.TextChoices):
    NONE = "none", _("ไม่เสียหาย")
    LIGHT = "light", pgettext_lazy("damage", "เล็กน้อย")
    HEAVY = "heavy", pgettext_lazy("damage", "มาก")
    UNKNOWN = "unknown", _("ยังเข้าไปดูไม่ได้")


class Need(models.TextChoices):
    FOOD = "food", _("อาหารและน้ำดื่ม")
    MEDICINE = "medicine", _("ยาและเวชภัณฑ์")
    BEDDING = "bedding", _("เครื่องนุ่งห่มและเครื่องนอน")
    BOOKS = "books", _("หนังสือและอุปกรณ์การเรียน")
    UNIFORMS = "uniforms", _("เครื่องแบบนักเรียน")
    TRANSPORT = "transport", _("เรือหรือรถ")
    HANDS = "hands", _("คนช่วยขนย้าย")
    PUMP = "pump", _("เครื่องสูบน้ำ")
    POWER = "power", _("ไฟฟ้าหรือเครื่องปั่นไฟ")
    CLEANING = "cleaning", _("อุปกรณ์ทำความสะอาด")
    REPAIR = "repair", _("งบซ่อมแซม")
    CARE = "care", _("ผู้ดูแลจิตใจเด็กและครู")
