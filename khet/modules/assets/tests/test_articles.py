"""Verbs on articles: add, change, many at once, repair; the asset register's own file; labels from the list."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khet.base.journal.models import Entry
from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.kits.register.api import import_file
from khet.modules.assets.actions.articles import (
    add_article,
    change_article,
    finish_repair,
    import_articles,
    number_key,
    send_to_repair,
    set_articles,
)
from khet.modules.assets.item_codes import ITEMS
from khet.modules.assets.models import Article
from khet.modules.assets.papers import article_address, article_labels, asset_register
from khet.modules.assets.queries.values import year_rows, year_totals


def words_of(content: bytes) -> str:
    paper = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in paper)
    finally:
        paper.close()


def test_kind_and_life_follow_from_the_item(area):
    assert (area.article.kind, area.article.life_years) == ("computer", 3)
    assert len(area.article.code) == 8 and len(ITEMS) == 76
    with pytest.raises(Conflict) as why:
        add_article(actor=area.actor("clerk"), unit=area.school.unit, number="๗๔๔๐-๐๐๑-๐๐๐๑", name="ซ้ำ")
    assert why.value.field == "number"
    # Numbers run anew in each school.
    add_article(actor=area.system, unit=area.other.unit, number="7440-001-0001/66", name="ของอีกโรงเรียน")
    with pytest.raises(Forbidden):
        add_article(actor=area.actor("teacher"), unit=area.school.unit, number="1", name="x")


def test_numbers_written_differently_are_one():
    same = {number_key(n) for n in ("7110-006-0017/57.184", "๗๑๑๐ ๐๐๖ ๐๐๑๗", "7110-006-0017")}
    assert same == {"71100060017"}
    assert number_key("พย7110-006-024-335") == "พย7110006024335"


def test_disposal_is_not_a_condition_one_types(area):
    with pytest.raises(Refusal):
        change_article(actor=area.actor("clerk"), article=area.article, condition="disposed")
    with pytest.raises(Refusal):
        set_articles(actor=area.actor("clerk"), articles=Article.objects.all(), condition="disposed")


def test_many_at_once_are_one_statement_and_one_entry(area):
    rows = [{"unit": area.school.unit, "number": f"7110-{n}", "name": "โต๊ะ"} for n in range(300)]
    import_articles(actor=area.actor("clerk"), new=rows, changed=[], source="ทดสอบ")
    with CaptureQueriesContext(connection) as queries:
        done = set_articles(
            actor=area.actor("clerk"), articles=Article.objects.filter(name="โต๊ะ"), location="ห้อง 9"
        )
    assert done == 300 and len(queries) < 15
    assert Entry.objects.filter(verb="assets.set_articles").count() == 1
    foreign = add_article(actor=area.system, unit=area.other.unit, number="1", name="โต๊ะ")
    with pytest.raises(Forbidden):
        set_articles(actor=area.actor("clerk"), articles=Article.objects.filter(name="โต๊ะ"), location="ห้อง 8")
    foreign.refresh_from_db()
    assert foreign.location == ""


def test_a_repair_from_sending_to_its_outcome(area):
    send_to_repair(actor=area.actor("clerk"), article=area.article, began_on=date(2026, 5, 1), what="เปิดไม่ติด")
    with pytest.raises(Conflict):
        send_to_repair(actor=area.actor("clerk"), article=area.article, began_on=date(2026, 5, 2), what="อีก")
    with pytest.raises(Refusal):
        finish_repair(
            actor=area.actor("clerk"), article=area.article, ended_on=date(2026, 4, 1), is_repaired=True
        )
    finish_repair(
        actor=area.actor("clerk"),
        article=area.article,
        ended_on=date(2026, 5, 9),
        is_repaired=False,
        cost=Decimal(900),
    )
    area.article.refresh_from_db()
    assert area.article.condition == "waiting_disposal"
    with pytest.raises(Conflict):
        finish_repair(actor=area.system, article=area.article, ended_on=date(2026, 5, 9), is_repaired=True)


HEADS = "วันที่ได้มา,เลขที่เอกสาร,เลขครุภัณฑ์,รายการ/ยี่ห้อ/รุ่น/หมายเลขเครื่อง,จำนวน,ราคาต่อหน่วย,ประเภทเงิน,วิธีการได้มา,อายุใช้งาน,ที่ตั้ง/ผู้รับผิดชอบ\n"


def test_the_asset_register_comes_in(area, tmp_path):
    path = tmp_path / "ทะเบียนคุมทรัพย์สิน.csv"
    path.write_text(
        HEADS
        + "10/02/2566,บจ 1/2566,7440-001-0001/66,คอมพิวเตอร์ ตัวใหม่,1,22000,เงินงบประมาณ,เฉพาะเจาะจง,3,ห้องสมุด\n"
        + '1 ต.ค. 2567,บจ 2/2568,7110-001-0001/68,โต๊ะทำงาน,1,"4,500.00",นอกงบ,ตกลงราคา,10,ห้องธุรการ\n'
        + "1/10/2567,,7110-001-0002,เก้าอี้,12,900,งบประมาณ,เฉพาะเจาะจง,10,\n"
        + "32/10/2567,,7110-001-0003,ตู้,1,ฟรี,งบลับ,เฉพาะเจาะจง,10,\n"
        + "1/10/2567,,7110-001-0004,ตู้,1,1,บริจาค,รับบริจาค,10,\n"
        + "1/10/2567,,7110 001 0004,ตู้ซ้ำ,1,1,บริจาค,รับบริจาค,10,\n",
        encoding="cp874",
    )
    result = import_file(actor=area.actor("clerk"), kind="articles", path=path, confirm=True)
    assert (result.new, result.changed, result.wrong) == (1, 1, 4), result.faults
    area.article.refresh_from_db()
    assert area.article.name == "คอมพิวเตอร์ ตัวใหม่"
    made = Article.objects.get(number="7110-001-0001/68")
    assert (made.price, made.money, made.method, made.acquired_on) == (
        4500,
        "off_budget",
        "specific",
        date(2024, 10, 1),
    )
    columns = {(f["row"], f["column"]) for f in result.faults}
    assert {
        (4, "quantity"),
        (5, "acquired_on"),
        (5, "price"),
        (5, "money"),
        (6, "number"),
        (7, "number"),
    } <= columns
    again = import_file(actor=area.actor("clerk"), kind="articles", path=path, confirm=True)
    assert (again.new, again.changed, again.same) == (0, 0, 2)


def test_an_import_moves_nothing_between_schools_and_disposes_of_nothing(area, tmp_path):
    path = tmp_path / "x.csv"
    head = "รหัสบนป้าย,รหัสโรงเรียน,เลขครุภัณฑ์,รายการ,สภาพ\n"
    path.write_text(
        head + f"{area.article.code},99029002,7440-001-0001/66,เครื่องคอมพิวเตอร์,ใช้การได้\n", encoding="utf-8"
    )
    moved = import_file(actor=area.actor("planner"), kind="articles", path=path, confirm=True)
    assert moved.wrong == 1
    path.write_text(
        head + f"{area.article.code},99029001,7440-001-0001/66,เครื่องคอมพิวเตอร์,จำหน่ายแล้ว\n", encoding="utf-8"
    )
    gone = import_file(actor=area.actor("planner"), kind="articles", path=path, confirm=True)
    assert gone.wrong == 1
    area.article.refresh_from_db()
    assert (area.article.unit_id, area.article.condition) == (area.school.unit_id, "in_use")


def test_the_register_of_a_year_has_the_figures_of_the_function(area):
    rows = year_rows(area.school.unit, 2567)
    assert [(row.accumulated, row.yearly, row.net) for row in rows] == [
        (Decimal("12014.07"), Decimal("7333.00"), Decimal("9985.93"))
    ]
    total = year_totals(None, 2567)[area.school.unit_id]
    assert (total.count, total.net) == (1, Decimal("9985.93"))
    words = words_of(asset_register(area.school.unit, 2567, rows)).replace("\u200b", "")
    assert "ทะเบียนคุมทรัพย์สิน" in words
    assert "๑๒,๐๑๔.๐๗" in words or "12,014.07" in words


def test_labels_are_made_of_the_selection(area, client):
    paper = article_labels([area.article] * 30, per_sheet=24, first=20)
    assert words_of(paper.content).count(area.article.code) == 30
    sheets = pypdfium2.PdfDocument(paper.content)
    assert len(sheets) == 3  # 5 on the first, 24, 1
    sheets.close()
    assert article_address(area.article).endswith(f"/assets/a/{area.article.code}/")
    with pytest.raises(Refusal):
        article_labels([area.article], per_sheet=24, first=30)
    client.force_login(area.accounts["teacher"])
    url = reverse("register:bulk", args=["articles", "labels"])
    form = client.post(url, {"pk": area.article.pk})
    assert form.status_code == 200 and 'value="do"' in form.content.decode()
    answer = client.post(
        url, {"pk": area.article.pk, "step": "do", "agreed": "1", "sheet": "65", "first": "1"}
    )
    assert answer["Content-Type"] == "application/pdf"
    assert area.article.code in words_of(b"".join(answer.streaming_content))
    late = client.post(
        url, {"pk": area.article.pk, "step": "do", "agreed": "1", "sheet": "24", "first": "40"}
    )
    assert late.status_code == 200 and "เลือกดวงเริ่มต้นใหม่" in late.content.decode()


def test_the_qr_code_on_the_sheet_is_the_address(area):
    """Module by module as drawn on the rendered sheet, which is what a camera sees."""
    import segno

    sheet = pypdfium2.PdfDocument(article_labels([area.article], per_sheet=65).content)
    picture = sheet[0].render(scale=6).to_pil().convert("L")
    sheet.close()
    # The code stands left of the words of the first sticker: 9.75 + 1.2 + 14.5 mm.
    millimetre = 6 * 72 / 25.4
    code = picture.crop((0, 0, int(25.5 * millimetre), int(40 * millimetre)))
    left, top, right, bottom = code.point(lambda light: 255 if light < 128 else 0).getbbox()
    wanted = [list(row) for row in segno.make(article_address(area.article), error="m", micro=False).matrix]
    size = len(wanted)
    wide, high = (right - left) / size, (bottom - top) / size
    seen = [
        [
            int(code.getpixel((int(left + (x + 0.5) * wide), int(top + (y + 0.5) * high))) < 128)
            for x in range(size)
        ]
        for y in range(size)
    ]
    assert seen == wanted


def test_pages_open_and_keep_what_was_typed(area, client):
    client.force_login(area.accounts["clerk"])
    create = reverse("register:create", args=["articles"])
    page = client.get(create)
    assert page.context["form"]["unit"].initial == area.school.unit_id
    wrong = client.post(
        create, {"unit": area.school.unit_id, "number": "", "name": "พิมพ์ไว้แล้ว", "condition": "in_use"}
    )
    assert wrong.status_code == 422 and "พิมพ์ไว้แล้ว" in wrong.content.decode()
    foreign = client.post(
        create, {"unit": area.other.unit_id, "number": "1", "name": "แอบเพิ่ม", "condition": "in_use"}
    )
    assert foreign.status_code == 422 and not Article.objects.filter(name="แอบเพิ่ม").exists()
    for tab in ("value", "way", "photos"):
        assert client.get(reverse("register:tab", args=["articles", area.article.pk, tab])).status_code == 200
    assert (
        "4,681.07"
        in client.get(reverse("register:tab", args=["articles", area.article.pk, "value"])).content.decode()
    )
    assert client.get(reverse("assets:depreciation")).status_code == 200
    pdf = client.get(reverse("assets:register_pdf", args=[area.school.unit_id]))
    assert pdf.content.startswith(b"%PDF")


def test_photographs_lose_their_place(area, client):
    from PIL import Image

    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "เครื่องถ่าย"
    Image.new("RGB", (60, 40), "red").save(picture, "JPEG", exif=exif)
    picture.seek(0)
    picture.name = "a.jpg"
    client.force_login(area.accounts["clerk"])
    url = reverse("assets:photos", args=["articles", area.article.pk])
    assert client.post(url, {"photo": picture, "caption": "ด้านหน้า"}).status_code == 302
    page = client.get(reverse("register:tab", args=["articles", area.article.pk, "photos"]))
    photo = page.context["photos"][0]
    kept = b"".join(client.get(photo.url).streaming_content)
    assert not Image.open(io.BytesIO(kept)).getexif()
    client.post(reverse("assets:drop_photo", args=["articles", area.article.pk, photo.public_id]))
    assert not client.get(reverse("register:tab", args=["articles", area.article.pk, "photos"])).context[
        "photos"
    ]


def test_the_ministrys_counts_stand_beside_the_register(area, tmp_path, client):
    path = tmp_path / "m-obec.csv"
    path.write_text(
        "ลำดับ,รหัส,หมวด,รายการ,จำนวนที่ใช้ได้,จำนวนรอซ่อม,จำนวนรอจำหน่าย\n"
        "1,21007,ครุภัณฑ์สำนักงาน/โรงเรียน,เครื่องไมโครคอมพิวเตอร์,1,-,0\n"
        "2,24006,ครุภัณฑ์งานบ้านและงานครัว,ตู้เย็น,2,1,\n"
        "3,99999,ไม่มี,ไม่มี,1,0,0\n"
        "4,24006,ซ้ำ,ตู้เย็น,2,1,\n",
        encoding="utf-8",
    )
    result = import_file(actor=area.actor("clerk"), kind="mobec", path=path, confirm=True)
    assert (result.new, result.wrong) == (1, 3), result.faults
    client.force_login(area.accounts["clerk"])
    page = client.get(reverse("register:list", args=["mobec"])).content.decode()
    assert "21007 เครื่องไมโครคอมพิวเตอร์" in page and "ตรงกับทะเบียน" in page
    Article.objects.all().delete()
    assert client.get(reverse("register:list", args=["mobec"]), {"agrees": "more"}).context["list"].count == 1
