"""What is found: words, fragments, numbers, spellings; and in which order."""

from __future__ import annotations

from datetime import date

import pytest

from khet.base.lib.errors import Refusal
from khet.kits.search.api import find
from khet.kits.search.grams import parse

pytestmark = pytest.mark.django_db

OFFICE = "ประชุมสำนักงานเขตพื้นที่การศึกษาประถมศึกษา"
SCHOOL = "ขอข้อมูลโรงเรียนบ้านหารเทา (จรุงราษฎร์ดำเนิน)"
WATER = "\u0e19\u0e49\u0e33ท่วมโรงเรียน"


@pytest.mark.parametrize(
    "asked",
    [
        "เขตพื้นที่",
        "สำนักงานเขต",
        "พื้นที่การศึกษา",
        "ตพื้นที่กา",
        "เขตพืนที",
        "ประถม",
        "ปร",
        "ชุม",
        "เขต พื้นที่",
        "ประชุม เขตพื้นที่",
    ],
)
def test_a_fragment_inside_a_long_word_is_found(put, titles, asked):
    put(OFFICE)
    put("เรื่องอื่น")
    assert titles(asked) == [OFFICE]


@pytest.mark.parametrize(
    "asked", ["หารเทา", "บ้านหารเทา", "บ้าน หาร เทา", "หารเท", "จรุงราษฎร์", "จรุงราษฎร", "รเ"]
)
def test_a_place_name_is_found_whole_and_in_part(put, titles, asked):
    put(SCHOOL)
    put("ขอข้อมูลโรงเรียนบ้านหนองไทร")
    assert titles(asked) == [SCHOOL]


@pytest.mark.parametrize(
    "asked",
    [
        "ศธ 04093/ว123",
        "ศธ04093/ว123",
        "ศธ ๐๔๐๙๓/ว๑๒๓",
        "ศธ 04093/ว 123",
        "04093/ว123",
        "๐๔๐๙๓",
        "ว123",
        "ว 123",
        "๑๒๓",
        "123",
        "ศธ",
    ],
)
def test_a_number_is_found_however_it_is_typed(put, titles, asked):
    put("แจ้งปฏิทิน", number="ศธ 04093/ว123")
    put("แจ้งอื่น", number="มท 0019/ว456")
    assert titles(asked) == ["แจ้งปฏิทิน"]


@pytest.mark.parametrize("written", ["ศธ ๐๔๐๙๓/ว ๑๒๓", "ศธ04093/ว123"])
def test_a_number_is_found_however_it_was_written(put, titles, written):
    put("แจ้งปฏิทิน", number=written)
    assert titles("ศธ 04093/ว123") == ["แจ้งปฏิทิน"]


@pytest.mark.parametrize(
    "asked", ["\u0e19\u0e49\u0e33ท่วม", "\u0e19\u0e4d\u0e49\u0e32ท่วม", "\u0e19\u0e49\u0e4d\u0e32ท่วม", "นำท่วม"]
)
@pytest.mark.parametrize(
    "written", ["\u0e19\u0e49\u0e33", "\u0e19\u0e4d\u0e49\u0e32", "\u0e19\u0e49\u0e4d\u0e32"]
)
def test_three_spellings_of_water_are_one(put, titles, asked, written):
    put(written + "ท่วมโรงเรียน")
    assert titles(asked) == [WATER]


def test_the_exact_word_ranks_before_one_with_another_tone(put, titles):
    put("โครงการป่าชุมชน", day=date(2026, 1, 5))
    put("โครงการปาบอลชุมชน", day=date(2026, 6, 5))
    assert titles("ป่า") == ["โครงการป่าชุมชน", "โครงการปาบอลชุมชน"]
    assert titles("ปาบ") == ["โครงการปาบอลชุมชน"]


def test_the_very_number_ranks_before_numbers_that_contain_it(put, titles):
    put("ยาว", number="11123/2569", day=date(2026, 6, 5))
    put("ตรง", number="123", day=date(2026, 1, 5))
    assert titles("123") == ["ตรง", "ยาว"]


@pytest.mark.parametrize("asked", ["เก็บ", "เกบ", "จัดเก็บ", "จดหมาย เก็บ"])
def test_every_mark_may_be_missing_and_the_hit_is_marked(put, world, asked):
    put("การจัดเก็บ จดหมายเหตุ")
    (hit,) = find(world.actors[0], asked).groups[0].hits
    assert "".join(text for text, _marked in hit.title_pieces) == "การจัดเก็บ จดหมายเหตุ"
    assert any("เก็บ" in text for text, marked in hit.title_pieces if marked)


def test_whole_words_rank_before_fragments(put, titles):
    put("ตารางสอนภาคเรียน", day=date(2026, 6, 5))
    put("โรงเรียนบ้านตา", day=date(2026, 1, 5))
    assert titles("ตา") == ["โรงเรียนบ้านตา", "ตารางสอนภาคเรียน"]


def test_the_body_is_found_after_titles_with_a_snippet(put, world):
    put("แจ้งเวียน", body="เรียน ผู้อำนวยการ " * 30 + "ขอเชิญประชุมที่วัดเขาแก้ว " + "จึงเรียนมาเพื่อทราบ " * 30)
    put("งานบุญวัดเขาแก้ว")
    group = find(world.actors[0], "วัดเขาแกว").groups[0]
    assert [hit.title for hit in group.hits] == ["งานบุญวัดเขาแก้ว", "แจ้งเวียน"]
    pieces = group.hits[1].snippet
    assert [text for text, marked in pieces if marked] == ["วัดเขาแก้ว"]
    assert len("".join(text for text, _marked in pieces)) < 200


def test_terms_may_stand_apart_in_title_number_and_body(put, titles):
    put("ค่าอาหารกลางวัน", number="ศธ 04093/55", body="โรงเรียนบ้านหารเทา")
    assert titles("หารเทา อาหาร 04093") == ["ค่าอาหารกลางวัน"]
    assert titles("หารเทา งบลงทุน") == []


def test_a_term_is_not_found_across_two_fields(put, titles):
    put("ประกาศ", number="12/2569", body="กขคง")
    assert titles("ประกาศ12") == [] and titles("2569กขค") == []


@pytest.mark.parametrize("asked", ["", " ", "ก", "-", "/// ...", "\u200b\u200b", "่้"])
def test_too_little_to_look_for_is_said_and_not_searched(put, world, asked):
    put("กกก")
    results = find(world.actors[0], asked)
    assert results.terms is None and results.groups == []


@pytest.mark.parametrize("asked", ["ก\x00ข", "\x00", "ก" * 201])
def test_nul_and_monsters_are_refused(world, asked):
    with pytest.raises(Refusal) as refusal:
        find(world.actors[0], asked)
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "asked",
    [
        "'; DROP TABLE search_entry; --", "' OR 1=1 --", "%%", "%s %(a)s", "\\", "a\\'b", "ก':*|'ข", "!(a) & | b", "$$x$$",
        "\x01\x02กข\x1b", "{}", "{where}", "<script>alert(1)</script>", "\u202eกลับ", "((((((", "'a' <-> 'b'", ":*",
    ],
)  # fmt: skip
def test_hostile_text_finds_nothing_and_harms_nothing(put, titles, asked):
    put(OFFICE)
    assert titles(asked) == []
    assert titles("เขตพื้นที่") == [OFFICE]


def test_a_hostile_title_is_shown_as_text(put, world):
    put("<script>alert('กขค')</script>", body="x")
    hit = find(world.actors[0], "กขค").groups[0].hits[0]
    assert hit.title_pieces == [("<script>alert('", False), ("กขค", True), ("')</script>", False)]


def test_past_years_and_facets(put, world, titles):
    put("ปฏิทินเก่า", day=date(2024, 5, 1))
    put("ปฏิทินใหม่", day=date(2026, 5, 1))
    put("ปฏิทินใหม่กว่า", day=date(2026, 7, 1))
    results = find(world.actors[0], "ปฏิทิน")
    assert [(f.value, f.count) for f in results.years] == [("2569", 2), ("2567", 1)]
    assert [(f.label, f.count) for f in results.units] == [("หนองไทร 1", 3)]
    assert titles("ปฏิทิน", year=2567) == ["ปฏิทินเก่า"]
    assert titles("ปฏิทิน", unit=world.units[1].pk) == []


def test_a_long_query_keeps_every_letter_of_the_term():
    term = "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธาราเขตสอง"
    assert parse(term).terms == (parse(term).whole,)
    assert parse(term).tsquery.count("&") < 24
