"""Which of the long suites run with ``make test``: what is marked ``core``; the rest is ``slow`` and has targets of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
#: Suites that drive the whole product from outside.
LONG = {"journeys", "access", "hostile", "faults"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a mark a test of a long suite is slow; tests of one file share a site or a world, and so a process."""
    for item in items:
        if HERE not in item.path.parents:
            continue
        suite = item.path.relative_to(HERE).parts[0]
        if suite not in LONG:
            continue
        if item.get_closest_marker("core") is None:
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(f"{suite}-{item.path.stem}"))
