"""The composed book, read back from its PDF: totals, the same bytes, PDF/A, chapters, sheets and documents of words."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache

import openpyxl
import pikepdf
import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn

from khet.base.lib.pdf.books import Book, Page, Picture, Table, book_pdf, numbered
from khet.base.lib.thai import to_arabic_digits
from khet.outlets.books.choices import CHAPTERS
from khet.outlets.books.composing import compose, compose_leaflet, compose_school
from khet.outlets.books.composing.making import Making
from khet.outlets.books.composing.pictures import Pictures
from khet.outlets.books.composing.pupils import PUPILS, over_years
from khet.outlets.books.facts import PastFact
from khet.outlets.books.tests.invented import DrawnMaps, invented, outline
from khet.outlets.books.writing.sheets import tables_xlsx
from khet.outlets.books.writing.words import book_docx
from tests.read_back import numbers_after, pages_of

SCHOOLS = 18


def making(**more: object) -> Making:
    texts = {
        "preface": "<p>คำนำของสำนักงาน <strong>ฉบับทดสอบ</strong></p>",
        "structure": "<ul><li>วิสัยทัศน์</li></ul>",
    }
    return Making(
        facts=invented(SCHOOLS), pictures=Pictures(lambda _chart: outline(), DrawnMaps()), texts=texts, **more
    )


@cache
def whole() -> Book:
    return compose(making(), [chapter.code for chapter in CHAPTERS])


@cache
def pdf() -> bytes:
    return book_pdf(whole())


@cache
def pages() -> tuple[str, ...]:
    return pages_of(pdf())


def test_every_school_and_grade_of_the_book_equals_the_register() -> None:
    """What the PDF says, read back from its letters, against the rows that were counted."""
    facts = invented(SCHOOLS)
    cube = facts.cube(PUPILS, "school")
    grades = cube.dim("grade").values
    for school in facts.schools:
        text = next(page for page in pages() if f"SMIS {school.code}" in page)
        for grade, words in grades.items():
            counted = [
                cube.of(school.code, grade=grade, **sex) or 0 for sex in ({"sex": "m"}, {"sex": "f"}, {})
            ]
            if counted[2]:
                assert numbers_after(text, words)[:3] == counted, (school.name, grade)
        total = cube.of(school.code)
        assert numbers_after(text, "รวมทั้งสิ้น")[2] == total, school.name


def test_the_whole_area_is_the_sum_of_its_schools() -> None:
    cube = invented(SCHOOLS).cube(PUPILS, "school")
    rows = [row.n or 0 for row in cube.rows]
    text = next(
        page for page in pages() if "จำนวนนักเรียนและห้องเรียน จำแนกตามชั้นและเพศ" in page and "รวมทั้งสิ้น" in page
    )
    assert numbers_after(text, "รวมทั้งสิ้น")[2] == sum(rows)


def test_two_runs_give_the_same_bytes() -> None:
    assert book_pdf(compose(making(), [chapter.code for chapter in CHAPTERS])) == pdf()
    assert tables_xlsx(whole()) == tables_xlsx(whole())
    assert book_docx(whole()) == book_docx(whole())


def test_it_is_pdf_a_and_dated_by_the_census() -> None:
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        with opened.open_metadata() as meta:
            assert (meta.get("pdfaid:part"), meta.get("pdfaid:conformance")) == ("2", "B")
        assert str(opened.docinfo["/CreationDate"]).startswith("D:20260630")
        assert whole().fingerprint.split()[0] in str(opened.docinfo["/Keywords"])


@pytest.mark.parametrize(
    ("chosen", "there", "missing"),
    [(["pupils"], "นักเรียนตามอำเภอ", "ดัชนีโรงเรียน"), (["schools"], "ดัชนีโรงเรียน", "บุคลากรตามกลุ่มงาน")],
)
def test_only_chosen_chapters_are_printed(chosen: list[str], there: str, missing: str) -> None:
    book = compose(making(thai_digits=False), chosen)
    text = "".join(pages_of(book_pdf(book)))
    assert there in text and missing not in text
    assert "บทที่ 1" in text and "บทที่ 2" not in text


def test_every_school_has_a_page_and_stands_in_the_index_with_it() -> None:
    facts = invented(SCHOOLS)
    marks = [block.mark for _part, block, _number in numbered(whole()) if isinstance(block, Page)]
    assert len(marks) == len(set(marks)) == len(facts.schools)
    # Folios stand at the foot; the index repeats them. The body begins after the front matter, on page 1.
    place = {
        school.code: n
        for n, page in enumerate(pages())
        for school in facts.schools
        if f"SMIS {school.code}" in page
    }
    first = next(
        n for n, page in enumerate(pages()) if "บทที่ 1" in page and "โครงสร้าง" in page and "สารบัญ" not in page
    )
    index = "".join(pages()[-2:])
    for school in facts.schools:
        if len(school.name) < 18:
            assert re.search(
                re.escape(school.name) + rf"\s*{school.district}\s*{place[school.code] - first + 1}\b", index
            ), school.name


def test_a_small_cell_is_a_star_and_never_added_up() -> None:
    cube = invented(SCHOOLS).cube("poor", "school")
    hidden = [row.place for row in cube.rows if row.hidden]
    assert hidden and all(cube.of(place) == "*" for place in hidden)
    assert any("จำนวนน้อย ไม่แสดง" in page for page in pages())


def test_a_leaflet_has_two_pages_and_a_school_its_own_book() -> None:
    assert len(pypdfium2.PdfDocument(book_pdf(compose_leaflet(making())))) == 2
    school = invented(SCHOOLS).schools[0]
    text = "".join(pages_of(book_pdf(compose_school(making(), school))))
    # A line may seem to end inside a large word, where its marks are drawn apart.
    assert school.name in text and "ตัวเลขทั้งหมดของโรงเรียน" in re.sub(r"\s", "", text)


def test_sheets_hold_every_table_as_numbers() -> None:
    tables = [
        (block, number) for _part, block, number in numbered(whole()) if isinstance(block, Table) and number
    ]
    read = openpyxl.load_workbook(io.BytesIO(tables_xlsx(whole())))
    assert len(read.sheetnames) == len(tables) + 1
    sheet = read[next(name for name in read.sheetnames if "จำนวนนักเรียนและห้องเรียน" in name)]
    last = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "รวมทั้งสิ้น")
    assert last[3] == invented(SCHOOLS).cube(PUPILS, "area").of()


def test_words_have_headings_real_tables_and_thai_in_its_own_slot() -> None:
    read = Document(io.BytesIO(book_docx(whole())))
    heads = [one.text for one in read.paragraphs if one.style.name == "Heading 1"]
    assert any("นักเรียน" in one for one in heads) and "คำนำ" in heads
    assert read.styles["Normal"].element.rPr.find(qn("w:rFonts")).get(qn("w:cs")) == "TH SarabunPSK"
    tables = [block for _part, block, _number in numbered(whole()) if isinstance(block, Table)]
    assert len(read.tables) == len(tables)
    pictures = [
        block for _part, block, _number in numbered(whole()) if isinstance(block, Picture) and block.title
    ]
    assert (
        [shape._inline.docPr.get("descr") for shape in read.inline_shapes]
        == [one.alt for one in pictures]
        != []
    )
    grades = next(table for table in read.tables if table.cell(0, 0).text == "ชั้น")
    assert (
        to_arabic_digits(grades.cell(len(grades.rows) - 1, 3).text)
        == f"{invented(SCHOOLS).cube(PUPILS, 'area').of():,}"
    )


def test_years_before_khet_stand_marked_with_their_books() -> None:
    told = [
        PastFact(school_year=year, value=3_000 + year, source=f"สมุดเก่า {year} หน้า {year - 2540}")
        for year in range(2550, 2559)
    ]
    facts = invented(SCHOOLS, years=3)
    first = min(one.school_year for one, _value in facts.past(PUPILS))
    given = Making(
        facts=replace(facts, before=lambda code, school="": told if code == PUPILS else []),
        pictures=Pictures(lambda chart: drawn.append(chart) or outline(), DrawnMaps()), texts={},
    )  # fmt: skip
    drawn: list[object] = []
    picture, table = over_years(given, given.cube(PUPILS))
    assert isinstance(picture, Picture) and isinstance(table, Table)
    assert drawn[0].elsewhere == tuple(range(9)) and drawn[0].points[0] == "2550"
    assert picture.source.startswith("จากเอกสารก่อนใช้ระบบ: สมุดเก่า 2550 หน้า 10, 2551 หน้า 11,")
    rows = {row.cells[0]: row.cells[1:] for row in table.rows}
    assert rows["2550"] == [5_550, "จากเอกสารก่อนใช้ระบบ: สมุดเก่า 2550 หน้า 10"]
    assert rows[str(first)][1] == f"สำมะโนรอบ 1/{first}" and "2559" not in rows
    text = "".join(pages_of(book_pdf(compose_school(given, facts.schools[0]))))
    assert "จากเอกสารก่อนใช้ระบบ" in re.sub(r"\s", "", text)
