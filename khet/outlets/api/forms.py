"""A new token: which unit, which program, what it may do, for how long."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Unit
from khet.outlets.api.choices import LIFETIMES, TokenScope


class TokenForm(forms.Form):
    name = forms.CharField(label=_("ชื่อโปรแกรม"), max_length=100, help_text=_("เช่น ระบบสารบรรณของโรงเรียน"))
    unit = forms.TypedChoiceField(label=_("หน่วยงาน"), coerce=int)
    scopes = forms.MultipleChoiceField(label=_("ทำอะไรได้"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(label=_("ใช้ได้นาน"), choices=LIFETIMES, coerce=int, initial=90)

    def __init__(self, *args: Any, units: list[Unit], scopes: list[str], **given: Any) -> None:
        super().__init__(*args, **given)
        self.units, self.offered = {unit.pk: unit for unit in units}, scopes
        self.fields["unit"].choices = [(unit.pk, unit.short_name) for unit in units]
        self.fields["scopes"].choices = [(one.value, one.label) for one in TokenScope if one.value in scopes]

    @property
    def arguments(self) -> dict[str, Any]:
        """What the verb takes."""
        return {**self.cleaned_data, "unit": self.units[self.cleaned_data["unit"]]}
