"""The kinds of rows on a person's record: their words, their form, how a row is said in cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.base.ui import dates
from khet.modules.schools.choices import Grade
from khet.modules.staff.models import (
    Decoration,
    Discipline,
    Education,
    LeaveSummary,
    Licence,
    PayGap,
    Teaching,
)


@dataclass(frozen=True)
class Part:
    """``columns`` are (label, how to say it); ``fields`` stand on the form."""

    code: str
    title: Any
    model: type[models.Model]
    fields: Sequence[str]
    columns: Sequence[tuple[Any, Callable[[Any], Any]]]
    empty: Any = ""
    private: bool = False


def _plain(number: Any) -> str:
    return "" if not number else f"{number:g}" if not isinstance(number, int) else str(number)


PARTS = {
    part.code: part
    for part in (
        Part(
            "education", _("การศึกษา ฝึกอบรม ดูงาน"), Education,
            ("level", "degree", "major", "institute", "from_year", "year"),
            (
                (_("ระดับ"), lambda r: r.get_level_display()),
                (_("วุฒิหรือหลักสูตร"), lambda r: r.degree),
                (_("สาขา"), lambda r: r.major),
                (_("สถานศึกษา"), lambda r: r.institute),
                (_("ปีที่สำเร็จ"), lambda r: r.year or ""),
            ),
            _("ยังไม่มีประวัติการศึกษา"),
        ),
        Part(
            "licence", _("ใบอนุญาตประกอบวิชาชีพ"), Licence, ("kind", "number", "issued_on", "expires_on"),
            (
                (_("ชนิด"), lambda r: r.get_kind_display()),
                (_("เลขที่"), lambda r: r.number),
                (_("ออกเมื่อ"), lambda r: dates.short(r.issued_on)),
                (_("หมดอายุ"), lambda r: dates.short(r.expires_on)),
            ),
            _("ยังไม่มีใบอนุญาต"),
        ),
        Part(
            "teaching", _("วิชาที่สอน"), Teaching, ("school_year", "subject", "grades", "hours"),
            (
                (_("ปีการศึกษา"), lambda r: r.school_year),
                (_("วิชา"), lambda r: r.get_subject_display()),
                (_("ชั้น"), lambda r: ", ".join(str(Grade(g).label) for g in r.grades if g in Grade.values)),
                (_("ชั่วโมง/สัปดาห์"), lambda r: _plain(r.hours)),
            ),
            _("ยังไม่ได้บันทึกวิชาที่สอน"),
        ),
        Part(
            "decoration", _("เครื่องราชอิสริยาภรณ์"), Decoration, ("name", "received_on", "reference"),
            (
                (_("ชั้น"), lambda r: r.name),
                (_("วันที่ได้รับ"), lambda r: dates.short(r.received_on)),
                (_("ราชกิจจานุเบกษา"), lambda r: r.reference),
            ),
            _("ยังไม่มี"),
        ),
        Part(
            "leave", _("สรุปวันลา"), LeaveSummary,
            ("fiscal_year", "sick", "personal", "vacation", "maternity", "other", "absent", "late"),
            (
                (_("ปีงบประมาณ"), lambda r: r.fiscal_year),
                (_("ป่วย"), lambda r: _plain(r.sick)),
                (_("กิจ"), lambda r: _plain(r.personal)),
                (_("พักผ่อน"), lambda r: _plain(r.vacation)),
                (_("คลอด"), lambda r: _plain(r.maternity)),
                (pgettext_lazy("leave", "อื่น ๆ"), lambda r: _plain(r.other)),
                (_("ขาด"), lambda r: _plain(r.absent)),
                (_("สาย"), lambda r: _plain(r.late)),
            ),
            _("ยังไม่มีสรุปวันลา"),
        ),
        Part(
            "gap", _("วันที่ไม่ได้รับเงินเดือน หรือประจำปฏิบัติหน้าที่ในเขตกฎอัยการศึก"), PayGap, ("since", "until", "words", "reference"),
            (
                (_("ตั้งแต่"), lambda r: dates.short(r.since)),
                (_("ถึง"), lambda r: dates.short(r.until)),
                (pgettext_lazy("pay gap", "รายการ"), lambda r: r.words),
                (_("เอกสารอ้างอิง"), lambda r: r.reference),
            ),
            _("ไม่มี"), private=True,
        ),
        Part(
            "discipline", _("การได้รับโทษทางวินัย"), Discipline, ("given_on", "words", "reference"),
            (
                (pgettext_lazy("discipline", "วันที่"), lambda r: dates.short(r.given_on)),
                (pgettext_lazy("discipline", "รายการ"), lambda r: r.words),
                (_("เอกสารอ้างอิง"), lambda r: r.reference),
            ),
            _("ไม่มี"), private=True,
        ),
    )
}  # fmt: skip
