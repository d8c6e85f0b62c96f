"""The form of a type that brings none: days of the Buddhist era, units that the actor may write for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.db.models import Q

from khet.base.org.api import Actor, Unit, own_units, rule_of
from khet.base.ui.forms import ThaiDateField


def form_field(field: models.Field, **given: Any) -> forms.Field | None:
    """A model's field as the house asks for it."""
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        given |= {"form_class": ThaiDateField, "show_hidden_initial": False}
    return field.formfield(**given)


class RecordForm(forms.ModelForm):
    """``actor`` and ``capability`` are set by the kit. Of units only those of this area today are offered, and for the
    one by which the rule scopes the record only those where the actor may write; a single one is chosen already."""

    actor: Actor | None = None
    capability = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scoped = (rule_of(self._meta.model).unit or "").removesuffix("_id")
        for name, field in self.fields.items():
            if not isinstance(field, forms.ModelChoiceField) or field.queryset.model is not Unit:
                continue
            offered = own_units()
            if name == scoped and self.actor is not None and self.capability:
                scope = self.actor.scope(self.capability)
                offered = offered.filter(pk__in=scope.unit_ids())
            held = getattr(self.instance, f"{name}_id", None)
            field.queryset = field.queryset.filter(Q(pk__in=offered.values("pk")) | Q(pk=held))
            if name == scoped and held is None and len(only := list(field.queryset[:2])) == 1:
                field.initial, field.empty_label = only[0].pk, None
