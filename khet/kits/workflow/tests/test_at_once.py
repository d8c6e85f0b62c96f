"""Two decisions at the same moment: one effect, the other is told so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from khet.base.lib.errors import Conflict, Forbidden
from khet.kits.workflow.api import Step, endorse, give_back, take
from khet.kits.workflow.tests.office import holding

pytestmark = pytest.mark.django_db(transaction=True)


def race(*acts):
    """Run the acts in threads that start together; the outcomes in order."""
    barrier = Barrier(len(acts))

    def one(act):
        try:
            barrier.wait()
            act()
            return "done"
        except (Conflict, Forbidden) as why:
            return why.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_two_decisions_at_once_have_one_effect(office):
    run = office.sent()
    step = holding(run)
    first, second = office.actor("head"), office.actor("head")
    outcomes = race(
        lambda: endorse(actor=first, step=step, note="เห็นชอบ"),
        lambda: give_back(actor=second, step=step, note="แก้ก่อน"),
    )
    assert sorted(outcomes) == ["done", "workflow.decided"]
    assert Step.objects.filter(run=run).count() == 3
    assert Step.objects.filter(run=run, decided_at__isnull=True).count() == 1


def test_eight_members_reach_for_the_same_work(office):
    run = office.begin("officer")
    step = holding(run)
    Step.objects.filter(pk=step.pk).update(post=None, unit=office.units["policy"])
    actors = [
        office.actor(word)
        for word in ("officer", "officer2", "head", "officer", "officer2", "head", "officer", "head")
    ]
    outcomes = race(*(lambda actor=actor: take(actor=actor, step=step) for actor in actors))
    assert sorted(outcomes) == ["done", *["workflow.taken"] * 7]
