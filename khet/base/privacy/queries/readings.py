"""Who read what about whom: filtered, grouped by occasion, with what is unusual marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncHour
from django.utils import timezone

from khet.base.org.api import Actor, Person, visible
from khet.base.privacy.choices import DataKind, Via
from khet.base.privacy.models import Reading

BUSY_HOUR = 60  # people opened one by one within an hour, from which on it looks unusual
PER_PAGE = 50
LAST_PAGE = 400
ONE_BY_ONE = (Via.PAGE, Via.CELL)


def readings(
    actor: Actor,
    *,
    since: date | None = None,
    until: date | None = None,
    reader: str = "",
    subject: str = "",
    what: str = "",
    via: str = "",
    outside: bool = False,
    occasion: Any = None,
) -> QuerySet[Reading]:
    """Readings the actor may look into, newest first; days in Asia/Bangkok, both included.

    ``subject`` is part of a name, or the whole name of a record in the journal (``students.pupil:512``).
    """
    rows = visible(actor, Reading.objects.all())
    zone = timezone.get_default_timezone()
    if since:
        rows = rows.filter(at__gte=datetime.combine(since, time.min, zone))
    if until:
        rows = rows.filter(at__lt=datetime.combine(until + timedelta(days=1), time.min, zone))
    if reader:
        rows = rows.filter(reader__icontains=reader)
    if subject:
        rows = (
            rows.filter(subject=subject) if ":" in subject else rows.filter(subject_words__icontains=subject)
        )
    if what in DataKind.values:
        rows = rows.filter(what__contains=[what])
    if via in Via.values:
        rows = rows.filter(via=via)
    if outside:
        rows = rows.filter(is_outside=True)
    if occasion:
        rows = rows.filter(occasion=occasion)
    return rows.order_by("-at", "-pk")


@dataclass
class Occasions:
    """A page of readings, those of one occasion in one row. There is no count: it would read the whole table."""

    rows: list[Reading]
    number: int
    more: bool

    def has_previous(self) -> bool:
        return self.number > 1

    def has_next(self) -> bool:
        return self.more and self.number < LAST_PAGE

    def previous_page_number(self) -> int:
        return self.number - 1

    def next_page_number(self) -> int:
        return self.number + 1


def one_by_one(rows: QuerySet[Reading], number: int, size: int = 200) -> Occasions:
    """A page of readings, each in its own row: everybody of one occasion."""
    found = list(rows.order_by("pk")[(number - 1) * size : number * size + 1])
    return Occasions(found[:size], number, len(found) > size)


def occasions(rows: QuerySet[Reading], number: int, size: int = PER_PAGE) -> Occasions:
    """The ``number``-th page of what ``readings`` found, each occasion once, with ``is_busy`` on its rows.

    Two queries, constant in rows: the rows of one occasion lie side by side in the index on (at, occasion).
    """
    number = min(max(number, 1), LAST_PAGE)
    start = (number - 1) * size
    found = list(rows.order_by("-at", "occasion", "pk").distinct("at", "occasion")[start : start + size + 1])
    more, found = len(found) > size, found[:size]
    if found:
        busy = set(
            busy_hours(
                Reading.objects.filter(
                    person_id__in={row.person_id for row in found},
                    at__gte=_hour(min(row.at for row in found)),
                    at__lt=_hour(max(row.at for row in found)) + timedelta(hours=1),
                )
            ).values_list("person_id", "hour")
        )
        for row in found:
            row.is_busy = row.via in ONE_BY_ONE and (row.person_id, _hour(row.at)) in busy
    return Occasions(found, number, more)


def _hour(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(minute=0, second=0, microsecond=0)


def busy_hours(rows: QuerySet[Reading]) -> QuerySet:
    """Readers and hours (Bangkok) in which they opened ``BUSY_HOUR`` people or more one by one."""
    return (
        rows.filter(via__in=ONE_BY_ONE)
        .order_by()
        .annotate(hour=TruncHour("at"))
        .values("person_id", "reader", "hour")
        .annotate(people=Count("subject", distinct=True))
        .filter(people__gte=BUSY_HOUR)
    )


def signs(actor: Actor, days: int = 7) -> list[dict[str, Any]]:
    """What an officer should look at first: busy hours and readings outside one's own unit, lately, worst first."""
    lately = visible(actor, Reading.objects.all()).filter(at__gte=timezone.now() - timedelta(days=days))
    found = [row | {"kind": "busy"} for row in busy_hours(lately)]
    found += [
        row | {"kind": "outside"}
        for row in lately.filter(is_outside=True)
        .order_by()
        .values("person_id", "reader")
        .annotate(people=Count("subject", distinct=True), first=Min("at"), last=Max("at"))
    ]
    return sorted(found, key=lambda sign: sign["people"], reverse=True)[:8]


def labels_of(person: Person) -> list[str]:
    """The names under which readings know a person: the person and each record that is that person's one
    and only (the staff register's official)."""
    labels = [f"org.person:{person.pk}"]
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if (
                field.one_to_one
                and field.related_model is Person
                and model._meta.label_lower != "org.account"
            ):
                own = model._base_manager.filter(**{field.name: person}).values_list("pk", flat=True)
                labels += [f"{model._meta.label_lower}:{pk}" for pk in own]
    return labels


def about_me(person: Person) -> QuerySet[Reading]:
    """What others read about a person, newest first. One's own looking is left out."""
    return (
        Reading.objects.filter(subject__in=labels_of(person))
        .exclude(Q(person_id=person.pk) & Q(via__in=[Via.PAGE, Via.CELL, Via.PRINT]))
        .order_by("-at", "-pk")
    )
