"""Forms of schools: the facts, moving networks, changes of state, a position, outlines, a photograph."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.places import moo_of, read_area, written_area
from khet.base.org.api import Unit
from khet.base.org.choices import UnitKind
from khet.base.ui.forms import FrameField, ThaiDateField
from khet.modules.schools.choices import ELECTRICITY, INTERNET, WATER, ServiceLevel, Status
from khet.modules.schools.models import Emis, School, Village


def networks() -> Any:
    return Unit.objects.on().filter(kind=UnitKind.NETWORK).order_by("short_name")


class UnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return getattr(obj, "short_name", None) or str(obj)


class SchoolForm(forms.ModelForm):
    """Facts of a school. Only the fields of the sections shown are on the form at all."""

    network = UnitChoice(
        queryset=Unit.objects.none(), required=False, label=_("เครือข่าย"), empty_label=_("ไม่อยู่ในเครือข่าย")
    )
    founded_on = ThaiDateField(required=False, label=_("วันก่อตั้ง"))
    pupils_on = ThaiDateField(required=False, label=_("จำนวนนักเรียน ณ วันที่"))
    website = forms.URLField(required=False, label=_("เว็บไซต์"), assume_scheme="https")
    smis8 = forms.RegexField(
        r"^\d{8}$", label=_("รหัส 8 หลัก"), error_messages={"invalid": _("รหัสนี้ต้องเป็นตัวเลข 8 หลัก")}
    )
    obec10 = forms.RegexField(
        r"^\d{10}$",
        required=False,
        label=_("รหัส 10 หลัก"),
        error_messages={"invalid": _("รหัสนี้ต้องเป็นตัวเลข 10 หลัก")},
    )
    obec6 = forms.RegexField(
        r"^\d{6}$",
        required=False,
        label=_("รหัส 6 หลัก"),
        error_messages={"invalid": _("รหัสนี้ต้องเป็นตัวเลข 6 หลัก")},
    )
    postcode = forms.RegexField(
        r"^\d{5}$",
        required=False,
        label=_("รหัสไปรษณีย์"),
        error_messages={"invalid": _("รหัสไปรษณีย์ต้องเป็นตัวเลข 5 หลัก")},
    )

    class Meta:
        model = School
        fields = ["name"]  # the sections of the record type say which

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "network" in self.fields:
            self.fields["network"].queryset = networks()
            if self.instance.pk:
                self.fields["network"].initial = getattr(self.instance, "network_id", None)


class MoveNetworkForm(forms.Form):
    network = UnitChoice(queryset=Unit.objects.none(), label=_("ย้ายไปเครือข่าย"))
    since = ThaiDateField(required=False, label=_("ตั้งแต่วันที่"), help_text=_("เว้นว่างไว้คือวันนี้"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["network"].queryset = networks()


class StatusForm(forms.Form):
    status = forms.ChoiceField(label=_("เปลี่ยนเป็น"), choices=Status.choices, widget=forms.RadioSelect)
    since = ThaiDateField(label=_("ตั้งแต่วันที่"))
    into = forms.ModelChoiceField(School.objects.none(), required=False, label=_("โรงเรียนที่รับไป"))
    reference = forms.CharField(max_length=120, required=False, label=_("คำสั่งหรือประกาศที่"))
    note = forms.CharField(max_length=200, required=False, label=_("หมายเหตุ"))

    def __init__(self, *args: Any, school: School, targets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = targets
        self.fields["status"].choices = [c for c in Status.choices if c[0] != school.status]


class PositionForm(forms.Form):
    latitude = forms.DecimalField(
        label=_("ละติจูด"), min_value=Decimal(5), max_value=Decimal(21), max_digits=9, decimal_places=6
    )
    longitude = forms.DecimalField(
        label=_("ลองจิจูด"), min_value=Decimal(97), max_value=Decimal(106), max_digits=9, decimal_places=6
    )


class OutlinesForm(forms.Form):
    file = forms.FileField(label=_("ไฟล์แนวเขตจังหวัด อำเภอ หรือตำบล"))
    frame = FrameField()


class PhotoForm(forms.Form):
    photo = forms.FileField(label=_("ภาพ"))
    caption = forms.CharField(label=_("คำบรรยาย"), max_length=120)


class VillageForm(forms.ModelForm):
    """A village: its tambon by code, as the interior ministry numbers them."""

    moo = forms.IntegerField(
        label=_("หมู่ที่"), min_value=0, max_value=99, help_text=_("0 คือส่วนของตำบลที่ไม่มีหมู่ เช่น ในเขตเทศบาล")
    )
    tambon_code = forms.RegexField(
        r"^\d{6}$", label=_("รหัสตำบล"), error_messages={"invalid": _("รหัสนี้ต้องเป็นตัวเลข 6 หลัก")}
    )

    class Meta:
        model = Village
        fields = ["name"]  # the sections of the record type say which


class ServiceForm(forms.Form):
    """Villages of a tambon that come to a school from a year on."""

    tambon = forms.ChoiceField(label=_("ตำบล"))
    moos = forms.CharField(
        label=_("หมู่ที่"), max_length=200, help_text=_("เลขหมู่คั่นด้วยจุลภาค เป็นช่วงได้ เช่น 1, 4-6, 9")
    )
    level = forms.ChoiceField(label=_("ระดับ"), choices=ServiceLevel.choices, initial=ServiceLevel.PRIMARY)
    since_year = forms.IntegerField(label=_("ตั้งแต่ปีการศึกษา"), min_value=2480, max_value=2700)
    reference = forms.CharField(label=_("ประกาศหรือมติ"), max_length=200, required=False)

    def __init__(self, *args: Any, tambons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tambon"].choices = tambons

    def clean_moos(self) -> list[int]:
        try:
            return read_moos(self.cleaned_data["moos"])
        except ValueError:
            raise forms.ValidationError(_("อ่านเลขหมู่ไม่ได้ เขียนเช่น 1, 4-6, 9")) from None


def read_moos(text: str) -> list[int]:
    """``ม.1, 4-6, ๙`` → [1, 4, 5, 6, 9]. ``ValueError`` when it cannot be read."""
    found: set[int] = set()
    plain = re.sub(r"(หมู่ที่|หมู่|ม\.)\s+", r"\1", to_arabic_digits(text))
    for part in re.split(r"(?:[,;\s]|และ)+", re.sub(r"\s*[-–—]\s*", "-", plain)):
        if not part:
            continue
        first, dash, last = part.partition("-")
        low = moo_of(first) if first else None
        high = (moo_of(last) if last else None) if dash else low
        if low is None or high is None or low > high:
            raise ValueError(part)
        found.update(range(low, high + 1))
    if not found:
        raise ValueError(text)
    return sorted(found)


class LandField(forms.CharField):
    """Rai-ngan-wa as surveyors write it; gives square wa."""

    def prepare_value(self, value: Any) -> Any:
        return written_area(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        found = read_area(text)
        if found is None:
            raise forms.ValidationError(_("เขียนเป็น ไร่-งาน-ตารางวา เช่น 12-2-35"))
        return found.quantize(Decimal("0.1"))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(self.prepare_value(initial)) != self.to_python(data)
        except forms.ValidationError:
            return True


def _listed(codes: Any) -> Any:
    """A choice from a list of codes; what a record holds stays choosable when the list retires it."""
    return forms.ChoiceField(label=codes.title, required=False, choices=lambda: [("", "—"), *codes.choices()])


class EmisForm(forms.ModelForm):
    """A year's facts of one school, all on one page."""

    electricity = _listed(ELECTRICITY)
    water = _listed(WATER)
    internet_kind = _listed(INTERNET)
    land_wa = LandField(required=False, label=_("ที่ดิน (ไร่-งาน-ตร.วา)"), help_text=_("เช่น 12-2-35"))
    mother = UnitChoice(
        queryset=School.objects.none(),
        required=False,
        label=_("โรงเรียนหลักที่ไปเรียนรวม"),
        empty_label=_("ไม่ได้เรียนรวม"),
    )

    class Meta:
        model = Emis
        fields = ["note"]  # the sections of the record type say which

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "mother" in self.fields:
            others = School.objects.filter(unit__parent__isnull=False, unit__until__isnull=True)
            self.fields["mother"].queryset = others.exclude(pk=self.instance.school_id).order_by("sort_name")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for purpose in ("teach", "office"):
            parts = [values.get(f"{purpose}_{word}") for word in ("obec", "own", "usable", "broken")]
            if (
                f"{purpose}_usable" in self.fields
                and None not in parts
                and parts[0] + parts[1] != parts[2] + parts[3]
            ):
                self.add_error(
                    f"{purpose}_usable",
                    _("คอมพิวเตอร์ตามที่มา %(have)d เครื่อง แต่ใช้ได้รวมกับใช้ไม่ได้ %(told)d เครื่อง ตรวจจำนวน")
                    % {"have": parts[0] + parts[1], "told": parts[2] + parts[3]},
                )
        return values
