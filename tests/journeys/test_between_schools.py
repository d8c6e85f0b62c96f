"""One school writes to another: drafted by a clerk, signed by the principal on a phone, received and answered."""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.journeys.desk_work import main_act, note, open_from_desk, paper_of, send_up, write_draft
from tests.journeys.papers import ministry, upload

ONE, TWO, THIRD = "99020064", "99020088", "99020096"
SUBJECT = "ขอยืมเต็นท์และเก้าอี้สำหรับศูนย์พักพิง"


def test_letter_and_answer(visit, site):
    clerk = visit(f"c.{ONE}")
    letter = write_draft(clerk, SUBJECT, to="ผู้อำนวยการโรงเรียนบ้านไร่ธารใส", receivers=["บ้านไร่ธารใส"])
    send_up(clerk)

    principal = visit(f"p.{ONE}", phone=True)
    principal.minutes_later()
    open_from_desk(principal, SUBJECT)
    note(principal, "ลงนาม")
    main_act(principal, "ลงนาม")
    principal.confirm_freshly()
    principal.toast("ลงนาม")
    principal.look("signed")
    assert b"pdfaid:part" in paper_of(principal, letter)

    other = visit(f"c.{TWO}", phone=True)
    other.open("/letters/inbox/")
    other.page.get_by_role("link", name=SUBJECT).first.click()
    other.page.wait_for_url(f"**{letter}*", wait_until="domcontentloaded")
    other.press("ลงรับ")
    other.toast("ลงรับแล้ว เลขรับ 1")
    other.press("ตอบด้วยแฟ้ม")
    other.page.locator("[name=paper]").set_input_files(
        upload("ตอบ.pdf", ministry("ศธ 04321.003/1", "ให้ยืมเต็นท์"))
    )
    other.press("ออกเลขและตอบ")
    other.toast("และส่งแล้ว")
    answer = urlsplit(other.page.url).path

    clerk.open(letter)
    clerk.press("ติดตามผู้รับ")
    clerk.page.wait_for_url(f"**{letter}board/", wait_until="domcontentloaded")
    clerk.look("board")
    clerk.sees("ลงรับครบแล้ว")
    clerk.press("ตาราง")
    clerk.sees("ตอบแล้ว")
    clerk.open(answer)
    clerk.press("ลงรับ")
    clerk.toast("ลงรับแล้ว เลขรับ 1")

    stranger = visit(f"c.{THIRD}")
    stranger.open(letter, status=404)
    stranger.open(answer, status=404)
    for office_clerk in (visit("saraban"),):  # what two schools write to each other is theirs
        office_clerk.open(letter, status=404)
