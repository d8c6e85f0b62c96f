"""The ministry's letter from its scan to a signed circular and the answers of the schools, through eight people."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from khet.base.lib import pdf
from tests.journeys.desk_work import act, ask_opinion, assign, decision, main_act, note, open_from_desk
from tests.journeys.papers import ministry, upload

SUBJECT = "การจัดเก็บข้อมูลนักเรียนรายบุคคล ปีการศึกษา 2569"
CIRCULAR = "ขอให้จัดเก็บข้อมูลนักเรียนรายบุคคล ปีการศึกษา 2569"
SCHOOL = "99020064"


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_from_scan_to_answers(visit, site, phone):
    """At both widths; on the small one everybody carries a phone, from the clerk with her scan to the director."""
    number = f"ศธ 04006/ว{3412 + phone}"

    clerk = visit("saraban", phone=phone)
    clerk.open("/letters/receive/")
    page = clerk.page
    page.locator("[name=paper]").set_input_files(upload("ว3412.pdf", ministry(number, SUBJECT)))
    clerk.fill(
        number_text=number, dated_on="20/11/2569", from_text="สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน", subject=SUBJECT
    )  # fmt: skip
    page.locator("[name=speed]").select_option(label="ด่วนมาก")
    page.locator("[name=route_to]").select_option(label="นโยบายและแผน")
    clerk.look("receive-filled")
    clerk.press("ลงรับ แล้วเปิดดู")
    page.wait_for_url(re.compile(r"/letters/\d+/"), wait_until="domcontentloaded")
    clerk.toast("ลงรับแล้ว เลขรับ")
    clerk.look("received")
    incoming = urlsplit(page.url).path
    stamped = site.one(
        "SELECT number FROM letters_entry e JOIN letters_letter l ON l.id = e.letter_id WHERE l.number_text = %s",
        number,
    )
    assert str(stamped) in clerk.words()
    expect(page.locator(".paper img").first).to_be_visible()

    head = visit("head.policy", phone=phone)
    head.open("/desk/group/")
    head.sees(SUBJECT)
    head.press("รับเรื่อง")
    head.toast("รับ")
    open_from_desk(head, SUBJECT)
    note(head, "เห็นควรขอความเห็นเรื่องแบบฟอร์มก่อนเวียน")
    ask_opinion(head, "ธีรพงศ์", "แบบเก็บข้อมูลใช้กับระบบเดิมได้หรือไม่")
    head.toast("ขอความเห็น")

    mentor = visit("head.dlict", phone=phone)
    open_from_desk(mentor, SUBJECT)
    decision(mentor)
    mentor.sees("แบบเก็บข้อมูลใช้กับระบบเดิมได้หรือไม่")
    note(mentor, "ใช้ได้ แต่ให้โรงเรียนส่งเป็นไฟล์เดียว")
    main_act(mentor, "ให้คำแนะนำ")
    mentor.toast("แล้ว")

    open_from_desk(head, SUBJECT)
    decision(head)
    head.sees("ใช้ได้ แต่ให้โรงเรียนส่งเป็นไฟล์เดียว")
    note(head, "มอบนักวิเคราะห์ร่างหนังสือเวียนถึงทุกโรงเรียน")
    assign(head, "ปิยะนุช")
    head.toast("แล้ว")

    officer = visit("planner", phone=phone)
    open_from_desk(officer, SUBJECT)
    decision(officer)
    officer.sees("มอบนักวิเคราะห์ร่างหนังสือเวียนถึงทุกโรงเรียน")
    draft_circular(officer)
    circular = urlsplit(officer.page.url).path

    open_from_desk(head, CIRCULAR)
    note(head, "เห็นควรลงนาม")
    main_act(head, "เสนอ")
    head.toast("เสนอ")
    deputy = visit("deputy1", phone=phone)
    open_from_desk(deputy, CIRCULAR)
    note(deputy, "เห็นชอบตามเสนอ")
    main_act(deputy, "เสนอ")
    deputy.toast("เสนอ")

    director = visit("director", phone=phone)
    director.minutes_later()  # the morning's sign-in does not sign letters
    open_from_desk(director, CIRCULAR)
    decision(director)
    director.sees("เห็นชอบตามเสนอ")
    note(director, "ลงนามแล้ว เวียนวันนี้")
    main_act(director, "ลงนาม")
    director.confirm_freshly()
    director.toast("ลงนาม")
    director.look("signed")
    written = site.one("SELECT number_text FROM letters_letter WHERE id = %s", circular.split("/")[2])
    assert re.fullmatch(r"ศธ 04\d+/ว\s?\d+", written), written
    assert written in director.words()
    paper = paper_of(director, circular)
    assert b"pdfaid:part" in paper, "the signed paper is PDF/A"
    assert "วิทยา ธารสุวรรณ" in pdf.page_text(paper)

    school = visit(f"c.{SCHOOL}", phone=True)
    school.open("/letters/inbox/")
    school.sees(CIRCULAR)
    school.page.get_by_role("link", name=CIRCULAR).first.click()
    school.page.wait_for_url(f"**{circular}*", wait_until="domcontentloaded")
    school.look("opened")
    school.press("ลงรับ")
    school.toast("ลงรับแล้ว เลขรับ")
    school.look("registered")
    school.page.get_by_role("link", name="ความเห็นและการปฏิบัติ").click()
    school.page.locator("[name=route_to]").select_option(label="ผอ.โรงเรียน")
    school.fill(note="เรียน ผอ. โปรดพิจารณา")
    school.press("ส่งเรื่อง")
    school.toast("ส่ง ผอ.โรงเรียน แล้ว")

    principal = visit(f"p.{SCHOOL}", phone=True)
    open_from_desk(principal, CIRCULAR)
    decision(principal)
    principal.sees("เรียน ผอ. โปรดพิจารณา")
    note(principal, "ทราบ ดำเนินการตอบ")
    act(principal, "finish")

    school.open(circular)
    school.press("ตอบด้วยแฟ้ม")
    answer_paper = ministry("ศธ 04321.001/1", "ส่งข้อมูลนักเรียนรายบุคคล")
    school.page.locator("[name=paper]").set_input_files(upload("ตอบ.pdf", answer_paper))
    school.look("answering")
    school.press("ออกเลขและตอบ")
    school.toast("และส่งแล้ว")
    school.look("answered")

    officer.open(f"{circular}board/")
    assert site.sql(
        "SELECT count(*), count(opened_at), count(registered_at), count(answered_at) FROM letters_receipt"
        " WHERE letter_id = %s",
        circular.split("/")[2],
    ) == [(6, 1, 1, 1)]
    officer.press("เตือน 5 หน่วยงาน")
    officer.toast("เตือน 5 หน่วยงานแล้ว เป็นครั้งที่ 1")
    officer.look("reminded")

    director.open(f"{circular}board/")
    other = visit("c.99020066", phone=phone)
    other.open("/notices/")
    other.sees("เตือน")
    assert incoming != circular


def draft_circular(officer) -> None:
    """The officer writes in the editor: typed, addressed to every school, sent up."""
    page = officer.open("/letters/write/")
    page.get_by_label("เป็นหนังสือเวียน ออกเลข ว").check()
    officer.press("เริ่มร่าง")
    page.wait_for_url(re.compile(r"/letters/\d+/edit/"), wait_until="domcontentloaded")
    officer.look("editor")
    officer.fill(subject=CIRCULAR, to_text="ผู้อำนวยการโรงเรียนในสังกัดทุกโรงเรียน")
    schools = page.locator("[data-receivers-group]", has_text="โรงเรียน").last
    schools.get_by_role("button", name="ทั้งหมด").click()
    expect(page.locator("[data-receivers-count]")).to_have_text("6")
    words = page.locator(".prose-editor [contenteditable=true]")
    words.click()
    page.keyboard.type("ด้วยกระทรวงศึกษาธิการให้จัดเก็บข้อมูลนักเรียนรายบุคคล จึงขอให้โรงเรียนส่งภายในกำหนด")
    officer.fill(answer_by="30/11/2569")
    page.keyboard.press("Tab")
    officer.look("drafted")
    page.get_by_role("button", name=re.compile("^เสนอ")).click()
    page.wait_for_url(re.compile(r"/letters/\d+/$"), wait_until="domcontentloaded")
    officer.toast("เสนอแล้ว")


def paper_of(visitor, path: str) -> bytes:
    """The file a reader gets from the letter's page."""
    visitor.open(path)
    link = visitor.page.locator("a[href*='/files/'][download], a[href*='/files/']").first.get_attribute(
        "href"
    )
    answer = visitor.context.request.get(link)
    assert answer.ok and answer.headers["content-type"] == "application/pdf", answer
    return answer.body()
