"""What can be found: modules declare kinds of record in their ``search.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
class SearchList:
    """What is declared or is a short shelf, and so is looked through at each search instead of indexed: figures, yearly books.

    ``documents(actor, year)`` gives what this reader may see, of a Buddhist year or (None) of any, the best known first: at most some
    hundreds, in few queries. ``years(actor)`` are the years that may be asked for. Narrowed to a unit, a list has nothing.
    """

    code: str
    label: Any
    documents: Callable[[Actor, int | None], Iterable[Document]]
    years: Callable[[Actor], Iterable[int]]
    icon: str = "file-text"


kinds: Registry[SearchKind | SearchList] = Registry("search kinds", drawer="search")


def search_kind(declared: SearchKind) -> SearchKind:
    """Declare a kind that can be found."""
    kinds.add(declared.code, declared)
    return declared


def search_list(declared: SearchList) -> SearchList:
    """Declare what is found by looking through it."""
    kinds.add(declared.code, declared)
    return declared


def indexed() -> list[SearchKind]:
    return [kind for kind in kinds if isinstance(kind, SearchKind)]


def kinds_of(model: type[models.Model]) -> list[SearchKind]:
    return [kind for kind in indexed() if kind.model is model]
