"""Forms of rounds: days of a round, a school year, reasons, office-written questions, duties."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.calendar import parse_time, thai_time
from khet.base.ui.forms import ThaiDateField
from khet.kits.rounds.choices import QuestionKind, SheetKind
from khet.kits.rounds.models import Round


class RoundForm(forms.Form):
    """Days and sheets of a round; what an open round no longer lets change is left out."""

    title = forms.CharField(label=_("ชื่อรอบ"), max_length=120)
    as_at = ThaiDateField(label=_("ข้อมูล ณ วันที่"))
    opens_on = ThaiDateField(label=_("เปิดรับ"))
    due_on = ThaiDateField(label=_("ส่งภายในวันที่"))
    due_time = forms.CharField(label=_("เวลา"), max_length=8, help_text=_("เช่น 16.30"))
    closes_on = ThaiDateField(label=_("ปิดรอบ"))
    sheet_codes = forms.MultipleChoiceField(label=_("ชุดข้อมูล"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, round_: Round, sheets: list[tuple[str, Any]], **kwargs: Any) -> None:
        due = timezone.localtime(round_.due_at)
        kwargs["initial"] = {
            "title": round_.title, "as_at": round_.as_at, "opens_on": round_.opens_on, "due_on": due.date(),
            "due_time": thai_time(due).split()[0], "closes_on": round_.closes_on, "sheet_codes": round_.sheet_codes,
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["sheet_codes"].choices = sheets
        if round_.is_open:
            for name in ("as_at", "opens_on", "sheet_codes"):
                del self.fields[name]

    def clean_due_time(self):
        try:
            return parse_time(self.cleaned_data["due_time"], field="due_time")
        except Refusal as why:
            raise forms.ValidationError(str(why.sentence)) from None

    def values(self) -> dict[str, Any]:
        """As the verb takes them."""
        found = dict(self.cleaned_data)
        due = datetime.combine(found.pop("due_on"), found.pop("due_time"))
        return {**found, "due_at": timezone.make_aware(due)}


class YearForm(forms.Form):
    school_year = forms.IntegerField(label=_("ปีการศึกษา"), min_value=2500, max_value=2700)


class OfficeForm(forms.Form):
    """A sheet that the office writes itself: questions one a line, ``คำถาม | ชนิด | ตัวเลือก, ตัวเลือก``."""

    title = forms.CharField(label=_("ชื่อแบบ"), max_length=120)
    kind = forms.ChoiceField(
        label=_("ให้โรงเรียน"), choices=[(SheetKind.FORM, _("ตอบแบบ")), (SheetKind.FILE, _("ส่งไฟล์"))]
    )
    is_yearly = forms.BooleanField(label=_("เก็บปีละครั้ง"), required=False)
    questions = forms.CharField(
        label=_("คำถาม บรรทัดละข้อ"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("คำถาม | ชนิด | ตัวเลือก คั่นด้วยจุลภาค ชนิดคือ ข้อความ ตัวเลข ตัวเลือก วันที่ ไฟล์ ใส่ * หน้าคำถามที่ไม่บังคับ"),
    )

    def read(self) -> list[dict[str, Any]]:
        """The lines as questions."""
        kinds = {"ข้อความ": "text", "ตัวเลข": "number", "ตัวเลือก": "choice", "วันที่": "date", "ไฟล์": "file"}
        found = []
        for place, line in enumerate(self.cleaned_data["questions"].splitlines(), start=1):
            label, kind, options = [part.strip() for part in f"{line}||".split("|")[:3]]
            if not label:
                continue
            found.append(
                {
                    "code": f"q{place}",
                    "label": label.removeprefix("*").strip(),
                    "required": not label.startswith("*"),
                    "kind": kinds.get(kind, kind or "text"),
                    "choices": [[word.strip(), word.strip()] for word in options.split(",") if word.strip()],
                }
            )
        return found

    @staticmethod
    def written(questions: list[dict[str, Any]]) -> str:
        """Questions as lines."""
        words = {"text": "ข้อความ", "number": "ตัวเลข", "choice": "ตัวเลือก", "date": "วันที่", "file": "ไฟล์"}
        lines = []
        for q in questions:
            parts = [("" if q["required"] else "*") + q["label"], words[q["kind"]]]
            if q["kind"] == QuestionKind.CHOICE:
                parts.append(", ".join(str(word) for _value, word in q["choices"]))
            lines.append(" | ".join(parts))
        return "\n".join(lines)
