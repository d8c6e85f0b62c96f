"""What the tests of a file begin with, made once for all of them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest


def built_once(build: Callable[[], Any]) -> tuple[Any, Any]:
    """Two fixtures for a ``conftest.py``: ``built``, made before the first test of each file so that every test finds it in the
    database, and a copy of it for each test: what one does to the objects is its own.
    """

    @pytest.fixture(scope="module", autouse=True)
    def built(outer_transaction: None, django_db_blocker: Any) -> Any:
        with django_db_blocker.unblock():
            return build()

    @pytest.fixture
    def copied(db: None, built: Any) -> Any:
        return deepcopy(built)

    return built, copied
