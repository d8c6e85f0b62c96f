"""Which records may hold files, declared by modules in their ``files.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from khet.base.lib.registry import Registry


@dataclass(frozen=True)
class FileOwner:
    """A model whose records hold files.

    Whoever sees the record (the model's ``Rule``, with ``view`` in place of the rule's own capability if
    given) may download. ``attach`` is the capability needed to add or take off a file by itself; None
    leaves that to the owner's own verbs, which have asked already. ``queryset`` narrows or widens where
    records are looked for. ``texts_read`` is called with the ids of records whose files have just been read,
    so that the owner can put the words into the search index.
    """

    model: type[models.Model]
    view: str | None = None
    attach: str | None = None
    queryset: Callable[[], models.QuerySet[Any]] | None = None
    texts_read: Callable[[Iterable[int]], None] | None = None

    def records(self) -> models.QuerySet[Any]:
        return self.queryset() if self.queryset else self.model._default_manager.all()


owners: Registry[FileOwner] = Registry("file owners", drawer="files")


def file_owner(declared: FileOwner) -> FileOwner:
    """Declare a model that holds files."""
    owners.add(declared.model._meta.label_lower, declared)
    return declared
