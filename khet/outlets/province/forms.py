"""The one form of the province's export: a format as a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from khet.outlets.province.bases.reading import LARGEST


class FormatForm(forms.Form):
    """A format's TOML or JSON file, UTF-8."""

    file = forms.FileField(label=_("แฟ้มรูปแบบ (.toml หรือ .json)"), help_text=_("UTF-8 ไม่เกิน 512 KB"))

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise ValidationError(_t("แฟ้มใหญ่เกิน 512 KB"))
        try:
            self.cleaned_data["text"] = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_t("แฟ้มต้องเป็นข้อความ UTF-8")) from None
        return upload
