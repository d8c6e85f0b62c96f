"""The typed reason, asked wherever personal data is opened or taken out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Refusal
from khet.base.privacy.actions import typed_reason


class ReasonForm(forms.Form):
    """One field; the words are those kept in the record of reading."""

    reason = forms.CharField(
        label=_("เหตุผล"),
        max_length=300,
        required=False,
        help_text=_("บอกว่าใช้ทำอะไร อย่างน้อย 8 ตัวอักษร เจ้าของข้อมูลขอดูเหตุผลนี้ได้"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_reason(self) -> str:
        try:
            return typed_reason(self.cleaned_data["reason"])
        except Refusal as why:
            raise forms.ValidationError(str(why.sentence)) from why

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs["required"] = True


class CopyForm(ReasonForm):
    """What the owner of the data asked for, and how they want it."""

    form = forms.ChoiceField(
        label=_("แฟ้ม"),
        choices=[("xlsx", _("ตาราง (XLSX) เปิดอ่านได้ทันที")), ("json", _("JSON สำหรับโปรแกรมอื่น"))],
        initial="xlsx",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            del self.fields["reason"]


class YearsForm(forms.Form):
    """How long it is kept."""

    def __init__(self, *args: Any, least: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["years"] = forms.IntegerField(
            label=_("เก็บไว้ (ปี)"),
            min_value=least,
            max_value=100,
            help_text=_("ไม่น้อยกว่า %(least)d ปี") % {"least": least},
        )
