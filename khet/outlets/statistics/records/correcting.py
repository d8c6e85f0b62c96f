"""Correcting one figure of the years before khet on its own page: its value and its source, with a reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from khet.kits.register.bases import Wrong
from khet.outlets.statistics.bases import indicators
from khet.outlets.statistics.models import PastFigure
from khet.outlets.statistics.queries.past import plain
from khet.outlets.statistics.records.columns import read_value, value_fault


class ValueField(forms.Field):
    """A figure as people write it: separators, Thai digits and signs of per cent are understood."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return read_value(text)
        except Wrong as why:
            raise forms.ValidationError(str(why)) from why

    def prepare_value(self, value: Any) -> Any:
        return f"{plain(value):,}" if isinstance(value, Decimal) else value


class CorrectionForm(forms.ModelForm):
    """What kind of figure it is cannot be changed: that would be another figure, and the file says it."""

    value = ValueField(
        label=gettext_lazy("ค่า"), widget=forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 40})
    )
    source = forms.CharField(label=gettext_lazy("ที่มา"), max_length=200, help_text=gettext_lazy("ชื่อเล่มและหน้า"))
    reason = forms.CharField(
        label=gettext_lazy("เหตุผลที่แก้"), max_length=300, help_text=gettext_lazy("เช่น พิมพ์ผิดจากเล่ม คงอยู่ในประวัติของตัวเลขนี้")
    )  # fmt: skip

    class Meta:
        model = PastFigure
        fields = ("value", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who saves what stands there already corrects nothing, and owes no reason.
        if self.is_bound and not {"value", "source"} & set(self.changed_data):
            self.fields["reason"].required = False

    def clean_value(self) -> Decimal:
        value: Decimal = self.cleaned_data["value"]
        said = indicators.get(self.instance.indicator)
        if said is not None and (fault := value_fault(said, value)):
            raise forms.ValidationError(fault)
        return value
