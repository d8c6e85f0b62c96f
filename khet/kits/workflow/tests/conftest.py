import pytest

from khet.kits.workflow.tests.office import build, declare
from tests.built_once import built_once

built, people = built_once(build)


@pytest.fixture
def office(people, monkeypatch):
    declare(monkeypatch)
    return people
