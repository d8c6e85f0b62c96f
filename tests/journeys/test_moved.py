"""An official is moved in the middle of a matter: the work stays with the post, the successor goes on."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.desk_work import act, assign, decision, note, open_from_desk
from tests.journeys.papers import ministry, upload
from tests.journeys.test_second_factor import set_up_app

SUBJECT = "การสำรวจความต้องการงบประมาณ"


def test_work_stays_with_the_post(visit, site):
    clerk = visit("saraban")
    clerk.open("/letters/receive/")
    clerk.page.locator("[name=paper]").set_input_files(upload("scan.pdf", ministry("ศธ 04006/1200", SUBJECT)))
    clerk.fill(number_text="ศธ 04006/1200", dated_on="20/11/2569", from_text="สพฐ.", subject=SUBJECT)
    clerk.page.locator("[name=route_to]").select_option(label="นโยบายและแผน")
    clerk.press("ลงรับ แล้วเปิดดู")
    clerk.toast("ลงรับแล้ว")

    head = visit("head.policy")
    head.open("/desk/group/")
    head.press("รับเรื่อง")
    open_from_desk(head, SUBJECT)
    note(head, "มอบนักวิเคราะห์ดำเนินการ")
    assign(head, "ปิยะนุช")
    head.toast("มอบหมาย")

    mover = visit("planner", phone=True)
    open_from_desk(mover, SUBJECT)
    decision(mover)
    letter = mover.page.url

    planner_post = site.one(
        "SELECT id FROM org_post WHERE title = 'นักวิเคราะห์นโยบายและแผน' AND short_title = title ORDER BY id LIMIT 1"
    )
    finance = site.one("SELECT id FROM org_unit WHERE code = 'g-finance'")
    successor = site.one(
        "SELECT p.first_name || ' ' || p.last_name FROM org_account a JOIN org_person p ON p.id = a.person_id"
        " WHERE a.username = 'policy2'"
    )
    administrator = visit("admin")
    administrator.open(f"/office/units/{finance}/posts/add/")
    administrator.page.locator("[name=kind]").select_option("officer")
    administrator.fill(title="นักวิชาการพัสดุชำนาญการ", short_title="นักวิชาการพัสดุ")
    administrator.press("เพิ่มตำแหน่ง")
    administrator.page.wait_for_url(f"**/office/units/{finance}/", wait_until="domcontentloaded")
    fresh = administrator.page.locator("tr", has_text="นักวิชาการพัสดุชำนาญการ")
    fresh.get_by_role("link", name="บทบาท").click()
    administrator.page.get_by_label("เจ้าหน้าที่กลุ่ม", exact=True).check()
    administrator.page.locator(".form-foot .button-primary").click()
    administrator.page.wait_for_url(f"**/office/units/{finance}/", wait_until="domcontentloaded")
    fresh.get_by_role("link", name="แต่งตั้ง").click()
    administrator.page.locator("#id_q").fill("ปิยะนุช")
    administrator.press("ค้นชื่อ")
    administrator.page.get_by_label("ปิยะนุช").first.check()
    administrator.page.locator("[name=leaves]").select_option(str(planner_post))
    administrator.look("moving")
    administrator.page.locator(".form-foot").get_by_role("button", name="แต่งตั้ง").click()
    administrator.toast("ดำรงตำแหน่งนักวิชาการพัสดุชำนาญการแล้ว")

    note_box = mover.page.locator("[data-note]")
    note_box.fill("กำลังรวบรวม")
    with mover.page.expect_navigation() as answered:
        act(mover, "finish")
    assert answered.value.status in {403, 404}, answered.value.status
    mover.look("refused")
    mover.open("/desk/")
    assert SUBJECT not in mover.words()
    mover.open(letter, status=404)

    administrator.open(f"/office/posts/{planner_post}/appoint/")
    administrator.page.locator("#id_q").fill(successor)
    administrator.press("ค้นชื่อ")
    administrator.page.get_by_label(successor).first.check()
    administrator.page.locator(".form-foot").get_by_role("button", name="แต่งตั้ง").click()
    administrator.toast("ดำรงตำแหน่งนักวิเคราะห์นโยบายและแผนแล้ว")

    # With the post came sight of others' data: a second factor first.
    follower = visit("policy2")
    set_up_app(follower)
    follower.press("เก็บแล้ว ไปที่งานของฉัน")
    open_from_desk(follower, SUBJECT)
    follower.sees("มอบนักวิเคราะห์ดำเนินการ")
    note(follower, "รวบรวมแล้ว")
    act(follower, "finish")
    follower.toast("แล้ว")
    clerk.open("/letters/registers/?kind=receive")
    expect(clerk.page.get_by_text(SUBJECT).first).to_be_visible()
