"""The director is away: a deputy signs in acting capacity, and loses the right with the director's return."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone

from khet.base.lib import pdf
from khet.base.lib.thai import thai_date
from tests.journeys.desk_work import (
    decision,
    main_act,
    note,
    open_from_desk,
    paper_of,
    pass_to_the_top,
    send_up,
    write_draft,
)

FIRST, SECOND = "ขอเชิญประชุมผู้บริหารสถานศึกษา", "ขอเชิญร่วมงานวันครู"


def test_deputy_acts_and_stops(visit, site):
    officer, head = visit("planner"), visit("head.policy")
    letters = {}
    for subject in (FIRST, SECOND):
        letters[subject] = write_draft(officer, subject, to="ผู้อำนวยการโรงเรียน", receivers=["บ้านปลายธาร"])
        send_up(officer)
        pass_to_the_top(head, subject)

    deputy = visit("deputy1", phone=True)
    deputy.open("/desk/")
    assert FIRST not in deputy.words()

    director = visit("director")
    director.open("/desk/director/")
    director.press("แจ้งไม่อยู่")
    director.page.wait_for_url("**/desk/away/", wait_until="domcontentloaded")
    director.page.locator("[name=person]").select_option(label="นางพรรณี แก้วมณีรัตน์")
    director.fill(until=thai_date(timezone.localdate() + timedelta(days=2)), reason="ไปราชการกระทรวง")
    director.press("แต่งตั้งผู้รักษาราชการแทน")
    director.toast("รักษาราชการแทน")
    director.look("away")

    open_from_desk(deputy, FIRST)
    decision(deputy)
    deputy.sees("รักษาราชการแทน")
    note(deputy, "ลงนามแทน")
    deputy.minutes_later()
    main_act(deputy, "ลงนาม")
    deputy.confirm_freshly()
    deputy.toast("ลงนาม")
    deputy.look("signed")
    words = pdf.page_text(paper_of(deputy, letters[FIRST]))
    assert "พรรณี แก้วมณีรัตน์" in words and "วิทยา" not in words, words
    assert "รักษาราชการแทน" in re.sub(r"\s", "", words), words

    open_from_desk(deputy, SECOND)
    note(deputy, "ลงนามแทนฉบับที่สอง")

    director.open("/desk/away/")
    director.press("กลับมาแล้ว ยกเลิกการแทน")
    director.toast("หมดทันที")

    with deputy.page.expect_navigation() as answered:  # the page is still open; the right is gone
        main_act(deputy, "ลงนาม")
    assert answered.value.status in {403, 404}, answered.value.status
    deputy.look("refused")
    assert site.one("SELECT state FROM letters_letter WHERE subject = %s", SECOND) == "in_route"
    deputy.open("/desk/")
    assert SECOND not in deputy.words()

    director.open("/desk/director/")
    director.sees(SECOND)
    director.page.locator("label", has_text="เลือกทั้งหมด").click()
    director.minutes_later()
    director.page.get_by_role("button", name=re.compile("^ลงนาม")).click()
    director.confirm_freshly()
    director.toast("ลงนาม 1 ฉบับแล้ว")
    words = pdf.page_text(paper_of(director, letters[SECOND]))
    assert "วิทยา ธารสุวรรณ" in words and "รักษาราชการแทน" not in re.sub(r"\s", "", words), words
