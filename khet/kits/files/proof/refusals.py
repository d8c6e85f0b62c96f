"""The sentences with which a file is refused, and the words for what was found in a quarantined one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Refusal
from khet.kits.files.choices import FileKind

FINDINGS: dict[str, Any] = {
    "active_pdf": _("คำสั่งที่ทำงานเองใน PDF"),
    "embedded_file": _("แฟ้มอื่นซ่อนอยู่ข้างใน"),
    "macros": _("มาโคร"),
    "remote_template": _("แม่แบบที่ดึงจากภายนอก"),
    "active_object": _("วัตถุที่ทำงานเองได้"),
    "polyglot": _("แฟ้มสองชนิดซ้อนอยู่ในแฟ้มเดียว"),
    "test_virus": _("รหัสทดสอบโปรแกรมป้องกันไวรัส (EICAR)"),
    "program": _("โปรแกรมที่สั่งทำงานได้"),
    "too_deep_to_check": _("เนื้อหาข้างในใหญ่เกินกว่าจะตรวจได้ครบ"),
}


def refuse(code: str, sentence: Any, **facts: Any) -> Refusal:
    return Refusal(sentence, code=f"files.{code}", field="file", **facts)


def empty() -> Refusal:
    return refuse("empty", _("แฟ้มนี้ว่างเปล่า เปิดดูที่เครื่องของคุณว่ามีเนื้อหา แล้วส่งอีกครั้ง"))


def not_accepted() -> Refusal:
    return refuse(
        "kind",
        _(
            "แฟ้มชนิดนี้รับไม่ได้ รับ PDF ภาพ JPEG หรือ PNG เอกสาร DOCX ODT ตาราง XLSX ODS CSV ข้อความ "
            "และ ZIP ของแฟ้มเหล่านี้ บันทึกเป็นชนิดใดชนิดหนึ่ง แล้วส่งอีกครั้ง"
        ),
    )


def old_office() -> Refusal:
    return refuse(
        "old_office",
        _(
            "แฟ้มนี้เป็น Office รุ่นเก่า (.doc .xls .ppt) หรือใส่รหัสผ่านไว้ บันทึกเป็น DOCX XLSX หรือ PDF ที่ไม่มีรหัสผ่าน แล้วส่งอีกครั้ง"
        ),
    )


def svg() -> Refusal:
    return refuse("svg", _("ภาพ SVG และหน้าเว็บรับไม่ได้ เพราะฝังคำสั่งได้ บันทึกเป็น PNG หรือ PDF แล้วส่งอีกครั้ง"))


def drawing(why: str, **named: str) -> Refusal:
    """Why an SVG is refused where SVG is accepted, and what to do in the program that drew it."""
    sentences: dict[str, Any] = {
        "acting": _("SVG นี้มีคำสั่งที่ทำงานเอง (script, onload หรือภาพเคลื่อนไหว) บันทึกเป็น SVG แบบธรรมดา (Plain SVG) หรือ PNG แล้วส่งอีกครั้ง"),
        "elsewhere": _("SVG นี้มีภาพ ลิงก์ หรือแบบจากที่อื่นปนอยู่ ใช้เฉพาะเส้นและสีในตัวเอง หรือบันทึกเป็น PNG แล้วส่งอีกครั้ง"),
        "letters": _("SVG นี้มีตัวอักษรหรือแบบอักษร ซึ่งแต่ละเครื่องแสดงไม่เหมือนกัน แปลงตัวอักษรเป็นเส้น (Convert to path) หรือบันทึกเป็น PNG แล้วส่งอีกครั้ง"),
        "entity": _("SVG นี้มีคำประกาศ (ENTITY) ของโปรแกรมวาด บันทึกเป็น SVG แบบธรรมดา (Plain SVG) หรือ PNG แล้วส่งอีกครั้ง"),
        "encoding": _("SVG นี้ไม่ได้บันทึกเป็น UTF-8 บันทึกเป็น SVG แบบธรรมดา (Plain SVG) หรือ PNG แล้วส่งอีกครั้ง"),
        "complex": _("SVG นี้มีชิ้นส่วนมากเกินไป ลดรายละเอียด หรือบันทึกเป็น PNG แล้วส่งอีกครั้ง"),
        "undrawn": _("วาด SVG นี้ลงกระดาษไม่ได้ บันทึกเป็น SVG แบบธรรมดา (Plain SVG) หรือ PNG แล้วส่งอีกครั้ง"),
        "other": _("แฟ้มนี้เป็นหน้าเว็บหรือ XML อื่น ไม่ใช่ภาพ SVG บันทึกเป็น SVG แบบธรรมดา (Plain SVG) หรือ PNG แล้วส่งอีกครั้ง"),
        "part": _("SVG นี้มีชิ้นส่วน %(name)s ซึ่งพิมพ์ไม่ได้เหมือนกันทุกที่ บันทึกเป็น SVG แบบธรรมดา (Plain SVG) หรือ PNG แล้วส่งอีกครั้ง"),
    }  # fmt: skip
    return refuse(f"svg_{why}", sentences[why] % named if named else sentences[why])


def not_here(kinds: Iterable[FileKind]) -> Refusal:
    """An acceptable file in a place that takes only some kinds."""
    named = [str(kind.label) for kind in kinds]
    words = _("%(others)s หรือ%(last)s") % {"others": " ".join(named[:-1]), "last": named[-1]}
    return refuse(
        "kind_here",
        _("ตรงนี้รับเฉพาะ%(kinds)s ดูจากเนื้อแฟ้ม ไม่ใช่จากชื่อ บันทึกเป็นชนิดใดชนิดหนึ่ง แล้วส่งอีกครั้ง")
        % {"kinds": words if len(named) > 1 else named[0]},
    )


def damaged(what: str) -> Refusal:
    return refuse(
        "damaged",
        _("แฟ้ม %(what)s นี้เสียหรือส่งมาไม่ครบ เปิดดูที่เครื่องของคุณก่อน แล้วบันทึกใหม่และส่งอีกครั้ง") % {"what": what},
    )


def encrypted(what: str) -> Refusal:
    return refuse("encrypted", _("แฟ้ม %(what)s นี้ใส่รหัสผ่าน บันทึกโดยไม่ใส่รหัสผ่าน แล้วส่งอีกครั้ง") % {"what": what})


def no_pages() -> Refusal:
    return refuse("no_pages", _("PDF นี้ไม่มีหน้าเลย เปิดดูที่เครื่องของคุณ แล้วส่งแฟ้มที่มีหน้า"))


def too_many_objects() -> Refusal:
    return refuse(
        "too_complex",
        _("PDF นี้มีชิ้นส่วนมากผิดปกติจนเปิดอ่านไม่ได้ พิมพ์เป็น PDF ใหม่ หรือสแกน แล้วส่งอีกครั้ง"),
    )


def too_many_pixels(width: int, height: int, limit: int) -> Refusal:
    return refuse(
        "too_many_pixels",
        _("ภาพนี้กว้าง %(width)s สูง %(height)s จุด รับได้ไม่เกิน %(limit)s ล้านจุด ย่อภาพหรือสแกน 300 dpi แล้วส่งอีกครั้ง")
        % {"width": f"{width:,}", "height": f"{height:,}", "limit": f"{limit // 1_000_000:,}"},
    )


def bad_zip() -> Refusal:
    return refuse(
        "bad_zip",
        _("ชุด ZIP นี้มีสารบัญผิดปกติ (ชื่อออกนอกโฟลเดอร์ รายการซ้อนทับ หรือใหญ่ผิดจริง) สร้างชุดใหม่จากแฟ้มเดิม แล้วส่งอีกครั้ง"),
    )


def zip_member(name: str, why: Refusal) -> Refusal:
    return refuse(
        "zip_member",
        _("ในชุด ZIP แฟ้ม %(name)s รับไม่ได้: %(why)s") % {"name": name[:100], "why": why.sentence},
    )


def nested_zip() -> Refusal:
    return refuse("nested_zip", _("มี ZIP ซ้อนอยู่ใน ZIP แตกชุดข้างในออกก่อน แล้วส่งอีกครั้ง"))
