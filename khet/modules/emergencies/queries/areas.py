"""Struck ground: which outlines are shown, which schools lie in them, and which of those are silent."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from khet.base.org.api import Actor, visible
from khet.modules.emergencies.models import Call, Event, StruckArea
from khet.modules.emergencies.queries.board import head_of_unit
from khet.modules.schools.api import School, own_schools


def kept_areas(event: Event | Iterable[Event]) -> QuerySet[StruckArea]:
    """What was loaded and not taken off again, the newest first; outlines are fetched only when asked for."""
    events = [event] if isinstance(event, Event) else list(event)
    return StruckArea.objects.filter(event__in=events, removed_at__isnull=True).defer("coordinates")


def newest(areas: Iterable[StruckArea]) -> list[StruckArea]:
    """Of each name within an event the newest: what is shown."""
    found: dict[tuple[int, str], StruckArea] = {}
    for area in sorted(areas, key=lambda one: (one.as_at, one.pk), reverse=True):
        found.setdefault((area.event_id, area.name), area)
    return list(found.values())


@lru_cache(maxsize=32)
def _shape(pk: int, _loaded: Any) -> Any:
    # Loaded at the first outline, not when the server starts (decision 50). An outline never changes once loaded.
    coordinates = StruckArea.objects.values_list("coordinates", flat=True).get(pk=pk)
    return importlib.import_module("khet.base.lib.geodata.shapes").surface_of(coordinates)


def schools_inside(actor: Actor, areas: Sequence[StruckArea]) -> frozenset[int]:
    """The open schools of the area that the actor sees and whose position lies in any of the outlines."""
    if not areas:
        return frozenset()
    rows = list(
        visible(actor, own_schools())
        .filter(latitude__isnull=False, longitude__isnull=False)
        .values_list("pk", "longitude", "latitude")
    )
    which_inside = importlib.import_module("khet.base.lib.geodata.shapes").which_inside
    spots = [(float(x), float(y)) for _pk, x, y in rows]
    found: set[int] = set()
    for area in areas:
        inside = which_inside(_shape(area.pk, area.loaded_at), spots)
        found.update(pk for (pk, *_rest), is_inside in zip(rows, inside, strict=True) if is_inside)
    return frozenset(found)


@dataclass(frozen=True)
class Struck:
    """The ground of an event as its board tells it. ``silent``: schools inside without a report; one that was not called
    stands there as a call that is not saved (``called_at`` empty)."""

    areas: list[StruckArea] = field(default_factory=list)
    older: list[StruckArea] = field(default_factory=list)
    inside: frozenset[int] = frozenset()
    silent: list[Call] = field(default_factory=list)

    @property
    def not_called(self) -> list[int]:
        return [call.school_id for call in self.silent if call.called_at is None]

    @property
    def called(self) -> list[int]:
        return [call.school_id for call in self.silent if call.called_at is not None]


def struck(actor: Actor, event: Event, calls: Iterable[Call]) -> Struck:
    """``calls`` are those of the event that the reader sees, with school and head. Four queries at most, for any size."""
    kept = list(kept_areas(event))
    if not kept:
        return Struck()
    areas = newest(kept)
    inside = schools_inside(actor, areas)
    by_school = {call.school_id: call for call in calls}
    silent = [call for call in by_school.values() if call.school_id in inside and not call.latest_id]
    strangers = inside - by_school.keys()
    if strangers:
        for school in head_of_unit(School.objects.filter(pk__in=strangers)):
            call = Call(event=event, school=school, unit_id=school.unit_id)
            call.head_name, call.head_phone = school.head_name, school.head_phone
            silent.append(call)
    silent.sort(key=lambda call: (call.school.amphoe_code, call.school.sort_name, call.school_id))
    shown = {area.pk for area in areas}
    return Struck(areas, [area for area in kept if area.pk not in shown], inside, silent)
