"""Officials and positions with what lists and records show, in the one query."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear, JSONObject

from khet.base.org.api import today
from khet.base.org.choices import IdKind
from khet.base.org.models import PersonId
from khet.modules.staff.choices import EducationLevel
from khet.modules.staff.models import Education, Incumbency, Licence, Official, Position

LICENCE_SOON = 180  # days before the end of a licence in which it may be renewed

_HEIGHT = {
    EducationLevel.BELOW: 1,
    EducationLevel.BACHELOR: 2,
    EducationLevel.DIPLOMA: 3,
    EducationLevel.MASTER: 4,
    EducationLevel.DOCTOR: 5,
}


def highest(path: str = "pk") -> QuerySet[Education]:
    """The education that counts for the outer official: the highest, then the latest."""
    rank = Case(
        *(When(level=level, then=Value(rank)) for level, rank in _HEIGHT.items()),
        output_field=IntegerField(),
        default=Value(0),
    )
    rows = Education.objects.filter(official=OuterRef(path)).exclude(level=EducationLevel.TRAINING)
    return rows.order_by(rank.desc(), F("year").desc(nulls_last=True), "-pk")


def latest_licence(path: str = "pk") -> QuerySet[Licence]:
    """The licence of the outer official that runs longest; one without a last day runs for ever."""
    return Licence.objects.filter(official=OuterRef(path)).order_by(
        F("expires_on").desc(nulls_first=True), "-pk"
    )


def with_everything(queryset: QuerySet[Official] | None = None) -> QuerySet[Official]:
    """Officials with name, units, position, highest education and latest licence."""
    education = highest().values(
        row=JSONObject(pk="pk", level="level", degree="degree", institute="institute", year="year")
    )
    licence = latest_licence().values(
        row=JSONObject(pk="pk", number="number", kind="kind", issued_on="issued_on", expires_on="expires_on")
    )
    return (
        (Official.objects.all() if queryset is None else queryset)
        .select_related("person", "unit", "work_unit", "position")
        .annotate(
            education=Subquery(education[:1], output_field=JSONField()),
            licence=Subquery(licence[:1], output_field=JSONField()),
            licence_expires_on=Subquery(latest_licence().values("expires_on")[:1]),
            education_level=Subquery(highest().values("level")[:1], output_field=CharField()),
            id_tail=Subquery(
                PersonId.objects.filter(person=OuterRef("person"), kind=IdKind.CITIZEN, until__isnull=True)
                .values("tail")[:1]
            ),
            state=Case(
                When(left_on__isnull=False, then=Value("left")),
                When(~Q(unit=F("work_unit")), then=Value("seconded")),
                default=Value("serving"),
                output_field=CharField(),
            ),
            licence_state=Case(
                When(~Exists(Licence.objects.filter(official=OuterRef("pk"))), then=Value("none")),
                When(licence_expires_on__lt=today(), then=Value("expired")),
                When(licence_expires_on__lte=today() + timedelta(days=LICENCE_SOON), then=Value("soon")),
                default=Value("valid"),
                output_field=CharField(),
            ),
            retires_year=Cast(ExtractYear("retires_on") + 543, CharField()),
        )
    )  # fmt: skip


def positions_with_holders(queryset: QuerySet[Position] | None = None) -> QuerySet[Position]:
    """Positions with whoever is in them today. Two names in one position show as two: a fault to be settled."""
    inside = (
        Official.objects.filter(position=OuterRef("pk"), left_on__isnull=True).order_by().values("position")
    )
    last = Incumbency.objects.filter(position=OuterRef("pk"), until__isnull=False).order_by("-until", "-pk")
    name = Concat("person__title", "person__first_name", Value(" "), "person__last_name")
    return (
        (Position.objects.all() if queryset is None else queryset)
        .select_related("unit", "post")
        .annotate(
            holders=Coalesce(
                Subquery(inside.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0)
            ),
            holder_names=Subquery(
                inside.annotate(names=StringAgg(name, delimiter=", ")).values("names"),
                output_field=CharField(),
            ),
            last_until=Subquery(last.values("until")[:1]),
            occupancy=Case(
                When(until__isnull=False, then=Value("closed")),
                # One look at the holders. «holders» here would be written out, and counted, once for each question.
                default=Coalesce(
                    Subquery(
                        inside.annotate(n=Count("pk"))
                        .annotate(said=Case(When(n=1, then=Value("held")), default=Value("double")))
                        .values("said"),
                        output_field=CharField(),
                    ),
                    Value("vacant"),
                ),
                output_field=CharField(),
            ),
        )
    )
