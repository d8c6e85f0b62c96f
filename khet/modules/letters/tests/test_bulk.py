"""The bulk past agrees with itself as the verbs would have made it."""

from __future__ import annotations

import pytest
from django.db.models import Count, F, Max, Min

from khet.base.org.world import World
from khet.kits.search.models import Entry as Found
from khet.modules.letters.bulk import fill
from khet.modules.letters.models import Entry, Letter, Receipt, Register

pytestmark = pytest.mark.django_db


def test_registers_run_without_gap_in_the_order_of_their_days(cast):
    world = World(
        size="full",
        office=cast.office,
        schools=[cast.school, cast.other_school],
        groups={"policy": cast.group},
    )
    made = fill(world, letters=400, years=2)
    assert made["letters"] == 400 == Letter.objects.count() == Found.objects.filter(kind="letters").count()
    for row in Entry.objects.values("register").annotate(
        n=Count("pk"), low=Min("number"), high=Max("number")
    ):
        assert row["low"] == 1 and row["high"] == row["n"]
        assert Register.objects.get(pk=row["register"]).last_number == row["high"]
    for register in Register.objects.all():
        moments = list(
            Entry.objects.filter(register=register).order_by("number").values_list("taken_at", flat=True)
        )
        assert moments == sorted(moments)
    assert Receipt.objects.count() == 120 * 2 + 120
    assert not Receipt.objects.filter(registered_at__lt=F("opened_at")).exists()
    assert not Receipt.objects.filter(registered_at__isnull=False).exclude(entry__letter=F("letter")).exists()
