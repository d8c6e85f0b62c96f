"""Papers of compulsory education, in Thai: แบบ พฐ.03, the report of children coming to ป.1 ("แนบ 386"), notices to parents.

The forms themselves were not at hand; their columns are those that schools of the area are known to use for them. A notice says
what พ.ร.บ.การศึกษาภาคบังคับ พ.ศ. 2545 มาตรา 5 asks to be told to parents a year before; its wording is the office's own.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from khet.base.lib.pdf import ListColumn
from khet.base.lib.pdf.notices import Notice, notices
from khet.base.lib.pdf.reports import ReportPaper, ReportSection, report
from khet.base.lib.sheets import write_xlsx
from khet.base.lib.thai import thai_date, thai_date_long
from khet.base.lib.thai.ids import format_citizen_id
from khet.base.org.api import Person, Profile, today
from khet.base.org.choices import PostKind
from khet.base.org.sealing import unseal
from khet.modules.children.choices import AT_SCHOOL, State
from khet.modules.children.models import Child, Standing
from khet.modules.children.queries.children import now_year
from khet.modules.schools.api import School

DOTS = "." * 46


def _number(child: Child, *, full: bool) -> str:
    if not child.sealed:
        return "ไม่มีเลข"
    return format_citizen_id(unseal(child.sealed)) if full else child.masked


def _school_of(child: Child, places: Mapping[int, str]) -> str:
    """Where the child is at school now, as a list says it."""
    if child.at_school:
        return f"{child.at_school.full_name} {child.get_at_grade_display()}".strip()
    if child.state in AT_SCHOOL or child.state == State.EXEMPT:
        return places.get(child.pk) or child.get_state_display()
    return "ไม่ได้เรียน" if child.state == State.NONE else ""


def _places(children: Sequence[Child]) -> dict[int, str]:
    rows = Standing.objects.filter(child__in=[child.pk for child in children], school_year=now_year())
    return dict(rows.exclude(place="").values_list("child", "place"))


def _principal(school: School) -> str:
    """Whoever heads the school today; dots where nobody does."""
    head = Person.objects.filter(
        holdings__post__unit=school.unit_id,
        holdings__post__kind=PostKind.PRINCIPAL,
        holdings__until__isnull=True,
    ).first()
    return head.full_name if head else DOTS


def list_pdf(school: School, year: int, children: Sequence[Child], *, full_ids: bool = False) -> bytes:
    """แบบ พฐ.03: the children who come of age in a school year, signed by whoever surveyed."""
    rows = [
        [
            str(n), _number(child, full=full_ids), child.full_name, child.get_sex_display(), thai_date(child.born_on), child.home_no,
            child.home_moo, child.home_tambon, child.home_amphoe, child.father, child.mother, _remark(child),
        ]
        for n, child in enumerate(children, start=1)
    ]  # fmt: skip
    boys = sum(1 for child in children if child.sex == "m")
    return report(
        ReportPaper(
            office=school.full_name,
            form="แบบ พฐ.03",
            title="บัญชีรายชื่อเด็กที่มีอายุถึงเกณฑ์บังคับเข้าเรียน",
            lines=[f"ปีการศึกษา {year} (เด็กที่เกิด พ.ศ. {year - 7}) ตำบล{school.tambon} อำเภอ{school.amphoe} จังหวัด{school.province}"],
            sections=[
                ReportSection(
                    columns=[
                        ListColumn(label="ที่", share=0.5, align="center"), ListColumn(label="เลขประจำตัวประชาชน", share=2.3),
                        ListColumn(label="ชื่อ-นามสกุล", share=2.7), ListColumn(label="เพศ", share=0.7, align="center"),
                        ListColumn(label="วัน เดือน ปีเกิด", share=1.75), ListColumn(label="บ้านเลขที่", share=1, align="center"),
                        ListColumn(label="หมู่ที่", share=0.65, align="center"), ListColumn(label="ตำบล", share=1.3),
                        ListColumn(label="อำเภอ", share=1.3), ListColumn(label="ชื่อ-สกุลบิดา", share=2.1),
                        ListColumn(label="ชื่อ-สกุลมารดา", share=2.1), ListColumn(label="หมายเหตุ", share=1.3),
                    ],
                    heads=[("", 5), ("ที่อยู่ตามทะเบียนบ้าน", 4), ("", 3)],
                    rows=rows,
                    nothing="ไม่มีเด็กที่ถึงเกณฑ์ในเขตบริการของโรงเรียนนี้",
                ),
                ReportSection(words=[f"รวม {len(children)} คน ชาย {boys} คน หญิง {len(children) - boys} คน"]),
            ],
            signers=[
                ["(ลงชื่อ)................................................ผู้สำรวจ", f"({DOTS})", "ตำแหน่ง ....................................."],
                ["(ลงชื่อ)................................................ผู้รับรอง", f"({_principal(school)})", f"ผู้อำนวยการ{school.full_name}"],
            ],
            printed=f"พิมพ์ {thai_date(today())}",
            landscape=True,
            size=13,
            thai_digits=Profile.load().thai_digits_on_paper,
        )
    )  # fmt: skip


def _remark(child: Child) -> str:
    words = []
    if child.registered in ("found", "missing"):
        words.append(str(child.get_registered_display()))
    if child.nationality and child.nationality != "ไทย":
        words.append(f"สัญชาติ{child.nationality}")
    return " ".join(words)


FIRST_YEAR = (
    "ที่", "ชื่อ-สกุล", "ชั้น", "วันเกิด", "เลขประจำตัวประชาชน", "ที่อยู่ตาม ทร.14", "บิดา", "มารดา", "ผู้ปกครอง", "สถานศึกษาที่เข้าเรียน",
)  # fmt: skip


def _first_year_rows(children: Sequence[Child], *, full_ids: bool) -> list[list[str]]:
    places = _places(children)
    return [
        [
            str(n), child.full_name, child.get_at_grade_display() if child.at_school else "", thai_date(child.born_on),
            _number(child, full=full_ids), " ".join(word for word in (child.home_no, child.place) if word), child.father, child.mother,
            child.father or child.mother, _school_of(child, places),
        ]
        for n, child in enumerate(children, start=1)
    ]  # fmt: skip


def first_year_pdf(school: School, year: int, children: Sequence[Child], *, full_ids: bool = False) -> bytes:
    """รายงานเด็กเข้า ป.1, the list that schools send as an enclosure ("แนบ 386")."""
    shares = (0.5, 2.4, 0.7, 1.75, 2.2, 2.9, 2.1, 2.1, 2.1, 2.6)
    return report(
        ReportPaper(
            office=school.full_name,
            form="แนบ 386",
            title=f"รายงานเด็กที่เข้าเรียนชั้นประถมศึกษาปีที่ 1 ปีการศึกษา {year}",
            lines=[f"เด็กในเขตพื้นที่บริการที่เกิด พ.ศ. {year - 7}"],
            sections=[
                ReportSection(
                    columns=[ListColumn(label=label, share=share) for label, share in zip(FIRST_YEAR, shares, strict=True)],
                    rows=_first_year_rows(children, full_ids=full_ids),
                    nothing="ไม่มีเด็กที่ถึงเกณฑ์ในเขตบริการของโรงเรียนนี้",
                )
            ],
            signers=[["(ลงชื่อ)................................................ผู้รายงาน", f"({_principal(school)})", f"ผู้อำนวยการ{school.full_name}"]],
            printed=f"พิมพ์ {thai_date(today())}",
            landscape=True,
            size=13,
            thai_digits=Profile.load().thai_digits_on_paper,
        )
    )  # fmt: skip


def first_year_sheet(
    school: School, year: int, children: Sequence[Child], *, full_ids: bool = False
) -> bytes:
    """The same as a spreadsheet, as it is sent by e-mail today."""
    out = io.BytesIO()
    write_xlsx(_first_year_rows(children, full_ids=full_ids), list(FIRST_YEAR), out, title=f"แนบ 386 {year}")
    return out.getvalue()


def notices_pdf(school: School, year: int, children: Sequence[Child], *, full_ids: bool = False) -> bytes:
    """One notice for each child's parents: that the child comes of age, where to enrol and what to bring."""
    day = thai_date_long(today())
    principal = _principal(school)
    pages = [
        Notice(
            heading="หนังสือแจ้งการส่งเด็กเข้าเรียน",
            sender=[school.full_name, *([school.full_address] if school.full_address else [])],
            date=day,
            subject=f"แจ้งให้ส่งเด็กเข้าเรียนชั้นประถมศึกษาปีที่ 1 ปีการศึกษา {year}",
            to=f"ผู้ปกครองของ{child.full_name}",
            paragraphs=[
                f"ด้วย{child.full_name} เกิด พ.ศ. {child.birth_year} มีอายุถึงเกณฑ์การศึกษาภาคบังคับ และต้องเข้าเรียนชั้นประถมศึกษาปีที่ 1 "
                f"ในปีการศึกษา {year} ตามพระราชบัญญัติการศึกษาภาคบังคับ พ.ศ. 2545 ซึ่งให้ผู้ปกครองส่งเด็กเข้าเรียนในสถานศึกษา",
                f"{school.full_name}เป็นโรงเรียนที่รับเด็กในเขตบริการตามที่อยู่ของเด็ก จึงขอให้ท่านนำเด็กมาสมัครเรียนตามวันที่โรงเรียนประกาศ พร้อมสำเนาทะเบียนบ้าน "
                "และสูติบัตรของเด็ก หากให้เด็กเรียนที่อื่น หรือประสงค์ขอผ่อนผันให้เข้าเรียนก่อนหรือหลังเกณฑ์ โปรดส่งแบบตอบรับท้ายหนังสือนี้ให้โรงเรียน",
            ],
            facts=[
                ("ชื่อเด็ก", child.full_name), ("เลขประจำตัวประชาชน", _number(child, full=full_ids)), ("วันเกิด", thai_date_long(child.born_on)),
                ("ที่อยู่ตามทะเบียนบ้าน", " ".join(word for word in (child.home_no, child.place) if word)),
                ("บิดา", child.father or "–"), ("มารดา", child.mother or "–"),
            ],
            signer=[f"({principal})", f"ผู้อำนวยการ{school.full_name}"],
            slip=[
                f"แบบตอบรับ ถึง{school.full_name}",
                f"ข้าพเจ้า {DOTS} ผู้ปกครองของ {child.full_name}",
                f"(   ) จะส่งเด็กเข้าเรียนที่{school.full_name}",
                f"(   ) จะส่งเด็กเข้าเรียนที่ {DOTS}{DOTS}",
                f"(   ) ขอผ่อนผัน เพราะ {DOTS}{DOTS}",
                f"ลงชื่อ {DOTS} ผู้ปกครอง โทรศัพท์ ......................................",
            ],
        )
        for child in children
    ]  # fmt: skip
    return notices(
        pages, title=f"แจ้งผู้ปกครอง {school.name} {year}", nothing="ไม่มีเด็กที่ถึงเกณฑ์ในเขตบริการของโรงเรียนนี้",
        thai_digits=Profile.load().thai_digits_on_paper,
    )  # fmt: skip
