"""Pages and papers of the service record: rows, pay behind a reason, copies, the public page, one's own record."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pgtrigger
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.lib.pdf import page_count, page_image, page_text
from khet.base.notices.models import Notice
from khet.base.org.api import can
from khet.base.privacy.models import Reading
from khet.kits.files.models import StoredFile
from khet.modules.staff.actions import (
    add_part,
    add_service_row,
    ask_correction,
    certify_copy,
    correct_service_row,
    print_own_record,
    set_photo,
    settle_correction,
    strike_service_row,
    withdraw_copy,
)
from khet.modules.staff.models import (
    CorrectionWish,
    Discipline,
    Education,
    ServiceCopy,
    ServiceRow,
)
from khet.modules.staff.papers import photograph_on, service_record_pdf
from khet.modules.staff.queries.service import service_lines, verify
from khet.modules.staff.rules import VIEW

pytestmark = pytest.mark.usefixtures("held_for_long")

THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
STEP = {
    "movement": "raised",
    "order_number": "118/2569",
    "order_by": "สพป.ศรีธารา เขต 2",
    "order_on": date(2026, 5, 29),
}


@pytest.fixture
def as_(client, area):
    def sign_in(word):
        client.force_login(area.accounts[word])
        return client

    return sign_in


@pytest.fixture
def rows(teacher, writer):
    """Three years of pay; the second written wrong and corrected, the third struck out."""
    made = [
        add_service_row(
            actor=writer, official=teacher, effective_on=date(2023 + n, 4, 1), salary=Decimal(27_000 + 777 * n), title="ครู",
            level="k1", **STEP | {"order_number": f"{n}/256{6 + n}"},
        )
        for n in range(3)
    ]  # fmt: skip
    correct_service_row(
        actor=writer, official=teacher, row=made[1], reason="พิมพ์เงินเดือนผิด", salary=Decimal(28_888)
    )
    strike_service_row(actor=writer, official=teacher, row=made[2], reason="ลงผิดคนไป")
    return made


def tab(official):
    return reverse("register:tab", args=["officials", official.pk, "service"])


def at(name, official, *more):
    return reverse(f"staff:{name}", args=[official.pk, *more])


def plain(pdf: bytes) -> str:
    """Without spaces, for cells break anywhere."""
    return "".join(page_text(pdf).replace("\u00a0", " ").split())


def test_lines_keep_the_wrong_row_before_the_right_one(teacher, rows):
    lines = service_lines(teacher)
    assert [(line.row.order_number, line.is_struck) for line in lines] == [
        ("0/2566", False), ("1/2567", True), ("1/2567", False), ("2/2568", True),
    ]  # fmt: skip
    assert lines[1].by == lines[2].row and lines[3].by.is_void


def test_the_tab_shows_rows_without_pay(as_, teacher, rows):
    page = as_("personnel").get(tab(teacher)).content.decode()
    assert page.count("is-void") == 2 and "พิมพ์เงินเดือนผิด" in page and "ลงผิดคนไป" in page
    assert "28,888" not in page and "27,777" not in page and at("open_pay", teacher) in page
    assert as_("principal").get(tab(teacher)).status_code == 404  # no such tab for them
    assert at("add_row", teacher) not in as_("director").get(tab(teacher)).content.decode()


def test_queries_of_the_tab_do_not_follow_the_rows(as_, teacher, writer, rows):
    client = as_("personnel")

    def counted():
        client.get(tab(teacher))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(tab(teacher)).status_code == 200
        return len(queries)

    few = counted()
    for n in range(20):
        add_service_row(
            actor=writer,
            official=teacher,
            effective_on=date(2000 + n, 10, 1),
            salary=Decimal(9_000 + n),
            **STEP,
        )
    assert counted() == few <= 15


def test_pay_is_opened_with_a_reason_that_is_kept(as_, teacher, rows):
    client, page = as_("personnel"), at("open_pay", teacher)
    Reading.objects.all().delete()
    assert "28,888" not in client.get(page).content.decode()
    assert client.post(page, {"reason": "ดู"}).status_code == 422
    assert not Reading.objects.exists()
    shown = client.post(page, {"reason": "ตรวจคำสั่งเลื่อนเงินเดือน"}).content.decode()
    assert "28,888" in shown
    read = Reading.objects.get()
    assert (read.via, read.reason, read.subject) == (
        "cell",
        "ตรวจคำสั่งเลื่อนเงินเดือน",
        f"staff.official:{teacher.pk}",
    )
    assert "salary" in read.what
    assert as_("principal").get(page).status_code == 403
    assert as_("stranger").get(page).status_code == 404


def test_a_row_is_added_corrected_and_struck_on_pages(as_, teacher):
    client = as_("personnel")
    sent = {
        "movement": "raised",
        "effective_on": "1/4/2569",
        "order_number": "",
        "salary": "33140",
        "title": "ครู",
    }
    wrong = client.post(at("add_row", teacher), sent)
    assert (
        wrong.status_code == 422
        and "ต้องมีคำสั่งอ้างอิง" in wrong.content.decode()
        and 'value="33140"' in wrong.content.decode()
    )
    done = client.post(at("add_row", teacher), sent | {"order_number": "๑๑๘/๒๕๖๙"})
    assert (done.status_code, done.url) == (302, tab(teacher))
    row = ServiceRow.objects.get()
    assert (row.effective_on, row.salary) == (date(2026, 4, 1), Decimal(33_140))
    page = client.get(at("correct_row", teacher, row.pk)).content.decode()
    assert "33140" not in page and 'value="01/04/2569"' in page
    again = {
        **sent,
        "order_number": "119/2569",
        "salary": "",
        "reason": "เลขที่คำสั่งผิด",
        "unit": str(teacher.unit_id),
    }
    assert client.post(at("correct_row", teacher, row.pk), again).status_code == 302
    right = ServiceRow.objects.in_force().get()
    assert (right.order_number, right.salary, right.corrects) == ("119/2569", Decimal(33_140), row)
    assert right.place == teacher.unit.name
    assert client.post(at("correct_row", teacher, row.pk), again).status_code == 422
    assert client.post(at("strike_row", teacher, right.pk), {"reason": "ลงผิดคนทั้งรายการ"}).status_code == 302
    assert not ServiceRow.objects.in_force().exists()
    for word, status in (("director", 403), ("principal", 403), ("stranger", 404)):
        assert as_(word).post(at("add_row", teacher), sent).status_code == status


def test_one_order_for_many_on_a_page(as_, area):
    client, page = as_("personnel"), reverse("staff:order_rows")
    teacher, clerk = area.officials["teacher"], area.officials["clerk"]
    sent = {"movement": "raised", "effective_on": "1/10/2569", "order_number": "300/2569"}
    lines = f"{teacher.position.number}\t33,140\n{clerk.code.lower()} 12000.50\nB999999 5\n{teacher.code} 1"
    wrong = client.post(page, sent | {"people": lines})
    said = wrong.content.decode()
    assert (
        wrong.status_code == 422 and "บรรทัด 3" in said and "บรรทัด 4 ซ้ำกับบรรทัด 1" in said and "33,140" in said
    )
    assert not ServiceRow.objects.exists()
    assert client.post(page, sent | {"people": f"{teacher.code} มาก"}).status_code == 422
    done = client.post(page, sent | {"people": "\n".join(lines.splitlines()[:2])})
    assert done.status_code == 302
    assert {(r.official, r.salary) for r in ServiceRow.objects.all()} == {
        (teacher, 33_140),
        (clerk, Decimal("12000.50")),
    }
    assert as_("director").get(page).status_code == 403


def test_the_certified_copy_says_everything_and_verifies(as_, client, area, teacher, writer, rows):
    add_part(
        actor=writer,
        official=teacher,
        model=Education,
        level="bachelor",
        degree="ค.บ.",
        institute="ม.ธารใส",
        year=2540,
    )
    add_part(
        actor=writer, official=teacher, model=Discipline, given_on=date(2015, 5, 1), words="ภาคทัณฑ์ เรื่องทดสอบ"
    )
    Reading.objects.all().delete()
    answer = as_("personnel").post(at("certify", teacher), {"purpose": "ประกอบคำขอมีวิทยฐานะ"})
    assert answer["Content-Type"] == "application/pdf"
    copy = ServiceCopy.objects.get()
    said = plain(answer.content)
    for words in ("ขอรับรองว่าเป็นสำเนาถูกต้อง", "ภาคทัณฑ์", "28,888", "ม.ธารใส", "พิมพ์เงินเดือนผิด", copy.public_id):
        assert words in said or words.translate(THAI) in said, words
    assert (copy.rows, copy.kind) == (4, "certified") and copy.certified_by == area.people["personnel"].name
    read = Reading.objects.get(via="print")
    assert read.reason == "ประกอบคำขอมีวิทยฐานะ" and "salary" in read.what
    client.logout()
    page = client.get(reverse("staff:verify", args=[copy.public_id]))
    words = page.content.decode()
    assert (
        page.status_code == 200
        and "เป็นของจริง" in words
        and copy.check_code in words
        and "นางชxxx ทxxx" in words
    )
    for private in ("ชื่อteacher", "ทดสอบ", "28,888", "ภาคทัณฑ์", "ครู", "ประกอบคำขอ", "บ้านไร่ธารใส"):
        assert private not in words, private
    assert client.get(reverse("staff:verify", args=["x" * 16])).status_code == 404
    typed = client.get(
        reverse("staff:verify_ask"), {"code": f"{copy.public_id[:8]}-{copy.public_id[8:].upper()}"}
    )
    assert typed.url == reverse("staff:verify", args=[copy.public_id])


def test_a_copy_stays_true_when_rows_are_added_and_false_when_it_was_altered(teacher, writer, rows):
    copy = certify_copy(actor=writer, official=teacher, purpose="ทดสอบสำเนา")
    add_service_row(
        actor=writer, official=teacher, effective_on=date(2026, 4, 1), salary=Decimal(35_000), **STEP
    )
    assert verify(copy.public_id).is_genuine
    ServiceCopy.objects.filter(pk=copy.pk).update(rows=5)
    assert not verify(copy.public_id).is_genuine
    ServiceCopy.objects.filter(pk=copy.pk).update(rows=4)
    assert verify(copy.public_id).is_genuine
    with pgtrigger.ignore("staff.ServiceRow:append_only"):  # as somebody with the keys of the database would
        ServiceRow.objects.filter(pk=rows[0].pk).update(salary=99_999)
    assert not verify(copy.public_id).is_same


def test_who_may_certify(area, teacher, writer, rows):
    for word in ("principal", "clerk", "teacher"):
        with pytest.raises(Forbidden):
            certify_copy(actor=area.people[word], official=teacher, purpose="ทดสอบสำเนา")
    with pytest.raises(Forbidden):
        certify_copy(actor=writer, official=area.officials["personnel"], purpose="ของตนเอง")
    with pytest.raises(Refusal) as why:
        certify_copy(actor=writer, official=teacher, purpose=" ")
    assert why.value.field == "purpose"
    with pytest.raises(Forbidden):
        print_own_record(actor=area.people["principal"], official=teacher)


def test_a_withdrawn_copy_is_not_to_be_taken(as_, client, teacher, writer, rows):
    copy = certify_copy(actor=writer, official=teacher, purpose="ทดสอบสำเนา")
    page = at("withdraw", teacher, copy.pk)
    assert as_("personnel").post(page, {"reason": "หาย"}).status_code == 422
    assert as_("personnel").post(page, {"reason": "สำเนาสูญหาย"}).status_code == 302
    with pytest.raises(Conflict):
        withdraw_copy(actor=writer, official=teacher, copy=ServiceCopy.objects.get(), reason="ยกเลิกอีกครั้ง")
    client.logout()
    assert "อย่ารับสำเนานี้" in client.get(reverse("staff:verify", args=[copy.public_id])).content.decode()


def test_guessing_codes_is_slowed_down(client, area):
    answers = [client.get(reverse("staff:verify", args=[f"{n:016d}"])).status_code for n in range(32)]
    assert answers[:30] == [404] * 30 and answers[30:] == [429, 429]


def test_somebody_without_the_right_to_pay_and_private_facts_prints_without_them(area, teacher, writer, rows):
    add_part(actor=writer, official=teacher, model=Discipline, words="ภาคทัณฑ์ เรื่องทดสอบ")
    copy = certify_copy(actor=writer, official=teacher, purpose="ทดสอบสำเนา")
    said = plain(service_record_pdf(area.people["principal"], teacher, copy))
    assert "ภาคทัณฑ์" not in said and "28,888" not in said and "๒๘,๘๘๘" not in said and "ไม่แสดงในสำเนานี้" in said


def frame_of(pdf: bytes) -> tuple[int, int, int]:
    """The colour in the middle of the frame for the photograph: 3 × 4 cm, its right edge 1.5 cm from that of the page."""
    with Image.open(io.BytesIO(page_image(pdf, 0, width=1050))) as page:
        return page.convert("RGB").getpixel((1050 - 150, 230))


def portrait(colour: str) -> ContentFile:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 400), colour).save(drawn, "PNG")
    return ContentFile(drawn.getvalue(), name="me.png")


def test_the_photograph_of_the_register_stands_on_the_form_and_its_reading_is_noted(
    as_, teacher, writer, rows
):
    sent = {"purpose": "ประกอบคำขอมีวิทยฐานะ"}
    empty = as_("personnel").post(at("certify", teacher), sent).content
    assert frame_of(empty)[2] > 200 and page_text(empty, 0).count("รูปถ่าย") == 1
    assert "photo" not in Reading.objects.filter(via="print").latest("pk").what
    set_photo(actor=writer, official=teacher, upload=portrait("navy"))
    pdf = as_("personnel").post(at("certify", teacher), sent).content
    red, green, blue = frame_of(pdf)
    assert red < 40 and green < 40 and 90 < blue < 170 and "รูปถ่าย" not in page_text(pdf, 0)
    assert "photo" in Reading.objects.filter(via="print").latest("pk").what
    readings = Reading.objects.count()
    own = as_("teacher").post(reverse("staff:print_mine"), {"purpose": "ใช้ส่วนตัว"}).content
    assert frame_of(own)[2] < 170 and Reading.objects.count() == readings


def test_who_may_not_see_the_person_prints_no_photograph(area, writer, teacher, rows):
    set_photo(actor=writer, official=teacher, upload=portrait("navy"))
    copy = certify_copy(actor=writer, official=teacher, purpose="ทดสอบสำเนา")
    stranger = area.people["stranger"]
    assert not can(stranger, VIEW, teacher)
    pdf = service_record_pdf(stranger, teacher, copy)
    assert frame_of(pdf)[2] > 200 and photograph_on(stranger, teacher) is None
    assert "ไม่แสดง" in page_text(pdf, 0)


def test_a_photograph_whose_bytes_are_lost_does_not_stop_the_paper(writer, teacher, rows):
    photo = set_photo(actor=writer, official=teacher, upload=portrait("navy"))
    StoredFile.objects.filter(pk=photo.file_id).update(state="altered")
    pdf = service_record_pdf(
        writer, teacher, certify_copy(actor=writer, official=teacher, purpose="ทดสอบสำเนา")
    )
    assert frame_of(pdf)[2] > 200 and "รูปถ่ายเปิดไม่ได้" in plain(pdf)


def test_a_long_record_repeats_its_head_on_every_page(teacher, writer):
    ServiceRow.objects.bulk_create(
        ServiceRow(
            official=teacher, effective_on=date(1985 + n // 2, 4 if n % 2 else 10, 1), movement="step_one", title="ครู",
            place="โรงเรียนบ้านไร่ธารใส สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2", level="k1", salary=5_000 + n * 310,
            order_number=f"{n}/25{28 + n // 2}", order_by="สพป.ศรีธารา เขต 2",
        )
        for n in range(70)
    )  # fmt: skip
    copy = certify_copy(actor=writer, official=teacher, purpose="ทดสอบสำเนา")
    pdf = service_record_pdf(writer, teacher, copy)
    assert page_count(pdf) >= 4
    assert all("เอกสารอ้างอิง" in page_text(pdf, n) for n in range(page_count(pdf) - 1))


def test_everybody_sees_their_own_record_whole(as_, area, teacher, writer, rows):
    add_part(actor=writer, official=teacher, model=Discipline, words="ภาคทัณฑ์ เรื่องทดสอบ")
    Reading.objects.all().delete()
    page = as_("teacher").get(reverse("staff:mine")).content.decode()
    for words in ("28,888", "ภาคทัณฑ์", "พิมพ์เงินเดือนผิด", "พุทธ"):
        assert words in page, words
    assert "ชื่อprincipal" not in page and not Reading.objects.exists()
    pdf = as_("teacher").post(reverse("staff:print_mine"), {"purpose": "ใช้ส่วนตัว"}).content
    assert "ไม่มีผู้รับรอง" in plain(pdf) and "ภาคทัณฑ์" in plain(pdf)
    assert ServiceCopy.objects.get().kind == "own" and verify(ServiceCopy.objects.get().public_id).is_genuine


def test_one_without_a_record_is_told_so(client, area):
    from khet.base.org.actions import add_account, add_person

    who = add_person(actor=area.system, first_name="คนใหม่")
    client.force_login(add_account(actor=area.system, person=who, username="new", password="x"))
    answer = client.get(reverse("staff:mine"))
    assert answer.status_code == 404 and "กลุ่มบริหารงานบุคคล" in answer.content.decode()


def test_a_wish_goes_to_the_personnel_group_and_its_answer_back(as_, area, teacher, rows):
    page = reverse("staff:ask_correction") + f"?row={rows[0].pk}"
    assert as_("teacher").post(page, {"about": "service", "words": "ผิด"}).status_code == 422
    assert (
        as_("teacher").post(page, {"about": "service", "words": "เลขที่คำสั่งต้องเป็น 9/2566"}).status_code == 302
    )
    wish = CorrectionWish.objects.get()
    assert wish.row == rows[0]
    told = Notice.objects.filter(event=f"staff.correction_asked:{wish.pk}", channel="app")
    assert {notice.person for notice in told} == {area.officials["personnel"].person}
    answer_page = reverse("staff:settle_wish", args=[wish.pk])
    for word, status in (("teacher", 403), ("principal", 404), ("director", 403), ("stranger", 404)):
        assert as_(word).get(answer_page).status_code == status, word
    client = as_("personnel")
    assert "เลขที่คำสั่งต้องเป็น" in client.get(reverse("staff:wishes")).content.decode()
    assert client.post(answer_page, {"state": "declined", "answer": ""}).status_code == 422
    assert client.post(answer_page, {"state": "done", "answer": "แก้แล้ว"}).status_code == 302
    assert Notice.objects.filter(event=f"staff.correction_settled:{wish.pk}", person=teacher.person).exists()
    with pytest.raises(Conflict):
        settle_correction(actor=area.people["personnel"], wish=wish, state="done", answer="")
    assert "แก้แล้ว" in as_("teacher").get(reverse("staff:mine")).content.decode()


def test_only_the_owner_asks_and_nobody_answers_themselves(area, teacher, rows):
    with pytest.raises(Forbidden):
        ask_correction(
            actor=area.people["principal"], official=teacher, about="service", words="ไม่ใช่ของตนเอง แต่ขอแก้"
        )
    own = area.officials["personnel"]
    wish = ask_correction(
        actor=area.people["personnel"], official=own, about="person", words="ชื่อบิดาที่ถูกคือนายทดสอบ"
    )
    with pytest.raises(Forbidden):
        settle_correction(actor=area.people["personnel"], wish=wish, state="done", answer="")
    with pytest.raises(Refusal):
        ask_correction(
            actor=area.people["personnel"], official=own, about="service", words="รายการของผู้อื่น", row=rows[0]
        )
