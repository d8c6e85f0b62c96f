"""Forms of staff: an official's facts, a position, moves, rows of the record, a photograph."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.org.api import Unit, own_units
from khet.base.org.choices import UnitKind
from khet.base.ui.forms import ThaiDateField
from khet.modules.schools.choices import Grade
from khet.modules.staff.choices import WISH_PARTS, Leaving, WishState
from khet.modules.staff.models import Criterion, Official, Position, ServiceRow


def places() -> Any:
    """Units in which people serve: the office, its groups, its schools."""
    kinds = [UnitKind.OFFICE, UnitKind.GROUP, UnitKind.SCHOOL]
    return own_units().filter(kind__in=kinds).order_by("kind", "position", "name")


class PlaceChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.code})" if obj.kind == UnitKind.SCHOOL else obj.name


class PositionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {obj.title} · {obj.unit.short_name}"


class OfficialForm(forms.ModelForm):
    """Facts of an official with the name and the contact of the person. Only the shown sections are on the form."""

    prefix = forms.CharField(label=_("คำนำหน้า"), max_length=30, required=False)
    first_name = forms.CharField(label=_("ชื่อ"), max_length=100)
    last_name = forms.CharField(label=_("นามสกุล"), max_length=100, required=False)
    phone = forms.CharField(label=_("โทรศัพท์"), max_length=30, required=False)
    email = forms.EmailField(label=_("อีเมล"), required=False)
    place = PlaceChoice(queryset=Unit.objects.none(), label=_("สังกัดตาม จ.18"))
    born_on = ThaiDateField(required=False, label=_("วันเกิด"))
    standing_on = ThaiDateField(required=False, label=_("วันได้วิทยฐานะ"))
    appointed_on = ThaiDateField(required=False, label=_("วันสั่งบรรจุ"))
    started_on = ThaiDateField(required=False, label=_("วันเริ่มปฏิบัติราชการ"))
    in_position_since = ThaiDateField(required=False, label=_("ดำรงตำแหน่งปัจจุบันตั้งแต่"))

    class Meta:
        model = Official
        fields = ["title"]  # the sections of the record type say which

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None and instance.pk:
            person = instance.person
            kwargs["initial"] = {
                "prefix": person.title,
                "first_name": person.first_name,
                "last_name": person.last_name,
                "phone": person.phone,
                "email": person.email,
                "place": instance.unit_id,
            } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        if "place" in self.fields:
            self.fields["place"].queryset = places()


class PositionForm(forms.ModelForm):
    place = PlaceChoice(queryset=Unit.objects.none(), label=_("หน่วยงาน"))
    since = ThaiDateField(label=_("มีอัตราตั้งแต่"))

    class Meta:
        model = Position
        fields = ["number"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None and instance.pk:
            kwargs["initial"] = {"place": instance.unit_id} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        if "place" in self.fields:
            self.fields["place"].queryset = places()


class PlaceForm(forms.Form):
    position = PositionChoice(queryset=Position.objects.none(), label=_("อัตรา (ว่าง)"))
    since = ThaiDateField(label=_("ตั้งแต่วันที่"))
    reference = forms.CharField(max_length=120, required=False, label=_("คำสั่งที่"))

    def __init__(self, *args: Any, positions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].queryset = positions


class SecondForm(forms.Form):
    unit = PlaceChoice(queryset=Unit.objects.none(), label=_("ช่วยราชการที่"))
    since = ThaiDateField(label=_("ตั้งแต่วันที่"))
    until = ThaiDateField(required=False, label=_("ถึงวันที่"), help_text=_("ควรระบุวันสิ้นสุดตามคำสั่ง"))
    reference = forms.CharField(max_length=120, required=False, label=_("คำสั่งที่"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = places()


class LastDayForm(forms.Form):
    last_day = ThaiDateField(label=_("วันสุดท้าย"))


class LeaveForm(forms.Form):
    leaving = forms.ChoiceField(label=_("เหตุที่พ้น"), choices=Leaving.choices, widget=forms.RadioSelect)
    since = ThaiDateField(label=_("พ้นตั้งแต่วันที่"))
    reference = forms.CharField(max_length=120, required=False, label=_("คำสั่งที่"))


class CitizenIdForm(forms.Form):
    """The number is sealed at once and never shown again in full, so it comes back into no box."""

    value = forms.CharField(
        label=_("เลขประจำตัวประชาชน"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("13 หลัก มีขีดหรือไม่ก็ได้ ระบบเก็บแบบปิดผนึก"),
    )  # fmt: skip


class PhotoForm(forms.Form):
    photo = forms.FileField(label=_("รูปถ่าย"), help_text=_("JPEG หรือ PNG ระบบตัดเป็นสัดส่วน 3 ต่อ 4"))


class GradesField(forms.MultipleChoiceField):
    def __init__(self, **given: Any) -> None:
        super().__init__(choices=Grade.choices, widget=forms.CheckboxSelectMultiple, required=False, **given)


def part_form(model: Any, names: tuple[str, ...]) -> type[forms.ModelForm]:
    """The form of one kind of row: days of the Buddhist era, grades as boxes to tick."""

    def field_of(field: Any, **kwargs: Any) -> forms.Field:
        if field.name == "grades":
            return GradesField(label=field.verbose_name)
        if field.get_internal_type() == "DateField":
            return ThaiDateField(required=not field.blank, label=field.verbose_name)
        return field.formfield(**kwargs)

    return forms.modelform_factory(model, fields=names, formfield_callback=field_of)


_ROW_FIELDS = (
    "movement", "effective_on", "words", "title", "unit", "place", "position_number", "level", "standing", "salary",
    "position_pay", "order_number", "order_on", "order_by", "signed_by",
)  # fmt: skip


class ServiceRowForm(forms.ModelForm):
    """One row of ก.พ.7. Correcting, ``reason`` is asked besides and the row in force is what the form begins with."""

    effective_on = ThaiDateField(label=_("วันที่มีผล"))
    order_on = ThaiDateField(label=_("คำสั่งลงวันที่"), required=False)
    unit = PlaceChoice(
        queryset=Unit.objects.none(),
        label=_("สังกัด"),
        required=False,
        help_text=_("เว้นว่างถ้าอยู่นอกเขต แล้วพิมพ์ในช่องถัดไป"),
    )
    reason = forms.CharField(
        label=_("เหตุที่แก้ไข"), max_length=200, help_text=_("พิมพ์อยู่ข้างรายการใหม่ เช่น พิมพ์เลขที่คำสั่งผิด")
    )

    class Meta:
        model = ServiceRow
        fields = _ROW_FIELDS

    def __init__(self, *args: Any, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = places()
        self.fields["order_number"].error_messages["required"] = _("ใส่เลขที่คำสั่ง รายการใน ก.พ.7 ต้องมีคำสั่งอ้างอิง")
        if not correcting:
            del self.fields["reason"]

    def _post_clean(self) -> None:
        """The verb judges the whole row; here stands only what was typed."""

    def clean_position_number(self) -> str:
        return "".join(self.cleaned_data["position_number"].split())


class StrikeForm(forms.Form):
    reason = forms.CharField(
        label=_("เหตุที่ขีดออก"), max_length=200, help_text=_("เช่น ลงผิดคน หรือคำสั่งถูกยกเลิกตามคำสั่งที่…")
    )


class OrderRowsForm(forms.ModelForm):
    """One order for many people: what is the same for all, then a line for each person."""

    effective_on = ThaiDateField(label=_("วันที่มีผล"))
    order_on = ThaiDateField(label=_("คำสั่งลงวันที่"), required=False)
    people = forms.CharField(
        label=_("บุคลากร คนละบรรทัด"), max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_("รหัสบุคลากรหรือเลขที่ตำแหน่ง แล้วเว้นวรรคหรือแท็บ ตามด้วยอัตราเงินเดือนใหม่ (ถ้ามี) วางจากตารางได้ เช่น B000123 33140"),
    )  # fmt: skip

    class Meta:
        model = ServiceRow
        fields = ("movement", "effective_on", "words", "order_number", "order_on", "order_by", "signed_by")

    def _post_clean(self) -> None:
        """The verb judges the rows."""

    def clean_people(self) -> list[tuple[int, str, Decimal | None]]:
        """(line, who, salary) of every line; all that is wrong is said at once."""
        found, wrong = [], []
        for number, line in enumerate(self.cleaned_data["people"].splitlines(), start=1):
            who, *rest = to_arabic_digits(line).replace(",", "").split()[:2] or [""]
            if not who:
                continue
            try:
                salary = Decimal(rest[0]).quantize(Decimal("0.01")) if rest else None
                if salary is not None and not 0 <= salary < 1_000_000:
                    raise InvalidOperation
                found.append((number, who, salary))
            except InvalidOperation:
                wrong.append(_("บรรทัด %(n)d: %(text)s ไม่ใช่จำนวนเงิน") % {"n": number, "text": rest[0][:20]})
        if wrong:
            raise forms.ValidationError(wrong[:10])
        return found


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label=_("ใช้สำเนาเพื่อ"), max_length=200, help_text=_("พิมพ์อยู่บนสำเนา และบันทึกว่าใครพิมพ์เพื่ออะไร"),
    )  # fmt: skip


class WishForm(forms.Form):
    about = forms.ChoiceField(label=_("ส่วนของทะเบียน"), choices=list(WISH_PARTS.items()))
    words = forms.CharField(
        label=_("ที่ถูกต้องคืออะไร มีหลักฐานใด"), max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("เช่น เลขที่คำสั่งที่ถูกคือ 118/2569 ตามสำเนาคำสั่งที่ส่งให้กลุ่มบริหารงานบุคคล"),
    )  # fmt: skip


class AnswerForm(forms.Form):
    state = forms.ChoiceField(
        label=_("ผล"),
        choices=[(s.value, s.label) for s in (WishState.DONE, WishState.DECLINED)],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("คำตอบถึงเจ้าของทะเบียน"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CopyCodeForm(forms.Form):
    code = forms.CharField(
        label=_("รหัสใต้คิวอาร์บนสำเนา"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        return re.sub(r"[\s\-]", "", self.cleaned_data["code"]).lower()


class CriterionForm(forms.ModelForm):
    """A row of the criterion; its code is given by the verb, or by the file it comes from."""

    since = ThaiDateField(label=_("ใช้ตั้งแต่วันที่"))

    class Meta:
        model = Criterion
        fields = ["seat"]
