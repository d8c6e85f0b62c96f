import datetime as dt
import io

import pytest
import xlsxwriter

from khet.base.lib import sheets
from khet.base.lib.errors import Refusal
from khet.base.lib.sheets.tests import attacks

KNOWN = ["รหัส", "ชื่อ"]


def refused(data: bytes, name: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        sheets.read(data, name, known=KNOWN)
    assert "%(" not in str(caught.value)
    return caught.value


def test_a_plain_workbook():
    sheet = sheets.read(attacks.packed(attacks.parts()), "a.xlsx", known=KNOWN)
    assert (sheet.columns, sheet.rows, sheet.header_row, sheet.sheet_name) == (
        ["รหัส", "ชื่อ"],
        [["01", "ก"]],
        1,
        "S",
    )


def test_two_cells_at_the_ends_of_the_sheet():
    rows = f'<row r="1">{attacks.cell("A1", "รหัส")}</row><row r="1048576">{attacks.cell("XFD1048576", "x")}</row>'
    data = attacks.packed(attacks.parts(rows))
    assert len(data) < 5_000
    assert refused(data, "a.xlsx").code == "sheets.cells"


@pytest.mark.parametrize(
    "far",
    [
        '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>',
        "<c t='inlineStr' r='XFD1048576'><is><t>x</t></is></c>",
        '<x:c r="XFD1048576" t="inlineStr"><is><t>x</t></is></x:c>',
    ],
)
def test_a_far_cell_after_megabytes_of_usual_ones(far):
    rows = "".join(
        f'<row r="{n}">{attacks.cell(f"A{n}", "รหัส")}{attacks.cell(f"B{n}", "ชื่อ")}</row>'
        for n in range(1, 20_000)
    )
    assert len(rows) > 2 << 20
    data = attacks.packed(attacks.parts(f'{rows}<row r="1048576">{far}</row>'))
    assert refused(data, "a.xlsx").code == "sheets.cells"


def test_columns_further_right_in_a_later_part_are_read():
    rows = "".join(f'<row r="{n}">{attacks.cell(f"A{n}", "รหัส" * 20)}</row>' for n in range(1, 12_000))
    last = f'<row r="12000">{attacks.cell("A12000", "ก")}{attacks.cell("BC12000", "ท้าย")}</row>'
    sheet = sheets.read(attacks.packed(attacks.parts(rows + last)), "a.xlsx", known=KNOWN)
    assert (sheet.height, len(sheet.columns)) == (11_999, 55)
    assert (sheet.rows[-1][0], sheet.rows[-1][54], sheet.top(1)[0][54]) == ("ก", "ท้าย", "")


def test_many_distinct_texts_of_a_column_and_blank_rows():
    lines = "".join(f"ชื่อ{n},{n % 3}\n" for n in range(70_000))
    sheet = sheets.read(f"ชื่อ,รหัส\n{lines},\nท้าย,9\n".encode(), "a.csv", known=KNOWN)
    assert (sheet.height, sheet.blank, sheet.rows[-1]) == (70_002, [70_000], ["ท้าย", "9"])
    assert (len(sheet.body[0].texts), sheet.body[1].texts) == (70_002, ["0", "1", "2", "", "9"])
    assert sheet.rows[69_999] == ["ชื่อ69999", "0"]


def test_an_empty_formatted_far_cell_is_no_harm():
    rows = f'<row r="1">{attacks.cell("A1", "รหัส")}{attacks.cell("B1", "ชื่อ")}</row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert sheets.read(attacks.packed(attacks.parts(rows)), "a.xlsx", known=KNOWN).rows == []


def test_a_sheet_of_400_mb_in_a_small_file():
    files = attacks.parts()
    data = attacks.packed(files | {"xl/worksheets/sheet1.xml": b" " * (400 * 1024 * 1024)})
    assert len(data) < 3_000_000
    assert refused(data, "a.xlsx").code == "sheets.unpacked"


def test_too_many_shared_texts():
    files = attacks.parts() | {"xl/sharedStrings.xml": b"<sst>" + b"<si><t/></si>" * 3_100_000 + b"</sst>"}
    assert refused(attacks.packed(files), "a.xlsx").code in ("sheets.cells", "sheets.unpacked")


@pytest.mark.parametrize(
    "prolog",
    ['<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">'],
)
def test_entities(prolog):
    assert refused(attacks.packed(attacks.parts(prolog=prolog)), "a.xlsx").code == "sheets.entities"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda: attacks.overlapping(), "sheets.overlap"),
        (lambda: attacks.many_entries(1_000_000), "sheets.entries"),
        (lambda: attacks.packed(attacks.parts() | {"../../evil.xml": "x"}), "sheets.names"),
        (lambda: attacks.packed(attacks.parts() | {"/etc/evil.xml": "x"}), "sheets.names"),
        (lambda: attacks.packed(attacks.parts() | {"C:\\evil.xml": "x"}), "sheets.names"),
        (lambda: attacks.with_link(), "sheets.link"),
        (lambda: attacks.packed(attacks.parts() | {"more.zip": attacks.packed({"a": "b"})}), "sheets.nested"),
        (lambda: attacks.packed(attacks.parts() | {"xl/vbaProject.bin": b"x"}), "sheets.macros"),
        (lambda: attacks.packed(attacks.parts())[:-30], "sheets.broken"),
        (lambda: attacks.packed({"word/document.xml": "<x/>"}), "sheets.word"),
        (lambda: attacks.packed({"a.txt": "x"}), "sheets.zip"),
        (lambda: attacks.ole("EncryptedPackage"), "sheets.encrypted"),
        (lambda: attacks.ole("Workbook", "_VBA_PROJECT_CUR"), "sheets.macros"),
        (lambda: "รหัส,ชื่อ\r\n1,ก".encode(), "sheets.misnamed"),
        (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "sheets.html"),
        (lambda: b"%PDF-1.7\n", "sheets.other"),
        (lambda: b"", "sheets.empty"),
    ],
)
def test_what_is_refused_before_parsing(data, code):
    assert refused(data(), "a.xlsx").code == code


def test_a_workbook_named_csv_and_a_macro_book_by_name():
    assert refused(attacks.packed(attacks.parts()), "a.csv").code == "sheets.misnamed"
    assert refused(attacks.packed(attacks.parts()), "a.xlsm").code == "sheets.macros"
    assert refused(b"<html><table></table></html>", "a.xls").code == "sheets.html"
    assert refused(b"<html><table><tr><td>1</td></tr></table></html>", "a.csv").code == "sheets.html"
    assert refused(attacks.ole("Workbook"), "a.xls").code == "sheets.broken"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp874", "tis-620", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_text_of_every_office(encoding, sign):
    text = (
        sign.join(["รหัส", "ชื่อ", "note"])
        + "\r\n"
        + sign.join(["0012", '"น้ำ ""ใส""\nสอง, หนึ่ง; แล้ว"', "abc"])
        + "\r\n"
    )
    sheet = sheets.read(text.encode(encoding), "a.csv", known=KNOWN)
    assert sheet.columns == ["รหัส", "ชื่อ", "note"]
    assert sheet.rows == [["0012", 'น้ำ "ใส"\nสอง, หนึ่ง; แล้ว', "abc"]]


def test_mixed_encodings_name_the_line():
    data = "รหัส,ชื่อ\nหนึ่ง,สองสามสี่ห้า\n".encode() + "บ้าน,ควน\n".encode("cp874")
    why = refused(data, "a.csv")
    assert (why.code, "บรรทัดที่ 3" in str(why)) == ("sheets.encoding", True)


def test_nul_long_line_and_open_quote_name_the_line():
    assert refused(b"a,b\n1,2\n3,\0\n", "a.csv").code == "sheets.nul"
    why = refused(b"a,b\n" + b"x" * (49 * 1024 * 1024), "a.csv")
    assert (why.code, "บรรทัดที่ 2" in str(why)) == ("sheets.line", True)
    assert refused(b'a,b\n1,"open\n' + b"x,y\n" * 50_000, "a.csv").code == "sheets.cell"
    assert refused(bytes(51 * 1024 * 1024), "a.csv").code == "sheets.size"


def test_the_header_row_is_found_under_titles():
    text = "รายงานนักเรียน,,\n,,\nโรงเรียนบ้านนาทอง,,\nที่, รหัส นักเรียน ,ชื่อ\n1,0012,มะลิ\n\n2,0013,จำปี\n,,\n"
    sheet = sheets.read(text.encode(), "a.csv", known=["รหัสนักเรียน", "ชื่อ"])
    assert (sheet.header_row, sheet.columns) == (4, ["ที่", "รหัส นักเรียน", "ชื่อ"])
    assert [number for number, _ in sheet.numbered()] == [5, 7]


def book(write, **options) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options) as made:
        write(made)
    return out.getvalue()


def test_dates_numbers_formulas_and_merged_cells():
    def write(made):
        first = made.add_worksheet("ปก")
        first.write("A1", "ปกรายงาน")
        page = made.add_worksheet("ข้อมูล")
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        page.merge_range("A1:C1", "หัวเรื่อง")
        page.write_row(2, 1, ["รหัส", "ชื่อ", "วัน", "วัน", "จำนวน", "สูตร", "จริง"])
        page.write_row(3, 1, [1234567890121, "ก"])
        page.write_datetime(3, 3, dt.datetime(2026, 11, 23), day)
        page.write_datetime(3, 4, dt.datetime(2569, 11, 23), day)
        page.write_row(3, 5, [0.1])
        page.write_formula(3, 6, "=1+1", value=2)
        page.write_boolean(3, 7, True)
        made.add_worksheet("ซ่อน").hide()

    sheet = sheets.read(book(write), "a.xlsx", known=KNOWN)
    assert (sheet.sheet_name, sheet.sheet_names, sheet.header_row) == ("ข้อมูล", ["ปก", "ข้อมูล"], 3)
    assert sheet.rows == [["", "1234567890121", "ก", "23/11/2569", "23/11/2569", "0.1", "2", "TRUE"]]
    assert len(sheet.notes) == 2
    assert sheets.read(book(write), "a.xlsx", sheet="ปก").columns == ["ปกรายงาน"]


def test_swapped_and_missing_columns_come_as_they_are():
    sheet = sheets.read("ชื่อ,รหัส\nก,1\nข\nค,3,เกิน\n".encode(), "a.csv", known=KNOWN)
    assert sheet.columns == ["ชื่อ", "รหัส", ""]
    assert sheet.rows == [["ก", "1", ""], ["ข", "", ""], ["ค", "3", "เกิน"]]


def test_a_child_that_overstays_is_stopped(monkeypatch):
    from khet.base.lib.sheets import reading

    monkeypatch.setattr(reading, "SECONDS", 0.001)
    with pytest.raises(Refusal) as why:
        sheets.read(b"a,b\n1,2\n", "a.csv")
    assert why.value.code == "sheets.time"


def test_an_ods_that_repeats_its_cells_stops_the_child_not_the_server():
    assert refused(attacks.ods(columns=16_000, rows=1_000_000), "a.ods").code in (
        "sheets.memory",
        "sheets.cells",
        "sheets.broken",
    )


def test_a_plain_ods():
    sheet = sheets.read(attacks.ods(columns=2, rows=3), "a.ods")
    assert sheet.rows == [["x", "x"], ["x", "x"]]


PAGE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-874"><style>td {color: red}</style></head>
<body><table><tr><td>เมนู</td></tr></table><script>document.write("<table><tr><td>รหัส</td><td>ชื่อ</td></tr></table>")</script>
<table border=1><tr><td colspan=3>ข้อมูลครุภัณฑ์</td></tr>
<tr><th rowspan="2">รหัส</th><th rowspan="2">ชื่อ</th><th colspan="2">จำนวน</th></tr>
<tr><th>ใช้ได้</th><th>รอซ่อม</th></tr>
<tr><td>11001</td><td>โต๊ะ&nbsp;เรียน<br>ไม้</td><td>12<td>1
<tr><td>11002</td><td>&lt;b&gt;เก้าอี้</td><td></td><td>3</td></tr></table></body></html>"""


def test_a_web_page_saved_as_xls_is_read_as_the_table_it_holds():
    sheet = sheets.read(PAGE.encode("cp874"), "mobec.xls", known=KNOWN)
    assert (sheet.encoding, sheet.header_row, sheet.head_rows) == ("cp874", 3, 2)
    assert sheet.columns == ["รหัส", "ชื่อ", "จำนวน ใช้ได้", "จำนวน รอซ่อม"]
    assert sheet.rows == [["11001", "โต๊ะ เรียน ไม้", "12", "1"], ["11002", "<b>เก้าอี้", "", "3"]]
    # A page that says one encoding and holds another is read as what it holds.
    assert sheets.read(PAGE.encode(), "mobec.xls", known=KNOWN).rows[0][1] == "โต๊ะ เรียน ไม้"


def test_a_page_that_spans_more_than_a_table_can_be():
    bomb = "<table>" + "<tr><td rowspan=9999 colspan=999>x</td></tr>" * 6_000 + "</table>"
    assert refused(bomb.encode(), "a.xls").code == "sheets.cells"
    assert refused(b"<table>" * 100 + b"<tr><td>1", "a.xls").code == "sheets.broken"


def test_heads_in_two_rows_of_a_workbook_become_one():
    def write(made):
        page = made.add_worksheet("ข้อมูล")
        page.merge_range("A1:E1", "จำนวนนักเรียน ณ 10 มิ.ย. 2569")
        page.merge_range("A2:A3", "รหัส")
        page.merge_range("B2:B3", "ชื่อ")
        page.merge_range("C2:E2", "นักเรียน")
        page.write_row("C3", ["ชาย", "หญิง", "รวม"])
        page.write_row("A4", ["01", "บ้านไร่", 10, 12, 22])

    sheet = sheets.read(book(write), "a.xlsx", known=KNOWN)
    assert sheet.columns == ["รหัส", "ชื่อ", "นักเรียน ชาย", "นักเรียน หญิง", "นักเรียน รวม"]
    assert (sheet.header_row, sheet.rows) == (3, [["01", "บ้านไร่", "10", "12", "22"]])


def test_a_far_formatted_cell_among_many_is_told_from_a_far_value():
    near = "".join(
        f'<row r="{n}">{attacks.cell(f"A{n}", "x")}{attacks.cell(f"B{n}", "y")}</row>' for n in range(1, 50)
    )
    empty = attacks.packed(attacks.parts(near + '<row r="900000"><c r="ZZ900000" s="1"/></row>'))
    assert len(sheets.read(empty, "a.xlsx").rows) == 48
    full = attacks.packed(attacks.parts(near + f'<row r="900000">{attacks.cell("ZZ900000", "z")}</row>'))
    assert refused(full, "a.xlsx").code == "sheets.cells"
