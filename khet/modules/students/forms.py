"""Forms of pupils: who they are, a class, health and circumstances, guardians, numbers, leaving."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.base.ui.forms import ThaiDateField
from khet.kits.register.bases import CodeList
from khet.modules.schools.api import School
from khet.modules.schools.choices import Grade
from khet.modules.students.choices import (
    DISADVANTAGES,
    JOURNEYS,
    LACKING,
    LEAVE_REASONS,
    LIVES_WITH,
    OCCUPATIONS,
    PARENTS_STATUS,
    RELIGIONS,
    AbsentReason,
    ClaimKind,
    GuardianRole,
    LeaveKind,
    Outcome,
    Sex,
    VisitResult,
)
from khet.modules.students.models import Enrolment, Guardian, Pupil

TITLES = ("เด็กชาย", "เด็กหญิง", "นาย", "นางสาว")


def _code_field(codes: CodeList, label: Any, blank: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=lambda: [("", blank), *codes.choices()], required=False, label=label
    )  # fmt: skip


class SchoolChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class PupilForm(forms.ModelForm):
    """Facts of a pupil; the class and the number only when the pupil is added."""

    title = forms.ChoiceField(
        choices=[("", _("เลือก")), *((word, word) for word in TITLES)], required=False, label=_("คำนำหน้า")
    )
    born_on = ThaiDateField(required=False, label=_("วันเกิด"))
    religion = _code_field(RELIGIONS, _("ศาสนา"), _("ไม่ระบุ"))
    school = SchoolChoice(queryset=None, label=_("โรงเรียน"))
    grade = forms.ChoiceField(choices=[("", _("เลือกชั้น")), *Grade.choices], label=_("ชั้น"))
    room = forms.IntegerField(min_value=1, max_value=40, initial=1, label=_("ห้อง"))
    student_no = forms.CharField(max_length=13, required=False, label=_("เลขประจำตัวนักเรียน"))
    entered_on = ThaiDateField(required=False, label=_("วันเข้าเรียน"))
    id_value = forms.CharField(
        max_length=24, label=_("เลขประจำตัวประชาชน หรือรหัส G"),
        help_text=_("13 หลัก หรือ G ตามด้วยเลข 12 หลัก เก็บแบบเข้ารหัส"), widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip

    class Meta:
        model = Pupil
        fields = ["first_name"]

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        if "school" in self.fields:
            from khet.modules.schools.api import own_schools  # noqa: PLC0415  asked when drawn, not at start

            self.fields["school"].queryset = own_schools().select_related("unit").order_by("sort_name")
        current = getattr(self.instance, "title", "")
        if "title" in self.fields and current and current not in TITLES:
            self.fields["title"].choices = [*self.fields["title"].choices, (current, current)]

    def _post_clean(self) -> None:
        """What is on the form and not on the model (school, number) is the verb's to look at."""
        names = [name for name in ("school", "grade", "room") if name in self.cleaned_data]
        kept = {name: self.cleaned_data.pop(name) for name in names}
        super()._post_clean()
        self.cleaned_data |= kept


class EnrolmentForm(forms.ModelForm):
    """A term's facts of a pupil."""

    entered_on = ThaiDateField(required=False, label=_("วันเข้าเรียน"))
    measured_on = ThaiDateField(required=False, label=_("วันที่ชั่งวัด"))
    disadvantage = _code_field(DISADVANTAGES, _("ความด้อยโอกาส"), _("ไม่ด้อยโอกาส"))
    journey = _code_field(JOURNEYS, _("การเดินทาง"), _("ไม่ระบุ"))
    lives_with = _code_field(LIVES_WITH, _("อาศัยอยู่กับ"), _("ไม่ระบุ"))
    parents_status = _code_field(PARENTS_STATUS, _("สถานภาพบิดามารดา"), _("ไม่ระบุ"))
    lacking = forms.MultipleChoiceField(
        choices=LACKING.choices, required=False, label=_("ขาดแคลน"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Enrolment
        fields = ["grade"]


class GuardianForm(forms.ModelForm):
    """One of father, mother, guardian."""

    occupation = _code_field(OCCUPATIONS, _("อาชีพ"), _("ไม่ระบุ"))

    class Meta:
        model = Guardian
        fields = ["title", "first_name", "last_name", "relation", "occupation", "income", "phone"]

    def __init__(self, *args: Any, role: str, **given: Any) -> None:
        super().__init__(*args, prefix=role, **given)
        self.role = role
        for name in ("first_name", "last_name"):
            self.fields[name].required = False
        if role != GuardianRole.GUARDIAN:
            del self.fields["relation"]


class NumberForm(forms.Form):
    """A new number with the paper it comes from."""

    id_value = forms.CharField(
        max_length=24, label=_("เลขใหม่"), widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("13 หลัก หรือ G ตามด้วยเลข 12 หลัก เลขเดิมยังใช้ค้นหาได้"),
    )  # fmt: skip
    since = ThaiDateField(required=False, label=_("ใช้ตั้งแต่วันที่"))
    reason = forms.CharField(max_length=300, label=_("เหตุผลหรือเอกสาร"))


class LeaveForm(forms.Form):
    """An enrolment that ends before its time."""

    kind = forms.ChoiceField(choices=LeaveKind.choices, label=_("จำหน่ายเพราะ"), widget=forms.RadioSelect)
    left_on = ThaiDateField(label=_("ตั้งแต่วันที่"))
    reason = _code_field(LEAVE_REASONS, _("สาเหตุ"), _("เลือกสาเหตุ"))
    destination = forms.CharField(max_length=150, required=False, label=_("โรงเรียนหรือที่ที่ไป"))


class DecideForm(forms.Form):
    """What becomes of pupils at the year's end."""

    outcome = forms.ChoiceField(
        choices=[*Outcome.choices, ("", _("ตามปกติ (เลื่อนชั้นหรือจบ)"))], required=False, label=_("ผลสิ้นปี"), widget=forms.RadioSelect
    )  # fmt: skip
    reason = _code_field(LEAVE_REASONS, _("สาเหตุ (เมื่อออก)"), _("เลือกสาเหตุ"))


class MoveForm(forms.Form):
    """Where a pupil goes: a school of the area, or a place outside it."""

    to_school = SchoolChoice(
        queryset=None, required=False, label=_("โรงเรียนในเขต"), empty_label=_("ไปนอกเขต")
    )
    to_place = forms.CharField(max_length=150, required=False, label=_("โรงเรียนนอกเขต"))
    area_name = forms.CharField(max_length=120, required=False, label=_("เขตพื้นที่หรือจังหวัดของโรงเรียนนอกเขต"))
    area_code = forms.CharField(max_length=6, required=False, label=_("รหัสเขตพื้นที่ (ถ้าทราบ)"))
    moves_on = ThaiDateField(label=_("ย้ายตั้งแต่วันที่"))
    reason = forms.CharField(max_length=300, required=False, label=_("เหตุผล"))

    def __init__(self, *args: Any, schools: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["to_school"].queryset = schools

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("to_school") and not values.get("to_place"):
            self.add_error("to_school", _("เลือกโรงเรียนในเขต หรือพิมพ์โรงเรียนนอกเขต"))
        return values


class AskForm(forms.Form):
    """A school asks for a pupil of another school, whom it knows by number and birthday."""

    school = SchoolChoice(queryset=None, label=_("โรงเรียนที่รับย้าย"))
    id_value = forms.CharField(
        max_length=24, label=_("เลขประจำตัวประชาชน หรือรหัส G"), widget=forms.TextInput({"autocomplete": "off"})
    )
    born_on = ThaiDateField(label=_("วันเกิด"))
    grade = forms.ChoiceField(choices=[("", _("เลือกชั้น")), *Grade.choices], label=_("ชั้น"))
    moves_on = ThaiDateField(label=_("เข้าเรียนตั้งแต่วันที่"))
    reason = forms.CharField(max_length=300, required=False, label=_("เหตุผล"))

    def __init__(self, *args: Any, schools: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["school"].queryset = schools


class ReceiveForm(AskForm):
    """A pupil from outside the area."""

    title = forms.ChoiceField(choices=[(word, word) for word in TITLES], label=_("คำนำหน้า"))
    first_name = forms.CharField(max_length=100, label=_("ชื่อ"))
    last_name = forms.CharField(max_length=100, label=_("นามสกุล"))
    sex = forms.ChoiceField(choices=Sex.choices, label=_("เพศ"))
    from_place = forms.CharField(max_length=150, label=_("โรงเรียนเดิม"))
    area_name = forms.CharField(max_length=120, required=False, label=_("เขตพื้นที่หรือจังหวัดเดิม"))
    area_code = forms.CharField(max_length=6, required=False, label=_("รหัสเขตพื้นที่ (ถ้าทราบ)"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        del self.fields["reason"]


class AcceptForm(forms.Form):
    """The class in which a pupil begins."""

    grade = forms.ChoiceField(choices=Grade.choices, label=_("ชั้น"))
    room = forms.IntegerField(min_value=1, max_value=40, initial=1, label=_("ห้อง"))
    student_no = forms.CharField(max_length=13, required=False, label=_("เลขประจำตัวนักเรียน"))


class ReplyForm(forms.Form):
    """Why a transfer is refused."""

    reply = forms.CharField(max_length=300, label=_("เหตุผลที่ไม่รับย้าย"))


class YearEndForm(forms.Form):
    """A school year to be closed."""

    school_year = forms.IntegerField(min_value=2560, max_value=2650, label=_("ปีการศึกษา"))
    ends_on = ThaiDateField(label=_("วันสิ้นปีการศึกษา"))


def _evidence() -> forms.FileField:
    return forms.FileField(
        required=False, label=_("หลักฐาน"), help_text=_("ถ่ายใบย้าย ปพ. หรือบัญชีเรียกชื่อ ภาพหรือ PDF"),
        widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png,application/pdf"}),
    )  # fmt: skip


class ClaimForm(forms.Form):
    """What a school says of a pupil who is also on another roll."""

    kind = forms.ChoiceField(choices=ClaimKind.choices, label=_("นักเรียนคนนี้"), widget=forms.RadioSelect)
    left_on = ThaiDateField(
        required=False, label=_("ออกตั้งแต่วันที่"), help_text=_("เมื่อออกไปแล้ว: วันแรกที่ไม่ได้เรียนที่นี่ เช่น 23/11/2569")
    )
    words = forms.CharField(
        max_length=500, required=False, label=_("เล่าสั้น ๆ"), widget=forms.Textarea({"rows": 2}),
        help_text=_("เช่น ย้ายมาตามใบย้ายเลขที่เท่าใด หรือมาเรียนครั้งสุดท้ายเมื่อใด"),
    )  # fmt: skip
    evidence = _evidence()


class SettleForm(forms.Form):
    """The area's decision between the schools of a case. Of three and more each may have its own last day."""

    keeper = SchoolChoice(queryset=None, label=_("นักเรียนเรียนอยู่ที่"), widget=forms.RadioSelect, empty_label=None)
    left_on = ThaiDateField(label=_("ออกจากโรงเรียนอื่นตั้งแต่วันที่"))
    reason = forms.CharField(
        max_length=500, label=_("เหตุผลและหลักฐานที่ใช้ชี้ขาด"), widget=forms.Textarea({"rows": 3}),
        help_text=_("ทุกโรงเรียนในเรื่องนี้อ่านข้อความนี้"),
    )  # fmt: skip
    evidence = _evidence()

    def __init__(self, *args: Any, schools: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.schools = list(schools)
        self.fields["keeper"].queryset = School.objects.filter(pk__in=[school.pk for school in self.schools])
        if len(self.schools) > 2:
            for school in self.schools:
                self.fields[f"left_on_{school.pk}"] = ThaiDateField(
                    required=False,
                    label=_("ออกจาก%(school)sตั้งแต่วันที่") % {"school": school.full_name},
                    help_text=_("เว้นว่างคือวันเดียวกับข้างบน ของโรงเรียนที่เลือกไว้ไม่ต้องใส่"),
                )
            self.order_fields(["keeper", "left_on", *(f"left_on_{school.pk}" for school in self.schools)])

    def days(self) -> dict[int, Any]:
        """School → its own day, where one is given."""
        given = {school.pk: self.cleaned_data.get(f"left_on_{school.pk}") for school in self.schools}
        return {pk: day for pk, day in given.items() if day}


class DrawForm(forms.Form):
    """How many pupils of a round are drawn. Who is drawn nobody can say beforehand."""

    round = forms.TypedChoiceField(coerce=int, label=_("รอบ"))
    share = forms.IntegerField(min_value=1, max_value=100, initial=5, label=_("ร้อยละของนักเรียนแต่ละโรงเรียน"))
    least = forms.IntegerField(min_value=1, max_value=100, initial=3, label=_("อย่างน้อยโรงเรียนละ (คน)"))
    schools = forms.IntegerField(
        min_value=0, max_value=2000, initial=0, label=_("จำนวนโรงเรียนที่สุ่ม"), help_text=_("0 คือทุกโรงเรียน")
    )
    reason = forms.CharField(
        max_length=300, required=False, label=_("เหตุผลที่สุ่มอีกครั้ง"), help_text=_("ต้องบอกเมื่อรอบนี้เคยสุ่มแล้ว")
    )

    def __init__(self, *args: Any, rounds: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["round"].choices = [(one.pk, one.title) for one in rounds]


class VisitForm(forms.Form):
    """What the visitor found of one pupil."""

    result = forms.ChoiceField(choices=VisitResult.choices)
    absent_for = forms.ChoiceField(choices=[("", ""), *AbsentReason.choices], required=False)
    words = forms.CharField(max_length=300, required=False)
