"""The door of emergencies: what the public site, rounds and others ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from khet.base.org.api import Actor, visible
from khet.modules.emergencies.choices import SchoolState, ground_words
from khet.modules.emergencies.models import Call, Event, StruckArea
from khet.modules.emergencies.queries import closed_unit_ids, kept_areas, newest, open_events, with_counts

__all__ = [
    "ClosedSchool",
    "Ground",
    "OpenEvent",
    "StruckSchool",
    "closed_unit_ids",
    "events_now",
    "public_events",
    "struck_areas",
    "struck_schools",
]


@dataclass(frozen=True)
class ClosedSchool:
    """A school that does not teach as usual, as the public may know it."""

    name: str
    amphoe: str
    phone: str
    is_partly: bool
    since: date | None
    until: date | None


@dataclass(frozen=True)
class OpenEvent:
    """An open event with its closed schools by district and name; ``until`` is the last day any expects to be closed."""

    pk: int
    kind: str
    icon: str
    title: str
    opened_at: datetime
    closed: list[ClosedSchool]

    @property
    def amphoe(self) -> list[str]:
        return list(dict.fromkeys(school.amphoe for school in self.closed))

    @property
    def until(self) -> date | None:
        return max((school.until for school in self.closed if school.until), default=None)


@dataclass(frozen=True)
class EventNow:
    """An open event in a line: of ``total`` schools asked, so many have ``answered`` and so many are ``shut``."""

    title: str
    icon: str
    url: str
    total: int
    answered: int
    shut: int


def events_now(actor: Actor) -> list[EventNow]:
    """The open events that the actor may see, newest first. One query."""
    return [
        EventNow(
            event.title,
            event.icon,
            reverse("emergencies:event", args=[event.pk]),
            event.total,
            event.answered,
            event.shut,
        )
        for event in with_counts(visible(actor, open_events()))
    ]


def public_events() -> list[OpenEvent]:
    """The open events, newest first, with the schools that are closed. No damage, no people. Two queries."""
    events = list(open_events())
    closed: dict[int, list[ClosedSchool]] = {event.pk: [] for event in events}
    rows = (
        Call.objects.filter(event__in=events, latest__state__in=[SchoolState.CLOSED, SchoolState.PARTLY])
        .select_related("school", "latest")
        .order_by("school__amphoe_code", "school__sort_name", "pk")
    )
    for call in rows:
        closed[call.event_id].append(
            ClosedSchool(
                name=call.school.full_name,
                amphoe=call.school.amphoe,
                phone=call.school.phone,
                is_partly=call.latest.state == SchoolState.PARTLY,
                since=call.latest.since,
                until=call.latest.until,
            )
        )
    return [
        OpenEvent(event.pk, event.kind, event.icon, event.title, event.opened_at, closed[event.pk])
        for event in events
    ]


@dataclass(frozen=True)
class StruckSchool:
    """What a school of an open event said last: ``state`` is empty while it is silent; ``depth_cm`` of water, if told."""

    event: int
    school: int
    state: str
    words: str
    depth_cm: int | None


def struck_schools(actor: Actor) -> tuple[list[tuple[int, str]], list[StruckSchool]]:
    """The open events (number, title) and their schools as far as the actor sees them, for a layer of a map. Two queries."""
    events = list(open_events())
    calls = visible(actor, Call.objects.filter(event__in=events)).select_related("latest").order_by("pk")
    found = [
        StruckSchool(
            call.event_id,
            call.school_id,
            call.state,
            call.state_words,
            call.latest.depth_cm if call.latest else None,
        )
        for call in calls
    ]
    return [(event.pk, event.title) for event in events], found


@dataclass(frozen=True)
class Ground:
    """The newest outline of one name in an open event: ``what`` it is called, as known ``as_at`` by ``source``.
    ``coordinates`` are those of a GeoJSON MultiPolygon in degrees; empty unless asked for."""

    event: int
    title: str
    kind: str
    what: str
    name: str
    as_at: datetime
    source: str
    square_km: float
    metres: int
    coordinates: Sequence[Any]


def struck_areas(actor: Actor, *, with_outlines: bool = False) -> list[Ground]:
    """What is shown of the struck ground of open events, as far as the actor sees it. Two queries."""
    events = {event.pk: event for event in visible(actor, open_events())}
    kept = visible(actor, kept_areas(events.values()))
    shown = newest(kept.defer(None) if with_outlines else kept)
    shown.sort(key=lambda area: (-area.event_id, area.name))
    return [_ground(events[area.event_id], area, with_outlines) for area in shown]


def _ground(event: Event, area: StruckArea, with_outlines: bool) -> Ground:
    return Ground(
        event=event.pk,
        title=event.title,
        kind=str(event.get_kind_display()),
        what=ground_words(event.kind),
        name=area.name,
        as_at=area.as_at,
        source=area.source,
        square_km=float(area.square_km),
        metres=area.metres,
        coordinates=area.coordinates if with_outlines else (),
    )
