"""Villages and the schools that serve them, in a school year."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import CharField, IntegerField, OuterRef, Q, QuerySet, Subquery

from khet.base.lib.thai.calendar import school_year
from khet.base.lib.thai.words import fold
from khet.base.org.api import today
from khet.modules.schools.choices import ServiceLevel
from khet.modules.schools.models import School, ServiceVillage, Village


def in_year(year: int | None = None, *, path: str = "") -> Q:
    """Services that hold in a school year (BE, default the present one); ``path`` leads to the service."""
    year = year or school_year(today())
    return Q(**{f"{path}since_year__lte": year}) & (
        Q(**{f"{path}until_year__isnull": True}) | Q(**{f"{path}until_year__gte": year})
    )


def services(year: int | None = None, level: str | None = ServiceLevel.PRIMARY) -> QuerySet[ServiceVillage]:
    """Who serves which village in a school year; ``level=None`` for every level."""
    found = ServiceVillage.objects.filter(in_year(year))
    return found if level is None else found.filter(level=level)


def with_schools(queryset: QuerySet[Village] | None = None, year: int | None = None) -> QuerySet[Village]:
    """Villages with the school that serves them at each level: ``primary_id``, ``primary_name``, ``primary_code``,
    ``lower_…``."""
    villages = Village.objects.all() if queryset is None else queryset
    for level in ServiceLevel:
        serving = services(year, level).filter(village=OuterRef("pk"))
        villages = villages.annotate(
            **{
                f"{level}_id": Subquery(serving.values("school_id")[:1], output_field=IntegerField()),
                f"{level}_name": Subquery(serving.values("school__name")[:1], output_field=CharField()),
                f"{level}_code": Subquery(serving.values("school__smis8")[:1], output_field=CharField()),
                f"{level}_amphoe": Subquery(serving.values("school__amphoe")[:1], output_field=CharField()),
            }
        )
    return villages


def service_area(
    school: School, year: int | None = None, level: str | None = None
) -> QuerySet[ServiceVillage]:
    """The villages of one school in a school year, with the village; every level unless one is named."""
    return services(year, level).filter(school=school).select_related("village")


def villages_without_school(year: int | None = None, level: str = ServiceLevel.PRIMARY) -> QuerySet[Village]:
    """Villages that no school serves."""
    return Village.objects.exclude(pk__in=services(year, level).values("village"))


def serving_schools(
    codes: Iterable[str], year: int | None = None, level: str = ServiceLevel.PRIMARY
) -> dict[str, School]:
    """Village code → the school that serves it. One query; a village nobody serves is not there."""
    found = services(year, level).filter(village__code__in=list(codes)).select_related("school", "village")
    return {service.village.code: service.school for service in found}


def tambon_key(tambon: str, amphoe: str = "") -> tuple[str, str]:
    """Tambon and district as files write them, compared: without ตำบล, ต., อำเภอ, อ., spaces."""

    def bare(text: str, words: tuple[str, ...]) -> str:
        plain = fold(text).replace(" ", "")
        for word in words:
            plain = plain.removeprefix(fold(word))
        return plain

    return bare(tambon, ("ตำบล", "ต.", "แขวง")), bare(amphoe, ("อำเภอ", "อ.", "เขต"))


class Tambons:
    """The tambons known here: from villages and from schools. Two queries, then dictionaries."""

    def __init__(self) -> None:
        # code → (tambon, amphoe, province)
        self.places: dict[str, tuple[str, str, str]] = {}
        for rows in (
            School.objects.filter(tambon_code__regex=r"^\d{6}$").exclude(tambon=""),
            Village.objects.all(),
        ):
            for code, *names in rows.order_by("pk").values_list(
                "tambon_code", "tambon", "amphoe", "province"
            ):
                self.places[code] = (names[0], names[1], names[2])
        self._by_name: dict[tuple[str, str], set[str]] = {}
        for code, (tambon, amphoe, _province) in self.places.items():
            for key in (tambon_key(tambon, amphoe), tambon_key(tambon)):
                self._by_name.setdefault(key, set()).add(code)

    def find(self, tambon: str, amphoe: str = "") -> str | None:
        """The code of a tambon by its name; None when unknown, or when the name alone tells several."""
        found = self._by_name.get(tambon_key(tambon, amphoe), set())
        return next(iter(found)) if len(found) == 1 else None

    def is_ambiguous(self, tambon: str, amphoe: str = "") -> bool:
        return len(self._by_name.get(tambon_key(tambon, amphoe), set())) > 1


def villages_by_place(places: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str, int], Village]:
    """(tambon, district, หมู่) as written in a file → the village. A fixed number of queries."""
    wanted = set(places)
    tambons = Tambons()
    codes = {}
    for tambon, amphoe, moo in wanted:
        code = tambons.find(tambon, amphoe)
        if code is not None and 0 <= moo <= 99:
            codes[tambon, amphoe, moo] = f"{code}{moo:02d}"
    known = {village.code: village for village in Village.objects.filter(code__in=set(codes.values()))}
    return {place: known[code] for place, code in codes.items() if code in known}
