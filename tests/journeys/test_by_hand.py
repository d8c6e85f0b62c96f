"""Other ways to the same work: without script, by the keyboard alone, in two tabs, with a nervous finger."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.desk_work import open_from_desk, pass_to_the_top, send_up, write_draft
from tests.journeys.papers import ministry, upload


def receive(clerk, subject: str, number: str, *, twice: bool = False) -> None:
    clerk.open("/letters/receive/")
    clerk.page.locator("[name=paper]").set_input_files(upload("scan.pdf", ministry(number, subject)))
    clerk.fill(number_text=number, dated_on="20/11/2569", from_text="สพฐ.", subject=subject)
    clerk.page.locator("[name=route_to]").select_option(label="นโยบายและแผน")
    button = clerk.page.get_by_role("button", name="ลงรับ แล้วเปิดดู")
    button.dblclick() if twice else button.click()
    clerk.page.wait_for_url(re.compile(r"/letters/\d+/$"), wait_until="domcontentloaded")


def test_without_script(visit):
    """Receive and endorse with plain forms."""
    subject = "ขอข้อมูลครูสาขาขาดแคลน"
    clerk = visit("saraban", script=False)
    receive(clerk, subject, "ศธ 04009/31")
    clerk.toast("ลงรับแล้ว")
    head = visit("head.policy", script=False)
    head.open("/desk/group/")
    head.page.locator(".work-row", has_text=subject).get_by_role("button", name="รับเรื่อง").click()
    head.toast("รับเรื่องแล้ว")
    open_from_desk(head, subject)
    panel = head.page.locator("form[data-decision]")
    panel.locator("[name=note]").fill("เห็นควรเสนอ")
    panel.locator(".decision-acts .button-primary").click()
    head.toast("เสนอ รอง ผอ.พรรณี แล้ว")
    head.look("endorsed")
    deputy = visit("deputy1", script=False)
    open_from_desk(deputy, subject)
    deputy.sees("เห็นควรเสนอ")


def test_keyboard_alone(visit, site):
    """J and K walk the desk, Enter opens, E decides, Ctrl Enter sends; the mouse lies still."""
    clerk, head = visit("saraban"), visit("head.policy")
    subjects = ["การรายงานผลการดำเนินงานโครงการ", "การสำรวจอาคารชำรุด"]
    for number, subject in enumerate(subjects):
        receive(clerk, subject, f"ศธ 04009/{80 + number}")
        head.open("/desk/group/")
        head.page.locator(".work-row", has_text=subject).get_by_role("button", name="รับเรื่อง").click()
        head.toast("รับเรื่องแล้ว")
    page = head.open("/desk/")
    rows = page.locator("[data-row]")
    assert rows.count() >= 2
    page.keyboard.press("KeyJ")
    expect(rows.nth(0)).to_have_class(re.compile("is-current"))
    page.keyboard.press("KeyJ")
    expect(rows.nth(1)).to_have_class(re.compile("is-current"))
    page.keyboard.press("KeyK")
    expect(rows.nth(0)).to_have_class(re.compile("is-current"))
    subject = rows.nth(0).locator(".work-subject").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/letters/\d+/"), wait_until="domcontentloaded")
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    page.go_back()
    page.wait_for_url("**/desk/", wait_until="domcontentloaded")
    page.keyboard.press("KeyJ")
    page.keyboard.press("KeyE")
    page.wait_for_url(re.compile(r"/letters/\d+/|/workflow/\d+/"), wait_until="domcontentloaded")
    box = page.locator("[data-note]")
    for _press in range(80):
        if box.evaluate("box => box === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(box).to_be_focused()
    page.keyboard.type("เห็นชอบ")
    page.keyboard.press("Control+Enter")
    head.toast("เสนอ รอง ผอ.พรรณี แล้ว")


def test_two_tabs(visit):
    """Two tabs write on one draft: the second is told, and keeps what was typed."""
    officer = visit("planner")
    letter = write_draft(officer, "ร่างที่เปิดสองหน้าต่าง", to="ผู้อำนวยการโรงเรียน", receivers=["บ้านปลายธาร"])
    officer.press("บันทึกร่าง")
    officer.toast("บันทึกร่างแล้ว")
    first, second = officer.page, officer.new_page()
    second.goto(f"{letter}edit/")
    first.goto(f"{letter}edit/")
    first.locator("[name=subject]").fill("ร่างจากหน้าต่างแรก")
    first.get_by_role("button", name="บันทึกร่าง").click()
    officer.toast("บันทึกร่างแล้ว")
    second.locator("[name=subject]").fill("ร่างจากหน้าต่างที่สอง")
    with second.expect_navigation() as answered:
        second.get_by_role("button", name="บันทึกร่าง").click()
    assert answered.value.status == 409
    expect(second.locator("[name=subject]")).to_have_value("ร่างจากหน้าต่างที่สอง")
    expect(second.get_by_text("ร่างจากหน้าต่างแรก").first).to_be_visible()
    officer.page = second
    officer.look("conflict")


def test_nervous_finger(visit, site):
    """A doubled press on receiving and on signing has one effect."""
    clerk = visit("saraban")
    receive(clerk, "หนังสือที่กดสองครั้ง", "ศธ 04009/99", twice=True)
    assert site.one("SELECT count(*) FROM letters_letter WHERE number_text = %s", "ศธ 04009/99") == 1

    subject = "หนังสือที่ลงนามสองครั้ง"
    officer, head = visit("planner"), visit("head.policy")
    letter = write_draft(officer, subject, to="ผู้อำนวยการโรงเรียน", receivers=["บ้านปลายธาร"])
    send_up(officer)
    pass_to_the_top(head, subject)
    director = visit("director")
    open_from_desk(director, subject)
    page = director.page
    statuses = page.evaluate(
        """async () => {
          const form = document.querySelector("form[data-decision]");
          const press = () => fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
          return (await Promise.all([press(), press(), press()])).map((answer) => answer.type === "opaqueredirect" ? 302 : answer.status);
        }"""
    )
    assert statuses.count(302) == 1, statuses
    number = letter.split("/")[2]
    assert site.one("SELECT count(*) FROM letters_entry WHERE letter_id = %s", number) == 1
    assert site.one("SELECT count(*) FROM letters_receipt WHERE letter_id = %s", number) == 1
    assert site.one("SELECT count(*) FROM workflow_step WHERE act = 'sign' AND run_id IN"
                    " (SELECT id FROM workflow_run WHERE subject_id = %s AND flow = 'letters.signing')", number) == 1  # fmt: skip
    director.open(letter)
    director.sees("ลงนามแล้ว")
