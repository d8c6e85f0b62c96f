from __future__ import annotations

import unicodedata

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password",
    [
        "ก" * 5 + "ขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮะาำเแโใไ" + "น้ำใจไมตรีมีสุข",
        "correct horse battery staple",
        "เรือลำน้อย ลอยกลางทะเลสาบ",
        "lowercaseonlyisfine",
        "  spaces kept around  ",
    ],
)
def test_long_words_are_accepted_without_rules_of_composition(office, password):
    validate_password(password, office.teacher)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("สั้นไป", "password_too_short"),
        ("password1234", "password_too_common"),
        ("123456789012", "password_too_common"),
        ("987654321098", "password_too_common"),
        ("qwertyqwerty", "password_too_common"),
        ("iloveyou!!!!2569", "password_too_common"),
        ("abcabcabcabcabc", "password_too_common"),
        ("สพป.ศรีธารา เขต 2", "password_known_name"),
        ("ศรีธาราศรีธารา2569", "password_known_name"),
        ("witthaya-2569-khet", "password_known_name"),
        ("ก" * 600, "password_too_long"),
    ],
)
def test_short_usual_and_known_names_are_refused(office, password, code):
    with pytest.raises(ValidationError) as why:
        validate_password(password, office.director)
    assert code in {error.code for error in why.value.error_list}


def test_every_one_of_the_three_thousand_usual_ones_that_is_long_enough_is_refused(office):
    from khet.base.signin.passwords import NotUsual

    usual = [word for word in NotUsual().usual if len(word) >= 12]
    assert len(usual) > 20
    for word in usual:
        with pytest.raises(ValidationError):
            validate_password(word, office.teacher)


def test_the_same_thai_word_in_other_bytes_is_the_same_password(office):
    composed = "café น้ำใจไมตรี ทุกวัน"
    office.teacher.set_password(composed)
    assert office.teacher.check_password(unicodedata.normalize("NFD", composed))
    assert unicodedata.normalize("NFD", composed) != composed
