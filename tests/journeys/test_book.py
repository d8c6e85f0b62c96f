"""From the last press of a round to everything that comes out of it: figures, the book, the map, the province's file, open data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from khet.base.org.api import Actor
from khet.kits.rounds.actions import exempt, open_round, plan_year
from khet.kits.rounds.api import certify_all, confirm_all, explain_all
from khet.kits.rounds.models import Round
from tests.journeys.conftest import running_site
from tests.journeys.pupils import YEAR, close_round, enrolled, rows_of
from tests.journeys.site import Site
from tests.journeys.visitor import WAIT
from tests.read_back import pages_of

ONE, TWO = "99020064", "99020088"
PUPILS = {ONE: 40, TWO: 24}


@pytest.fixture(scope="module")
def site(area: Any, databases: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Site]:
    """Two schools have certified their pupils and people; the others owe nothing. Work in the background goes on."""

    def fill() -> None:
        for code, count in PUPILS.items():
            enrolled(tmp_path_factory.mktemp(code), rows_of(code, count, seed=int(code)))
        planner, system = area.world.as_holder("planner"), Actor.system()
        plan_year(actor=planner, school_year=YEAR)
        term = Round.objects.get(school_year=YEAR, kind="term", number=2)
        open_round(actor=planner, round=term)
        for unit in area.world.schools:
            if unit.code not in PUPILS:
                exempt(actor=system, round=term, unit=unit, reason="ยุบรวมแล้ว")
        confirm_all(actor=system, round=term)
        explain_all(actor=system, round=term, reason="ตรวจกับหลักฐานแล้ว")
        confirm_all(actor=system, round=term)
        assert certify_all(actor=system, round=term, paper="แบบรับรอง แฟ้มกลุ่มนโยบายและแผน")[1] == []

    sites = running_site(databases, django_db_blocker, area.database, f"book_{databases.own}", fill)
    for one in sites:
        one.start_worker()
        yield one


def test_from_closing_to_the_book_the_map_the_province_and_open_data(visit, site):
    whole = f"{sum(PUPILS.values())}"
    planner = visit("planner")
    planner.open("/rounds/")
    planner.press("ตรวจรับ 4 ชุด")
    planner.minutes_later()
    close_round(planner)
    planner.confirm_freshly()
    planner.toast("แล้ว ตรึงข้อมูล")

    # Figures: the page waits for nobody; the worker counts, and then they are there.
    planner.open("/statistics/")
    until_counted(planner)
    planner.open("/statistics/pupils_by_grade/")
    planner.sees("ที่มา: รอบ 2/", whole)
    expect(planner.page.locator(".statistics-chart svg").first).to_be_visible()
    planner.look("indicator")

    # The book: begun, made with its progress on the page, read back, published to everybody.
    planner.open("/books/")
    planner.press("เริ่มจัดทำ")
    planner.sees("บทที่พิมพ์", "ข้อมูลของรอบที่ปิดแล้ว")
    planner.look("chapters")
    planner.press("บันทึก แล้วทำสมุด")
    book = planner.page.locator(".books-file", has_text="สมุดสารสนเทศ (PDF)")
    expect(book.get_by_role("status")).to_be_visible()
    planner.look("being-made")
    kept = book.get_by_role("link", name="ดาวน์โหลด")
    expect(kept).to_be_visible(timeout=WAIT * 6)
    planner.look("made")
    answer = planner.context.request.get(kept.get_attribute("href"))
    text = "".join(pages_of(answer.body()))
    assert f"SMIS {ONE}" in text and f"SMIS {TWO}" in text
    assert re.search(rf"รวมทั้งสิ้น\D+\d+ \d+ {whole}\b", text)
    planner.press("เผยแพร่")
    teacher = visit(f"c.{ONE}", phone=True)
    teacher.open("/books/")
    teacher.sees(f"ปีการศึกษา {YEAR}")
    teacher.look("reader")

    # The map, and its shapes for other programs.
    planner.open("/maps/")
    planner.look("map")
    planner.open("/maps/files/")
    planner.page.locator("[name=format]").select_option("geojson")
    with planner.page.expect_download() as coming:
        planner.page.get_by_role("button", name="ดาวน์โหลด").click()
    with open(coming.value.path(), encoding="utf-8") as file:
        shapes = json.load(file)
    assert {ONE, TWO} <= {one["properties"]["SMIS8"] for one in shapes["features"]}

    # The province's file.
    planner.open("/province/")
    planner.press("ดูก่อน")
    planner.press("ทำแฟ้มส่งจังหวัด")
    planner.toast("ทำแฟ้มเลขที่ 1 แล้ว")
    planner.look("province")

    # Open data: opened by the office, read by somebody who never signed in.
    planner.open("/open/manage/")
    planner.page.locator("[name=code][value=pupils_by_grade]").check()
    planner.press("เปิดเผยตามที่ติ๊ก")
    citizen = visit()
    citizen.open("/open/pupils_by_grade/")
    citizen.look("open")
    rows = citizen.page.locator("a[href$='.csv']").first.get_attribute("href")
    heads, *lines = citizen.context.request.get(rows).text().splitlines()
    assert "," in heads and lines


def until_counted(visitor) -> None:
    for _second in range(90):
        if "กำลังนับตัวเลข" not in visitor.words():
            return
        visitor.page.wait_for_timeout(1000)
        visitor.page.reload()
    raise AssertionError("nothing counted the figures")
