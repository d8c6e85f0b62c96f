"""Rows that belong to a person's record: education, licences, lessons and the like; one pair of verbs for all of them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from khet.base.org.api import Actor, demand, entry, verb
from khet.modules.staff.models import Official, Teaching
from khet.modules.staff.rules import EDIT, EDIT_SCHOOL


def needed(model: type[models.Model]) -> str:
    """What writing such a row asks for: lessons are the school's own, the rest is the personnel group's."""
    return EDIT_SCHOOL if model is Teaching else EDIT


@verb("staff.add_part", gettext_lazy("เพิ่มรายการในทะเบียนประวัติ"), capability="")
def add_part(*, actor: Actor, official: Official, model: type[models.Model], **values: Any) -> models.Model:
    demand(actor, needed(model), official)
    row = model(official=official, **values)
    row.full_clean()
    row.save()
    entry().on(official, official.person, official.unit)
    entry().tell(part=model._meta.model_name, row=row.pk)
    return row


@verb("staff.change_part", gettext_lazy("แก้ไขรายการในทะเบียนประวัติ"), capability="")
def change_part(*, actor: Actor, row: models.Model, **values: Any) -> models.Model:
    demand(actor, needed(type(row)), row.official)
    entry().on(row.official, row.official.person, row.official.unit)
    entry().tell(part=row._meta.model_name, row=row.pk)
    masked = set(getattr(row, "masked_fields", ()))
    changed = []
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            changed.append(name)
            entry().changed(name, *(("…", "…") if name in masked else (before, value)))
    row.full_clean()
    if changed:
        row.save(update_fields=changed)
    return row


@verb("staff.remove_part", gettext_lazy("ลบรายการในทะเบียนประวัติ"), capability="")
def remove_part(*, actor: Actor, row: models.Model) -> None:
    """Take out a row that was entered by mistake; the journal keeps what it said, but for what is masked."""
    demand(actor, needed(type(row)), row.official)
    entry().on(row.official, row.official.person, row.official.unit)
    masked = set(getattr(row, "masked_fields", ()))
    said = {
        field.name: str(getattr(row, field.attname) or "")
        for field in row._meta.concrete_fields
        if field.name not in masked and not field.is_relation and not field.primary_key
    }
    entry().tell(part=row._meta.model_name, removed=said)
    row.delete()
