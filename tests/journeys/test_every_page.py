"""Every main page as the people who open it: whole, light, for everyone's eyes, on a wide and a narrow screen."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.area import correspond
from tests.journeys.conftest import running_site
from tests.journeys.visitor import DESKTOP, PHONE, Visitor

#: Everything a page asks for on its first visit: itself, styles, scripts, fonts. The pictures of a scanned paper are
#: not the page's weight but the letter's.
HEAVIEST = 200_000

PAGES = {
    "director": ["/desk/director/", "/desk/", "/desk/away/", "/desk/statistics/", "/letters/{circular}/board/",
                 "/letters/registers/", "/notices/", "/accounts/me/", "/accounts/trail/"],
    "saraban": ["/letters/", "/letters/receive/", "/letters/registers/", "/letters/sent/", "/letters/setup/",
                "/letters/groups/", "/letters/{circular}/board/", "/letters/{circular}/", "/letters/ready/", "/search/?q=งบประมาณ"],
    "head.policy": ["/desk/", "/desk/group/", "/desk/matters/", "/desk/order/", "/letters/{incoming}/",
                    "/letters/{incoming}/?view=route", "/letters/drafts/"],
    "planner": ["/letters/write/", "/letters/{draft}/edit/", "/desk/write/", "/register/", "/register/schools/",
                "/schools/map/", "/menu/"],
    "admin": ["/office/", "/office/people/", "/office/roles/", "/register/units/", "/register/staff/",
              "/register/schools/import/", "/accounts/people/", "/workflow/phrases/"],
    "c.99020064": ["/", "/letters/", "/letters/inbox/", "/letters/inbox/?tab=all", "/letters/{circular}/", "/letters/receive/"],
    "p.99020064": ["/desk/", "/letters/{circular}/", "/letters/registers/", "/notices/channels/"],
    "t1.99020064": ["/desk/", "/letters/", "/register/schools/"],
}  # fmt: skip
OPEN = ["/accounts/login/", "/accounts/password/reset/"]
letters: dict[str, int] = {}


@pytest.fixture(scope="module")
def site(area, databases, django_db_blocker):
    """The small area with a little correspondence."""
    yield from running_site(
        databases,
        django_db_blocker,
        area.database,
        f"every_page_{databases.own}",
        lambda: letters.update(correspond(area.world)),
    )


class Scales:
    """What the pages of one browser weigh on a first visit, as sent over the line."""

    def __init__(self, visitor: Visitor) -> None:
        self.bytes = 0
        self._papers: set[str] = set()
        line = visitor.context.new_cdp_session(visitor.page)
        line.send("Network.enable")
        line.send("Network.setCacheDisabled", {"cacheDisabled": True})
        line.on("Network.responseReceived", self._see)
        line.on("Network.loadingFinished", self._count)

    def _see(self, event: dict[str, Any]) -> None:
        path = urlsplit(event["response"]["url"]).path
        if event["type"] == "Image" and (path.startswith("/files/") or path.endswith("/preview/")):
            self._papers.add(event["requestId"])

    def _count(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self._papers:
            self.bytes += int(event["encodedDataLength"])


def faults_of_access(visitor: Visitor, *rules: str) -> list[str]:
    """What axe-core calls serious or critical."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = Axe().run(visitor.page, options=options).response["violations"]
    return [
        f"{fault['id']}: {fault['help']} – {node['html'][:160]}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"][:3]
    ]


def settle(visitor: Visitor) -> None:
    """Colours fade from one theme to the other; what is measured half way is neither."""
    visitor.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    visitor.page.evaluate(
        """Promise.allSettled(document.getAnimations()
             .filter((one) => one.effect.getComputedTiming().iterations !== Infinity).map((one) => one.finished))"""
    )


def look_over(visitor: Visitor, scales: Scales, path: str) -> list[str]:
    """All that can be wrong with one page."""
    page = visitor.page
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    scales.bytes = 0
    visitor.open(path)
    page.wait_for_load_state("networkidle")
    wrong = []
    if scales.bytes > HEAVIEST:
        wrong.append(f"weighs {scales.bytes / 1000:.0f} kB")
    assert scales.bytes > 5_000, "nothing was weighed"
    headings = page.locator("h1").count()
    if headings != 1:
        wrong.append(f"has {headings} h1")
    wrong += faults_of_access(visitor)
    page.emulate_media(color_scheme="dark")
    settle(visitor)
    wrong += [f"dark: {fault}" for fault in faults_of_access(visitor, "color-contrast")]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    settle(visitor)
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > PHONE["width"]:
        wrong.append(f"is {wide} px wide on a phone")
    wrong += [f"phone: {fault}" for fault in faults_of_access(visitor)]
    visitor.look(f"{path}-phone")
    return [f"{visitor.username or 'nobody'} {path} {fault}" for fault in wrong]


@pytest.mark.parametrize("username", ["", *PAGES])
def test_pages(visit, site, username):
    visitor = visit(username)
    scales = Scales(visitor)
    wrong = []
    for path in PAGES.get(username, OPEN):
        wrong += look_over(visitor, scales, path.format(**letters))
    assert not wrong, "\n".join(wrong)
