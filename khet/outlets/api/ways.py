"""By which ways a role reaches its data: what may be downloaded, asked by a program, read as a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor


@dataclass(frozen=True)
class Way:
    """``capability`` empty: for everybody. ``kind``: download, program or document. ``arguments`` of the address."""

    kind: str
    title: Any
    hint: Any
    route: str
    capability: str = ""
    arguments: tuple[str, ...] = ()


WAYS = [
    Way("download", _("รายชื่อนักเรียน"), _("เปิดทะเบียน กรอง แล้วกดส่งออก CSV หรือ Excel ทุกครั้งถูกบันทึก"), "register:list", "students.export", ("pupils",)),
    Way("download", _("เด็กในเขตบริการ"), _("ทะเบียนและแบบของการศึกษาภาคบังคับ"), "register:list", "children.export", ("children",)),
    Way("download", _("บุคลากร"), _("ทะเบียนบุคลากร ส่งออกได้ตามสิทธิ์"), "register:list", "staff.view", ("officials",)),
    Way("download", _("โรงเรียน"), _("ทะเบียนโรงเรียน พิกัด และข้อมูลติดต่อ"), "register:list", "schools.view", ("schools",)),
    Way("download", _("สิ่งก่อสร้าง"), _("ทะเบียนสิ่งก่อสร้าง ส่งออกได้"), "register:list", "assets.view", ("buildings",)),
    Way("download", _("ข้อมูลที่ตรึงไว้ของรอบที่ปิดแล้ว"), _("แฟ้ม Parquet พร้อมรายการกำกับ สำหรับนักวิเคราะห์"), "rounds:censuses", "rounds.census"),
    Way("download", _("แฟ้มฐานข้อมูลจังหวัด"), _("ตามรูปแบบของจังหวัด กดครั้งเดียว"), "province:home", "province.view"),
    Way("download", _("ข้อมูลส่วนบุคคลของฉัน"), _("สำเนาทุกอย่างที่ระบบเก็บเกี่ยวกับตัวคุณ"), "privacy:mine"),
    Way("document", _("หนังสือราชการ"), _("อ่าน ดาวน์โหลด PDF และพิมพ์ทะเบียน"), "letters:home", "letters.view"),
    Way("document", _("ใบรับข้อมูลของรอบ"), _("พิมพ์ใบรับที่โรงเรียนยืนยันและรับรองแล้ว"), "rounds:home", "rounds.view"),
    Way("document", _("ข้อมูลเปิด"), _("สถิติที่สำนักงานเปิดเผย ใช้ได้ทุกคน CSV JSON Parquet"), "open:home"),
]  # fmt: skip
"""In the order of the page."""


def ways_of(actor: Actor) -> list[Way]:
    return [way for way in WAYS if not way.capability or actor.has(way.capability)]
