"""Forms of an edition."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from khet.outlets.books.choices import CHAPTERS, TEXTS
from khet.outlets.books.models import Edition
from khet.outlets.books.queries.editions import census_choices, years_to_begin


class BeginForm(forms.Form):
    """Which school year to begin."""

    school_year = forms.TypedChoiceField(label=_("ปีการศึกษา"), coerce=int)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["school_year"].choices = years_to_begin()


class EmblemForm(forms.Form):
    """The office's emblem; what it is, is proved by the verb."""

    file = forms.FileField(
        label=_("แฟ้มตรา"),
        help_text=_("PNG, JPEG หรือ SVG ไม่เกิน 2 MB คมพอเมื่อสูงหรือกว้างตั้งแต่ 500 จุด"),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.svg"}),
        error_messages={
            "required": _("เลือกแฟ้มตราก่อน"),
            "empty": _("แฟ้มนี้ว่างเปล่า เลือกแฟ้มที่มีภาพ แล้วใส่อีกครั้ง"),
        },
    )


class Prose(forms.CharField):
    """A text of the office: HTML of the editor, plain lines where it could not run."""

    widget = forms.Textarea(attrs={"rows": 10, "data-prose": ""})


class EditionForm(forms.Form):
    """Censuses, chapters, texts, digits."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    census_ids = forms.TypedMultipleChoiceField(
        label=_("ข้อมูลของรอบที่ปิดแล้ว"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("ตัวเลขทั้งเล่มมาจากข้อมูลที่ตรึงไว้ของรอบเหล่านี้"),
    )
    chapters = forms.MultipleChoiceField(label=_("บทที่พิมพ์"), widget=forms.CheckboxSelectMultiple)
    thai_digits = forms.BooleanField(label=_("พิมพ์ด้วยเลขไทย"), required=False)

    def __init__(self, *args: Any, edition: Edition, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["census_ids"].choices = census_choices(edition)
        self.fields["chapters"].choices = [(one.code, f"{one.title}: {one.help}") for one in CHAPTERS]
        for code, label, words in TEXTS:
            self.fields[f"text_{code}"] = Prose(label=label, required=False, help_text=words)

    @property
    def texts(self) -> list[Any]:
        """The bound fields of texts, in their order."""
        return [self[f"text_{code}"] for code, _label, _help in TEXTS]

    @staticmethod
    def values_of(edition: Edition) -> dict[str, Any]:
        return {
            "version": edition.version, "census_ids": edition.census_ids, "chapters": edition.chapters, "thai_digits": edition.thai_digits,
            **{f"text_{code}": edition.texts.get(code, "") for code, _label, _help in TEXTS},
        }  # fmt: skip

    def given_texts(self) -> dict[str, str]:
        """Code → what was written; plain lines become paragraphs."""
        return {code: as_html(self.cleaned_data[f"text_{code}"]) for code, _label, _help in TEXTS}


def as_html(text: str) -> str:
    """Paragraphs from plain lines; what has tags already is left as it is (and cleaned by the verb)."""
    if "<" in text and ">" in text:
        return text
    lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n")]
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)
