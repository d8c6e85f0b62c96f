"""How a bound form field is drawn: which anatomy its widget needs and the ties for screen readers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField


def layout(bound: BoundField) -> str:
    """``choice`` (one box beside its label), ``group`` (a fieldset of choices), ``file``, ``date`` or ``box``."""
    widget = bound.field.widget
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "choice"
    if isinstance(widget, forms.FileInput):
        return "file"
    if getattr(widget, "is_thai_date", False):
        return "date"
    return "box"


def field_context(bound: BoundField, *, label: Any, hint: Any, given: dict[str, Any]) -> dict[str, Any]:
    """What ``ui/parts/field.html`` needs; ``given`` are attributes for the box (``hx_get`` → ``hx-get``)."""
    hint = bound.help_text if hint is None else hint
    identity = bound.id_for_label or bound.auto_id or f"id_{bound.html_name}"
    errors = list(bound.errors)
    described = [f"{identity}_hint"] if hint else []
    if errors:
        described.append(f"{identity}_error")
    attributes: dict[str, Any] = {
        name.rstrip("_").replace("_", "-"): value
        for name, value in given.items()
        if value not in (None, False)
    }
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if errors:
        attributes["aria-invalid"] = "true"
    kind = layout(bound)
    return {
        "bound": bound,
        "box": bound.as_widget(attrs=attributes),
        "layout": kind,
        "label": bound.label if label is None else label,
        "hint": hint,
        "identity": identity,
        "errors": errors,
        "optional": not bound.field.required and kind in {"box", "date", "file", "group"},
        "hidden": bound.is_hidden,
    }
