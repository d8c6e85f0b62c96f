"""What the map shows, and how a file is to be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.base.lib.geodata import FORMATS, FRAMES
from khet.kits.rounds.api import censuses
from khet.outlets.maps.choices import SchoolSymbols, ShapeLayer
from khet.outlets.maps.queries import choices_of_figures, round_key


class ShowForm(forms.Form):
    """What the symbols tell; a figure with its round."""

    show = forms.ChoiceField(label=_("สัญลักษณ์บอก"), choices=SchoolSymbols.choices)
    figure = forms.ChoiceField(label=_("ตัวชี้วัด"))
    round = forms.ChoiceField(label=_("รอบ"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
        self.fields["figure"].choices = [("", "–"), *choices_of_figures()]
        self.fields["round"].choices = [
            ("", _("รอบล่าสุดที่ปิดแล้ว")),
            *((round_key(one), one.round.title) for one in censuses()),
        ]

    def chosen(self) -> dict[str, str]:
        """What holds; a word that is unknown counts as not said."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name) or "" for name in ("show", "figure", "round")}
        if found["figure"] and not found["show"]:
            found["show"] = SchoolSymbols.INDICATOR
        if found["show"] == SchoolSymbols.INDICATOR and not found["figure"]:
            found["show"] = ""
        if found["show"] != SchoolSymbols.INDICATOR:
            found["figure"] = found["round"] = ""
        return found | {"show": found["show"] or SchoolSymbols.SIZE}

    @classmethod
    def showing(cls, chosen: dict[str, str]) -> ShowForm:
        """The form as it is drawn: without a word on what was not understood."""
        form = cls()
        form.initial = chosen
        return form


class FilesForm(forms.Form):
    """A file for another program."""

    layers = forms.MultipleChoiceField(
        label=_("ชั้นข้อมูล"),
        choices=ShapeLayer.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[ShapeLayer.SCHOOLS],
    )
    format = forms.ChoiceField(
        label=_("ชนิดไฟล์"), choices=[(one.code, one.label) for one in FORMATS.values()], initial="shp"
    )
    frame = forms.TypedChoiceField(
        label=_("ระบบพิกัด"), choices=[(one.code, one.label) for one in FRAMES.values()], coerce=int, initial=4326,
        help_text=_("GeoJSON และ KML เป็น WGS 84 องศาเสมอตามข้อกำหนดของมัน"),
    )  # fmt: skip
    thai_encoding = forms.BooleanField(
        label=_("อักษร TIS-620 สำหรับ ArcView (เฉพาะ Shapefile)"),
        required=False,
        help_text=_("QGIS และ ArcGIS รุ่นใหม่ใช้ UTF-8"),
    )


class DistanceForm(forms.Form):
    """Which schools count as small and as near."""

    pupils = forms.IntegerField(label=_("นักเรียนไม่เกิน (คน)"), min_value=1, max_value=500)
    km = forms.DecimalField(
        label=_("ห่างกันไม่เกิน (กม.)"), min_value=0, max_value=50, max_digits=4, decimal_places=1, required=False
    )
