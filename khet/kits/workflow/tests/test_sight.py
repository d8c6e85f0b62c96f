"""Who sees a run: the posts on its way, the readers of its units, nobody else; secrets only the route."""

from __future__ import annotations

import pytest

from khet.base.lib.errors import NotFound
from khet.base.org.api import Actor, fetch, visible
from khet.kits.workflow.api import (
    Run,
    Step,
    assign,
    endorse,
    give_back,
    group_inbox,
    load_by_post,
    load_by_unit,
    run_filter,
    runs,
    urgent_above,
    waiting,
    withdraw,
)
from khet.kits.workflow.choices import Secrecy, Urgency
from khet.kits.workflow.tests.office import holding


def seen_by(office, run: Run) -> set[str]:
    return {word for word in office.posts if runs(office.actor(word)).filter(pk=run.pk).exists()}


def test_a_matter_of_a_group_is_seen_by_its_route_and_its_superiors(office):
    run = office.sent()
    assert seen_by(office, run) == {"officer", "head", "deputy", "deputy2", "director"}


def test_what_was_not_sent_is_its_drafters_alone(office):
    run = office.begin()
    assert seen_by(office, run) == {"officer"}
    with pytest.raises(NotFound):
        fetch(office.actor("director"), Run.objects.all(), pk=run.pk)
    withdraw(actor=office.actor("officer"), step=holding(run), note="เขียนใหม่")
    assert seen_by(office, run) == {"officer"}
    assert seen_by(office, office.begin("teacher")) == {"teacher"}


def test_what_came_back_stays_with_those_it_had_reached(office):
    run = office.sent()
    give_back(actor=office.actor("head"), step=holding(run), note="แก้วันที่")
    assert seen_by(office, run) == {"officer", "head", "deputy", "deputy2", "director"}


def test_a_secret_matter_is_seen_by_its_route_alone(office):
    run = office.sent(secrecy=Secrecy.SECRET)
    assert seen_by(office, run) == {"officer", "head"}


def test_a_schools_own_matter_stays_in_the_school(office):
    run = office.sent("teacher")
    assert seen_by(office, run) == {"teacher", "principal"}


def test_members_see_what_lies_in_their_inbox(office):
    run = office.sent()
    endorse(actor=office.actor("head"), step=holding(run), note="x")
    assign(actor=office.actor("deputy"), step=holding(run), to=office.units["legal"])
    assert "lawyer" in seen_by(office, run)
    assert "teacher" not in seen_by(office, run)


def test_a_stranger_gets_nothing_and_fetch_says_not_found(office):
    run = office.sent()
    assert not Run.objects.filter(run_filter(Actor())).exists()
    with pytest.raises(NotFound):
        fetch(office.actor("teacher"), Run.objects.all(), pk=run.pk)
    assert not visible(office.actor("teacher"), Step.objects.filter(run=run)).exists()
    assert visible(office.actor("head"), Step.objects.filter(run=run)).count() == 2


def test_what_i_wait_for_is_what_others_hold(office):
    run = office.sent()
    assert [s.run_id for s in waiting(office.actor("officer"))] == [run.pk]
    assert list(waiting(office.actor("head"))) == []
    endorse(actor=office.actor("head"), step=holding(run), note="x")
    assert [s.run_id for s in waiting(office.actor("head"))] == [run.pk]


def test_most_urgent_matters_stand_on_every_superiors_desk(office):
    run = office.begin(urgency=Urgency.MOST_URGENT)
    for word in ("head", "deputy", "director"):
        assert [s.run_id for s in urgent_above(office.actor(word))] == [run.pk], word
    for word in ("officer", "officer2", "lawhead", "deputy2", "principal"):
        assert list(urgent_above(office.actor(word))) == [], word


def test_load_counts_open_late_and_time(office):
    run = office.sent()
    load = {row.unit.code: row for row in load_by_unit([office.units["policy"], office.units["legal"]])}
    assert (load["policy"].open, load["policy"].done, load["legal"].open) == (1, 1, 0)
    people = {row.post.pk: row for row in load_by_post([office.units["policy"]])}
    assert people[office.posts["head"].pk].open == 1
    assert people[office.posts["officer"].pk].done == 1
    assert people[office.posts["head"].pk].person == office.people["head"]
    assert group_inbox(office.actor("lawyer")).count() == 0
    assert run.is_open
