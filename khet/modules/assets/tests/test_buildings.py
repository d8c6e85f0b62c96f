"""Verbs on buildings: add, change, condition of many, repair, the way of a demolition."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from khet.base.journal.models import Entry
from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.org.api import today
from khet.kits.register.api import import_file
from khet.modules.assets.actions.buildings import (
    add_building,
    ask_demolition,
    change_building,
    finish_demolition,
    permit_demolition,
    refuse_demolition,
    repair_building,
    set_building_condition,
)
from khet.modules.assets.actions.land import add_land
from khet.modules.assets.models import Building


def test_a_building_gets_the_next_number_and_a_name(area):
    made = add_building(actor=area.actor("clerk"), unit=area.school.unit, kind="01")
    assert (made.number, made.name, made.code) == (2, "อาคารเรียน ลำดับที่ 2", "99029001-01-2")
    with pytest.raises(Conflict) as why:
        add_building(actor=area.system, unit=area.school.unit, kind="01", number=2)
    assert why.value.field == "number"
    with pytest.raises(Forbidden):
        add_building(actor=area.actor("teacher"), unit=area.school.unit, kind="01")
    with pytest.raises(Forbidden):
        add_building(actor=area.actor("clerk"), unit=area.other.unit, kind="01")


def test_land_of_another_school_is_refused(area):
    land = add_land(actor=area.system, unit=area.other.unit, kind="treasury", rai=10)
    with pytest.raises(Refusal) as why:
        change_building(actor=area.actor("clerk"), building=area.building, land=land)
    assert why.value.field == "land"
    mine = add_land(actor=area.system, unit=area.school.unit, kind="deed", rai=1, ngan=2, wa=35)
    assert change_building(actor=area.actor("clerk"), building=area.building, land=mine).land == mine
    mine.refresh_from_db()
    assert (mine.area, mine.area_wa) == ("1-2-35", 635)


def test_one_condition_for_many_is_one_statement(area, django_assert_max_num_queries):
    many = [add_building(actor=area.system, unit=area.school.unit, kind="05") for _n in range(30)]
    with django_assert_max_num_queries(10):
        assert set_building_condition(actor=area.actor("clerk"), buildings=many, condition="poor") == 30
    assert Building.objects.filter(condition="poor").count() == 30
    assert Entry.objects.filter(verb="assets.set_building_condition").count() == 1
    foreign = add_building(actor=area.system, unit=area.other.unit, kind="05")
    with pytest.raises(Forbidden):
        set_building_condition(actor=area.actor("clerk"), buildings=[*many, foreign], condition="good")
    assert Building.objects.filter(condition="poor").count() == 30


def test_a_repair_moves_the_year_and_the_condition(area):
    repair_building(
        actor=area.actor("clerk"), building=area.building, began_on=date(2025, 3, 1), ended_on=date(2025, 4, 1),
        what="เปลี่ยนหลังคา", cost=85_000, condition="fair",
    )  # fmt: skip
    area.building.refresh_from_db()
    assert (area.building.repaired_year, area.building.condition) == (2568, "fair")
    with pytest.raises(Refusal):
        repair_building(
            actor=area.system,
            building=area.building,
            began_on=date(2025, 3, 2),
            ended_on=date(2025, 3, 1),
            what="x",
        )


def test_a_demolition_from_the_request_to_the_rubble(area):
    asked = ask_demolition(actor=area.actor("clerk"), building=area.building, reason="ทรุดโทรมมาก")
    with pytest.raises(Conflict):
        ask_demolition(actor=area.actor("clerk"), building=area.building, reason="อีกครั้ง")
    with pytest.raises(Forbidden):
        permit_demolition(actor=area.actor("principal"), demolition=asked, order_reference="1/2569")
    with pytest.raises(Refusal):
        permit_demolition(actor=area.actor("finance"), demolition=asked, order_reference=" ")
    permit_demolition(actor=area.actor("finance"), demolition=asked, order_reference="ศธ 04123/55")
    with pytest.raises(Conflict):
        refuse_demolition(actor=area.actor("finance"), demolition=asked, note="ช้าไป")
    with pytest.raises(Refusal):
        finish_demolition(actor=area.actor("clerk"), demolition=asked, done_on=today() + timedelta(days=1))
    finish_demolition(actor=area.actor("clerk"), demolition=asked, done_on=today(), proceeds=5_000)
    building = Building.objects.get(pk=area.building.pk)
    assert (building.standing, building.rooms_used, building.number) == ("demolished", 0, 1)
    with pytest.raises(Refusal):
        repair_building(actor=area.system, building=building, began_on=today(), what="x")
    # Its number is not given again.
    assert add_building(actor=area.system, unit=area.school.unit, kind="01").number == 2


def test_a_refusal_needs_a_reason_and_gives_the_building_back(area):
    asked = ask_demolition(actor=area.actor("clerk"), building=area.building, reason="ทรุดโทรม")
    with pytest.raises(Refusal):
        refuse_demolition(actor=area.actor("finance"), demolition=asked, note="")
    refuse_demolition(actor=area.actor("finance"), demolition=asked, note="ยังซ่อมได้")
    assert Building.objects.get(pk=area.building.pk).standing == "standing"
    ask_demolition(
        actor=area.actor("clerk"), building=Building.objects.get(pk=area.building.pk), reason="ถามใหม่"
    )


def test_the_pages_of_a_demolition(area, client):
    client.force_login(area.accounts["clerk"])
    url = reverse("assets:ask_demolition", args=[area.building.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "เสาร้าว"}).status_code == 302
    page = client.get(reverse("register:tab", args=["buildings", area.building.pk, "way"])).content.decode()
    assert "เสาร้าว" in page and "รออนุญาต" in page and "ไม่อนุญาต</" not in page
    asked = area.building.demolitions.get()
    assert client.get(reverse("assets:permit_demolition", args=[asked.pk])).status_code == 403
    client.force_login(area.accounts["finance"])
    assert "เสาร้าว" in client.get(reverse("assets:demolitions")).content.decode()
    assert (
        client.post(
            reverse("assets:permit_demolition", args=[asked.pk]), {"order_reference": "12/2569"}
        ).status_code
        == 302
    )
    client.force_login(area.accounts["other_principal"])
    assert "เสาร้าว" not in client.get(reverse("assets:demolitions") + "?state=permitted").content.decode()
    assert client.get(reverse("assets:finish_demolition", args=[asked.pk])).status_code == 404


HEADS = "ลำดับ,รหัสโรงเรียน,ประเภท,ชื่อ,แบบ,จำนวนห้องตามแปลน,สร้าง (พ.ศ.),สภาพปัจจุบัน\n"


def test_the_ministrys_page_comes_in(area, tmp_path):
    path = tmp_path / "b-obec.csv"
    path.write_text(
        HEADS
        + "1,99029002,,อาคารเรียน ลำดับที่ 1,สปช.105/29,8,2530,ดี\n"
        + "2,99029002,05,ส้วม ลำดับที่ 1,สปช.601/26,4,๒๕๓๕,พอใช้\n"
        + "3,569002,,หอประชุม,100/27,1,2540,ทรุดโทรม-รื้อถอน\n"
        + "4,วัดเกาะกลางธาราม,,บ้านพักครู ลำดับที่ 2,203/27,2,1995,ดี\n"
        + "5,99029002,,สิ่งที่ไม่รู้,,,2540,ดี\n"
        + "6,88888888,01,อาคารเรียน ลำดับที่ 9,,,2540,ดี\n"
        + "7,99029002,01,อาคารเรียน ลำดับที่ 1,017,6,ปีที่แล้ว,ดีๆ\n",
        encoding="utf-8",
    )
    result = import_file(actor=area.actor("planner"), kind="buildings", path=path, confirm=True)
    assert (result.new, result.wrong) == (3, 4), result.faults
    made = {b.code: b for b in Building.objects.filter(unit=area.other.unit)}
    assert set(made) == {"99029002-05-1", "99029002-02-1", "99029002-03-2"}
    assert made["99029002-05-1"].year_built == 2535 and made["99029002-03-2"].year_built == 2538
    assert made["99029002-02-1"].condition == "poor"
    columns = {(fault["row"], fault["column"]) for fault in result.faults if fault["stops"]}
    assert {
        (6, "kind"),
        (7, "unit_code"),
        (8, "year_built"),
        (8, "condition"),
        (2, "code"),
        (8, "code"),
    } <= columns


def test_a_school_brings_its_own_file_without_a_school_column(area, tmp_path):
    path = tmp_path / "ของเรา.csv"
    path.write_text("ชื่อ,แบบ\nอาคารเรียน ลำดับที่ 1,017\nส้วม,สปช.601/26\n", encoding="cp874")
    result = import_file(actor=area.actor("clerk"), kind="buildings", path=path, confirm=True)
    assert (result.new, result.changed, result.wrong) == (1, 1, 0), result.faults
    assert Building.objects.get(code="99029001-01-1").model == "017"
    again = import_file(actor=area.actor("clerk"), kind="buildings", path=path, confirm=True)
    assert (again.new, again.changed, again.same) == (0, 0, 2)


def test_a_school_cannot_write_into_another(area, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("รหัสโรงเรียน,ชื่อ\n99029002,อาคารเรียน ลำดับที่ 1\n", encoding="utf-8")
    result = import_file(actor=area.actor("clerk"), kind="buildings", path=path, confirm=True)
    assert (result.new, result.wrong) == (0, 1) and not Building.objects.filter(unit=area.other.unit).exists()
