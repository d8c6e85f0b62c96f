"""A person in front of a real browser: signs in through the pages, and notices every fault on the way."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, expect

from khet.base.signin.demo import DEMO_PASSWORD
from tests.journeys.site import PICTURES, Site
from tests.patience import PATIENCE

DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
#: Milliseconds within which anything expected must come true.
WAIT = int(30_000 * PATIENCE)
#: Set to a folder: every step of a journey leaves a picture there, to be looked at.
ALBUM = os.environ.get("KHET_JOURNEY_ALBUM")
#: Chromium's own line about an answer that is not 2xx; the answer itself is judged by ``Visitor.answers``.
_STATUS_LINE = re.compile(r"the server responded with a status of (4\d\d)")


class Visitor:
    """One person's browser. ``faults`` collects what no page may ever do: errors in the console, broken scripts,
    refused styles, answers of the server's own fault, files that are missing, pages wider than the screen."""

    def __init__(
        self,
        browser: Browser,
        site: Site,
        username: str = "",
        *,
        phone: bool = False,
        dark: bool = False,
        script: bool = True,
    ) -> None:
        self.site, self.username, self.phone = site, username, phone
        self.faults: list[str] = []
        self.signed_in = False
        self._steps = 0
        options: dict[str, Any] = {"is_mobile": True, "has_touch": True} if phone else {}
        self.context: BrowserContext = browser.new_context(
            base_url=site.url,
            viewport=PHONE if phone else DESKTOP,
            locale="th-TH",
            timezone_id="Asia/Bangkok",
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
            **options,
        )
        self.context.set_default_timeout(WAIT)
        self.page = self.new_page()

    def new_page(self) -> Page:
        """Another tab of the same browser, watched like the first."""
        page = self.context.new_page()
        page.on("console", lambda message: self._heard(page, message))
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("response", self._answered)
        return page

    def _heard(self, page: Page, message: Any) -> None:
        if message.type in {"error", "warning"} and not _STATUS_LINE.search(message.text):
            self.faults.append(f"{page.url} console {message.type}: {message.text}")

    def _answered(self, response: Response) -> None:
        path = urlsplit(response.url).path
        if response.status >= 500 or (response.status >= 400 and path.startswith("/static/")):
            self.faults.append(f"{response.status} {response.request.method} {path}")

    # Moving about

    def open(self, path: str, status: int = 200) -> Page:
        """Go to an address and expect its answer."""
        answer = self.page.goto(path)
        assert answer is not None and answer.status == status, (
            path,
            answer and answer.status,
            self.page.url,
            self.words()[:600],
        )
        self.look(path)
        return self.page

    def look(self, name: str = "") -> None:
        """The page fits its screen, has one heading that tells what it is, and asks for nothing sideways."""
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            self.faults.append(f"{self.page.url} is {wide} px wider than its screen of {self.width}")
        if ALBUM:
            self._steps += 1
            who = self.username or "somebody"
            label = re.sub(r"[^\w-]+", "-", f"{who}-{self._steps:02}-{name}-{self.width}").strip("-")
            self.page.screenshot(path=Path(ALBUM) / f"{label[:90]}.png", full_page=True)

    @property
    def width(self) -> int:
        return (PHONE if self.phone else DESKTOP)["width"]

    def words(self) -> str:
        """What stands on the page."""
        return self.page.locator("body").inner_text()

    def press(self, name: str, within: Page | Locator | None = None, *, exact: bool = True) -> None:
        """Press the button or follow the link of that name which is in sight."""
        place = within or self.page
        button = place.get_by_role("button", name=name, exact=exact)
        target = button.or_(place.get_by_role("link", name=name, exact=exact))
        target.locator("visible=true").first.click()

    def fill(self, **fields: str) -> None:
        """Type into the fields of these names that are in sight."""
        for name, text in fields.items():
            self.page.locator(f'[name="{name}"]').locator("visible=true").first.fill(text)

    def sees(self, *texts: str) -> None:
        """Every text is in sight."""
        for text in texts:
            found = self.page.get_by_text(text).locator("visible=true").first
            expect(found, f"{text} on {self.page.url}").to_be_visible()

    def toast(self, text: str) -> None:
        """What succeeded was said."""
        expect(self.page.locator(".toast", has_text=text).first).to_be_visible()

    # The door

    def sign_in(self, username: str = "", password: str = DEMO_PASSWORD, landing: str = "") -> Visitor:
        """Through the pages: password, then the code of the app where one is set."""
        self.username = username or self.username
        self.site.half_a_minute_later(self.username)
        self.page.goto(f"/accounts/login/?next={landing}" if landing else "/accounts/login/")
        self.page.locator("[name=login]").fill(self.username)
        self.page.locator("[name=password]").fill(password)
        self.page.get_by_role("button", name="เข้าสู่ระบบ", exact=True).click()
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url, wait_until="domcontentloaded")
        if "/accounts/2fa/" in self.page.url:
            self.give_code()
            self.page.wait_for_url(lambda url: "/accounts/2fa/" not in url, wait_until="domcontentloaded")
        self.signed_in = True
        self.look("signed-in")
        return self

    def shown_code(self) -> str:
        """The code which the demo office shows in place of the person's telephone."""
        return self.page.locator(".demo-code").inner_text()

    def give_code(self, code: str = "") -> None:
        field = self.page.locator("[name=code], [name=khet_confirm_value]").first
        field.fill(code or self.shown_code())
        self.page.get_by_role("button", name=re.compile("^ยืนยัน")).last.click()

    def confirm_freshly(self) -> None:
        """The page that asks for the second factor once more stands here; answer it."""
        expect(self.page.get_by_role("heading", name="ยืนยันตัวตนอีกครั้ง")).to_be_visible()
        if not self.page.locator(".demo-code").count():
            raise AssertionError("the confirm page shows no code")
        self.give_code()

    def minutes_later(self, minutes: int = 6) -> None:
        cookie = next(c for c in self.context.cookies() if c["name"] == "khet")
        self.site.minutes_later(cookie["value"], minutes)
        self.site.half_a_minute_later(self.username)

    def close(self) -> None:
        self.context.close()

    def picture(self, name: str) -> None:
        """What stood there when a journey failed."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(self.context.pages):
            page.screenshot(path=PICTURES / f"{name}-{self.username or 'somebody'}-{number}.png")


def choose(select: Locator, words: str) -> None:
    """Choose the one entry of a list that contains the words."""
    value = select.locator("option", has_text=words).first.get_attribute("value")
    assert value, f"{words} is not offered"
    select.select_option(value)
