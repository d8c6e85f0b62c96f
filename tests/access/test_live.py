"""Rights change while the browser is open: after any act the very next request answers by the new state.

The machine keeps its own simple idea of who holds what; the system is asked through a session that was opened
at the beginning and never renewed.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from khet.base.org.actions import (
    appoint,
    delegate,
    revoke_delegation,
    set_post_roles,
    suspend_account,
    vacate,
)
from khet.base.org.api import Account, Actor, Delegation, Role, can, today
from khet.modules.letters.models import Letter
from tests.access.visit import enter
from tests.access.world import World

WHO = "teacher"  # a person whose own post shows no letter of a register
PLACES = {"own": "school_clerk", "foreign": "foreign_clerk", "far": "far_clerk"}
wheres = st.sampled_from(sorted(PLACES))
current: list[World] = []


class Changing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.scope = transaction.atomic()
        self.scope.__enter__()
        self.world = current[0]
        self.system = Actor.system()
        self.person = self.world.people[WHO]
        self.client = enter(self.world, WHO)
        self.letters = {where: self.world.objects["letter"].get(where) for where in ("own", "foreign")}
        self.holds: set[str] = set()
        self.acts: dict[str, int] = {}
        self.is_clerk_role = dict.fromkeys(PLACES, True)
        self.active, self.session = True, True

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.scope.__exit__(None, None, None)
        self.world.accounts[WHO].refresh_from_db()

    def post(self, where: str):
        return self.world.posts[PLACES[where]]

    @rule(where=wheres)
    def grant(self, where: str) -> None:
        appoint(actor=self.system, post=self.post(where), person=self.person)
        self.holds.add(where)

    @rule(where=wheres, to=wheres)
    def move_school(self, where: str, to: str) -> None:
        if where in self.holds and where != to:
            appoint(actor=self.system, post=self.post(to), person=self.person, leaves=self.post(where))
            self.holds.discard(where)
            self.holds.add(to)

    @rule(where=wheres)
    def revoke(self, where: str) -> None:
        vacate(actor=self.system, post=self.post(where))
        self.holds.discard(where)

    @rule(where=wheres)
    def lend(self, where: str) -> None:
        if where not in self.acts and where not in self.holds:
            made = delegate(actor=self.system, post=self.post(where), person=self.person, kind="acting")
            self.acts[where] = made.pk

    @rule(where=wheres)
    def take_back(self, where: str) -> None:
        if where in self.acts:
            revoke_delegation(actor=self.system, delegation=Delegation.objects.get(pk=self.acts.pop(where)))

    @rule(where=wheres)
    def expire(self, where: str) -> None:
        """A day passes: what was lent until yesterday is over."""
        if where in self.acts:
            day = today() - timedelta(days=1)
            Delegation.objects.filter(pk=self.acts.pop(where)).update(since=day, until=day)

    @rule(where=wheres)
    def change_role(self, where: str) -> None:
        now = not self.is_clerk_role[where]
        roles = list(Role.objects.filter(code="school_clerk")) if now else []
        set_post_roles(actor=self.system, post=self.post(where), roles=roles)
        self.is_clerk_role[where] = now

    @rule()
    def suspend(self) -> None:
        account = Account.objects.get(person=self.person)
        suspend_account(actor=self.system, account=account, suspended=self.active)
        self.active = not self.active
        self.session = False  # an ended session stays ended, also when the suspension is lifted

    @rule()
    def sign_in_again(self) -> None:
        if self.active and not self.session:
            self.world.accounts[WHO] = Account.objects.get(person=self.person)
            self.client = enter(self.world, WHO)
            self.session = True

    @invariant()
    def the_next_request_knows(self) -> None:
        for where, pk in self.letters.items():
            is_clerk = self.is_clerk_role[where] and (where in self.holds or where in self.acts)
            wanted = 302 if not self.session else 200 if is_clerk else 404
            assert self.client.get(f"/letters/{pk}/").status_code == wanted, (where, self.holds, self.acts)
            if self.active:
                actor = Actor.of(self.person, account=Account.objects.get(person=self.person))
                assert can(actor, "letters.receive", self.world.units[where]) == is_clerk
                assert can(actor, "letters.view", Letter.objects.get(pk=pk)) == is_clerk


@pytest.mark.timeout(240)
def test_rights_change_at_the_next_request(world):
    current[:] = [world]
    run_state_machine_as_test(
        Changing,
        settings=settings(
            max_examples=12, stateful_step_count=14, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_an_official_moves_while_the_session_is_open(world):
    """F29: the next request after the move shows the new school and no longer the old one."""
    client = enter(world, "school_clerk")
    own, foreign = (world.objects["letter"][where] for where in ("own", "foreign"))
    assert (client.get(f"/letters/{own}/").status_code, client.get(f"/letters/{foreign}/").status_code) == (
        200,
        404,
    )
    appoint(
        actor=Actor.system(), post=world.posts["foreign_clerk"], person=world.people["school_clerk"],
        leaves=world.posts["school_clerk"],
    )  # fmt: skip
    assert (client.get(f"/letters/{own}/").status_code, client.get(f"/letters/{foreign}/").status_code) == (
        404,
        200,
    )
    answer = client.post(
        f"/letters/registers/{world.objects['entry']['own']}/cancel/", {"reason": "ยังเปิดหน้าเก่าค้างไว้"}
    )
    assert answer.status_code == 404
