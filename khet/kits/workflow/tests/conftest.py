import pytest

from khet.kits.workflow.bases import flows
from khet.kits.workflow.tests.office import build, calls, paper
from tests.built_once import built_once

built, seated = built_once(build)


@pytest.fixture
def office(seated, monkeypatch):
    """The small office, and its flow declared for the length of a test."""
    monkeypatch.setitem(flows._items, paper.key, paper)
    calls.clear()
    return seated
