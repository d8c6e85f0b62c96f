"""Land: the sheet of parcels in, out and in again; what it tells of a row; the parcels on the school's page."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khet.base.lib.errors import Forbidden
from khet.kits.register.actions import undo
from khet.kits.register.api import export_file, import_file
from khet.kits.register.models import Batch
from khet.modules.assets.actions.land import add_land, import_land, remove_imported_land
from khet.modules.assets.models import Land
from khet.modules.assets.records.land_files import kind_of_words

HEADS = ["รหัสโรงเรียน", "ชื่อโรงเรียน", "ประเภทเอกสารสิทธิ์", "เลขที่เอกสารสิทธิ์", "ที่ราชพัสดุแปลงหมายเลขทะเบียน", "เนื้อที่"]


@pytest.fixture
def bring(tmp_path):
    def bring(area, rows, heads=HEADS, actor=None, confirm=True):
        path = tmp_path / "ที่ดิน.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([heads, *rows])
        return import_file(actor=actor or area.system, kind="land", path=path, confirm=confirm)

    return bring


def counts(result):
    return result.new, result.changed, result.same, result.wrong


def rows_of(area):
    school, other = area.school.unit, area.other.unit
    return [
        [school.code, school.name, "ที่ราชพัสดุ", "", "ศธ.๑๒๓", "12-2-35.5"],
        [school.code, school.name, "โฉนด", "1234", "", "2 ไร่ 3 งาน"],
        [other.code, other.name, "น.ส.3ก", "88", "", "5"],
        [other.code, other.name, "", "ส.ค.1 เลขที่ 7", "", "0-3-99"],
        [other.code, other.name, "ไม่มีเอกสารสิทธิ์", "", "", "1-0-0"],
    ]


def told(unit):
    return [
        (land.number, land.kind, land.document, land.treasury_number, land.area)
        for land in Land.objects.filter(unit=unit).order_by("number")
    ]


def test_a_sheet_of_land_goes_in_and_the_second_time_nothing_changes(area, bring):
    assert counts(bring(area, rows_of(area))) == (5, 0, 0, 0)
    assert told(area.school.unit) == [
        (1, "treasury", "", "ศธ.๑๒๓", "12-2-35.5"),
        (2, "deed", "1234", "", "2-3-0"),
    ]
    assert told(area.other.unit) == [
        (1, "ns3", "88", "", "5-0-0"),
        (2, "sk1", "ส.ค.1 เลขที่ 7", "", "0-3-99"),
        (3, "none", "", "", "1-0-0"),
    ]
    assert Land.objects.get(document="1234").area_wa == Decimal(1100)
    again = bring(area, rows_of(area))
    assert counts(again) == (0, 0, 5, 0) and again.sentence.startswith("ไม่มีอะไรเปลี่ยน")
    assert counts(bring(area, list(reversed(rows_of(area))))) == (0, 0, 5, 0), "in whatever order"


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_what_came_in_goes_out_and_comes_back_unchanged(area, bring, tmp_path, format):
    bring(area, rows_of(area))
    path = Path(tmp_path / f"out.{format}")
    assert export_file(actor=area.system, kind="land", path=path) == 5
    back = import_file(actor=area.system, kind="land", path=path, confirm=True)
    assert counts(back) == (0, 0, 5, 0), back.faults
    if format == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            [first, *_rest] = [row for row in csv.DictReader(file) if row["ทะเบียนราชพัสดุ (ทรส.)"]]
        assert (first["ประเภทที่ดิน"], first["ไร่"], first["งาน"], first["ตารางวา"]) == (
            "ที่ราชพัสดุ",
            "12",
            "2",
            "35.5",
        )


def test_a_change_is_found_by_the_papers_and_undone(area, bring):
    bring(area, rows_of(area))
    rows = rows_of(area)
    rows[1][5] = "2-3-50"  # by the deed's number
    rows[0][5] = "13-0-0"  # by the treasury's number
    rows[4][5] = "1-1-0"  # the only parcel without papers
    assert counts(bring(area, rows)) == (0, 3, 2, 0)
    assert [row[-1] for row in told(area.school.unit)] == ["13-0-0", "2-3-50"]
    undo(actor=area.system, batch=Batch.objects.order_by("-pk").first())
    assert [row[-1] for row in told(area.school.unit)] == ["12-2-35.5", "2-3-0"]
    undo(actor=area.system, batch=Batch.objects.order_by("pk").first())
    assert not Land.objects.exists()


def test_rai_ngan_and_wa_may_stand_in_columns_of_their_own(area, bring):
    heads = ["รหัสโรงเรียน", "แปลงที่", "ประเภทที่ดิน", "เลขที่โฉนด", "ไร่", "งาน", "ตร.ว.", "เนื้อที่"]
    code = area.school.unit.code
    assert counts(bring(area, [[code, "3", "โฉนดที่ดิน", "9", "7", "", "20.25", "7-0-20.25"]], heads)) == (
        1,
        0,
        0,
        0,
    )
    assert told(area.school.unit) == [(3, "deed", "9", "", "7-0-20.25")]
    other = bring(area, [[code, "3", "โฉนดที่ดิน", "9", "7", "", "20.25", "8-0-0"]], heads)
    assert counts(other) == (0, 0, 0, 1) and "ไม่ตรงกับช่อง ไร่ งาน ตารางวา ซึ่งรวมได้ 7-0-20.25" in str(
        other.faults
    )


def test_what_a_row_lacks_is_told_and_the_rest_comes_in(area, bring):
    code = area.school.unit.code
    result = bring(
        area,
        [
            [code, "", "ที่ดินอะไรไม่รู้", "5", "", "1-0-0"],
            [code, "", "", "6", "", "1-0-0"],
            [code, "", "โฉนด", "7", "", "กว้างมาก"],
            [code, "", "โฉนด", "8", "", "1-4-0"],
            [code, "", "โฉนด", "9", "", "1-0-0"],
            [code, "", "โฉนด", "เลขที่ ๙", "", "2-0-0"],
            ["00000000", "", "โฉนด", "10", "", "1-0-0"],
            [code, "", "", "", "ทรส. 44", "1-0-0"],
        ],
    )
    assert counts(result) == (1, 0, 0, 7)
    said = str(result.faults)
    for words in (
        "ไม่รู้จักประเภทที่ดิน",
        "แปลงใหม่ไม่บอกประเภทที่ดิน",
        "อ่านเนื้อที่ “กว้างมาก” ไม่ได้",
        "พบซ้ำที่แถว",
        "ไม่รู้จักโรงเรียน",
    ):
        assert words in said, words
    assert told(area.school.unit)[0][1:4] == ("treasury", "", "ทรส. 44")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("น.ส. ๓ ก.", "ns3"), ("โฉนดที่ดินเลขที่ 12", "deed"), ("น.ส.4จ", "deed"), ("ส.ป.ก. 4-01", "spk"), ("นสล. 123", "public"),
        ("ที่สาธารณะ", "public"), ("ราชพัสดุ", "treasury"), ("ส.ค.1", "sk1"), ("ที่ธรณีสงฆ์", "temple"), ("ป่าสงวนแห่งชาติ", "forest"),
        ("น.ส. 3 / น.ส. 3 ก.", "ns3"), ("ส.ค. 1 หรือใบจอง (น.ส. 2)", "sk1"), ("ที่เอกชนให้ใช้", "borrowed"), ("กขค", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_words_of_deeds_tell_the_kind(words, kind):
    assert kind_of_words(words) == kind


def test_a_clerk_brings_the_land_of_their_own_school_alone(area, bring):
    rows = rows_of(area)
    assert counts(bring(area, rows, actor=area.actor("clerk"))) == (2, 0, 0, 3)
    assert not Land.objects.filter(unit=area.other.unit).exists()
    with pytest.raises(Forbidden):
        import_land(
            actor=area.actor("clerk"), new=[{"unit": area.other.unit, "number": 1, "kind": "deed"}], changed=[], source="x",
        )  # fmt: skip
    theirs = add_land(actor=area.system, unit=area.other.unit, kind="deed", rai=1)
    with pytest.raises(Forbidden):
        remove_imported_land(actor=area.actor("clerk"), parcels=[theirs], source="x")


def test_an_import_costs_the_same_statements_for_few_and_for_many(area, bring):
    def spent(first: int, many: int) -> int:
        rows = [
            [area.school.unit.code, "", "โฉนด", str(number), "", "1-0-0"]
            for number in range(first, first + many)
        ]
        with CaptureQueriesContext(connection) as asked:
            assert counts(bring(area, rows)) == (many, 0, 0, 0)
        return len(asked)

    spent(1, 3)
    assert spent(100, 3) == spent(200, 60)


def test_the_land_stands_on_the_page_of_its_school(area, bring, client):
    bring(area, rows_of(area))
    client.force_login(area.accounts["clerk"])
    page = client.get(reverse("register:tab", args=["schools", area.school.pk, "land"])).content.decode()
    for words in ("15-1-35.5", "โฉนดที่ดิน 1234", "ศธ.๑๒๓", "12-2-35.5", "ไม่มีเลขที่เอกสาร"):
        assert words in page, words
    Land.objects.all().delete()
    empty = client.get(reverse("register:tab", args=["schools", area.school.pk, "land"])).content.decode()
    assert "ยังไม่มีที่ดินของโรงเรียนนี้ในทะเบียน" in empty
