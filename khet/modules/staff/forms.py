"""Forms of staff: an official's facts, a position, moves, rows of the record, a photograph."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Unit, own_units
from khet.base.org.choices import UnitKind
from khet.base.ui.forms import ThaiDateField
from khet.modules.schools.choices import Grade
from khet.modules.staff.choices import Leaving
from khet.modules.staff.models import Official, Position


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
