"""The sheet that a visitor carries: pupils drawn by lot, places to tick and to sign."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from khet.base.lib.pdf import ListColumn
from khet.base.lib.pdf.reports import ReportPaper, ReportSection, report
from khet.base.lib.thai.calendar import thai_date
from khet.base.org.api import Profile, office, today
from khet.modules.schools.api import School
from khet.modules.students.models import Draw, Visit

BOX = "(\u00a0\u00a0\u00a0\u00a0)"  # spaces that stay: a box to tick, whatever fonts there are


@override("th")  # a paper of the office
def visit_sheet(draw: Draw, school: School, visits: Sequence[Visit]) -> bytes:
    """PDF of one school: name, class and student number of each pupil drawn, nothing else about them."""
    line = "." * 46
    return report(
        ReportPaper(
            office=office().name,
            title=str(_("แบบตรวจสอบการมีตัวตนของนักเรียน")),
            lines=[
                school.full_name,
                str(
                    _("%(round)s สุ่มครั้งที่ %(n)d เมื่อ %(day)s")
                    % {"round": draw.round.title, "n": draw.number, "day": thai_date(draw.made_at)}
                ),
            ],
            facts=[
                (str(_("นักเรียนที่สุ่มได้")), f"{len(visits)} " + str(_("คน"))),
                (str(_("วันที่ตรวจ")), "." * 30),
            ],
            sections=[
                ReportSection(
                    columns=[
                        ListColumn(label=str(_("ที่")), share=0.6, align="center"),
                        ListColumn(label=str(_("ชื่อ - สกุล")), share=4),
                        ListColumn(label=str(_("ชั้น")), share=1, align="center"),
                        ListColumn(label=str(_("เลขประจำตัวนักเรียน")), share=1.4, align="center"),
                        ListColumn(label=str(_("พบตัว")), share=0.9, align="center"),
                        ListColumn(label=str(_("ไม่มา (บอกเหตุ)")), share=2.2),
                        ListColumn(label=str(_("ไม่พบ")), share=0.9, align="center"),
                    ],
                    rows=[
                        [
                            str(one.place),
                            one.pupil.full_name,
                            one.class_name,
                            one.student_no or "",
                            BOX,
                            f"{BOX} ..................",
                            BOX,
                        ]
                        for one in visits
                    ],
                )
            ],
            signers=[
                [line, str(_("ผู้ตรวจ"))],
                [line, str(_("ผู้ตรวจ"))],
                [line, str(_("ผู้อำนวยการสถานศึกษา"))],
            ],
            printed=str(_("พิมพ์เมื่อ %(day)s") % {"day": thai_date(today())}),
            thai_digits=Profile.load().thai_digits_on_paper,
        )
    )
