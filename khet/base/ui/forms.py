"""Forms of the house: dates of the Buddhist era, typed as people write them; a refusal in its place on the form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Forbidden, FreshSignInNeeded, NotFound, Refusal
from khet.base.lib.geodata import FRAMES
from khet.base.lib.thai import be_year, parse_date
from khet.base.ui import dates


def refuse_on(form: forms.BaseForm, why: Refusal) -> None:
    """A refusal becomes an error of the field it names, or of the form as a whole."""
    form.add_error(why.field if why.field in form.fields else None, str(why.sentence))


def carried_out(form: forms.BaseForm, run: Callable[[], Any]) -> bool:
    """Run a verb with what the form holds. A refusal goes onto the form, with what was typed kept; what is not for
    this reader, or wants a fresh sign-in, goes on as a page of its own."""
    try:
        run()
    except (Forbidden, NotFound, FreshSignInNeeded):
        raise
    except Refusal as why:
        refuse_on(form, why)
        return False
    return True


class FrameField(forms.TypedChoiceField):
    """The frame (EPSG) of a file of shapes for where the file does not say; None lets the reader find out."""

    def __init__(self, **given: Any) -> None:
        given = {
            "label": _("ระบบพิกัดเมื่อไฟล์ไม่บอก"), "choices": [("", _("ให้ระบบดูเอง")), *((code, frame.label) for code, frame in FRAMES.items())],
            "coerce": int, "empty_value": None, "required": False, **given,
        }  # fmt: skip
        super().__init__(**given)


class ThaiDateInput(forms.TextInput):
    """A box for วัน/เดือน/พ.ศ.; the weekday is echoed under it once the text is a date."""

    is_thai_date = True
    echo = ""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"inputmode": "numeric", "autocomplete": "off", "data-thai-date": True, **(attrs or {})}
        )

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, datetime):
            value = dates.day_of(value)
        if isinstance(value, date):
            return f"{value.day:02}/{value.month:02}/{be_year(value)}"
        return value or None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        self.echo = ""
        if value:
            try:
                self.echo = dates.long(value if isinstance(value, date) else parse_date(value))
            except Refusal:
                self.echo = ""
        return super().get_context(name, value, attrs)


class ThaiDateField(forms.Field):
    """Accepts 23/11/2569, 23/11/69, ๒๓ พ.ย. ๖๙ …; gives a ``date``. The sentence of a refusal is the field's error."""

    widget = ThaiDateInput

    def __init__(self, **given: Any) -> None:
        given.setdefault("help_text", _("วัน/เดือน/พ.ศ. เช่น 23/11/2569"))
        super().__init__(**given)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return dates.day_of(value)
        if isinstance(value, date):
            return value
        try:
            return parse_date(value)
        except Refusal as refusal:
            raise ValidationError(refusal.sentence, code=refusal.code) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True
