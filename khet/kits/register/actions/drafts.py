"""Drafts of forms. Not verbs: nobody but the writer ever sees them, and they change no record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from khet.base.org.api import Actor
from khet.kits.register.models import Draft

LIMIT = 200_000


def keep_draft(*, actor: Actor, kind: str, target: str, data: Mapping[str, Any]) -> Draft | None:
    """Keep what was typed, in place of what was kept before. Too large a draft is not kept."""
    if actor.person is None or sum(len(str(value)) for value in data.values()) > LIMIT:
        return None
    plain = {name: str(value).replace("\x00", "") for name, value in data.items()}
    return Draft.objects.update_or_create(
        person=actor.person, kind=kind, target=target, defaults={"data": plain}
    )[0]


def drop_draft(*, actor: Actor, kind: str, target: str) -> None:
    if actor.person is not None:
        Draft.objects.filter(person=actor.person, kind=kind, target=target).delete()
