"""Who can be written to: the units of this area, not the schools of another that the register knows by name."""

from __future__ import annotations

from khet.base.org.actions import add_unit, group_units
from khet.modules.letters.queries.letters import addressees
from khet.modules.letters.queries.receivers import resolve


def test_a_school_of_another_area_is_no_receiver(cast):
    foreign = add_unit(actor=cast.system, kind="school", code="s9", name="โรงเรียนต่างเขต", short_name="ต่างเขต")
    offered = {pk for _head, rows in addressees(cast.actor("saraban"), cast.office) for pk, _name in rows}
    assert cast.school.pk in offered
    assert foreign.pk not in offered
    assert resolve([foreign.pk, cast.school.pk]) == {cast.school.pk}


def test_a_network_stands_for_its_members(cast):
    group_units(actor=cast.system, group=cast.network, members=[cast.school])
    assert resolve([cast.network.pk]) == {cast.school.pk, cast.other_school.pk}
