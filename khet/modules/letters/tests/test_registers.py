"""Words typed into a register: found through the search index, the cancelled by their own words, the secret by number alone."""

from __future__ import annotations

from datetime import date

import pytest

from khet.kits.search import queries as searching
from khet.modules.letters.actions import cancel_entry, receive
from khet.modules.letters.queries.registers import Filters, entries


@pytest.fixture
def rows(cast):
    """Four rows of the office: plain, another, cancelled, secret."""
    saraban = cast.actor("saraban")

    def came(subject, number, sender="สพฐ.", **facts):
        return receive(
            actor=saraban, unit=cast.office, subject=subject, from_text=sender, number_text=number, dated_on=date(2026, 11, 20), **facts
        )  # fmt: skip

    made = {
        "flood": came("ซ่อมแซมอาคารเรียนจากอุทกภัย", "ศธ 04006/ว3412"),
        "meeting": came("ขอเชิญประชุม", "ศธ 04006/ว77", "อำเภอธารทอง"),
        "void": came("ขอเชิญงานกฐินสามัคคี", "วธ 1/9"),
        "secret": came("ผลการสืบสวน", "ปป 1/ล14", secrecy=1),
    }
    cancel_entry(actor=saraban, row=made["void"], reason="ลงรับซ้ำ")
    return made


def _found(cast, rows, text, **facts):
    held = entries(cast.actor("saraban"), cast.office, Filters.of({"q": text, **facts}))
    names = {row.pk: name for name, row in rows.items()}
    return {names[row.pk] for row in held}


CASES = [
    ("อุทกภัย", {"flood"}),
    ("อุทกภัย ซ่อมแซม", {"flood"}),
    ("อุทกภัย กฐิน", set()),
    ("ธารทอง", {"meeting"}),
    ("ศธ ๐๔๐๐๖/ว๗๗", {"meeting"}),
    ("กฐิน", {"void"}),
    ("วธ 1/9", {"void"}),
    ("ไม่มีคำนี้", set()),
]


@pytest.mark.parametrize("few", [1_000, 0], ids=["by their ids", "row by row"])
def test_words_and_numbers_find_rows(cast, rows, monkeypatch, few):
    monkeypatch.setattr(searching, "FEW", few)
    for text, names in CASES:
        assert _found(cast, rows, text) == names, text


def test_the_number_in_the_register_finds_its_row(cast, rows):
    assert _found(cast, rows, str(rows["meeting"].number)) >= {"meeting"}


def test_a_secret_letter_is_found_by_its_number_alone(cast, rows):
    assert _found(cast, rows, "สืบสวน", secret="1") == set()
    assert _found(cast, rows, "ปป 1/ล14", secret="1") == {"secret"}


def test_too_little_to_look_for_finds_nothing(cast, rows):
    assert _found(cast, rows, "ก") == set()
