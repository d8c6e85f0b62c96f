"""A site, a browser and its visitors. One site per file: what one journey changes no other one meets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Browser, expect, sync_playwright

from khet.base.org.world import World
from tests.journeys.area import build
from tests.journeys.site import DATA, Site, browser_path, collect_static
from tests.journeys.visitor import WAIT, Visitor

expect.set_options(timeout=WAIT)


@dataclass
class Area:
    """A database with the small area in it, and the units and posts of it."""

    database: str
    world: World


@contextmanager
def working_in(database: str, blocker: Any) -> Iterator[None]:
    """Verbs of this process write into a journey's database, its files into the site's folder."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    hashers = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # what the site itself reads
    with blocker.unblock(), override_settings(PASSWORD_HASHERS=hashers, KHET_FILES=DATA / "files"):
        connection.close()
        connection.settings_dict["NAME"] = database
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before


@pytest.fixture(scope="session")
def area(databases: Any, django_db_blocker: Any) -> Iterator[Area]:
    """The small area; each file of journeys copies it."""
    name = f"area_{databases.own}"
    with django_db_blocker.unblock():
        databases.copy(name)
    with working_in(name, django_db_blocker):
        world = build()
    yield Area(name, world)
    with django_db_blocker.unblock():
        databases.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def running_site(
    databases: Any, blocker: Any, template: str, name: str, fill: Callable[[], None] = lambda: None
) -> Iterator[Site]:
    """A site on a copy of ``template``, after ``fill`` has written into it."""
    collect_static()
    with blocker.unblock():
        databases.copy(name, template)
    site = Site(name, str(databases.cluster.socket))
    try:
        with working_in(name, blocker):
            fill()
        site.open()
        yield site
    finally:
        site.close()
        with blocker.unblock():
            databases.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def site(area: str, databases: Any, django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[Site]:
    """The real site on a fresh copy of the small area."""
    word = re.sub(r"\W+", "_", request.module.__name__.rpartition(".")[2])
    yield from running_site(databases, django_db_blocker, area.database, f"{word}_{databases.own}")


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Browser]:
    """A real Chromium. Without one a journey fails: nothing was seen.

    After the site and not longer than it: while Playwright runs in a process, Django refuses its database there.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser_path(),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-dev-shm-usage",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """``visit("director", phone=True)``: a new person in a browser of their own. At the end nobody may have met
    a fault; when the journey failed, what stood on the screens is kept in var/journeys."""
    visitors: list[Visitor] = []

    def arrive(username: str = "", **options: Any) -> Visitor:
        visitors.append(Visitor(browser, site, username, **options))
        return visitors[-1].sign_in() if username else visitors[-1]

    yield arrive
    faults = [fault for visitor in visitors for fault in visitor.faults]
    report = getattr(request.node, "journey_report", None)
    if faults or report is None or report.failed:
        for number, visitor in enumerate(visitors):
            visitor.picture(f"{request.node.name}-{number}")
    for visitor in visitors:
        visitor.close()
    assert not faults, "\n".join(faults)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.when == "call":
        item.journey_report = report  # type: ignore[attr-defined]
    return report


assert settings.TESTING
