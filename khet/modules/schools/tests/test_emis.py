"""The yearly facts of schools: begun from last year, changed on one page, read from the ministry's files, confirmed."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from khet.base.journal.api import Entry
from khet.base.lib.errors import Forbidden, Refusal
from khet.base.lib.thai.calendar import school_year
from khet.base.lib.thai.places import written_area
from khet.base.org.api import today
from khet.kits.register.actions import undo
from khet.kits.register.api import export_file, import_file
from khet.kits.register.models import Batch
from khet.kits.rounds.api import Scope, census_of, sheets, totals_of
from khet.modules.schools.actions import add_school, change_emis, start_emis, start_emis_year
from khet.modules.schools.models import Emis, School
from khet.modules.schools.records.emis_files import read_land, read_speed
from khet.modules.schools.sheets import state

HEADS = [
    "รหัส Smis 8 หลัก", "ชื่อสถานศึกษา(ไทย)", "องค์กรปกครองส่วนท้องถิ่น", "ระยะทางจากโรงเรียน ถึง เขตพื้นที่การศึกษา", "ระยะทางจากโรงเรียน ถึง อำเภอ",
    "ผู้ให้บริการ", "ประเภท", "ความเร็ว", "สถานะ", "งบต่อเดือน", "LAN", "Wireless LAN", "เพื่อการเรียนการสอน งบ สพฐ.",
    "เพื่อการเรียนการสอน จัดหาเอง-บริจาค", "เพื่อการเรียนการสอน ใช้ได้", "เพื่อการเรียนการสอน ใช้ไม่ได้", "ไฟฟ้า", "เนื้อที่",
]  # fmt: skip
ROW = [
    "99029001", "บ้านไร่ธารใส", "อบต.ไร่ธาร", "12.5", "3", "กสท.", "FTTH", "200/100 Mbps", "ใช้งานได้", "641.93", "มีแล้ว", "ไม่ได้ติดตั้ง",
    "8", "2", "9", "1", "การไฟฟ้าส่วนภูมิภาค", "๑๒-๒-๓๕",
]  # fmt: skip


@pytest.fixture
def year():
    return school_year(today())


def _csv(tmp_path, rows, heads=HEADS, encoding="utf-8"):
    path = tmp_path / "emis.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return path


def test_a_year_begins_with_the_one_before(area, year):
    School.objects.filter(pk=area.school.pk).update(km_to_office=Decimal("7.5"), local_government="อบต.ไร่ธาร")
    first = start_emis(actor=area.principal, school=area.school, year=year - 1)
    assert (first.km_to_office, first.local_government, first.electricity) == (
        Decimal("7.5"),
        "อบต.ไร่ธาร",
        "",
    )
    change_emis(actor=area.principal, emis=first, electricity="solar", teach_usable=4)
    second = start_emis(actor=area.principal, school=area.school)
    assert (second.school_year, second.electricity, second.teach_usable) == (year, "solar", 4)
    change_emis(actor=area.principal, emis=second, electricity="grid")
    assert start_emis(actor=area.principal, school=area.school).electricity == "grid"  # what is there stays
    first.refresh_from_db()
    assert first.electricity == "solar"
    with pytest.raises(Forbidden):
        start_emis(actor=area.principal, school=area.other)
    with pytest.raises(Refusal):
        start_emis(actor=area.planner, school=area.school, year=year + 2)


def test_every_school_begins_by_one_press(area, year):
    start_emis(actor=area.planner, school=area.school)
    assert start_emis_year(actor=area.planner) == 1
    assert start_emis_year(actor=area.planner) == 0
    assert Emis.objects.filter(school_year=year).count() == 2
    with pytest.raises(Forbidden):
        start_emis_year(actor=area.teacher)


def test_a_principal_begins_no_others_year(area):
    assert start_emis_year(actor=area.principal) == 1
    assert Emis.objects.get().school == area.school


def test_the_register_of_schools_follows_the_newest_year(area, year):
    old = start_emis(actor=area.planner, school=area.school, year=year - 1)
    new = start_emis(actor=area.planner, school=area.school)
    change_emis(actor=area.planner, emis=new, km_to_office=Decimal("9.1"), local_government="อบต.ใหม่")
    change_emis(actor=area.planner, emis=old, km_to_office=Decimal("1.0"))
    area.school.refresh_from_db()
    assert (area.school.km_to_office, area.school.local_government) == (Decimal("9.1"), "อบต.ใหม่")
    assert Entry.objects.order_by("pk").filter(verb="schools.change_emis").first().changes["km_to_office"][
        1
    ] in ("9.1", 9.1)


def test_who_learns_elsewhere_says_where(area):
    emis = start_emis(actor=area.planner, school=area.school)
    with pytest.raises(Refusal) as why:
        change_emis(actor=area.planner, emis=emis, mother=area.other)
    assert why.value.field == "mother"
    with pytest.raises(Refusal):
        change_emis(actor=area.planner, emis=emis, standing="member", mother=area.school)
    change_emis(actor=area.planner, emis=emis, standing="member", mother=area.other)
    with pytest.raises(Forbidden):
        change_emis(actor=area.teacher, emis=emis, electricity="grid")


@pytest.mark.parametrize("encoding", ["utf-8", "cp874"])
def test_the_ministrys_columns_come_in_once(area, tmp_path, year, encoding):
    path = _csv(tmp_path, [ROW], encoding=encoding)
    result = import_file(actor=area.principal, kind="emis", path=path, confirm=True)
    assert (result.new, result.wrong) == (1, 0), result.faults
    emis = Emis.objects.get()
    assert (emis.school_year, emis.electricity, emis.internet_kind, emis.internet_mbps) == (
        year,
        "grid",
        "fibre",
        200,
    )
    assert (emis.lan, emis.wireless, emis.teach_obec, emis.land_wa, emis.land) == (
        "yes",
        "no",
        8,
        Decimal("5035.0"),
        "12-2-35",
    )
    area.school.refresh_from_db()
    assert (area.school.km_to_office, area.school.local_government) == (Decimal("12.5"), "อบต.ไร่ธาร")
    assert import_file(actor=area.principal, kind="emis", path=path, confirm=True).sentence.startswith(
        "ไม่มีอะไรเปลี่ยน"
    )
    out = tmp_path / "out.csv"
    export_file(actor=area.planner, kind="emis", path=out)
    assert import_file(actor=area.planner, kind="emis", path=out).sentence.startswith("ไม่มีอะไรเปลี่ยน")
    undo(actor=area.principal, batch=Batch.objects.order_by("pk").first())
    assert not Emis.objects.exists()


def test_a_web_page_named_xls_comes_in(area, tmp_path):
    path = tmp_path / "emis.xls"
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (HEADS, ROW))
    path.write_bytes(
        f"<html><meta charset=windows-874><body><table>{cells}</table></body></html>".encode("cp874")
    )
    result = import_file(actor=area.planner, kind="emis", path=path, confirm=True)
    assert (result.new, result.wrong) == (1, 0), result.faults
    assert Emis.objects.get().internet_provider == "กสท."


def test_cells_that_cannot_be_are_told(area, tmp_path, year):
    heads = ["รหัสโรงเรียน", "ปีการศึกษา", "ไฟฟ้า", "ความเร็ว", "เนื้อที่", "รหัสโรงเรียนหลัก", "เรียนการสอน: ใช้ได้"]
    rows = [
        ["88888888", year, "", "", "", "", ""],
        ["99029001", year, "นิวเคลียร์", "", "", "", ""],
        ["99029001", year - 1, "", "เร็วมาก", "", "", ""],
        ["99029001", year - 2, "", "", "สิบไร่", "", ""],
        ["99029001", year - 3, "", "", "", "99029001", ""],
        ["99029001", year - 4, "", "", "", "", "-3"],
        ["99029001", year + 5, "", "", "", "", ""],
        ["99029002", year, "การไฟฟ้า", "", "", "", ""],
    ]
    result = import_file(actor=area.planner, kind="emis", path=_csv(tmp_path, rows, heads), confirm=True)
    assert (result.new, result.wrong) == (1, 7), result.faults
    told = " ".join(str(fault) for fault in result.faults)
    for words in ("ไม่รู้จักโรงเรียน", "นิวเคลียร์", "อ่านความเร็ว", "อ่านเนื้อที่", "ของตนเอง", "ยังมาไม่ถึง"):
        assert words in told
    own = import_file(actor=area.principal, kind="emis", path=_csv(tmp_path, [rows[-1]], heads), confirm=True)
    assert own.wrong == 1 and "นอกขอบเขต" in str(own.faults)


def test_words_of_land_and_speed():
    assert (read_land("12-2-35"), read_land("12.5 ไร่"), written_area(Decimal("5000.0"))) == (
        Decimal(5035),
        Decimal(5000),
        "12-2-0",
    )
    assert (read_speed("1 Gbps"), read_speed("100"), read_speed("๒๐๐/๑๐๐ Mbps")) == (1000, 100, 200)


def test_the_form_keeps_what_was_typed_and_says_what_does_not_add_up(area, client, year):
    client.force_login(area.principal_account)
    begun = client.post(reverse("schools:start_emis", args=[area.school.pk]))
    emis = Emis.objects.get()
    url = reverse("register:edit", args=["emis", emis.pk])
    assert begun.status_code == 302 and begun.url == url
    page = client.get(url)
    sent = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    sent |= {
        "version": page.context["version"],
        "electricity": "grid",
        "land_wa": "12-2-35",
        "teach_obec": 4,
        "teach_own": 1,
    }
    wrong = client.post(url, sent | {"teach_usable": 9, "teach_broken": 0})
    assert (
        wrong.status_code == 422
        and "ตามที่มา 5 เครื่อง" in wrong.content.decode()
        and "12-2-35" in wrong.content.decode()
    )
    assert client.post(url, sent | {"land_wa": "มาก"}).status_code == 422
    assert client.post(url, sent | {"teach_usable": 5, "teach_broken": 0}).status_code == 302
    emis.refresh_from_db()
    assert (emis.electricity, emis.land_wa, emis.teach_usable) == ("grid", Decimal(5035), 5)
    shown = client.get(reverse("register:detail", args=["emis", emis.pk])).content.decode()
    assert "การเรียนการสอน" in shown and '<td class="number">5</td>' in shown
    tab = client.get(reverse("register:tab", args=["schools", area.school.pk, "emis"])).content.decode()
    assert str(year) in tab and "12-2-35" in tab
    assert client.post(reverse("schools:start_emis", args=[area.other.pk])).status_code == 404


def test_the_page_of_the_year_names_who_has_not_begun(area, client, year):
    client.force_login(area.planner_account)
    url = reverse("schools:emis_year")
    assert "บ้านไร่ธารใส" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert "บ้านไร่ธารใส" not in client.get(url).content.decode()
    client.force_login(area.principal_account)
    assert client.get(url).status_code == 200


def test_the_sheet_counts_and_freezes(area, year):
    add_school(actor=area.planner, name="บ้านไม่มี", smis8="99029077")
    emis = start_emis(actor=area.planner, school=area.school)
    change_emis(
        actor=area.planner, emis=emis, teach_usable=7, office_usable=2, teach_broken=1, electricity="grid"
    )
    scope = Scope(None, school_year=year, term=2, as_at=date(2026, 11, 10))
    lines = {(row["label"], row["n"]) for row in totals_of(sheets["emis"], scope)}
    assert lines == {("คอมพิวเตอร์ใช้ได้", 9), ("คอมพิวเตอร์ใช้ไม่ได้", 1), ("รวม", 1)}
    frozen = census_of(sheets["emis"].census[0], scope)
    assert "99029001" in str(frozen) and "99029077" not in str(frozen)


def test_the_digest_follows_the_facts_by_subject(area, year):
    emis = start_emis(actor=area.planner, school=area.school, year=year - 1)

    def rows(of=year):
        sql, params = state(Scope([area.school.unit_id], school_year=of, term=2, as_at=today()))
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return {key: digest for _unit, key, _label, digest in cursor.fetchall()}

    assert rows() == {}
    last = rows(year - 1)
    emis = start_emis(actor=area.planner, school=area.school)
    assert rows() == last and len(last) == 6  # a year begins as the one before
    change_emis(actor=area.planner, emis=emis, note="หมายเหตุ")
    assert rows() == last
    change_emis(actor=area.planner, emis=emis, electricity="solar", hardship="yes")
    now = rows()
    assert {key for key in now if now[key] != last[key]} == {"utilities", "small"}
