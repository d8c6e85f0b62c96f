"""A term's round of pupils: a file with thirty faults corrected and confirmed, certified on a phone, a pupil of two
schools settled, a sheet returned, the round closed and opened again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from khet.base.org.api import Actor
from khet.kits.rounds.actions import change_round, exempt, open_round, plan_year
from khet.kits.rounds.models import Round
from tests.dmc import AT, FAULTS, plant
from tests.journeys.area import SCHOOLS
from tests.journeys.conftest import running_site
from tests.journeys.pupils import (
    NAMES,
    YEAR,
    certify_sheet,
    check_file,
    close_round,
    confirm_file,
    confirm_sheet,
    enrolled,
    export,
    figure,
    name_of,
    open_sheet,
    rows_of,
)
from tests.journeys.site import Site

ONE, TWO = "99020064", "99020088"
MANY, FEW = 40, 8


@pytest.fixture(scope="module")
def others() -> list[list[str]]:
    """Who is on the roll of the second school."""
    return rows_of(TWO, FEW, seed=9)


@pytest.fixture(scope="module")
def site(
    area: Any, databases: Any, django_db_blocker: Any, others: Any, tmp_path_factory: Any
) -> Iterator[Site]:
    """The second term's round is open; the second school has brought its pupils; four schools owe nothing."""

    def fill() -> None:
        enrolled(tmp_path_factory.mktemp("before"), others)
        planner = area.world.as_holder("planner")
        plan_year(actor=planner, school_year=YEAR)
        term = Round.objects.get(school_year=YEAR, kind="term", number=2)
        change_round(actor=planner, round=term, sheet_codes=["students"])
        open_round(actor=planner, round=term)
        for unit in area.world.schools:
            if unit.code not in {ONE, TWO}:
                exempt(actor=Actor.system(), round=term, unit=unit, reason="ยุบรวมแล้ว")
        assert len(area.world.schools) == len(SCHOOLS)

    yield from running_site(databases, django_db_blocker, area.database, f"round_{databases.own}", fill)


def test_from_the_file_to_the_census(visit, site, tmp_path: Path, others):
    # A whole file, thirty cells of which are wrong, and one pupil whom another school has too.
    right = rows_of(ONE, MANY, seed=7)
    spoilt = [list(row) for row in right]
    planted = plant(spoilt, 30)
    whole = sorted(set(range(MANY)) - {one.row - 3 for one in planted})
    shared = [ONE, NAMES[ONE], *others[FEW - 1][2:]]
    shared[AT["รหัสนักเรียน"]] = "90001"
    right[whole[0]] = spoilt[whole[0]] = shared
    assert len(planted) == 30 and all(FAULTS[one.kind][2] for one in planted)

    clerk = visit(f"c.{ONE}")
    check_file(clerk, export(tmp_path, spoilt, "spoilt"))
    assert (figure(clerk, "ผิด"), figure(clerk, "ใหม่")) == (30, MANY - 30)
    for one in planted[:3]:
        card = clerk.page.locator(f"#row-{one.row}")
        expect(card.locator(".import-sentence").first).to_contain_text(re.compile("[ก-๛]{4}"))
    back = clerk.page.get_by_role("link", name="รับไฟล์คืนพร้อมช่องข้อผิดพลาด").locator("visible=true").first
    answer = clerk.context.request.get(back.get_attribute("href"))
    assert answer.ok and answer.body()[:2] == b"PK"
    confirm_file(clerk, MANY - 30)

    # Corrected in DMC and brought again: what came in already is the same.
    check_file(clerk, export(tmp_path, right, "right"))
    assert (figure(clerk, "ผิด"), figure(clerk, "ใหม่"), figure(clerk, "เหมือนเดิม")) == (0, 30, MANY - 30)
    confirm_file(clerk, 30)

    # The pupil of two schools holds both sheets back until it is settled.
    open_sheet(clerk)
    clerk.press("กรอกครบแล้ว ตรวจข้อมูล")
    clerk.sees(f"ซ้ำกับ {NAMES[TWO]}")
    settle(visit, clerk, name_of(shared))

    confirm_sheet(clerk, MANY)
    principal = visit(f"p.{ONE}", phone=True)
    certify_sheet(principal, MANY)
    second = visit(f"c.{TWO}", phone=True)
    confirm_sheet(second, FEW - 1)
    second_head = visit(f"p.{TWO}", phone=True)
    certify_sheet(second_head, FEW - 1)

    # The area looks and returns one sheet with a mark on a row; the school answers.
    planner = visit("planner")
    planner.open("/rounds/")
    board = planner.page.url.removeprefix(site.url)
    handed = site.one(
        "SELECT h.id FROM rounds_return h JOIN org_unit u ON u.id = h.unit_id WHERE u.code = %s AND h.sheet = 'students'",
        ONE,
    )
    planner.open(f"/rounds/returns/{handed}/")
    mark = planner.page.locator(".rounds-mark-row").first
    marked = mark.locator("label").inner_text()
    mark.locator("input.input").fill("วันเกิดไม่ตรงกับสูติบัตร")
    planner.fill(reason="แก้วันเกิดหนึ่งคนแล้วส่งใหม่")
    planner.press("ส่งคืน")
    planner.toast("ส่งคืนแล้ว แจ้งโรงเรียนแล้ว")
    planner.look("returned")
    open_sheet(clerk)
    clerk.sees("แก้วันเกิดหนึ่งคนแล้วส่งใหม่", "วันเกิดไม่ตรงกับสูติบัตร", marked)
    confirm_sheet(clerk, MANY)
    certify_sheet(principal, MANY)

    planner.open(board)
    planner.press("ตรวจรับ 2 ชุด")
    planner.minutes_later()
    close_round(planner)
    planner.confirm_freshly()
    planner.toast("แล้ว ตรึงข้อมูล")
    planner.sees("ปิดรอบแล้ว", "ข้อมูลที่ตรึงไว้")
    planner.look("closed")
    open_receipt(principal)

    # Opened again with a reason: what was frozen stays.
    planner.open(board)
    planner.press("เปิดรอบใหม่")
    dialog = planner.page.locator("#reopen-round")
    dialog.locator("[name=reason]").fill("โรงเรียนแจ้งย้ายเข้าล่าช้าหนึ่งคน")
    planner.press("เปิดรอบใหม่", within=dialog)
    planner.sees("เปิดใหม่เพราะ", "โรงเรียนแจ้งย้ายเข้าล่าช้าหนึ่งคน", "ข้อมูลที่ตรึงไว้")
    assert site.sql("SELECT count(*) FROM rounds_census") == [(1,)]
    assert [facts["reason"] for facts in site.journal("rounds.reopen")] == ["โรงเรียนแจ้งย้ายเข้าล่าช้าหนึ่งคน"]


def settle(visit, clerk, name: str) -> None:
    """Both schools say that the pupil is theirs; the area decides for the first."""
    clerk.press("ตกลงกัน")
    clerk.press("เปิดเรื่องให้ทุกโรงเรียนแจ้ง")
    clerk.page.wait_for_url(re.compile(r"/students/doubles/\d+/"), wait_until="domcontentloaded")
    clerk.sees(name)
    case = clerk.page.url.removeprefix(clerk.site.url)
    say_here(clerk, "ย้ายมาตามใบย้ายลงวันที่ 2 พฤศจิกายน 2569")
    other = visit(f"c.{TWO}", phone=True)
    other.open(case)
    say_here(other, "มาเรียนอยู่ทุกวัน")
    planner = visit("planner")
    planner.open(case)
    planner.sees("ย้ายมาตามใบย้ายลงวันที่ 2 พฤศจิกายน 2569", "มาเรียนอยู่ทุกวัน")
    deciding = planner.page.locator("form", has=planner.page.locator("[name=act][value=settle]"))
    deciding.get_by_label(NAMES[ONE]).check()
    deciding.locator("[name=left_on]").fill("02/11/2569")
    deciding.locator("[name=reason]").fill("มีใบย้าย ปพ.1 ครบ")
    planner.press("ชี้ขาดและแจ้งทุกโรงเรียน", within=deciding)
    planner.sees("เขตชี้ขาดแล้ว")
    planner.look("settled")


def say_here(visitor, words: str) -> None:
    claim = visitor.page.locator("form.students-claim")
    claim.locator("[name=kind][value=stays]").check()
    claim.locator("[name=words]").fill(words)
    claim.get_by_role("button").last.click()
    visitor.sees(words)
    visitor.look("claimed")


def open_receipt(visitor) -> None:
    visitor.open("/rounds/mine/")
    visitor.page.locator("a", has_text="ใบรับข้อมูล").first.click()
    visitor.page.wait_for_url(re.compile(r"/receipt/"), wait_until="domcontentloaded")
    visitor.sees("SHA-256")
    visitor.look("receipt")
