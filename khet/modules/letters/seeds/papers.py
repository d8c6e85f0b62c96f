"""The offices' settings and the papers that arrive."""

from __future__ import annotations

from datetime import date

from django.core.files.base import ContentFile

from khet.base.lib import pdf
from khet.base.org.world import World
from khet.modules.letters.actions import (
    set_bureau,
)

PREFIX = "ศธ 04321"


def bureaus(world: World) -> None:
    actor = world.actor
    set_bureau(
        actor=actor, unit=world.office, prefix=PREFIX, stamp_name="สพป.ศรีธารา เขต 2",
        address="ถนนธารทอง อำเภอธารทอง\nจังหวัดศรีธารา ๙๙๑๒๐", phone="0 7400 0000", email="saraban@sithara2.example",
    )  # fmt: skip
    for number, school in enumerate(world.schools, start=1):
        set_bureau(
            actor=actor, unit=school, prefix=PREFIX, sub_prefix=f".{number:03d}", stamp_name=school.short_name,
            address="จังหวัดศรีธารา",
        )  # fmt: skip


def scanned(subject: str, sender: str, number: str, day: date, to: str) -> bytes:
    """A paper as it would arrive from outside."""
    return pdf.external_letter(
        pdf.LetterPaper(
            number=number,
            address=[sender],
            date=day,
            subject=subject,
            to=to,
            body=(
                f"<p>ด้วย{sender} ขอแจ้งเรื่อง{subject} เพื่อให้หน่วยงานในสังกัดดำเนินการให้แล้วเสร็จตามกำหนด</p>"
                "<p>ในการนี้ ขอให้แจ้งสถานศึกษาในสังกัดทราบและถือปฏิบัติ หากมีข้อขัดข้องให้แจ้งผู้ประสานงานตามเลขหมายโทรศัพท์ท้ายหนังสือ</p>"
                "<p>จึงเรียนมาเพื่อทราบและดำเนินการต่อไป</p>"
            ),
            signature=pdf.Signature(name="นายนที อรุณประภา", position="ผู้มีอำนาจลงนาม"),
            owner=["กลุ่มงานผู้ประสาน", "โทร. 0 2000 5511"],
        )
    )


def named(content: bytes, name: str):
    return ContentFile(content, name=f"{name.replace('/', '-')}.pdf")
