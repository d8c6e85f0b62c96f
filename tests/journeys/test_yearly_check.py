"""The yearly check of supplies on a phone: from the label on a cupboard to the register, with and without script."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from khet.base.org.api import Actor, Unit
from khet.modules.assets.actions.articles import import_articles
from tests.journeys.conftest import running_site
from tests.journeys.site import Site

SCHOOL = "99020088"
# Codes as they stand on the labels.
CODES = ["2A3B4C5D", "3B4C5D6E", "4C5D6E7F", "5D6E7F8G", "6E7F8G9H", "7F8G9H2J"]


def things() -> None:
    unit = Unit.objects.get(code=SCHOOL)
    names = ["เครื่องคอมพิวเตอร์", "ตู้เหล็ก", "โทรทัศน์", "เครื่องพิมพ์", "ตู้เย็น", "เครื่องขยายเสียง"]
    import_articles(
        actor=Actor.system(), changed=[], source="ทดสอบ",
        new=[
            {
                "unit": unit, "code": code, "number": f"7440-001-000{place}/66", "name": name, "price": 12_000,
                "acquired_on": date(2023, 2, 10), "life_years": 10, "location": "ห้องสมุด" if place < 4 else "โรงอาหาร",
                "responsible_name": "ครูพัสดุ",
            }
            for place, (code, name) in enumerate(zip(CODES, names, strict=True), start=1)
        ],
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(area: Any, databases: Any, django_db_blocker: Any) -> Iterator[Site]:
    yield from running_site(databases, django_db_blocker, area.database, f"yearly_{databases.own}", things)


def a_photo() -> dict[str, Any]:
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "#8899aa").save(picture, "JPEG")
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}


def test_from_the_label_to_the_register(visit):
    principal = visit(f"p.{SCHOOL}")
    principal.open("/assets/checks/")
    principal.press("เปิดการตรวจ")
    principal.fill(fiscal_year="2569", order_reference="12/2569", committee="นางสาวหนึ่ง\nนายสอง")
    principal.press("เปิดการตรวจ")
    principal.toast("เปิดการตรวจสอบพัสดุประจำปีแล้ว")

    # The camera app opens the label's address; the sign-in page comes between, once.
    teacher = visit(phone=True)
    teacher.sign_in(f"t1.{SCHOOL}", landing=f"/assets/a/{CODES[0]}/")
    expect(teacher.page.get_by_role("heading", name="เครื่องคอมพิวเตอร์")).to_be_visible()
    teacher.look("label")
    teacher.press("ใช้การได้")
    teacher.toast("บันทึกแล้ว: เครื่องคอมพิวเตอร์ ใช้การได้")

    # Typed from a label that the camera cannot read; broken, with a photograph.
    teacher.fill(code="7440-001-0002")
    teacher.press("หา")
    teacher.page.wait_for_url(re.compile(f"/assets/a/{CODES[1]}/$"))
    teacher.press("ชำรุด")
    teacher.fill(note="บานพับหลุด")
    teacher.page.locator("[name=photo]").set_input_files(a_photo())
    teacher.press("บันทึกผลตรวจ")
    teacher.toast("ตู้เหล็ก ชำรุด")
    teacher.look("check")

    # In the wrong room: asks where, keeps what was typed.
    teacher.open(f"/assets/a/{CODES[2].lower()}/")
    teacher.press("อยู่ผิดที่")
    teacher.fill(note="ครูยืมไป")
    teacher.press("บันทึกผลตรวจ")
    expect(teacher.page.locator("[name=note]")).to_have_value("ครูยืมไป")
    teacher.fill(location="ห้องวิชาการ")
    teacher.press("บันทึกผลตรวจ")
    teacher.toast("โทรทัศน์ อยู่ผิดที่")

    # The rest of the kitchen at once.
    for box in teacher.page.locator("[name=article]").all():
        box.check()
    teacher.press("ที่ติ๊กไว้ใช้การได้")
    teacher.toast("บันทึกว่าใช้การได้ 3 ชิ้น")
    teacher.sees("ตรวจครบแล้ว")

    principal.open("/assets/checks/")
    principal.press("ปิดการตรวจ")
    principal.press("ปิดและเขียนผลลงทะเบียน")
    principal.toast("ปิดการตรวจแล้ว")
    principal.open("/register/articles/?q=7440-001-0002")
    principal.sees("รอซ่อม")
    principal.open("/register/articles/?q=7440-001-0003")
    principal.sees("ห้องวิชาการ")
    # Whoever taps afterwards is told, not lost.
    teacher.open(f"/assets/a/{CODES[0]}/")
    teacher.sees("ไม่มีการตรวจสอบพัสดุที่เปิดอยู่")


def test_without_script(visit):
    """On an old telephone: plain forms, the next year's check."""
    clerk = visit(f"p.{SCHOOL}", script=False)
    clerk.open("/assets/checks/open/")
    clerk.fill(fiscal_year="2570")
    clerk.press("เปิดการตรวจ")
    teacher = visit(f"t1.{SCHOOL}", phone=True, script=False)
    teacher.open(f"/assets/a/{CODES[3]}/")
    teacher.press("ใช้การได้")
    teacher.sees("ยังไม่ได้ตรวจ 5")
    teacher.open(f"/assets/a/{CODES[4]}/")
    teacher.press("หาไม่พบ")
    teacher.fill(note="หายตั้งแต่เปิดเทอม")
    teacher.press("บันทึกผลตรวจ")
    teacher.sees("ยังไม่ได้ตรวจ 4")
