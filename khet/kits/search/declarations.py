"""What can be found: modules declare kinds of record in their ``search.py``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from khet.base.lib.registry import Registry
from khet.base.org.api import Actor


@dataclass(frozen=True)
class Document:
    """One record as it is searched and shown.

    ``numbers`` are found whole or in part, typed with or without spaces and in Thai or Arabic digits;
    ``body`` is any length (the first 200,000 characters are searched); ``note`` is a short line under the
    title, shown but not searched; ``units`` are the ids of the units it may be narrowed by; ``year`` is a
    Buddhist year, by default that of ``day``.
    """

    pk: int
    title: str
    url: str
    numbers: Sequence[str] = ()
    body: str = ""
    note: str = ""
    day: date | None = None
    year: int | None = None
    units: Sequence[int] = ()


@dataclass(frozen=True)
class SearchKind:
    """A kind of record: ``documents`` makes what is indexed of a queryset of ``model``, in few queries.

    Who finds a record is decided by the model's ``Rule``, or by the capability ``view`` on it.
    """

    code: str
    label: Any
    model: type[models.Model]
    documents: Callable[[models.QuerySet[Any]], Iterable[Document]]
    icon: str = "file-text"
    view: str | None = None


@dataclass(frozen=True)
class Shelf:
    """What one reader may see of a list: ``documents`` of a Buddhist year or (None) of any, the best known first, at most some
    hundreds; ``years`` that may be asked for."""

    documents: Callable[[int | None], Iterable[Document]]
    years: Collection[int]


@dataclass(frozen=True)
class SearchList:
    """What is declared or is short, and so is looked through at each search instead of indexed: figures, yearly books.

    ``shelf`` gives a reader theirs, in few queries. Narrowed to a unit, a list has nothing.
    """

    code: str
    label: Any
    shelf: Callable[[Actor], Shelf]
    icon: str = "file-text"


kinds: Registry[SearchKind | SearchList] = Registry("search kinds", drawer="search")


def search_kind(declared: SearchKind | SearchList) -> None:
    """Declare a kind that can be found."""
    kinds.add(declared.code, declared)


def kinds_of(model: type[models.Model]) -> list[SearchKind]:
    return [kind for kind in kinds if isinstance(kind, SearchKind) and kind.model is model]
