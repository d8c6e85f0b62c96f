import random
from importlib.util import find_spec
from pathlib import Path

import pyuca
from hypothesis import given, settings
from hypothesis import strategies as st

from khet.base.lib import thai
from khet.base.lib.thai.sorting import joined_keys

GOOD = "น\u0e49\u0e33"
THAI_TEXT = st.text(
    st.sampled_from(
        [chr(code) for code in range(0x0E01, 0x0E5C) if chr(code).isprintable()] + list(" \n\u200b\u202eA1-")
    ),
    max_size=40,
)


def test_three_spellings_become_one():
    for spelling in ("น\u0e49\u0e33", "น\u0e4d\u0e49\u0e32", "น\u0e49\u0e4d\u0e32", "น\u0e33\u0e49"):
        assert thai.normalise(spelling) == GOOD
    assert thai.normalise("ทํา") == "ทำ"


def test_marks_come_in_order_and_once():
    assert thai.normalise("เเปลก") == "แปลก"
    assert thai.normalise("ท\u0e48\u0e35") == "ที่"
    assert thai.normalise("ที่\u0e48") == "ที่"
    assert thai.normalise("พันธ์ุ") == "พันธุ์"


def test_unseen_characters_go_and_lines_stay():
    assert thai.normalise("ก\u200b\u202eข\u2066ค\ufeff\x00") == "กขค"
    assert thai.normalise("  ก\u00a0 ข \r\n ค\t ") == "ก ข\nค"


@settings(deadline=None)  # the first example loads the word list
@given(THAI_TEXT)
def test_normalising_twice_changes_nothing(text):
    once = thai.normalise(text)
    assert thai.normalise(once) == once
    folded = thai.fold(text)
    assert thai.fold(folded) == folded


@settings(deadline=None)  # the first example loads the word list
@given(st.text(max_size=60))
def test_any_text_survives(text):
    once = thai.normalise(text)
    assert thai.normalise(once) == once
    once.encode("utf-8")
    thai.words(text)
    thai.sort_key(text)


def test_fold_is_for_searching():
    assert thai.fold("ที่ ศธ ๐๔๐๐๖/ว๑๒ ABC") == "ที ศธ 04006/ว12 abc"
    assert thai.fold("สิทธิ์") == thai.fold("สิทธิ")


def test_words_keep_the_offices_terms():
    assert thai.words("สำนักงานเขตพื้นที่การศึกษา เขต ๒ ลงรับ Hello 2569") == [
        "สำนักงานเขตพื้นที่การศึกษา", "เขต", "2", "ลงรับ", "hello", "2569",
    ]  # fmt: skip
    assert "บานหารทอง" not in thai.search_words("บ้านหารทอง")


def test_learned_names_stay_whole():
    assert "หนองกระทุ่มลาย" not in thai.words("โรงเรียนหนองกระทุ่มลาย")
    thai.learn(["หนองกระทุ่มลาย"])
    assert "หนองกระทุ่มลาย" in thai.words("โรงเรียนหนองกระทุ่มลาย")


@settings(deadline=None)  # the first example loads the word list
@given(st.text(st.sampled_from("กขตมาิ่เแำ์"), max_size=900))
def test_cutting_loses_nothing(run):
    assert "".join(thai.cut(run)) == run


def test_dictionary_order_is_the_unicode_order():
    listed = (
        (Path(find_spec("pythainlp").origin).parent / "corpus" / "words_th.txt")
        .read_text("utf-8")
        .split("\n")
    )
    chosen = sorted({thai.normalise(word) for word in random.Random(3).sample(listed, 4000)} - {""})
    collator = pyuca.Collator()
    assert sorted(chosen, key=thai.sort_key) == sorted(chosen, key=collator.sort_key)


def test_order_of_names():
    assert sorted(["ขา", "บ้านควน", "เกาะ", "บ้าน"], key=thai.sort_key) == ["เกาะ", "ขา", "บ้าน", "บ้านควน"]
    assert thai.index_letter("เขาชัยสน") == "ข"
    assert thai.index_letter("apple") == "A"
    assert thai.index_letter("2569") == "#"


def test_lines_do_not_end_between_number_and_unit():
    tied = thai.keep_together(
        "วันที่ 23 พ.ย. 2569 ปีการศึกษา 2569 ภาคเรียนที่ 2 จำนวน 114 โรงเรียน เขต 2 โดย นาย สมชาย"
    )
    assert (
        tied
        == "วันที่\u00a023\u00a0พ.ย.\u00a02569 ปีการศึกษา\u00a02569 ภาคเรียนที่\u00a02 จำนวน 114\u00a0โรงเรียน เขต\u00a02 โดย นาย\u00a0สมชาย"
    )


def test_citizen_ids():
    assert thai.valid_citizen_id("1-2345-67890-12-1")
    assert thai.valid_citizen_id(" ๑๒๓๔๕ ๖๗๘๙๐ ๑๒๑ ")
    assert not thai.valid_citizen_id("1234567890123")
    assert not thai.valid_citizen_id("123456789012")
    assert thai.mask_citizen_id("1234567890121") == "1-2345-xxxxx-12-x"
    assert thai.mask_citizen_id("12345X") == "xxxxxX"
    assert thai.format_citizen_id("1234567890121") == "1-2345-67890-12-1"
    assert thai.is_g_code("g64 42 00000001") and not thai.is_g_code("G123")
    assert thai.mask_citizen_id("G644200000001") == "G64-42-xxxxxxxx"


def test_a_wrong_check_digit_is_found():
    assert [digit for digit in "0123456789" if thai.valid_citizen_id(f"123456789012{digit}")] == ["1"]


def test_titles():
    assert thai.split_title("ว่าที่ร้อยตรี ดร.สมชาย ใจดี") == ("ว่าที่ร้อยตรี ดร.", "สมชาย ใจดี")
    assert thai.strip_title("นางสาวพรรณี ทองแก้ว") == "พรรณี ทองแก้ว"
    assert thai.strip_title("ด.ญ. มะลิ ใจงาม") == "มะลิ ใจงาม"
    assert thai.strip_title("พระพาย") == "พระพาย"
    assert thai.strip_title("นาง") == "นาง"


def test_school_names():
    full = "โรงเรียนบ้านนาทอง (ราษฎร์อุทิศ)"
    for spelling in ("บ้านนาทอง(ราษฎร์อุทิศ)", "ร.ร.บ้านนาทอง", "รร.บ้านนาทอง", "โรงเรียน บ้านนาทอง"):
        assert thai.school_key(spelling) == thai.school_key(full)
    assert thai.school_key("วัดนาทอง") != thai.school_key("บ้านนาทอง")
    assert {"บ้านนาทอง", "โรงเรียนบ้านนาทอง", "นาทอง"} <= set(thai.school_name_variants(full))


NAME = THAI_TEXT.map(lambda text: thai.normalise(text.replace("\n", " ")))


@settings(deadline=None)
@given(NAME, NAME)
def test_keys_of_two_words_joined_are_the_key_of_both(first, second):
    both = f"{first} {second}".strip()
    assert joined_keys(thai.sort_key(first), thai.sort_key(second)) == thai.sort_key(both)
    assert f"{thai.fold(first)} {thai.fold(second)}".strip() == thai.fold(both)
