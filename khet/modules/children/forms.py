"""Forms: a child, where it studies, a case and its visits, a paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import today
from khet.base.ui.forms import ThaiDateField
from khet.kits.register.bases import CodeList
from khet.modules.children.choices import (
    BY_HAND,
    LEAVE_REASONS,
    NEXT_STEPS,
    TRACE_STATES,
    Outcome,
    Paper,
    Registered,
    State,
    Way,
)
from khet.modules.children.models import Case, Child
from khet.modules.schools.api import School

TITLES = ("เด็กชาย", "เด็กหญิง", "นาย", "นางสาว")
SAID_BY_A_PERSON = [(one.value, one.label) for one in Outcome if one not in (Outcome.BACK, Outcome.DONE)]


def _codes(
    codes: CodeList, label: Any, blank: Any, *, required: bool = False, **more: Any
) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=lambda: [("", blank), *codes.choices()], required=required, label=label, **more
    )


class ChildForm(forms.ModelForm):
    """Facts of a child; the number only when the child is added."""

    title = forms.ChoiceField(
        choices=[("", _("เลือก")), *((word, word) for word in TITLES)], required=False, label=_("คำนำหน้า")
    )
    born_on = ThaiDateField(label=_("วันเกิด"))
    moved_in_on = ThaiDateField(required=False, label=_("วันย้ายเข้า"))
    registered = forms.ChoiceField(
        choices=Registered.choices, initial=Registered.FOUND, label=_("สถานะทะเบียนราษฎร")
    )
    id_value = forms.CharField(
        max_length=24, required=False, label=_("เลขประจำตัวประชาชน หรือรหัส G"),
        help_text=_("ไม่มีก็เว้นไว้ เก็บแบบเข้ารหัส"), widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip

    class Meta:
        model = Child
        fields = (
            "title", "first_name", "last_name", "sex", "born_on", "nationality", "house_id", "home_no", "home_moo", "home_tambon",
            "home_amphoe", "home_province", "moved_in_on", "father", "father_nationality", "mother", "mother_nationality", "registered",
        )  # fmt: skip
        help_texts = {"home_moo": _("ตัวเลข เช่น 4"), "home_tambon": _("ไม่ต้องพิมพ์คำว่าตำบล")}


class ElsewhereForm(forms.Form):
    """Where a child studies outside the area's rolls, or why it is excused, and what proves it."""

    state = forms.ChoiceField(
        choices=[(one.value, State(one).label) for one in BY_HAND],
        label=_("เรียนที่ใด"),
        widget=forms.RadioSelect,
    )
    place = forms.CharField(
        max_length=150, required=False, label=_("ชื่อสถานศึกษา"), help_text=_("ผ่อนผันหรือยกเว้น เว้นไว้ได้")
    )
    evidence = forms.CharField(
        max_length=200,
        label=_("หลักฐาน"),
        help_text=_("เช่น หนังสือรับรองการเป็นนักเรียน เลขที่และวันที่ หรือคำอนุญาตผ่อนผัน"),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=300, label=_("เหตุผล"))


class CaseForm(forms.ModelForm):
    """A case that somebody reports: the child is named by its number."""

    id_value = forms.CharField(
        max_length=24, label=_("เลขประจำตัวประชาชน หรือรหัส G ของเด็ก"), widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("เด็กในเขตบริการหรือนักเรียนเดิมของเขต เด็กที่ไม่มีเลข เปิดเรื่องจากหน้าของเด็ก"),
    )  # fmt: skip
    reason = _codes(LEAVE_REASONS, _("สาเหตุ"), _("ยังไม่รู้"))
    told = forms.CharField(
        max_length=500, required=False, label=_("ข้อความที่แจ้ง"), widget=forms.Textarea(attrs={"rows": 3})
    )
    next_step = _codes(NEXT_STEPS, _("ขั้นต่อไป"), _("เลือกขั้นต่อไป"), required=True)
    due_on = ThaiDateField(label=_("ทำภายในวันที่"))

    class Meta:
        model = Case
        fields = ("reason", "told", "next_step", "due_on")


class OpenForm(forms.Form):
    """A case about a child whose page is open."""

    reason = _codes(LEAVE_REASONS, _("สาเหตุ"), _("ยังไม่รู้"))
    told = forms.CharField(
        max_length=500, required=False, label=_("ข้อความที่แจ้ง"), widget=forms.Textarea(attrs={"rows": 3})
    )
    next_step = _codes(NEXT_STEPS, _("ขั้นต่อไป"), _("เลือกขั้นต่อไป"), required=True, initial="visit")
    due_on = ThaiDateField(label=_("ทำภายในวันที่"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = today() + timedelta(days=15)


class VisitForm(forms.Form):
    """What a teacher writes on a telephone at the child's door."""

    visited_on = ThaiDateField(label=_("วันที่ติดตาม"))
    way = forms.ChoiceField(choices=Way.choices, initial=Way.HOME, label=_("วิธี"), widget=forms.RadioSelect)
    state = _codes(
        TRACE_STATES, _("ผลการติดตาม"), _("เลือกผล"), required=True,
        error_messages={"required": _("เลือกผลการติดตาม")},
    )  # fmt: skip
    reason = _codes(LEAVE_REASONS, _("สาเหตุที่ไม่ได้เรียน"), _("ยังไม่รู้"))
    note = forms.CharField(
        label=_("บันทึก"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("เห็นเฉพาะผู้ติดตาม และบันทึกว่าใครเปิดอ่าน"),
    )  # fmt: skip
    next_step = _codes(NEXT_STEPS, _("ขั้นต่อไป"), _("ยังไม่กำหนด"))
    due_on = ThaiDateField(label=_("ทำภายในวันที่"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visited_on"].initial = today()


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(choices=SAID_BY_A_PERSON, label=_("ผลเมื่อปิดเรื่อง"), widget=forms.RadioSelect)
    note = forms.CharField(max_length=500, label=_("บันทึก"), widget=forms.Textarea(attrs={"rows": 3}))


class SchoolChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PaperForm(forms.Form):
    """Which paper, of which school, for whom of which school year; why it is printed."""

    school = SchoolChoice(School.objects.none(), label=_("โรงเรียน"))
    paper = forms.ChoiceField(
        choices=Paper.choices, initial=Paper.LIST, label=_("แบบ"), widget=forms.RadioSelect
    )
    year = forms.TypedChoiceField(coerce=int, label=_("เด็กที่ถึงเกณฑ์ ป.1 ในปีการศึกษา"))
    full_ids = forms.BooleanField(required=False, label=_("พิมพ์เลขประจำตัวเต็ม 13 หลัก"))
    reason = forms.CharField(max_length=300, label=_("เหตุผลที่พิมพ์"), help_text=_("บันทึกไว้กับรายชื่อเด็กทุกคนในแบบ"))

    def __init__(self, *args: Any, schools: Any, year: int, may_ids: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools
        self.fields["year"].choices = [(y, str(y)) for y in range(year + 2, year - 2, -1)]
        self.fields["year"].initial = year + 1
        if not may_ids:
            del self.fields["full_ids"]
