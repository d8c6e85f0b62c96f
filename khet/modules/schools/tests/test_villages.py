"""Villages and service areas: verbs, files, the page of a school, and what other modules read."""

from __future__ import annotations

import csv

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khet.base.journal.api import Entry
from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.lib.thai.calendar import school_year
from khet.base.org.api import today
from khet.kits.register.actions import undo
from khet.kits.register.api import export_file, import_file
from khet.kits.register.models import Batch
from khet.modules.schools.actions import add_village, change_village, serve_villages
from khet.modules.schools.api import (
    in_year,
    service_area,
    services,
    serving_schools,
    villages_by_place,
    villages_without_school,
)
from khet.modules.schools.forms import read_moos
from khet.modules.schools.models import School, ServiceVillage, Village


@pytest.fixture
def year():
    return school_year(today())


@pytest.fixture
def villages(area):
    School.objects.filter(pk=area.school.pk).update(tambon="ไร่ธาร", tambon_code="990302", province="ศรีธารา")
    return [
        add_village(
            actor=area.planner,
            tambon_code="990302",
            moo=moo,
            name=f"บ้านไร่ {moo}",
            tambon="ไร่ธาร",
            amphoe="ทุ่งไพล",
        )
        for moo in range(1, 6)
    ]


def test_a_village_is_its_tambon_and_its_number(area, villages):
    assert (villages[0].code, villages[0].province) == ("99030201", "")
    assert villages[2].full_name == "หมู่ 3 บ้านไร่ 3 ตำบลไร่ธาร"
    town = add_village(actor=area.planner, tambon_code="930101", moo=0, tambon="คูหา", amphoe="เมือง")
    assert (town.full_name, town.province) == ("ไม่มีหมู่ ตำบลคูหา", "พัทลุง")
    with pytest.raises(Conflict):
        add_village(actor=area.planner, tambon_code="990302", moo=3, tambon="ไร่ธาร", amphoe="ทุ่งไพล")
    for wrong in ({"tambon_code": "99030"}, {"moo": 100}, {"tambon": ""}):
        with pytest.raises(Refusal):
            add_village(
                actor=area.planner,
                **({"tambon_code": "990302", "moo": 9, "tambon": "ก", "amphoe": "ข"} | wrong),
            )
    with pytest.raises(Forbidden):
        add_village(actor=area.principal, tambon_code="990302", moo=9, tambon="ไร่ธาร", amphoe="ทุ่งไพล")


def test_names_of_a_village_change_its_number_does_not(area, villages):
    change_village(actor=area.planner, village=villages[0], name="บ้านไร่ธารใน")
    assert Entry.objects.first().changes == {"name": ["บ้านไร่ 1", "บ้านไร่ธารใน"]}
    with pytest.raises(Refusal):
        change_village(actor=area.planner, village=villages[0], moo=77)
    with pytest.raises(Forbidden):
        change_village(actor=area.principal, village=villages[0], name="ของเรา")


def test_one_school_serves_a_village_in_a_year(area, villages, year):
    assert serve_villages(actor=area.planner, school=area.school, villages=villages, since_year=year - 2) == 5
    assert (
        serve_villages(actor=area.planner, school=area.school, villages=villages) == 0
    )  # that is so already
    assert serve_villages(actor=area.planner, school=area.other, villages=villages[:2]) == 2
    assert set(services(year - 1).values_list("school", flat=True)) == {area.school.pk}
    assert serving_schools(["99030201", "99030203", "99030299"]) == {
        "99030201": area.other,
        "99030203": area.school,
    }
    assert [s.village.moo for s in service_area(area.school)] == [3, 4, 5]
    assert [s.village.moo for s in service_area(area.school, year - 1)] == [1, 2, 3, 4, 5]
    assert ServiceVillage.objects.filter(in_year(year)).count() == 5


def test_from_an_earlier_year_on_replaces_what_came_after(area, villages, year):
    one = villages[:1]
    serve_villages(actor=area.planner, school=area.school, villages=one, since_year=year - 3)
    serve_villages(actor=area.planner, school=area.other, villages=one, since_year=year - 1)
    serve_villages(actor=area.planner, school=area.school, villages=one, since_year=year - 2)
    rows = list(one[0].services.order_by("since_year").values_list("school", "since_year", "until_year"))
    assert rows == [(area.school.pk, year - 3, year - 3), (area.school.pk, year - 2, None)]
    serve_villages(actor=area.planner, school=None, villages=one)
    assert list(villages_without_school()) == villages
    assert serving_schools(["99030201"], year - 1) == {"99030201": area.school}


def test_a_school_serves_what_it_teaches(area, villages, year):
    assert serve_villages(actor=area.planner, school=area.other, villages=villages, level="lower") == 5
    with pytest.raises(Refusal) as why:
        serve_villages(actor=area.planner, school=area.school, villages=villages, level="lower")
    assert why.value.field == "level"
    with pytest.raises(Refusal):
        serve_villages(actor=area.planner, school=area.school, villages=villages, since_year=year + 5)
    with pytest.raises(Forbidden):
        serve_villages(actor=area.principal, school=area.school, villages=villages)


def test_the_database_itself_holds_one_open_service(area, villages, year):
    serve_villages(actor=area.planner, school=area.school, villages=villages[:1], since_year=year - 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceVillage.objects.create(village=villages[0], school=area.other, since_year=year)


def test_many_villages_are_few_statements(area, villages):
    def counted(some):
        with CaptureQueriesContext(connection) as queries:
            serve_villages(actor=area.planner, school=area.school, villages=some)
        return len(queries)

    assert counted(villages[:1]) == counted(villages[1:])


def _sheet(tmp_path, rows, heads=("รหัสโรงเรียน", "ตำบล", "หมู่", "ชื่อหมู่บ้าน"), encoding="utf-8"):
    path = tmp_path / "villages.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return path


def test_a_sheet_of_school_tambon_and_moo_comes_in(area, villages, tmp_path, year):
    rows = [
        ["99029001", "ไร่ธาร", "1", "บ้านไร่ 1"],
        ["1099569001", "ต.ไร่ธาร", "ม.7", "บ้านใหม่"],
        ["บ้านไร่ธารใส", "ตำบลไร่ธาร", "หมู่ที่ ๘", "บ้านใหม่ใน"],
        ["", "ไร่ธาร", "9", "บ้านไกล"],
    ]
    path = _sheet(tmp_path, rows, encoding="cp874")
    result = import_file(actor=area.planner, kind="villages", path=path, confirm=True)
    assert (result.new, result.changed, result.wrong) == (3, 1, 0), result.faults
    assert [s.village.moo for s in service_area(area.school)] == [1, 7, 8]
    assert Village.objects.get(code="99030207").amphoe == "ทุ่งไพล"
    again = import_file(actor=area.planner, kind="villages", path=path, confirm=True)
    assert again.sentence.startswith("ไม่มีอะไรเปลี่ยน")
    out = tmp_path / "out.xlsx"
    assert export_file(actor=area.planner, kind="villages", path=out) == 8
    assert import_file(actor=area.planner, kind="villages", path=out).changed == 0


def test_a_load_of_villages_is_undone(area, villages, tmp_path):
    serve_villages(actor=area.planner, school=area.other, villages=villages[:1])
    path = _sheet(tmp_path, [["99029001", "ไร่ธาร", "1", "บ้านไร่ 1"], ["99029001", "ไร่ธาร", "44", "บ้านใหม่"]])
    import_file(actor=area.planner, kind="villages", path=path, confirm=True)
    assert serving_schools(["99030201", "99030244"]) == {"99030201": area.school, "99030244": area.school}
    undo(actor=area.planner, batch=Batch.objects.get())
    assert serving_schools(["99030201", "99030244"]) == {"99030201": area.other}
    assert not Village.objects.filter(moo=44).exists()


def test_rows_that_cannot_be_are_told(area, villages, tmp_path):
    add_village(actor=area.planner, tambon_code="990401", moo=1, tambon="ซ้ำ", amphoe="ควนชัย")
    add_village(actor=area.planner, tambon_code="990501", moo=1, tambon="ซ้ำ", amphoe="บางจาก")
    rows = [
        ["12345678", "ไร่ธาร", "11", "ก"],
        ["99029001", "ไม่มีตำบลนี้", "12", "ข"],
        ["", "ซ้ำ", "13", "ค"],
        ["99029001", "ไร่ธาร", "หนึ่ง", "ง"],
        ["99029001", "ไร่ธาร", "100", "จ"],
        ["99029001", "ไร่ธาร", "", "ฉ"],
        ["99029001", "", "14", "=cmd()"],
        ["99029001", "ไร่ธาร", "15", "ช"],
        ["99029002", "ไร่ธาร", "15", "ช"],
    ]
    result = import_file(actor=area.planner, kind="villages", path=_sheet(tmp_path, rows), confirm=True)
    assert (result.wrong, result.new) == (9, 0), result.faults
    told = " ".join(str(fault) for fault in result.faults)
    for words in ("ไม่รู้จักโรงเรียน", "ยังไม่รู้จักตำบลไม่มีตำบลนี้", "มีหลายอำเภอ", "อ่านหมู่ที่"):
        assert words in told


def test_a_new_tambon_comes_with_its_code(area, tmp_path):
    heads = ("รหัสโรงเรียน", "รหัสตำบล", "ตำบล", "อำเภอ", "หมู่", "ชื่อหมู่บ้าน")
    path = _sheet(tmp_path, [["99029001", "930405", "ปากพะยูน", "ปากพะยูน", "2", "บ้านเลน"]], heads)
    result = import_file(actor=area.planner, kind="villages", path=path, confirm=True)
    assert (result.new, result.wrong) == (1, 0), result.faults
    assert Village.objects.get().province == "พัทลุง"


def test_a_file_of_villages_needs_the_right(area, tmp_path):
    with pytest.raises(Forbidden):
        import_file(
            actor=area.principal,
            kind="villages",
            path=_sheet(tmp_path, [["", "ไร่ธาร", "1", "ก"]]),
            confirm=True,
        )


def test_places_as_other_files_write_them(area, villages):
    asked = [("ต.ไร่ธาร", "อ.ทุ่งไพล", 2), ("ไร่ธาร", "", 3), ("ไร่ธาร", "ทุ่งไพล", 44), ("อื่น", "ทุ่งไพล", 1)]
    assert villages_by_place(asked) == {asked[0]: villages[1], asked[1]: villages[2]}


@pytest.mark.parametrize(
    ("text", "moos"),
    [("1, 4-6, 9", [1, 4, 5, 6, 9]), ("ม.1 และ ม.๙", [1, 9]), ("หมู่ที่ 3", [3]), ("4 – 6", [4, 5, 6])],
)
def test_numbers_as_people_write_them(text, moos):
    assert read_moos(text) == moos


@pytest.mark.parametrize("text", ["", "หนึ่ง", "9-4", "1,100", "1-"])
def test_numbers_that_cannot_be_read(text):
    with pytest.raises(ValueError):
        read_moos(text)


def test_the_page_adds_villages_and_takes_them_out(area, villages, client, year):
    client.force_login(area.planner_account)
    url = reverse("schools:service_area", args=[area.school.pk])
    page = client.get(url)
    assert page.status_code == 200 and "ยังไม่มีหมู่บ้านในเขตพื้นที่บริการ" in page.content.decode()
    sent = {"tambon": "990302", "moos": "1, 3-4", "level": "primary", "since_year": year, "reference": "มติ 1"}
    assert client.post(url, sent | {"moos": "1, 99"}).status_code == 422
    kept = client.post(url, sent | {"moos": "abc"})
    assert kept.status_code == 422 and 'value="abc"' in kept.content.decode()
    assert client.post(url, sent | {"level": "lower"}).status_code == 422
    assert ServiceVillage.objects.count() == 0
    assert client.post(url, sent).status_code == 302
    assert [s.village.moo for s in service_area(area.school)] == [1, 3, 4]
    held = service_area(area.school).get(village__moo=3)
    client.post(reverse("schools:drop_village", args=[area.school.pk, held.pk]))
    assert [s.village.moo for s in service_area(area.school)] == [1, 4]
    listed = client.get(reverse("register:list", args=["villages"]), {"served": "false"}).content.decode()
    assert "บ้านไร่ 3" in listed and "บ้านไร่ 4" not in listed


def test_a_principal_reads_the_service_area_and_does_not_write(area, villages, client, year):
    serve_villages(actor=area.planner, school=area.school, villages=villages, since_year=year)
    client.force_login(area.principal_account)
    url = reverse("schools:service_area", args=[area.school.pk])
    page = client.get(url).content.decode()
    assert "บ้านไร่ 3" in page and "เพิ่มเข้าเขตพื้นที่บริการ" not in page
    assert client.post(url, {"tambon": "990302", "moos": "1"}).status_code == 403
    held = ServiceVillage.objects.first()
    assert client.post(reverse("schools:drop_village", args=[area.school.pk, held.pk])).status_code == 403
    other = client.get(reverse("schools:service_area", args=[area.other.pk]))
    assert other.status_code == 200  # public inside, as the register of villages is
    assert reverse("register:detail", args=["schools", area.other.pk]) not in other.content.decode()
    assert client.get(reverse("schools:service_area", args=[999_999])).status_code == 404
    tab = client.get(reverse("register:tab", args=["schools", area.school.pk, "service"]))
    assert "บ้านไร่ 3" in tab.content.decode()
