"""Pages of long lists, found by the row they begin after: page 2,000 costs what page 1 costs.

The address carries a place: ``b`` and the values of a row for what follows it in the list, ``a`` and the values
for what stands before it. Anything unreadable is the beginning of the list, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import Q, QuerySet

R = TypeVar("R")
_PLACE = re.compile(r"([ab])(-?\d{1,18}(?:~-?\d{1,18}){0,3})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class KeysetPage(Generic[R]):
    """What the ``pager`` tag needs; ``first`` and ``last`` are the places of the outermost rows."""

    rows: list[R]
    newer: bool = False
    older: bool = False
    first: str = ""
    last: str = ""

    def __iter__(self) -> Iterator[R]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def has_previous(self) -> bool:
        return self.newer and bool(self.rows)

    def has_next(self) -> bool:
        return self.older and bool(self.rows)

    def previous_page_number(self) -> str:
        return f"a{self.first}"

    def next_page_number(self) -> str:
        return f"b{self.last}"


@dataclass(frozen=True)
class Keyset:
    """An order with a place in it. ``by`` as in ``order_by``, never NULL; the last one tells every row apart."""

    by: Sequence[str]

    def read(self, model: type[models.Model], place: str) -> tuple[bool, list[Any]] | None:
        """Whether what stands before is wanted, and the values of the row; None for the beginning."""
        found = _PLACE.fullmatch(place or "")
        if not found:
            return None
        numbers = [int(part) for part in found[2].split("~")]
        if len(numbers) != len(self.by):
            return None
        try:
            values = [
                _value(_field(model, name), number) for name, number in zip(self.by, numbers, strict=True)
            ]
        except (OverflowError, ValueError):
            return None
        return found[1] == "a", values

    def page(self, rows: QuerySet[Any], place: str = "", size: int = 50) -> KeysetPage[Any]:
        """One page of ``rows``, whose own order is left aside."""
        wanted = self.read(rows.model, place)
        if wanted is None:
            found = list(rows.order_by(*self.by)[: size + 1])
            return self.cut(found, False, None, size)
        before, values = wanted
        by = [_turned(name) for name in self.by] if before else self.by
        found = list(rows.filter(_beyond(by, values)).order_by(*by)[: size + 1])
        return self.cut(found, before, values, size)

    def cut(self, found: list[Any], before: bool, values: Sequence[Any] | None, size: int) -> KeysetPage[Any]:
        """The page of one row more than it shows, which were read from ``values`` on, backwards if ``before``."""
        more, found = len(found) > size, found[:size]
        if before:
            found.reverse()
        ends = [self.place_of(found[0]), self.place_of(found[-1])] if found else ["", ""]
        return KeysetPage(
            found, more if before else values is not None, True if before else more, ends[0], ends[1]
        )

    def place_of(self, row: Any) -> str:
        names = [name.lstrip("-").split("__") for name in self.by]
        return "~".join(str(_number(reduce(getattr, path, row))) for path in names)


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(by: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after these values in the order ``by``; the first value bounds the walk through an index."""
    condition = Q()
    for name, value in reversed(list(zip(by, values, strict=True))):
        path, word = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        further = Q(**{f"{path}__{word}": value})
        condition = Q(**{f"{path}__{word}e": value}) & (further | condition) if condition else further
    return condition


def _field(model: type[models.Model], name: str) -> models.Field:
    for part in name.lstrip("-").split("__"):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        model = field.related_model
    return field


def _number(value: Any) -> int:
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    return value.toordinal() if isinstance(value, date) else int(value)


def _value(field: models.Field, number: int) -> Any:
    if isinstance(field, models.DateTimeField):
        return _EPOCH + timedelta(microseconds=number)
    return date.fromordinal(number) if isinstance(field, models.DateField) else number
