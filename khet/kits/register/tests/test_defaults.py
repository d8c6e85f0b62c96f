"""The shortest declaration gives a whole register (docs/howto/add-a-register.md), and cells are read with sentences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from khet.base.org.api import Actor, Holiday, Unit
from khet.base.org.choices import UnitKind
from khet.kits.register.bases import ImportColumn, Record, Wrong
from khet.kits.register.choices import Kind
from khet.kits.register.queries.lists import ListState, list_page


class Holidays(Record[Holiday]):
    code = "holidays"
    model = Holiday


class Units(Record[Unit]):
    code = "units"
    model = Unit


def test_everything_is_derived_from_the_model():
    record = Units()
    assert [column.code for column in record.columns][:5] == ["since", "until", "kind", "code", "name"]
    assert [facet.code for facet in record.facets] == ["kind"]
    assert {"name", "code"} <= set(record.search)
    assert "name" in record.form_class(record.sections).base_fields
    assert not record.may_edit(Actor.system()) and record.editable(Actor.system()) == []


@pytest.mark.django_db
def test_a_derived_list_works(monkeypatch):
    record = Holidays()
    Holiday.objects.create(day=date(2026, 12, 5), name="วันพ่อแห่งชาติ")
    Holiday.objects.create(day=date(2026, 12, 10), name="วันรัฐธรรมนูญ")
    page = list_page(record, Actor.system(), ListState.read(record, QueryDict("q=พ่อ&order=-name&nonsense=1")))
    assert (page.total, page.count, len(page.rows)) == (2, 1, 1)
    assert [str(cell) for _column, cell in page.rows[0].cells] == ["วันพ่อแห่งชาติ"]


@pytest.mark.django_db
def test_counts_of_a_facet_follow_the_other_conditions():
    record = Units()
    for number in range(5):
        kind = UnitKind.TEAM if number < 3 else UnitKind.GROUP
        Unit.objects.create(kind=kind, code=f"c{number}", name=f"หน่วย {number % 2}", short_name="x")
    state = ListState.read(record, QueryDict("q=หน่วย 0&kind=team"))
    page = list_page(record, Actor.system(), state)
    assert {choice.label: (choice.count, choice.chosen) for choice in page.facets[0].choices} == {
        UnitKind.TEAM.label: (2, True),
        UnitKind.GROUP.label: (1, False),
    }
    assert page.count == 2


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (ImportColumn("a", "รหัส", kind=Kind.CODE, length=8), "๙๙๐๒-๐๐๘๘", "99020088"),
        (ImportColumn("a", "รหัส", kind=Kind.CODE, length=8), "99020088.0", "99020088"),
        (ImportColumn("a", "วัน", kind=Kind.DATE), "๒๓ พ.ย. ๖๙", date(2026, 11, 23)),
        (ImportColumn("a", "ระยะ", kind=Kind.DECIMAL, places=1), "1,234.56", Decimal("1234.6")),
        (ImportColumn("a", "ชื่อ"), "'=cmd|x", "=cmd|x"),
        (ImportColumn("a", "ชื่อ"), " \u200bน\u0e4d\u0e49า\x00 ", "น้ำ"),
        (ImportColumn("a", "ชื่อ"), "-", None),
        (ImportColumn("a", "ชนิด", kind=Kind.CHOICE, choices={"ทีม": "team"}), "ทีม", "team"),
    ],
)
def test_cells_are_read_as_people_write_them(column, cell, value):
    assert column.parse(cell) == value


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        (ImportColumn("a", "รหัส", kind=Kind.CODE, length=8), "9902x088", "ตัวอักษร x ในหลักที่ 5"),
        (ImportColumn("a", "วัน", kind=Kind.DATE), "30/02/2563", "30/02/2563"),
        (ImportColumn("a", "จำนวน", kind=Kind.WHOLE, low=0, high=10), "11", "0 ถึง 10"),
        (ImportColumn("a", "จำนวน", kind=Kind.WHOLE), "1.5", "มีเศษ"),
        (ImportColumn("a", "จำนวน", kind=Kind.WHOLE), "มาก", "ไม่ใช่ตัวเลข"),
        (ImportColumn("a", "จำนวน", kind=Kind.WHOLE), "NaN", "มากเกินไป"),
        (ImportColumn("a", "ชื่อ", required=True), " ", "ว่างอยู่"),
        (ImportColumn("a", "ชื่อ", max_length=3), "ยาวมาก", "รับได้ไม่เกิน 3"),
        (ImportColumn("a", "ชนิด", kind=Kind.CHOICE, choices={"ทีม": "team"}), "วง", "ทีม"),
    ],
)
def test_a_cell_that_cannot_be_read_says_what_to_do(column, cell, words):
    with pytest.raises(Wrong) as why:
        column.parse(cell)
    assert words in str(why.value)
