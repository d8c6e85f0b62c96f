"""A new office from empty to its first letter on the same day, as docs/howto/set-up-an-office.md tells it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from khet.base.lib.sheets import write_xlsx
from tests.journeys.conftest import running_site
from tests.journeys.desk_work import open_from_desk
from tests.journeys.papers import ministry, upload
from tests.journeys.test_second_factor import set_up_app
from tests.journeys.visitor import Visitor

PASSWORD = "ต้นสนริมธาร-2569"
UNITS = [
    ["รหัส", "ชื่อหน่วยงาน", "ชื่อย่อ", "ประเภท", "ลำดับ"],
    ["g-policy", "กลุ่มนโยบายและแผน", "นโยบายและแผน", "กลุ่ม", "1"],
    ["g-admin", "กลุ่มอำนวยการ", "อำนวยการ", "กลุ่ม", "2"],
    ["n-01", "เครือข่ายลำธาร", "ลำธาร", "เครือข่ายโรงเรียน", "1"],
]
SCHOOLS = [
    [
        "รหัส Smis 8 หลัก",
        "ชื่อสถานศึกษา(ไทย)",
        "รหัส สพท.",
        "ระดับที่เปิดสอน",
        "เครือข่ายพัฒนาคุณภาพการศึกษา",
        "ตำบล",
        "อำเภอ",
        "จังหวัด",
        "จำนวนนักเรียน",
    ],
    ["99030001", "บ้านต้นน้ำใส", "9903", "อ.1-ป.6", "ลำธาร", "ต้นน้ำ", "ต้นน้ำ", "ศรีธารา", "91"],
    ["99030002", "วัดปลายน้ำ", "9903", "อ.1-ม.3", "ลำธาร", "ปลายน้ำ", "ต้นน้ำ", "ศรีธารา", "204"],
]
STAFF = [
    [
        "เลขที่ตำแหน่ง",
        "รหัสหน่วยงาน",
        "ประเภทตำแหน่ง",
        "ตำแหน่ง",
        "คำนำหน้า",
        "ชื่อ",
        "นามสกุล",
        "โทรศัพท์",
        "อีเมล",
        "ชื่อผู้ใช้",
        "บทบาท",
    ],
    [
        "1",
        "9903",
        "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา",
        "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา",
        "นาย",
        "ปรีชา",
        "ต้นสาย",
        "",
        "",
        "director",
        "",
    ],
    ["2", "9903", "เจ้าหน้าที่", "เจ้าพนักงานธุรการ", "นางสาว", "วิไล", "ริมธาร", "", "", "saraban", "สารบรรณกลาง"],
    ["3", "g-policy", "หัวหน้ากลุ่ม", "หัวหน้ากลุ่มนโยบายและแผน", "นาง", "อารีย์", "ลำน้ำ", "", "", "head.policy", ""],
    [
        "4",
        "99030001",
        "ผอ.โรงเรียน",
        "ผู้อำนวยการโรงเรียนบ้านต้นน้ำใส",
        "นาย",
        "สมบูรณ์",
        "ใสสะอาด",
        "",
        "",
        "principal1",
        "",
    ],
]


@pytest.fixture(scope="module")
def site(databases, django_db_blocker):
    """An empty database: migrated, no office."""
    yield from running_site(databases, django_db_blocker, databases.template, f"new_office_{databases.own}")


def sheet(rows: list[list[str]], path: Path) -> Path:
    with path.open("wb") as file:
        write_xlsx(rows[1:], rows[0], file)
    return path


def bring_in(visitor: Visitor, kind: str, file: Path, count: int) -> None:
    """Choose, check, confirm: nothing changes before the last press."""
    page = visitor.open(f"/register/{kind}/import/")
    page.locator("[name=file]").set_input_files(file)
    visitor.press("ตรวจไฟล์")
    page.wait_for_url(re.compile(rf"/register/{kind}/import/\d+/"), wait_until="domcontentloaded")
    visitor.look("check")
    visitor.press(f"ยืนยันนำเข้า {count} แถว")
    expect(page.get_by_role("heading", name="นำเข้าแล้ว")).to_be_attached()
    visitor.look("imported")


def open_account(visitor: Visitor, link: str, username: str) -> None:
    """An invitation: password, then the app where the work needs it."""
    visitor.username = username
    visitor.open(link)
    visitor.fill(password=PASSWORD)
    visitor.press("ตั้งรหัสผ่าน")
    visitor.page.wait_for_url("**/accounts/login/", wait_until="domcontentloaded")
    visitor.fill(login=username, password=PASSWORD)
    visitor.page.get_by_role("button", name="เข้าสู่ระบบ", exact=True).click()
    visitor.page.wait_for_url(lambda url: "/accounts/login/" not in url, wait_until="domcontentloaded")
    if "/set-up/" in visitor.page.url:
        set_up_app(visitor)
        visitor.press("เก็บแล้ว ไปที่งานของฉัน")


def test_from_empty_to_the_first_letter(visit, site, tmp_path):
    done = site.khet(
        "setup", "--code", "9903", "--name", "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 3",
        "--short-name", "สพป.ศรีธารา เขต 3", "--first-name", "อนงค์", "--last-name", "ธารา",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    link = re.search(r"https?://\S+", done.stdout)
    assert link, done.stdout

    administrator = visit()
    open_account(administrator, link[0], "admin")
    administrator.look("first-page")
    bring_in(administrator, "units", sheet(UNITS, tmp_path / "units.xlsx"), 3)
    bring_in(administrator, "schools", sheet(SCHOOLS, tmp_path / "schools.xlsx"), 2)
    bring_in(administrator, "staff", sheet(STAFF, tmp_path / "staff.xlsx"), 4)

    administrator.open("/letters/setup/")
    administrator.fill(prefix="ศธ 04999", stamp_name="สพป.ศรีธารา เขต 3", address="อำเภอต้นน้ำ จังหวัดศรีธารา")
    administrator.press("บันทึกการตั้งค่า")
    administrator.toast("บันทึก")
    administrator.look("bureau")
    administrator.page.locator("[name=kind]").select_option("receive")
    administrator.fill(last_number="812")
    administrator.press("ตั้งเลขเริ่ม")
    administrator.toast("แล้ว")

    account = site.one("SELECT id FROM org_account WHERE username = 'saraban'")
    administrator.open(f"/accounts/people/{account}/")
    administrator.press("ส่งลิงก์เชิญ")
    invited = administrator.page.locator("code", has_text="/accounts/password/invite/").inner_text()
    clerk = visit()
    open_account(clerk, invited, "saraban")
    clerk.open("/letters/receive/")
    clerk.page.locator("[name=paper]").set_input_files(
        upload("scan.pdf", ministry("ศธ 04006/ว1", "ขอความร่วมมือจัดทำแผนปฏิบัติการ"))
    )
    clerk.fill(
        number_text="ศธ 04006/ว1",
        dated_on="20/11/2569",
        from_text="สพฐ.",
        subject="ขอความร่วมมือจัดทำแผนปฏิบัติการ",
    )
    clerk.page.locator("[name=route_to]").select_option(label="นโยบายและแผน")
    clerk.press("ลงรับ แล้วเปิดดู")
    clerk.toast("ลงรับแล้ว เลขรับ 813")
    clerk.look("first-letter")

    head_account = site.one("SELECT id FROM org_account WHERE username = 'head.policy'")
    administrator.open(f"/accounts/people/{head_account}/")
    administrator.press("ส่งลิงก์เชิญ")
    invited = administrator.page.locator("code", has_text="/accounts/password/invite/").inner_text()
    head = visit(phone=True)
    open_account(head, invited, "head.policy")
    open_from_desk(head, "ขอความร่วมมือจัดทำแผนปฏิบัติการ", "/desk/group/")
