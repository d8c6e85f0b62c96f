"""Forms: an event in a minute, a report in less."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.ui.forms import FrameField, ThaiDateField
from khet.modules.emergencies.choices import Damage, EventKind, Need, SchoolState, ground_words
from khet.modules.emergencies.models import Event, Report, StruckArea
from khet.modules.schools.api import School, own_schools


class EventForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("ชนิดภัย"), choices=EventKind.choices, initial=EventKind.FLOOD, widget=forms.RadioSelect
    )
    title = forms.CharField(label=_("ชื่อเหตุ"), max_length=150, help_text=_("เช่น น้ำท่วมปลายพฤศจิกายน 2569"))
    note = forms.CharField(
        label=_("ข้อความถึงโรงเรียน"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("เช่น รายงานก่อน 15.00 น. ทุกวัน เบอร์ศูนย์ประสานงาน"),
    )


class CallForm(forms.Form):
    """Which schools: districts, or schools one by one; both empty is the whole area."""

    districts = forms.MultipleChoiceField(
        label=_("อำเภอ"), required=False, widget=forms.CheckboxSelectMultiple
    )
    schools = forms.ModelMultipleChoiceField(
        School.objects.none(),
        label=_("หรือเฉพาะโรงเรียน"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("เลือกหลายแห่งได้ กด Ctrl ค้าง"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = own_schools()
        names = schools.exclude(amphoe="").order_by("amphoe_code", "amphoe")
        names = dict.fromkeys(names.values_list("amphoe", flat=True))
        self.fields["districts"].choices = [(name, name) for name in names]
        self.fields["schools"].queryset = schools.order_by("sort_name", "pk")
        self.fields["schools"].label_from_instance = lambda school: school.name

    def called(self) -> dict[str, list[Any]]:
        return {
            "districts": self.cleaned_data["districts"],
            "schools": [school.pk for school in self.cleaned_data["schools"]],
        }


class ManyPhotos(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files of one box; always a list."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(one, initial) for one in given]


class ReportForm(forms.ModelForm):
    """What a principal says on a phone; prefilled with what was said last."""

    state = forms.ChoiceField(
        label=_("โรงเรียนตอนนี้"),
        choices=SchoolState.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("เลือกก่อนว่าโรงเรียนเปิดหรือปิด")},
    )
    since = ThaiDateField(label=_("ปิดตั้งแต่วันที่"), required=False)
    until = ThaiDateField(label=_("คาดว่าเปิดเรียนวันที่"), required=False, help_text=_("ไม่รู้ก็เว้นไว้"))
    buildings = forms.ChoiceField(label=_("อาคาร"), choices=Damage.choices)
    articles = forms.ChoiceField(label=_("ครุภัณฑ์"), choices=Damage.choices)
    papers = forms.ChoiceField(label=_("เอกสารสำคัญ"), choices=Damage.choices)
    needs = forms.MultipleChoiceField(
        label=_("ต้องการด่วน"), choices=Need.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("ข้อความเพิ่มเติม"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    photos = PhotosField(
        label=_("ภาพถ่าย"),
        required=False,
        widget=ManyPhotos(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("ถ่ายหรือเลือกได้หลายภาพ ตำแหน่งในไฟล์ภาพจะถูกลบ"),
    )

    class Meta:
        model = Report
        fields = (
            "state", "since", "until", "depth_cm", "buildings", "articles", "papers", "damage_words", "baht", "pupils", "staff",
            "hurt", "lost", "sheltered", "needs", "words",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("depth_cm", "baht", "pupils", "staff", "hurt", "lost", "sheltered"):
            self.fields[name].required = False
            self.fields[name].widget.attrs["inputmode"] = "numeric"


class HourField(forms.TimeField):
    """An hour of the day as it is written here: 16.30, 16:30 or ๑๖.๓๐."""

    widget = forms.TimeInput(format="%H.%M", attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, str):
            value = to_arabic_digits(value).replace("น.", "").strip().replace(".", ":")
        return super().to_python(value)


class AreaForm(forms.Form):
    """An outline of struck ground: the file, and what it is."""

    file = forms.FileField(
        label=_("ไฟล์แนวพื้นที่"),
        help_text=_("Shapefile (zip), GeoPackage, GeoJSON หรือ KML ของรูปหลายเหลี่ยม ไม่เกิน 5 MB"),
        error_messages={"required": _("ยังไม่ได้เลือกไฟล์"), "empty": _("ไฟล์นี้ว่างเปล่า เลือกไฟล์ใหม่")},
    )
    name = forms.CharField(
        label=_("ชื่อพื้นที่"), max_length=80, help_text=_("ชื่อเดิม: รูปใหม่แสดงแทนรูปก่อน · ชื่อใหม่: แสดงเพิ่มอีกรูป")
    )
    day = ThaiDateField(label=_("ณ วันที่"))
    hour = HourField(
        label=_("เวลา"),
        help_text=_("เช่น 06.00"),
        error_messages={"invalid": _("เวลาเขียนเป็น ชั่วโมง.นาที เช่น 16.30")},
    )
    source = forms.CharField(
        label=_("ที่มา"), max_length=120, help_text=_("เช่น GISTDA ภาพดาวเทียม Sentinel-1, ปภ.จังหวัด, เขตลงพื้นที่เอง")
    )
    frame = FrameField()

    @classmethod
    def for_event(cls, event: Event, shown: Sequence[StruckArea], data: Any, files: Any) -> AreaForm:
        """Filled as the next outline will most likely be: the same name and source, as at now."""
        now = timezone.localtime()
        last = shown[0] if shown else None
        return cls(
            data,
            files,
            initial={
                "name": last.name if last else ground_words(event.kind),
                "source": last.source if last else "",
                "day": now.date(),
                "hour": now.time(),
            },
        )


class ClosingForm(forms.Form):
    closing_note = forms.CharField(
        label=_("สรุปเมื่อปิดเหตุ"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
