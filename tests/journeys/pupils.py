"""Pupils for the journeys: the files schools bring, and what people do with them on the pages."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from khet.base.org.api import Actor, today
from khet.kits.register.api import import_file
from tests.dmc import AT, pupils, write_rows
from tests.journeys.visitor import Visitor

#: School year of the files; their second term runs when the journeys are walked.
YEAR = 2569
NAMES = {"99020064": "บ้านช่องลมแล้ง", "99020066": "บ้านต้นจิกเรียง", "99020088": "บ้านไร่ธารใส"}


def rows_of(school: str, count: int, seed: int) -> list[list[str]]:
    """``count`` pupils of a school as its DMC export has them; without faults."""
    return pupils([(school, NAMES[school], "kp")], count, seed=seed, year=YEAR)


def export(folder: Path, rows: list[list[str]], name: str = "") -> Path:
    """The rows as the file that DMC gives, in a folder of its own: year and term are in its name."""
    path = folder / (name or "dmc") / f"{YEAR}-2-student.xlsx"
    path.parent.mkdir(exist_ok=True)
    write_rows(path, rows)
    return path


def enrolled(folder: Path, rows: list[list[str]]) -> None:
    """What stood in the registers before the journey began."""
    done = import_file(
        actor=Actor.system(), kind="enrolments", path=export(folder, rows, "before"), confirm=True
    )
    assert (done.new, done.wrong) == (len(rows), 0), done


def thai_day() -> str:
    """Today, as people type it."""
    return f"{today():%d/%m}/{today().year + 543}"


def name_of(row: list[str]) -> str:
    return f"{row[AT['ชื่อ']]} {row[AT['นามสกุล']]}"


def check_file(visitor: Visitor, path: Path) -> None:
    """Choose a file of pupils and have it checked; nothing changes yet."""
    page = visitor.open("/register/enrolments/import/")
    page.locator("[name=file]").set_input_files(path)
    visitor.press("ตรวจไฟล์")
    page.wait_for_url(re.compile(r"/register/enrolments/import/\d+/"), wait_until="domcontentloaded")
    visitor.look("import-check")


def figure(visitor: Visitor, word: str) -> int:
    """One of the big figures above the rows of a checked file."""
    found = visitor.page.locator(".import-figures .figure", has_text=word).locator(".figure-value")
    return int(found.first.inner_text().replace(",", ""))


def confirm_file(visitor: Visitor, count: int) -> None:
    visitor.press(f"ยืนยันนำเข้า {count} แถว")
    expect(visitor.page.get_by_role("heading", name="นำเข้าแล้ว")).to_be_attached()
    visitor.look("imported")


def open_sheet(visitor: Visitor, sheet: str = "นักเรียน") -> None:
    """From the list of one's rounds to one sheet."""
    visitor.open("/rounds/mine/")
    visitor.page.locator("main a", has_text=sheet).locator("visible=true").first.click()
    visitor.page.wait_for_url(re.compile(r"/rounds/returns/\d+/"), wait_until="domcontentloaded")
    visitor.look("sheet")


def confirm_sheet(visitor: Visitor, count: int) -> None:
    """The clerk has the sheet checked once more and confirms it."""
    open_sheet(visitor)
    again = (
        visitor.page.get_by_role("button", name=re.compile("ตรวจข้อมูล|ตรวจอีกครั้ง"))
        .locator("visible=true")
        .first
    )
    again.click()
    visitor.press(f"ยืนยัน {count} คน")
    visitor.toast(f"ยืนยันแล้ว {count} ส่งให้ผู้อำนวยการรับรอง")
    visitor.look("confirmed")


def certify_sheet(visitor: Visitor, count: int) -> None:
    """The head of the school sees the figures, ticks the sentence and signs in freshly."""
    visitor.minutes_later()
    open_sheet(visitor)
    visitor.page.locator("#certify [name=agreed]").check()
    visitor.press(f"รับรอง {count} คน")
    visitor.confirm_freshly()
    visitor.toast(f"รับรองแล้ว {count} ส่งถึงเขตแล้ว")
    visitor.look("certified")


def close_round(visitor: Visitor) -> None:
    """Type the round's short name into the question and close."""
    visitor.press("ปิดรอบ")
    dialog = visitor.page.locator("#close-round")
    word = dialog.locator("[data-confirm]")
    word.fill(word.get_attribute("data-confirm") or "")
    visitor.press("ปิดรอบ", within=dialog)
