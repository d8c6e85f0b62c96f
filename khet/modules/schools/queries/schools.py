"""Schools with their network, head and clerk; finding one by any code it ever had."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat

from khet.base.lib.thai.words import fold
from khet.base.org.api import Grouping, Holding, Unit, today
from khet.base.org.choices import PostKind, UnitKind
from khet.modules.schools.models import School


def area_office() -> Unit | None:
    """The office of this installation, or None while it is being set up."""
    return Unit.objects.filter(kind=UnitKind.OFFICE, parent__isnull=True).first()


def is_own_area(area_code: str, office: Unit | None) -> bool:
    """A school belongs to the office when it bears its area code, or none. Never told from the SMIS code."""
    return not area_code or office is None or area_code == office.code


def own_schools(day: date | None = None) -> QuerySet[School]:
    """Schools under the office on a day (default today): neither closed nor of another area."""
    units = Unit.objects.on(day).filter(kind=UnitKind.SCHOOL, parent__isnull=False)
    return School.objects.filter(unit__in=units)


def current_network(path: str = "unit_id") -> QuerySet[Grouping]:
    """The open membership of the outer school in a network."""
    return Grouping.objects.on(today()).filter(member_id=OuterRef(path), group__kind=UnitKind.NETWORK)


def with_networks(queryset: QuerySet[School]) -> QuerySet[School]:
    """Each with ``network_name``, short, or None."""
    return queryset.annotate(
        network_name=Subquery(current_network().values("group__short_name")[:1], output_field=CharField())
    )


def _holders(kind: str) -> QuerySet[Holding]:
    return Holding.objects.on(today()).filter(
        post__unit_id=OuterRef("unit_id"), post__kind=kind, post__until__isnull=True
    )


def with_everything(queryset: QuerySet[School] | None = None) -> QuerySet[School]:
    """Schools with network, head, clerk and place, in the one query."""
    network = current_network()
    full_name = Concat("person__title", "person__first_name", Value(" "), "person__last_name")
    return (
        (School.objects.all() if queryset is None else queryset)
        .select_related("unit", "joined")
        .annotate(
            network_id=Subquery(network.values("group_id")[:1]),
            network_name=Subquery(network.values("group__short_name")[:1]),
            head_name=Subquery(
                _holders(PostKind.PRINCIPAL).values(name=full_name)[:1], output_field=CharField()
            ),
            clerk_name=Subquery(
                _holders(PostKind.CLERK).values(name=full_name)[:1], output_field=CharField()
            ),
            has_clerk=Exists(_holders(PostKind.CLERK)),
            place=Case(
                When(unit__parent__isnull=True, then=Value("other")),
                default=Value("own"),
                output_field=CharField(),
            ),
        )
    )


def by_code(code: str) -> QuerySet[School]:
    """Schools that bear or bore this code, today's bearer first."""
    return (
        School.objects.filter(codes__value=code)
        .order_by(F("codes__until").desc(nulls_first=True), "pk")
        .distinct()
    )


def find_networks(names: Iterable[str]) -> dict[str, Unit]:
    """Networks by the names files give them: with or without เครือข่าย, ศูนย์เครือข่าย, กลุ่มเครือข่าย."""
    wanted = {name: network_key(name) for name in names if name}
    known: dict[str, Unit] = {}
    for unit in Unit.objects.on().filter(kind=UnitKind.NETWORK).order_by("-pk"):
        known[network_key(unit.name)] = known[network_key(unit.short_name)] = unit
    return {name: known[key] for name, key in wanted.items() if key in known}


def network_key(name: str) -> str:
    """The bare name of a network, as compared."""
    bare = fold(name).replace(" ", "")
    for word in ("ศูนย์", "กลุ่ม", "เครือข่าย", "พัฒนาคุณภาพการศึกษา", "โรงเรียน"):
        bare = bare.removeprefix(fold(word))
    return bare
