"""The area is built once a module, in one transaction that is rolled back; every test has its own savepoint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from khet.base.lib.pdf import foreign
from khet.base.lib.pdf_child.__main__ import TASKS
from tests.access.world import World, build


def ask_here(task: str, **request: Any) -> bytes:
    """What the limited child answers, without starting one: it has tests of its own, and here are many papers."""
    module = import_module(f"khet.base.lib.pdf_child.{TASKS[task]}")
    return getattr(module, task)(**json.loads(json.dumps(request)))


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    before = settings.KHET_FILES
    with django_db_blocker.unblock():
        settings.KHET_FILES = tmp_path_factory.mktemp("files")
        with pytest.MonkeyPatch.context() as patch, transaction.atomic():
            patch.setattr(foreign, "_ask", ask_here)
            yield build()
            transaction.set_rollback(True)
        settings.KHET_FILES = before


@pytest.fixture
def world(built: World) -> Iterator[World]:
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)
