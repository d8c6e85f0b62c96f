"""Faults of the kinds that real staff files bring, so that the checks of the demo office have something to say."""

from __future__ import annotations

import random
from datetime import date, timedelta

from django.db.models import F

from khet.base.org.models import PersonId
from khet.modules.staff.choices import Job, PersonKind, Standing
from khet.modules.staff.models import Education, Incumbency, Licence, Official, Position, Secondment, Teaching

SOON = date(2027, 2, 15)


def plant(rng: random.Random, officials: list[Official]) -> None:
    """Each kind of fault a few times, at people drawn by lot."""
    teachers = [
        o for o in officials if o.job == Job.TEACHER and o.kind == PersonKind.TEACHER and o.position_id and o.unit_id == o.work_unit_id
    ]  # fmt: skip
    lot = iter(rng.sample(teachers, min(80, len(teachers))))
    take = lambda count: [o.pk for _n, o in zip(range(count), lot, strict=False)]  # noqa: E731

    Licence.objects.filter(official__in=take(4)).delete()
    Licence.objects.filter(official__in=take(5)).update(
        issued_on=date(2021, 8, 20), expires_on=date(2026, 8, 19)
    )
    Licence.objects.filter(official__in=take(12)).update(
        issued_on=SOON - timedelta(days=1825), expires_on=SOON
    )
    bare = take(4)
    Official.objects.filter(pk__in=bare).update(subject="", major="")
    Teaching.objects.filter(official__in=bare).delete()
    Education.objects.filter(official__in=take(3)).delete()
    Official.objects.filter(pk__in=take(2)).update(born_on=F("born_on") + timedelta(days=365 * 12))
    Official.objects.filter(pk__in=take(2)).update(born_on=None)
    PersonId.objects.filter(person__official__in=take(5)).delete()
    high = take(2)
    Official.objects.filter(pk__in=high).update(standing=Standing.ADVISORY, level="k5")
    # Serving on although the day of retirement is past.
    Official.objects.filter(pk__in=take(2)).update(born_on=date(1966, 3, 9))
    # Nobody has written when they come back.
    for pk, other in zip(take(3), take(3), strict=False):
        unit = Official.objects.values_list("unit_id", flat=True).get(pk=other)
        Secondment.objects.create(official_id=pk, unit_id=unit, since=date(2025, 6, 1), reference="คำสั่งเดิม")
        Official.objects.filter(pk=pk).update(work_unit=unit)
    # Two in one position: the one who came later was never given one of his own.
    for pk, other in zip(take(2), take(2), strict=False):
        position = Official.objects.values_list("position_id", flat=True).get(pk=other)
        Incumbency.objects.filter(official=pk).update(position=position)
        Official.objects.filter(pk=pk).update(position=position)
    nowhere = take(3)
    Incumbency.objects.filter(official__in=nowhere).delete()
    Official.objects.filter(pk__in=nowhere).update(position=None)
    # A number with the words of a list left in it.
    for position in Position.objects.filter(officials__in=take(2)):
        position.number = f"อ.{position.number}/จ18"
        position.search_text = f"{position.number} {position.search_text}"
        position.save(update_fields=["number", "search_text"])
