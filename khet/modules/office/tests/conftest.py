"""A small office, and somebody of it with one role."""

from __future__ import annotations

import pytest

from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor, ensure_roles


@pytest.fixture
def office():
    return add_unit(
        actor=Actor.system(),
        kind="office",
        code="9902",
        name="สพป.ศรีธารา เขต 2",
        short_name="สพป.ศรีธารา เขต 2",
    )


@pytest.fixture
def sign_in(client, office):
    """``sign_in("admin")``: somebody of the office with that role and no other."""

    def sign_in(role: str):
        system = Actor.system()
        person = add_person(actor=system, first_name=role)
        post = add_post(
            actor=system,
            unit=office,
            kind="officer",
            title=role,
            short_title=role,
            roles=[ensure_roles()[role]],
        )
        appoint(actor=system, post=post, person=person)
        client.force_login(add_account(actor=system, person=person, username=role, password="x"))
        return client

    return sign_in
