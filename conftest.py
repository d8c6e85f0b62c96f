"""Tests run on the embedded PostgreSQL, in a data folder of their own, never on real data.

Migrations run once: the migrated database is kept as a template named after the hash of all migration files,
and every test process starts from a copy of it (0.1 s). The test cluster does not wait for the disk.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

_HERE = Path(__file__).parent
_FOLDER = Path(settings.DATA)  # for tests alone; see khet.site.environment.test_environment


def pytest_configure(config: pytest.Config) -> None:
    from khet.base.database.embedded import ensure_running

    ensure_running(_FOLDER, durable=False)
    (_FOLDER / "static").mkdir(exist_ok=True)  # whitenoise warns when it is missing


#: Folders whose tests share what a process has to make first: libraries and compiled plans of counting, the import graph.
TOGETHER = ("khet/outlets/books", "khet/outlets/statistics", "tests/architecture")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(_HERE).as_posix()
        group = next((name for name in TOGETHER if folder.startswith(f"{name}/")), None)
        if group:
            item.add_marker(pytest.mark.xdist_group(group))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files made while tests are collected differ from process to process: their tests are named by what they are for."""
    return argname if isinstance(val, bytes) else None


def migrations_hash() -> str:
    """Changes whenever a migration of ours or a version of another package does."""
    digest = hashlib.sha256((_HERE / "requirements" / "base.txt").read_bytes())
    for path in sorted((_HERE / "khet").glob("*/*/migrations/*.py")):
        digest.update(str(path.relative_to(_HERE)).encode() + path.read_bytes())
    digest.update(repr(settings.INSTALLED_APPS).encode())
    return digest.hexdigest()[:12]


class _Databases:
    """The template and its copies on the test cluster."""

    def __init__(self, own: str) -> None:
        from khet.base.database.embedded import cluster_of, locked

        self.own = own  # part of every name of this test process
        self.cluster = cluster_of(_FOLDER, durable=False)
        self.locked = locked
        self.template = f"template_{migrations_hash()}"

    def run(self, *statements: str) -> None:
        with self.cluster.connect() as connection:
            for statement in statements:
                connection.execute(statement)

    def ensure_template(self) -> None:
        with self.locked(_FOLDER, "template"):
            with self.cluster.connect() as connection:
                names = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            if self.template in names:
                return
            for old in names:
                if old.startswith("template_"):
                    self.run(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
            self.cluster.ensure_database("template_new")
            self._migrate("template_new")
            self.run(f'ALTER DATABASE template_new RENAME TO "{self.template}"')

    def _migrate(self, name: str) -> None:
        from django.core.management import call_command
        from django.db import connection

        before = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
        connection.settings_dict["NAME"] = before

    def copy(self, name: str, template: str = "") -> None:
        self.run(
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{template or self.template}" STRATEGY FILE_COPY',
        )


@pytest.fixture(scope="session")
def databases(django_db_blocker: pytest.FixtureRequest, worker_id: str) -> _Databases:
    """The test cluster with its migrated template, for tests that bring servers of their own."""
    found = _Databases(worker_id if worker_id != "master" else str(os.getpid()))
    with django_db_blocker.unblock():
        found.ensure_template()
    return found


@pytest.fixture(scope="session")
def django_db_setup(databases: _Databases, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A fresh copy of the migrated template for this test process."""
    from django.db import connection
    from django.test import TransactionTestCase

    name = f"test_{databases.own}"
    with django_db_blocker.unblock():
        databases.copy(name)
        connection.close()
        connection.settings_dict["NAME"] = name

    # After a test that commits, the copy is made anew: quicker than emptying every table, and the journal's
    # own triggers refuse to be emptied at all.
    def renew(self: TransactionTestCase) -> None:
        connection.close()
        databases.copy(name)

    TransactionTestCase._fixture_teardown, original = renew, TransactionTestCase._fixture_teardown
    yield
    TransactionTestCase._fixture_teardown = original
    with django_db_blocker.unblock():
        connection.close()
        databases.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def outer_transaction(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A transaction around the tests of a file, rolled back after the last: what a module's ``built`` made is there for each of
    them, and none sees what another did. Not for files with tests that commit.
    """
    from django.db import transaction

    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def no_database(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """For tests that bring their own servers: a stray query is an error."""
    with django_db_blocker.block():
        yield


@pytest.fixture(autouse=True)
def in_thai() -> None:
    """Each test begins in Thai: a page read in English leaves its language to whoever comes next in the process."""
    from django.conf import settings
    from django.utils.translation import activate

    activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def whole_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """``client.force_login`` stands for a whole sign-in, second factor included."""
    from khet.base.signin.testing import force_login_with_factor

    force_login_with_factor(monkeypatch)
