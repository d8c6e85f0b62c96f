"""Nobody finds, or learns the count of, what they may not see."""

from __future__ import annotations

import pytest

from khet.base.org.actions import vacate
from khet.base.org.api import Actor
from khet.kits.search.api import find
from khet.kits.search.queries import CAP

pytestmark = pytest.mark.django_db


def test_only_ones_own_are_found_and_counted(put, world):
    put("ปฏิทินของเรา", school=0)
    for number in range(3):
        put(f"ปฏิทินของเขา {number}", school=1, number=f"ลับ/{number}")
    results = find(world.actors[0], "ปฏิทิน")
    assert (results.count, results.is_capped) == (1, False)
    assert [f.count for f in results.years] == [1] and [f.label for f in results.units] == ["หนองไทร 1"]
    assert find(world.actors[0], "ของเขา").groups == []
    assert find(world.actors[0], "ลับ").count == 0
    assert find(world.actors[1], "ปฏิทิน").count == 3
    assert find(world.system, "ปฏิทิน").count == 4


def test_hidden_records_do_not_push_visible_ones_over_the_cap(put, world):
    put("ปฏิทินเก่าของเรา", school=0)
    for number in range(CAP + 20):
        put(f"ปฏิทิน {number}", school=1)
    results = find(world.actors[0], "ปฏิทิน")
    assert (results.count, results.is_capped) == (1, False)
    full = find(world.actors[1], "ปฏิทิน")
    assert (full.count, full.is_capped) == (CAP, True)
    assert all(facet.count is None for facet in full.years)


def test_a_visitor_and_a_person_without_right_find_nothing(put, world):
    put("ปฏิทิน")
    assert find(Actor(), "ปฏิทิน").groups == []
    assert find(Actor.of(world.other), "ปฏิทิน").count in (0, 1)  # acts for the first school


def test_the_right_is_gone_with_the_post(put, world):
    put("ปฏิทิน")
    vacate(actor=world.system, post=world.posts[0])
    assert find(Actor.of(world.people[0]), "ปฏิทิน").groups == []
