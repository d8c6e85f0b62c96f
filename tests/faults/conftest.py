from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.office import Office, make_template, office_from


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """One migrated office, made once for all fault tests of this process. A short path, for the socket."""
    folder = Path(tempfile.mkdtemp(prefix="kf-"))
    make_template(folder / "t")
    yield folder / "t"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def office(template: Path) -> Iterator[Office]:
    """A closed office of the test's own; ``office.open()`` starts it."""
    folder = Path(tempfile.mkdtemp(prefix="kf-"))
    folder.chmod(0o711)
    try:
        with office_from(template, folder / "o") as found:
            yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def shared(template: Path) -> Iterator[Office]:
    """One open office for the tests of a file that only kill processes: nothing stored is at stake."""
    folder = Path(tempfile.mkdtemp(prefix="kf-"))
    folder.chmod(0o711)
    try:
        with office_from(template, folder / "o") as found:
            found.open()
            yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)
