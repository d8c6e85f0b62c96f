import csv
import io
import re
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khet.base.lib import sheets
from khet.base.lib.errors import Refusal

RISKY = [
    "=1+1", "+66812345678", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠a", " =1", "\u00a0=1", "'=1", "''=1",
    "=cmd|' /C calc'!A0", '=HYPERLINK("http://a.example","กด")', 'a"\n=1', "-5", "0012", "1234567890121", "น้ำ", "'quoted'", "",
]  # fmt: skip


def out(write, rows, columns, name):
    file = io.BytesIO()
    assert write(iter(rows), columns, file) == len(rows)
    return file


@pytest.mark.parametrize("text", RISKY[:11] + RISKY[14:16])
def test_no_csv_cell_begins_with_a_sign_that_computes(text):
    file = out(sheets.write_csv, [[text]], ["ช่อง"], "a.csv")
    [_, [cell]] = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))
    assert not re.match(r"[\s]*[=+\-@\t\r＝＋－＠]", cell)
    assert text in cell


@pytest.mark.parametrize(("write", "name"), [(sheets.write_csv, "a.csv"), (sheets.write_xlsx, "a.xlsx")])
def test_what_goes_out_comes_back(write, name):
    kept = RISKY if write is sheets.write_csv else [text for text in RISKY if "\r" not in text]
    rows = [[str(n), text, "ท้าย"] for n, text in enumerate(kept)]
    sheet = sheets.read(out(write, rows, ["ที่", "ข้อความ", "จบ"], name), name, known=["ที่", "ข้อความ"])
    assert sheet.rows == rows


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
            | st.sampled_from("'=+-@\t\n\"\u200b;,"),
            max_size=12,
        ),
        min_size=20,
        max_size=40,
    )
)
def test_any_text_in_csv_comes_back(texts):
    rows = [["x", text, "y"] for text in texts]
    sheet = sheets.read(out(sheets.write_csv, rows, ["ก", "ข", "ค"], "a.csv"), "a.csv", known=["ก", "ข", "ค"])
    assert sheet.rows == [["x", text.replace("\ufffe", "").replace("\uffff", ""), "y"] for text in texts]


def test_workbook_cells_are_text_without_formula_or_link():
    file = out(
        sheets.write_xlsx,
        [[text] for text in RISKY] + [["http://a.example"], [5], [Decimal("2.50")], [10**18]],
        ["ช่อง"],
        "a.xlsx",
    )
    with zipfile.ZipFile(file) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
        names = archive.namelist()
    assert not re.search(r"<f[ >]", page) and "<hyperlink" not in page
    assert not [name for name in names if "externalLink" in name or "vba" in name.lower()]
    assert page.count("<v>") == 2 and ">1000000000000000000<" in page


def test_a_cell_too_long_for_excel_is_refused_by_row_and_column():
    with pytest.raises(Refusal) as why:
        sheets.write_xlsx([["ก"], ["ก" * 40_000]], ["เรื่อง"], io.BytesIO())
    assert "แถวที่ 3" in str(why.value) and "เรื่อง" in str(why.value)
