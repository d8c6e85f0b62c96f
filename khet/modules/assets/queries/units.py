"""Units that have buildings and articles: the schools of the area and the office itself; their people."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.names import school_key
from khet.base.org.api import Actor, Person, Unit
from khet.base.org.choices import UnitKind
from khet.modules.assets.rules import VIEW, VIEW_ALL
from khet.modules.schools.api import codes_of_units


def keepers() -> QuerySet[Unit]:
    """Units of this area that keep assets today."""
    return (
        Unit.objects.on()
        .filter(Q(kind=UnitKind.SCHOOL, parent__isnull=False) | Q(kind=UnitKind.OFFICE, parent__isnull=True))
        .order_by("kind", "short_name", "pk")
    )


def actor_units(actor: Actor, capability: str) -> QuerySet[Unit]:
    """The keepers in which the actor may do something."""
    scope = actor.scope(capability)
    if scope.everywhere:
        return keepers()
    return keepers().filter(scope.q("pk")) if scope else keepers().none()


def people_of(unit_id: int) -> QuerySet[Person]:
    """Who holds a post in the unit today."""
    return (
        Person.objects.filter(holdings__until__isnull=True, holdings__post__unit_id=unit_id)
        .distinct()
        .order_by("first_name", "last_name", "pk")
    )


def units_by_code(words: Iterable[str]) -> dict[str, Unit]:
    """Units by what a file calls them: a unit's code, any code a school ever had, or its name. Three queries."""
    wanted = {word for word in words if word}
    if not wanted:
        return {}
    units = {unit.pk: unit for unit in keepers()}
    known: dict[str, int] = {}
    names: dict[str, int | None] = {}
    for unit in units.values():
        known[unit.code] = unit.pk
        for name in (unit.name, unit.short_name):
            key = school_key(name)
            # Two schools of one name: the name alone tells neither.
            names[key] = unit.pk if names.get(key, unit.pk) == unit.pk else None
    plain = {word: to_arabic_digits(word).strip() for word in wanted}
    old = codes_of_units([code for code in plain.values() if code not in known])
    found: dict[str, Unit] = {}
    for word, code in plain.items():
        pk = known.get(code) or old.get(code) or names.get(school_key(word))
        if pk in units:
            found[word] = units[pk]
    return found


def seen_units(actor: Actor) -> QuerySet[Unit]:
    """The keepers whose buildings and articles the actor sees."""
    if actor.has(VIEW) and actor.has(VIEW_ALL):
        return keepers()
    return actor_units(actor, VIEW)
