"""What people do on the letter's page, in the words of the buttons."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.journeys.visitor import Visitor, choose


def open_from_desk(visitor: Visitor, subject: str, desk: str = "/desk/") -> None:
    """Find the matter on a desk and open it."""
    visitor.open(desk)
    visitor.page.get_by_role("link", name=subject).locator("visible=true").first.click()
    visitor.page.wait_for_url(
        re.compile(r"/(letters|workflow|desk/matters)/\d+/"), wait_until="domcontentloaded"
    )
    visitor.look("opened")


def decision(visitor: Visitor) -> Locator:
    """The decision panel; on a phone it is a sheet behind the docked button."""
    panel = visitor.page.locator("form[data-decision]")
    if visitor.phone and not panel.is_visible():
        visitor.page.locator(".decision-open.button-primary").click()
        expect(panel).to_be_visible()
        visitor.look("deciding")
    expect(panel).to_be_visible()
    return panel


def note(visitor: Visitor, words: str) -> None:
    decision(visitor).locator("[name=note]").fill(words)


def act(visitor: Visitor, code: str) -> None:
    """Press an act by its code: the big button, one beside it, or one that opens its own rows first."""
    panel = decision(visitor)
    beside = panel.locator(f'.decision-acts [data-act="{code}"]')
    if panel.locator(f"details#{code}").count():
        fold(visitor, code).locator("button").last.click()
    elif beside.count():
        beside.click()
    else:
        expect(panel).to_have_attribute("action", re.compile(f"/{code}/$"))
        panel.locator(".decision-acts .button-primary").click()


def fold(visitor: Visitor, code: str) -> Locator:
    found = decision(visitor).locator(f"details#{code}")
    if found.get_attribute("open") is None:
        found.locator("summary").click()
    return found


def main_act(visitor: Visitor, words: str) -> None:
    """Press the big button, which names the receiver."""
    button = decision(visitor).locator(".decision-acts .button-primary")
    expect(button).to_contain_text(words)
    button.click()


def ask_opinion(visitor: Visitor, whom: str, question: str) -> None:
    rows = fold(visitor, "ask")
    choose(rows.locator("[name=ask_to]").first, whom)
    rows.locator("[name=ask_part]").select_option("mentor")
    rows.locator("[name=question]").fill(question)
    rows.get_by_role("button").last.click()


def assign(visitor: Visitor, whom: str) -> None:
    rows = fold(visitor, "assign")
    choose(rows.locator("[name=assign_to]").first, whom)
    rows.get_by_role("button").last.click()


def write_draft(
    visitor: Visitor, subject: str, *, to: str, receivers: list[str], circular: bool = False
) -> str:
    """Write a letter in the editor up to the last button; returns its address."""
    page = visitor.open("/letters/write/")
    if circular:
        page.get_by_label("เป็นหนังสือเวียน ออกเลข ว").check()
    visitor.press("เริ่มร่าง")
    page.wait_for_url(re.compile(r"/letters/\d+/edit/"), wait_until="domcontentloaded")
    visitor.fill(subject=subject, to_text=to)
    for name in receivers:
        page.locator("[data-receivers-search]").fill(name)
        page.locator("label.choice", has_text=name).locator("visible=true").first.click()
    expect(page.locator("[data-receivers-count]")).to_have_text(str(len(receivers)))
    page.locator(".prose-editor [contenteditable=true]").click()
    page.keyboard.type("ด้วยมีเรื่องแจ้งตามรายละเอียดข้างต้น จึงเรียนมาเพื่อทราบ")
    visitor.look("drafted")
    return re.sub(r"edit/.*", "", page.url.removeprefix(visitor.site.url))


def send_up(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name=re.compile("^เสนอ")).locator("visible=true").first.click()
    visitor.page.wait_for_url(re.compile(r"/letters/\d+/$"), wait_until="domcontentloaded")
    visitor.toast("เสนอแล้ว")


def pass_to_the_top(visitor: Visitor, subject: str) -> None:
    """The head endorses straight to whoever signs, past the deputy."""
    open_from_desk(visitor, subject)
    panel = decision(visitor)
    choose(panel.locator("[name=next_to]"), "ลงนาม")
    note(visitor, "เห็นควรลงนาม")
    main_act(visitor, "เสนอ")
    visitor.toast("เสนอ")


def paper_of(visitor: Visitor, path: str) -> bytes:
    """The file a reader gets from the letter's page."""
    visitor.open(path)
    link = visitor.page.locator("a[download]").first.get_attribute("href")
    assert link
    answer = visitor.context.request.get(link)
    assert answer.ok and answer.headers["content-type"] == "application/pdf", answer
    return answer.body()
