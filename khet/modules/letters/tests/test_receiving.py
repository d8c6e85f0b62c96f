"""Receiving: paper from outside, letters of the system, sending back, passing on inside."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image

from khet.base.journal.api import Entry as Journal
from khet.base.journal.api import verify_chain
from khet.base.lib.errors import Conflict, Forbidden, NotFound, Refusal
from khet.base.notices.models import Notice
from khet.base.org.api import visible
from khet.kits.files.api import attachments
from khet.modules.letters.actions import (
    cancel_entry,
    forward,
    mark_opened,
    receive,
    register,
    send_back,
    send_ready,
)
from khet.modules.letters.models import Entry, Letter, Receipt

pytestmark = pytest.mark.django_db


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (620, 877), "white").save(out, "PNG")
    out.name = "สแกน.png"
    out.seek(0)
    return out


def from_ministry(cast, **more):
    facts = {
        "subject": "การจัดเก็บข้อมูลนักเรียนรายบุคคล",
        "from_text": "สพฐ.",
        "number_text": "ศธ ๐๔๐๐๖/ว ๓๔๑๒",
        "dated_on": date(2026, 11, 20),
    }
    return receive(actor=cast.actor("saraban"), unit=cast.office, **(facts | more))


def test_a_paper_gets_its_number_its_stamp_and_a_journal_entry(cast):
    row = from_ministry(cast, paper=[picture()], form_key="a" * 32)
    assert (row.number, row.letter.number_text) == (1, "ศธ 04006/ว3412")
    paper = attachments(row.letter, "paper").get()
    assert paper.file.kind == "pdf" and paper.name.endswith(".pdf")
    assert paper.latest.pk != paper.pk and paper.latest.file_id != paper.file_id
    assert attachments(row.letter, "scan").count() == 1
    assert Journal.objects.filter(verb="letters.receive", facts__number=1).exists()
    assert verify_chain() is None


def test_the_same_sender_number_and_date_is_found_however_it_is_typed(cast):
    first = from_ministry(cast)
    with pytest.raises(Conflict) as refusal:
        from_ministry(cast, number_text="ที่ ศธ 04006 / ว3412", from_text="สพฐ")
    assert refusal.value.code == "letters.duplicate"
    assert refusal.value.facts["letter_id"] == first.letter_id
    again = from_ministry(cast, despite="ฉบับแรกไม่มีสิ่งที่ส่งมาด้วย")
    assert again.number == 2, "the refused attempt took no number"
    assert from_ministry(cast, dated_on=date(2026, 11, 21)).number == 3


def test_the_same_form_sent_twice_registers_once(cast):
    from_ministry(cast, form_key="k" * 32, number_text="")
    with pytest.raises(Conflict) as refusal:
        from_ministry(cast, form_key="k" * 32, number_text="")
    assert refusal.value.code == "letters.sent_twice"
    assert Letter.objects.count() == 1


def test_who_may_not_receive_is_refused_and_nothing_is_numbered(cast):
    with pytest.raises(Forbidden):
        receive(actor=cast.actor("teacher"), unit=cast.school, subject="x", from_text="y")
    with pytest.raises(Forbidden):
        receive(actor=cast.actor("clerk"), unit=cast.other_school, subject="x", from_text="y")
    with pytest.raises(Refusal) as refusal:
        from_ministry(cast, subject=" \u200b ")
    assert refusal.value.field == "subject"
    assert not Entry.objects.exists()


def circular(cast, **more):
    facts = {
        "subject": "ขอเชิญประชุม",
        "to_text": "ผู้อำนวยการโรงเรียน",
        "units": [cast.network.pk],
        "is_circular": True,
    }
    return send_ready(actor=cast.actor("saraban"), unit=cast.office, **(facts | more))


def test_a_receiver_opens_registers_and_has_its_own_run(cast):
    letter = circular(cast)
    assert letter.number_text == "ศธ 04321/ว1"
    clerk = cast.actor("clerk")
    receipt = Receipt.objects.get(letter=letter, unit=cast.school)
    opened = mark_opened(actor=clerk, receipt=receipt)
    assert mark_opened(actor=clerk, receipt=receipt).opened_at == opened.opened_at
    rows = register(actor=clerk, unit=cast.school, receipts=[receipt.pk])
    assert rows[0].number == 1
    receipt.refresh_from_db()
    assert receipt.registered_at and receipt.entry_id == rows[0].pk
    with pytest.raises(Conflict):
        register(actor=clerk, unit=cast.school, receipts=[receipt.pk])
    with pytest.raises(NotFound):
        register(actor=cast.actor("other_clerk"), unit=cast.other_school, receipts=[receipt.pk])
    assert Entry.objects.filter(register__unit=cast.school).count() == 1


def test_sixty_letters_in_one_press_follow_the_order_of_sending(cast):
    letters = [circular(cast, subject=f"เรื่องที่ {n}") for n in range(6)]
    clerk = cast.actor("clerk")
    pks = list(Receipt.objects.filter(unit=cast.school).values_list("pk", flat=True))
    rows = register(actor=clerk, unit=cast.school, receipts=reversed(pks))
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row.letter_id for row in rows] == [letter.pk for letter in letters]


def test_sending_back_needs_a_reason_and_tells_the_sender(cast):
    letter = circular(cast)
    receipt = Receipt.objects.get(letter=letter, unit=cast.school)
    clerk = cast.actor("clerk")
    with pytest.raises(Refusal):
        send_back(actor=clerk, receipt=receipt, reason="  ")
    with pytest.raises(NotFound):
        send_back(actor=cast.actor("other_clerk"), receipt=receipt, reason="ผิดโรงเรียน")
    send_back(actor=clerk, receipt=receipt, reason="ไม่มีสิ่งที่ส่งมาด้วย")
    assert Notice.objects.filter(person=cast.people["saraban"], title__contains="ส่งกลับให้แก้").exists()
    with pytest.raises(Conflict):
        send_back(actor=clerk, receipt=receipt, reason="อีกครั้ง")


def test_passing_on_stays_inside_the_house(cast):
    row = from_ministry(cast)
    saraban = cast.actor("saraban")
    assert forward(actor=saraban, letter=row.letter, by_unit=cast.office, units=[cast.group]) == 1
    assert forward(actor=saraban, letter=row.letter, by_unit=cast.office, units=[cast.group]) == 0
    assert visible(cast.actor("head"), Letter.objects.all()).get() == row.letter
    assert not visible(cast.actor("stranger"), Letter.objects.all()).exists()
    with pytest.raises(Forbidden):
        forward(actor=cast.actor("clerk"), letter=row.letter, by_unit=cast.office, units=[cast.group])


def test_a_cancelled_number_stays_with_its_reason_and_is_not_given_again(cast):
    row = from_ministry(cast)
    saraban = cast.actor("saraban")
    with pytest.raises(Refusal):
        cancel_entry(actor=saraban, row=row, reason="")
    with pytest.raises(Forbidden):
        cancel_entry(actor=cast.actor("head"), row=row, reason="ลงซ้ำ")
    cancel_entry(actor=saraban, row=row, reason="ลงซ้ำ")
    with pytest.raises(Conflict):
        cancel_entry(actor=saraban, row=row, reason="อีก")
    assert from_ministry(cast).number == 2
    assert Entry.objects.get(number=1).cancel_reason == "ลงซ้ำ"
