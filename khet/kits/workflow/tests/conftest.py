import pytest

from khet.kits.workflow.bases import flows
from khet.kits.workflow.tests.office import build, paper


@pytest.fixture
def office(db):
    yield build()
    flows._items.pop(paper.key, None)
