"""What the tests of a file begin with, made once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest


def _left_alone(module: pytest.Module, only_for: str) -> bool:
    """Whether a test of the file commits: then nothing may stand around its tests. Or none of them asks for the copy."""
    items = [item for item in module.session.items if item.getparent(pytest.Module) is module]
    marks = (mark for item in items for mark in item.iter_markers("django_db"))
    if any(mark.kwargs.get("transaction") for mark in marks):
        return True
    return bool(only_for) and not any(only_for in item.fixturenames for item in items)


def built_once(build: Callable[[], Any], only_for: str = "") -> tuple[Any, Any]:
    """Two fixtures for a ``conftest.py``: ``built``, made before the first test of each file so that every test finds it in the
    database, and a copy of it for each test: what one does to the objects is its own.

    In a file with tests that commit nothing is made beforehand, and each test that asks for a copy has one made for it alone.
    ``only_for`` is the name of the copy's fixture where other files of the folder begin with an empty database.
    """
    made: dict[pytest.Module, Any] = {}

    @pytest.fixture(scope="module", autouse=True)
    def built(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[Any]:
        if _left_alone(request.node, only_for):
            yield None
            return
        request.getfixturevalue("outer_transaction")
        with django_db_blocker.unblock():
            made[request.node] = build()
        yield made[request.node]
        del made[request.node]

    @pytest.fixture
    def copied(request: pytest.FixtureRequest, db: None) -> Any:
        module = request.node.getparent(pytest.Module)
        return deepcopy(made[module]) if module in made else build()

    return built, copied
