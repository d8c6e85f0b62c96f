"""ก.พ.7 on paper; papers are in Thai. What the reader may not see is not on it, and the paper says so."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from khet.base.lib.errors import Refusal
from khet.base.lib.pdf import ListColumn, ServiceEntry, ServicePaper, ServiceTable, service_record
from khet.base.lib.thai.calendar import thai_date, thai_date_long, thai_datetime
from khet.base.org.api import Actor, Profile, can, office
from khet.kits.files.api import Attachment, read_bytes
from khet.modules.staff.actions.photos import photo_of
from khet.modules.staff.choices import CopyKind, EducationLevel, PersonKind, Standing
from khet.modules.staff.models import Official, ServiceCopy
from khet.modules.staff.queries.service import Line, is_owner, service_lines
from khet.modules.staff.rules import PAY, PRIVATE, VIEW

CLOSED = "ไม่แสดงในสำเนานี้"
NO_PHOTOGRAPH = "รูปถ่าย"
LOST_PHOTOGRAPH = "รูปถ่ายเปิดไม่ได้"


def copy_address(copy: ServiceCopy) -> str:
    """What the QR of a copy says: its public page."""
    return settings.SITE_URL.rstrip("/") + reverse("staff:verify", args=[copy.public_id])


def photograph_on(actor: Actor, official: Official) -> Attachment | None:
    """The portrait that stands on a print by ``actor``: of whoever they may see in the register, and always their own."""
    return photo_of(official) if _may_see_photograph(actor, official) else None


@override("th")
def service_record_pdf(actor: Actor, official: Official, copy: ServiceCopy) -> bytes:
    """The record as the form has it, with the certification of ``copy``."""
    owner = is_owner(actor, official)
    private = owner or can(actor, PRIVATE, official)
    pay = owner or can(actor, PAY, official)
    person = official.person
    teacher = official.kind in (PersonKind.TEACHER, PersonKind.CIVIL)
    rank = " ".join(
        str(words)
        for words in (
            official.get_level_display() if official.level else "",
            official.get_standing_display() if official.standing not in ("", Standing.NONE) else "",
        )
        if words
    )
    photograph, no_photograph = _photograph(actor, official)
    certified = copy.kind == CopyKind.CERTIFIED
    made = timezone.localtime(copy.made_at)
    return service_record(
        ServicePaper(
            office=office().name,
            title="ทะเบียนประวัติข้าราชการครูและบุคลากรทางการศึกษา" if teacher else "ทะเบียนประวัติบุคลากร",
            form="ก.พ.7",
            name=person.full_name,
            facts=[
                (1, "ชื่อ", person.full_name),
                (2, "วัน เดือน ปีเกิด", _day(official.born_on) if private else CLOSED),
                (3, "วันครบเกษียณอายุ", _day(official.retires_on)),
                (4, "ชื่อคู่สมรส", official.spouse if private else CLOSED),
                (5, "ชื่อบิดา", official.father if private else CLOSED),
                (6, "ชื่อมารดา", official.mother if private else CLOSED),
                (7, "วันสั่งบรรจุ", _day(official.appointed_on)),
                (8, "วันเริ่มปฏิบัติราชการ", _day(official.started_on)),
                (9, "ประเภทข้าราชการ", str(official.get_kind_display())),
                (0, "ตำแหน่งปัจจุบัน", official.title if not rank or official.title.endswith(rank) else f"{official.title} {rank}"),
                (0, "เลขที่ตำแหน่ง", official.position.number if official.position else ""),
                (0, "สังกัด", official.unit.name),
            ],
            tables=[_education(official), *_private_tables(official, private)],
            columns=[
                ListColumn(label="วัน เดือน ปี", share=1.4),
                ListColumn(label="ตำแหน่ง (รายการ สังกัด)", share=3.1),
                ListColumn(label="เลขที่ตำแหน่ง", share=0.85, align="center"),
                ListColumn(label="ระดับ", share=1.05),
                ListColumn(label="อัตราเงินเดือน", share=1.3, align="right"),
                ListColumn(label="เอกสารอ้างอิง", share=2.3),
            ],
            entries=[_entry(line, pay) for line in service_lines(official)],
            brief=[_licences(official), _decorations(official), _leave(official)],
            certified=_certified(copy, certified, made),
            signers=[
                ["(ลงชื่อ)......................................................", f"({person.full_name})", "เจ้าของประวัติ"],
                *(
                    [
                        ["(ลงชื่อ)......................................................", f"({copy.certified_by})", copy.certified_post or "ผู้รับรอง"]
                    ]
                    if certified
                    else []
                ),
            ],
            address=copy_address(copy),
            code=copy.public_id,
            check=copy.check_code,
            printed=f"พิมพ์โดย {copy.made_by} เมื่อ {thai_datetime(made)}",
            watermark="" if certified else "ไม่ใช่สำเนาที่รับรอง",
            thai_digits=Profile.load().thai_digits_on_paper,
            photograph=photograph,
            no_photograph=no_photograph,
        )
    )  # fmt: skip


def _may_see_photograph(actor: Actor, official: Official) -> bool:
    return is_owner(actor, official) or can(actor, VIEW, official)


def _photograph(actor: Actor, official: Official) -> tuple[bytes | None, str]:
    """The picture, and what its frame says without one. A file that is lost or held back does not stop the paper: the frame says so."""
    if not _may_see_photograph(actor, official):
        return None, CLOSED
    found = photograph_on(actor, official)
    if found is None:
        return None, NO_PHOTOGRAPH
    try:
        return read_bytes(found), ""
    except Refusal:
        return None, LOST_PHOTOGRAPH


def _day(day: object) -> str:
    return thai_date_long(day) if day else ""


def _tied(day: object) -> str:
    return thai_date(day).replace(" ", "\u00a0") if day else ""


def _baht(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}".removesuffix(".00")


def _entry(line: Line, pay: bool) -> ServiceEntry:
    row = line.row
    place = row.place if not row.unit_id or row.place else ""
    what = " ".join(part for part in (row.title, place) if part)
    order = row.order_words + (f" ลว. {_tied(row.order_on)}" if row.order_on else "")
    if row.signed_by:
        order += f" ({row.signed_by} ลงนาม)"
    note = ""
    if line.by is not None:
        day = _tied(timezone.localtime(line.by.written_at).date())
        note = f"ขีดออกเมื่อ {day}: {line.by.reason}" if line.by.is_void else f"แก้ไขเมื่อ {day} ตามรายการถัดไป"
    elif line.of is not None:
        note = f"แทนรายการก่อนหน้า: {row.reason}"
    return ServiceEntry(
        cells=[
            _tied(row.effective_on),
            f"{row.text} {what}".strip(),
            row.position_number,
            row.rank,
            _baht(row.salary) if pay else ("ปิด" if row.salary is not None else ""),
            order,
        ],
        struck=line.is_struck,
        note=note,
    )


def _education(official: Official) -> ServiceTable:
    rows = official.educations.all()
    return ServiceTable(
        number=10,
        title="ประวัติการศึกษา ฝึกอบรม และดูงาน",
        columns=[
            ListColumn(label="สถานศึกษา", share=2.4),
            ListColumn(label="ตั้งแต่–ถึง (พ.ศ.)", share=1.1, align="center"),
            ListColumn(label="วุฒิหรือหลักสูตร สาขาวิชาเอก", share=3),
        ],
        rows=[
            [
                row.institute,
                "–".join(str(year) for year in (row.from_year, row.year) if year),
                " ".join(
                    part
                    for part in (
                        row.degree,
                        row.major,
                        "(ฝึกอบรม ดูงาน)" if row.level == EducationLevel.TRAINING else "",
                    )
                    if part
                ),
            ]
            for row in rows
        ],
        nothing="ยังไม่บันทึก",
    )


def _private_tables(official: Official, private: bool) -> list[ServiceTable]:
    discipline = (
        [[_tied(r.given_on), r.words, r.reference] for r in official.disciplines.all()] if private else []
    )
    gaps = (
        [
            ["–".join(filter(None, [_tied(r.since), _tied(r.until)])), r.words, r.reference]
            for r in official.pay_gaps.all()
        ]
        if private
        else []
    )
    nothing = "ไม่มี" if private else CLOSED

    def columns(first: str, share: float) -> list[ListColumn]:
        return [
            ListColumn(label=first, share=share),
            ListColumn(label="รายการ", share=3),
            ListColumn(label="เอกสารอ้างอิง", share=2),
        ]

    return [
        ServiceTable(
            number=11, title="การได้รับโทษทางวินัย", columns=columns("พ.ศ.", 1.1), rows=discipline, nothing=nothing
        ),
        ServiceTable(
            number=12, title="วันที่ไม่ได้รับเงินเดือน หรือประจำปฏิบัติหน้าที่อยู่ในเขตที่ได้มีประกาศใช้กฎอัยการศึก", columns=columns("ตั้งแต่–ถึง", 1.7),
            rows=gaps, nothing=nothing,
        ),
    ]  # fmt: skip


def _licences(official: Official) -> ServiceTable:
    return ServiceTable(
        title="ใบอนุญาตประกอบวิชาชีพ",
        columns=[
            ListColumn(label="ชนิด", share=2.4), ListColumn(label="เลขที่", share=1.5), ListColumn(label="ออกเมื่อ", share=1), ListColumn(label="หมดอายุ", share=1),
        ],
        rows=[[str(r.get_kind_display()), r.number, _tied(r.issued_on), _tied(r.expires_on)] for r in official.licences.all()],
        nothing="ยังไม่บันทึก",
    )  # fmt: skip


def _decorations(official: Official) -> ServiceTable:
    return ServiceTable(
        title="เครื่องราชอิสริยาภรณ์",
        columns=[ListColumn(label="ชั้น", share=2.4), ListColumn(label="วันที่ได้รับ", share=1), ListColumn(label="ราชกิจจานุเบกษา", share=2.4)],
        rows=[[r.name, _tied(r.received_on), r.reference] for r in official.decorations.all()],
        nothing="ยังไม่บันทึก",
    )  # fmt: skip


def _leave(official: Official) -> ServiceTable:
    def days(value: Decimal | int) -> str:
        return f"{value:g}" if value else ""

    names = ("sick", "personal", "vacation", "maternity", "other", "absent", "late")
    return ServiceTable(
        title="จำนวนวันลา ขาด และมาสาย",
        columns=[
            ListColumn(label=label, align="center")
            for label in ("ปีงบประมาณ", "ลาป่วย", "ลากิจ", "พักผ่อน", "คลอดบุตร", "ลาอื่น ๆ", "ขาด", "สาย (ครั้ง)")
        ],
        rows=[
            [str(r.fiscal_year), *(days(getattr(r, name)) for name in names)]
            for r in official.leave_summaries.all()
        ],
        nothing="ยังไม่บันทึก",
    )


def _certified(copy: ServiceCopy, certified: bool, made: object) -> list[str]:
    if not certified:
        return [
            "สำเนาที่เจ้าของประวัติพิมพ์เอง ไม่มีผู้รับรอง",
            f"มี {copy.rows} รายการ ณ วันที่ {thai_date_long(made.date())}",
            f"ใช้เพื่อ {copy.purpose}",
        ]
    return [
        "ขอรับรองว่าเป็นสำเนาถูกต้องตรงตามทะเบียนประวัติ",
        f"มี {copy.rows} รายการ ณ วันที่ {thai_date_long(made.date())}",
        f"ใช้เพื่อ {copy.purpose}",
    ]
