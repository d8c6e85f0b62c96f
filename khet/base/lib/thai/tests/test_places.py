from decimal import Decimal

import pytest

from khet.base.lib import thai


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4", 4), ("ม.4", 4), ("ม 4", 4), ("หมู่ที่ ๔", 4), ("หมู่ 04", 4), ("หมู่บ้านที่ 12", 12), ("4.0", 4), ("Moo 7", 7),
        ("4 บ้านนา", 4), ("ม.4 ต.ไร่ธาร", 4), ("", 0), (" - ", 0), ("0", 0),
        ("123", None), ("4/2", None), ("4 ซ.2", None), ("กลางบ้าน", None), ("4-6", None), ("-4", None),
    ],
)  # fmt: skip
def test_the_number_of_a_moo_is_read_as_registers_write_it(text, number):
    assert thai.moo_of(text) == number


@pytest.mark.parametrize(
    ("text", "wa"),
    [
        ("12-2-35", "5035"), ("12 - 2 - 35.5", "5035.5"), ("๑๒-๒-๓๕", "5035"), ("12/2/35", "5035"), ("12 ไร่ 2 งาน 35 ตารางวา", "5035"),
        ("12ไร่2งาน35.25ตร.ว.", "5035.25"), ("12 ไร่", "4800"), ("12.5 ไร่", "5000"), ("3 งาน", "300"), ("80 วา", "80"), ("12", "4800"),
        ("1,200", "480000"), ("12-4-35", None), ("12-2", None), ("กว้างมาก", None), ("", None), ("-", None),
    ],
)  # fmt: skip
def test_land_is_read_in_every_spelling(text, wa):
    assert thai.read_area(text) == (None if wa is None else Decimal(wa))


@pytest.mark.parametrize("said", ["12-2-35", "0-0-0", "1-0-99.5", "0-3-0", "99999-3-99.99", "0-0-10"])
def test_land_is_written_as_it_is_read(said):
    assert thai.written_area(thai.read_area(said)) == said
