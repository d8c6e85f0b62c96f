"""Pupils with their number and class; finding one by a number without opening any."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Replace

from khet.base.lib.thai.ids import is_g_code, normalise_citizen_id
from khet.base.org.sealing import fingerprint, fingerprints
from khet.modules.students.choices import PRESENT, IdKind
from khet.modules.students.models import Enrolment, Pupil, PupilId

# One purpose for every kind, and the one of ``org.PersonId``: a number is the same number however a file calls it.
PURPOSE = "citizen"


def kind_of_number(text: str) -> str:
    """The kind a number has by its form."""
    number = normalise_citizen_id(text)
    if is_g_code(number):
        return IdKind.G_CODE
    return IdKind.CITIZEN if re.fullmatch(r"\d{13}", number, re.ASCII) else IdKind.OTHER


def id_fingerprint(text: str) -> str:
    """The keyed fingerprint of a number under the current key, as ``PupilId`` keeps it."""
    return fingerprint(normalise_citizen_id(text), PURPOSE)


def id_fingerprints(text: str) -> list[str]:
    """Under every key: what to look for."""
    return fingerprints(normalise_citizen_id(text), PURPOSE)


def by_number(text: str) -> QuerySet[Pupil]:
    """Pupils that bear or bore this number, today's bearer first. Unscoped: for verbs and imports."""
    held = PupilId.objects.filter(fingerprint__in=id_fingerprints(text))
    return (
        Pupil.objects.filter(ids__in=held).order_by(F("ids__until").desc(nulls_first=True), "pk").distinct()
    )


def holders_of(prints: Iterable[str]) -> dict[str, int]:
    """Fingerprint → id of the pupil that bears it today, for many at once. Unscoped: for verbs and imports."""
    return dict(
        PupilId.objects.filter(fingerprint__in=list(prints), until__isnull=True).values_list(
            "fingerprint", "pupil"
        )
    )


def present(school_year: int, term: int) -> QuerySet[Enrolment]:
    """Enrolments of a term whose pupils are on the roll."""
    return Enrolment.objects.filter(school_year=school_year, term=term, state__in=PRESENT)


def grade_order(path: str = "grade") -> Replace:
    """อ. before ป. before ม.: as the codes would sort if m came after p."""
    return Replace(path, Value("m"), Value("q"))


def _number(path: str) -> QuerySet[PupilId]:
    """The open number of the outer pupil: citizen before G-code before another."""
    return (
        PupilId.objects.filter(pupil=OuterRef(path), until__isnull=True)
        .annotate(
            shown=Concat(
                F("kind"), Value(":"), F("tail"), Value(":"), F("is_valid"), output_field=CharField()
            )
        )
        .order_by("kind", "-since")
        .values("shown")[:1]
    )


def with_class(queryset: QuerySet[Pupil] | None = None) -> QuerySet[Pupil]:
    """Pupils with school, order of the class and their masked number (``number_``: kind:tail:valid)."""
    rows = Pupil.objects.all() if queryset is None else queryset
    return rows.select_related("school").annotate(grade_order=grade_order(), number_=Subquery(_number("pk")))


def with_facts(queryset: QuerySet[Enrolment] | None = None) -> QuerySet[Enrolment]:
    """Enrolments with pupil, school, order of the class and the masked number."""
    rows = Enrolment.objects.all() if queryset is None else queryset
    return rows.select_related("pupil", "school").annotate(
        grade_order=grade_order(), number_=Subquery(_number("pupil_id"))
    )
