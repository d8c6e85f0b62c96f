"""The words of a choice, cheaply: Django's own ``get_…_display`` hashes and translates every choice of the field at each call."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Field, Model
from django.utils.encoding import force_str


def choice_words(record: Model, field: Field) -> Any:
    """The words of the field's value in the reader's language; the value itself where it is none of the choices."""
    value = getattr(record, field.attname)
    return force_str(_words(field).get(value, value), strings_only=True)


def speak_cheaply() -> None:
    """Let every ``get_…_display()`` answer so. Lists of fifty rows ask hundreds of times for a page.

    To be called before the first model is made: a class keeps the method it found then.
    """
    Model._get_FIELD_display = choice_words  # type: ignore[method-assign]


@lru_cache(maxsize=2048)
def _words(field: Field) -> dict[Any, Any]:
    return dict(field.flatchoices)
