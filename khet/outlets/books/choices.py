"""Chapters an office may choose, and the states of editions and of made files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Chapter:
    """A part that the office may choose. ``title`` is Thai on paper whatever the reader's language; ``help`` says on screen what is in it.

    ``numbered``: is a chapter with a number, not an appendix.
    """

    code: str
    title: str
    help: Any
    numbered: bool = True


CHAPTERS: tuple[Chapter, ...] = (
    Chapter("structure", "โครงสร้างและบุคลากรของสำนักงาน", _("ข้อความของสำนักงาน และบุคลากรตามกลุ่มงาน")),
    Chapter("general", "ข้อมูลทั่วไปของเขตพื้นที่", _("อำเภอ ตำบล ระดับที่เปิดสอน ศูนย์เครือข่าย แผนที่โรงเรียน")),
    Chapter("pupils", "นักเรียน", _("ชั้น เพศ ห้องเรียน อำเภอ และตัวชี้วัดนักเรียนทั้งหมด")),
    Chapter("staff", "ครูและบุคลากร", _("ตำแหน่ง วิทยฐานะ วุฒิ อายุ เกษียณ อัตรากำลัง")),
    Chapter("buildings", "อาคารสถานที่และที่ดิน", _("สิ่งก่อสร้างตามประเภทและสภาพ ที่ดิน")),
    Chapter("equipment", "ครุภัณฑ์และเทคโนโลยี", _("ครุภัณฑ์ คอมพิวเตอร์ อินเทอร์เน็ต")),
    Chapter("coverage", "การเข้าถึงการศึกษา", _("เด็กในเขตบริการ การเข้าเรียน การติดตาม")),
    Chapter("forecast", "แนวโน้มและการพยากรณ์", _("จำนวนนักเรียนที่คาดในปีข้างหน้า พร้อมความคลาดเคลื่อน")),
    Chapter("schools", "ข้อมูลรายโรงเรียน", _("โรงเรียนละหนึ่งหน้า พร้อมดัชนีท้ายเล่ม")),
    Chapter("lists", "ภาคผนวก บัญชีรายโรงเรียน", _("ผู้บริหาร นักเรียนรายชั้น ตัวชี้วัดรายโรงเรียน"), numbered=False),
)  # fmt: skip

TEXTS: tuple[tuple[str, Any, Any], ...] = (
    ("preface", _("คำนำ"), _("ลงท้ายด้วยชื่อสำนักงานและเดือนปีที่จัดทำ")),
    ("structure", _("โครงสร้างสำนักงาน"), _("วิสัยทัศน์ พันธกิจ การแบ่งกลุ่มงาน พิมพ์ก่อนรายชื่อบุคลากร")),
    ("general", _("ข้อมูลทั่วไป"), _("ที่ตั้ง อาณาเขต ลักษณะพื้นที่ พิมพ์ก่อนตารางโรงเรียน")),
)
"""Texts the office writes: code, label, help."""


class EditionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("edition", "กำลังจัดทำ")
    PUBLISHED = "published", pgettext_lazy("edition", "เผยแพร่แล้ว")


class Kind(models.TextChoices):
    """What is made of an edition."""

    BOOK = "book", _("สมุดสารสนเทศ (PDF)")
    LEAFLET = "leaflet", _("แผ่นพับสองหน้า (PDF)")
    SHEETS = "sheets", _("ตารางทั้งหมด (XLSX)")
    WORDS = "words", _("ฉบับแก้ไขต่อได้ (DOCX)")
    SCHOOLS = "schools", _("สมุดเล่มเล็กทุกโรงเรียน (ZIP)")

    @property
    def icon(self) -> str:
        return {
            "book": "book-open-text",
            "leaflet": "newspaper",
            "sheets": "sheet",
            "words": "file-pen-line",
            "schools": "folder-archive",
        }[self.value]


class MadeState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("made", "รอทำ")
    RUNNING = "running", pgettext_lazy("made", "กำลังทำ")
    DONE = "done", pgettext_lazy("made", "เสร็จ")
    FAILED = "failed", pgettext_lazy("made", "ทำไม่สำเร็จ")
