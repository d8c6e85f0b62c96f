import pytest

from khet.base.org.actions import add_account
from khet.base.org.api import Actor
from khet.kits.workflow.tests.office import build, declare
from khet.modules.students.tests.conftest import Area, build_area
from tests.built_once import built_once

#: The kit's small office; the desk adds its own flows.
built, seated = built_once(build)


@pytest.fixture
def area(db: None) -> Area:
    """Two schools of an area with their people."""
    return build_area()


@pytest.fixture
def office(seated, monkeypatch):
    declare(monkeypatch)
    return seated


@pytest.fixture
def sign_in(office, client, monkeypatch):
    monkeypatch.setattr("khet.base.signin.middleware.needs_second_factor", lambda actor: False)

    def enter(word: str):
        account = add_account(
            actor=Actor.system(), person=office.people[word], username=word, password="x" * 12
        )
        client.force_login(account)
        return client

    return enter
