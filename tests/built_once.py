"""What the tests of a file begin with, made once for all of them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest


def commits(module: Any, items: list[pytest.Item]) -> bool:
    """Whether a test of this file commits: then nothing can be rolled back around its tests."""
    return any(
        marker.kwargs.get("transaction")
        for item in items
        if getattr(item, "module", None) is module
        for marker in item.iter_markers("django_db")
    )


def built_once(build: Callable[[], Any]) -> tuple[Any, Any]:
    """Two fixtures for a ``conftest.py``: ``built``, made once for the tests of a file that ask for it, and a copy of it for each of
    them: what one does to the objects is its own. In a file with a test that commits each test has it made anew.
    """

    @pytest.fixture(scope="module")
    def built(request: pytest.FixtureRequest, django_db_blocker: Any) -> Any:
        if commits(request.module, request.session.items):
            return None
        request.getfixturevalue("outer_transaction")
        with django_db_blocker.unblock():
            return build()

    @pytest.fixture
    def copied(db: None, built: Any) -> Any:
        return build() if built is None else deepcopy(built)

    return built, copied
