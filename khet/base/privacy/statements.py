"""What models say about the personal data they hold: ``personal_data = {"field": "kind"}`` or ``None``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import models

from khet.base.privacy.choices import DataKind

PEOPLE = {"org.person", "org.account", "students.pupil", "staff.official"}
# Names of fields that can hardly be about anything but a person.
_TELLING = re.compile(
    r"^(first|last|middle)_name|^race$|citizen|birth|religion|nationality|ethnic|disab|disadvantage|salary|income"
    r"|father|mother|guardian|g_code|passport"
)
_TELLING_OF_PEOPLE = re.compile(r"blood|weight|height")  # things have weight and height too
_NUMBERS_OF_THINGS = re.compile(r"count|total|_on$")


def statement(model: type[models.Model]) -> dict[str, str]:
    """Field → kind, empty for a model without personal data (or, before the guard has seen it, without a statement)."""
    return model.__dict__.get("personal_data") or {}


def faults(all_models: Iterable[type[models.Model]]) -> list[str]:
    """What is missing or wrong, each with what to write."""
    found = []
    for model in all_models:
        name = model._meta.label
        if "personal_data" not in model.__dict__:
            found.append(
                f"{name}: say in the class which fields are personal data, "
                'personal_data = {"field": "kind"} (kinds: khet/base/privacy/choices.py), or personal_data = None'
            )
            continue
        said = model.__dict__["personal_data"]
        if said is not None and not said:
            found.append(f"{name}: personal_data is empty; write None when there is none")
        said = said or {}
        fields = {field.name: field for field in model._meta.concrete_fields}
        names = set(fields) | {field.attname for field in fields.values()}
        for field in sorted(set(said) - names):
            found.append(f"{name}.{field}: personal_data names a field that does not exist")
        for field, kind in said.items():
            if kind not in DataKind.values:
                found.append(
                    f"{name}.{field}: {kind!r} is no kind of personal data (khet/base/privacy/choices.py)"
                )
        for field in fields.values():
            if field.name in said or field.attname in said:
                continue
            target = field.related_model._meta.label_lower if field.is_relation else ""
            telling = (
                not field.is_relation
                and not _NUMBERS_OF_THINGS.search(field.name)
                and (_TELLING.search(field.name) or (said and _TELLING_OF_PEOPLE.search(field.name)))
            )
            if target in PEOPLE or telling:
                found.append(
                    f'{name}.{field.name}: leads to a person or names one; add "{field.name}": "kind" to personal_data'
                )
    return found
