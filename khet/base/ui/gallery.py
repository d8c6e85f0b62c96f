"""The gallery: every component alive, in the reader's theme, as documentation and as the thing tests look at.

People, letters and numbers in it are invented.
"""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from khet.base.lib.errors import NotFound
from khet.base.ui import tokens
from khet.base.ui.forms import ThaiDateField
from khet.base.ui.shapes import SHAPES
from khet.base.ui.toasts import toast
from khet.base.ui.views import demand_signed_in

PARTS = {
    "foundations": _("พื้นฐาน"),
    "controls": _("ปุ่ม ช่องกรอก ตาราง"),
    "feedback": _("ลำดับงาน ข้อความ กล่องถาม"),
    "views": _("หน้าประกอบ"),
}

SWATCHES = [
    ("ink", _("หมึก")), ("ink-3", _("หมึกจาง")), ("line-field", _("เส้นช่องกรอก")), ("line", _("เส้น")), ("ground", _("พื้น")), ("surface", _("แผ่น")),
    ("bar", _("ครามเข้ม")), ("accent", _("คราม")), ("accent-tint", _("ครามอ่อน")), ("alert", _("ชาด")), ("alert-tint", _("ชาดอ่อน")), ("gold", _("ทอง")),
    ("wait", _("รง (อักษร)")), ("wait-fill", _("รง (ถม)")), ("wait-tint", _("รงอ่อน")), ("done", _("ใบแค")), ("done-tint", _("ใบแคอ่อน")), ("mentor", _("ตะแบก")),
]  # fmt: skip
PAIRS = [
    ("ink", "surface"), ("ink-3", "ground"), ("accent", "accent-tint"), ("alert", "alert-tint"), ("wait", "wait-tint"), ("done", "done-tint"), ("mentor", "mentor-tint"),
]  # fmt: skip
SHAPE_WORDS = {
    "empty": _("ยังไม่เริ่ม"), "quarter": _("กำลังทำ"), "half": _("ยืนยันแล้ว"), "full": _("รับรองแล้ว"), "done": _("เสร็จ"),
    "closed": _("ปิดแล้ว"), "returned": _("ส่งคืน"), "late": _("เลยกำหนด"), "opinion": _("ขอความเห็น"), "draft": _("ร่าง"),
    "void": _("ยกเลิก"), "none": _("ไม่เกี่ยวข้อง"), "holder": _("ถืออยู่"),
}  # fmt: skip
ICONS = "inbox mail stamp send pencil-line undo-2 circle-question-mark hand-helping users school calendar-check map-pin paperclip printer download search history".split()  # noqa: SIM905


class SampleForm(forms.Form):
    """One of each kind of field."""

    dated_on = ThaiDateField(label=_("ลงวันที่"))
    origin = forms.ChoiceField(
        label=_("จาก"),
        help_text=_("พิมพ์ชื่อย่อหรือบางส่วน"),
        choices=[
            ("", ""),
            ("obec", "สพฐ. · สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"),
            ("district", "ที่ว่าการอำเภอทุ่งไพล"),
            ("school", "โรงเรียนบ้านไร่ธารใส"),
        ],
        widget=forms.Select(attrs={"data-picker": True}),
    )
    citizen = forms.CharField(label=_("เลขประจำตัวประชาชน"))
    note = forms.CharField(label=_("ความเห็น"), widget=forms.Textarea, required=False)
    ways = forms.MultipleChoiceField(
        label=_("แจ้งทาง"),
        choices=[("app", _("ในระบบ")), ("line", _("ไลน์")), ("email", _("อีเมล"))],
        widget=forms.CheckboxSelectMultiple,
    )
    speed = forms.ChoiceField(
        label=_("ชั้นความเร็ว"),
        choices=[("normal", _("ปกติ")), ("urgent", _("ด่วน")), ("most_urgent", _("ด่วนที่สุด"))],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label=_("ส่งสำเนาให้กลุ่มที่เกี่ยวข้อง"), required=False)
    file = forms.FileField(label=_("ไฟล์หนังสือ"), help_text=_("PDF หรือภาพสแกน ไม่เกิน 50 MB"), required=False)

    def clean_citizen(self) -> str:
        raise forms.ValidationError(_("หลักสุดท้ายไม่ตรงกับเลขอื่น ตรวจกับบัตรอีกครั้ง"))


def _letters() -> list[dict[str, Any]]:
    rows = [
        (6318, "ศธ 04006/ว3412", "การจัดเก็บข้อมูลนักเรียนรายบุคคล", "23 นาที", "selected"),
        (6317, "ศร 0218/1894", "ขอข้อมูลเด็กในเขตบริการ", "5 วัน", "late"),
        (6316, "ศธ 04002/ว3120", "รายงานผลการใช้จ่าย ไตรมาสที่ 4", "2 วัน", ""),
    ]
    return [dict(zip(("number", "ref", "subject", "held", "kind"), row, strict=True)) for row in rows]


def _board() -> list[dict[str, Any]]:
    networks = {
        "เขาแก้ว": "done done done done full done done done done full",
        "ผาน้ำหยด": "done done done done done full full done done",
        "ทุ่งไพล": "full done half done done done full done full done",
        "ลานสน": "done returned done done full full done done done",
        "ปากน้ำเงิน": "half empty full full empty done full done done half",
    }
    board = []
    for name, cells in networks.items():
        kinds = cells.split()
        board.append(
            {"name": name, "cells": kinds, "done": sum(k == "done" for k in kinds), "total": len(kinds)}
        )
    return board


def _facts(part: str) -> dict[str, Any]:
    now = timezone.localtime()
    if part == "foundations":
        light, dark = tokens.themes()["light"], tokens.themes()["dark"]
        return {
            "swatches": [(name, words, light[name]) for name, words in SWATCHES],
            "dark_swatches": [
                (name, words, dark[name])
                for name, words in SWATCHES
                if name in {"surface", "ink", "accent", "alert", "wait", "done"}
            ],
            "pairs": [
                (
                    text,
                    on,
                    f"{tokens.contrast(light[text], light[on]):.1f}",
                    f"{tokens.contrast(dark[text], dark[on]):.1f}",
                )
                for text, on in PAIRS
            ],
            "shapes": [(kind, SHAPE_WORDS[kind]) for kind in SHAPES],
            "icons": ICONS,
            "charts": range(1, 7),
            "maps": range(1, 5),
            "spaces": (4, 8, 12, 16, 20, 24, 32, 48),
        }
    if part == "controls":
        form = SampleForm(
            {"dated_on": "23/11/2569", "citizen": "1 9902 00481 31 5", "speed": "normal", "ways": ["app"]}
        )
        form.full_clean()
        return {"form": form, "letters": _letters(), "page": Paginator(range(6318), 50).page(2)}
    if part == "feedback":
        return {"now": now}
    return {
        "late": now - timedelta(days=2),
        "soon": now + timedelta(hours=2, minutes=18),
        "later": now.date() + timedelta(days=4),
        "board": _board(),
        "holder": SimpleNamespace(name="ปิยะนุช ทองสลวย", initials="ปท"),
        "groups": [
            ("อำนวยการ", 41, 2),
            ("นโยบายและแผน", 38, 4),
            ("การเงินและสินทรัพย์", 52, 9),
            ("กฎหมายและคดี", 12, 4),
        ],
        "strip": [14 if n == 2 else 8 if n == 3 else 10 if n == 10 else 0 for n in range(36)],
    }


@require_http_methods(["GET", "POST"])
def gallery(request: HttpRequest, part: str = "foundations") -> HttpResponse:
    """One part of the gallery. A POST answers as an act would: with a toast."""
    demand_signed_in(request)
    if part not in PARTS:
        raise NotFound(_("ไม่มีส่วนนี้ในคลังส่วนประกอบ"), code="ui.no_such_part")
    if request.method == "POST":
        return toast(HttpResponse(status=204), _("เสนอ รอง ผอ.พรรณี แล้ว"), act=_("เรียกคืน"), url=request.path)
    return render(request, f"ui/gallery/{part}.html", {"part": part, "parts": PARTS, **_facts(part)})
