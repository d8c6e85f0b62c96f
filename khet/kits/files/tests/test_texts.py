"""The words of files, read once by a job and handed to the records that hold them."""

from __future__ import annotations

import pytest

from khet.base.lib.pdf import papers
from khet.kits.files.api import store, text_of
from khet.kits.files.jobs import read_text
from khet.kits.files.models import FileText
from khet.kits.files.shelf import path_of
from khet.kits.files.tests.samples import GOOD, a_docx, a_pdf, a_picture, an_odf, an_xlsx

pytestmark = pytest.mark.django_db


def a_letter() -> bytes:
    from khet.base.lib.pdf import memo

    return memo(
        papers.MemoPaper(
            sender="กลุ่มนโยบายและแผน", number="ศธ 04006/12", date=None, subject="การจัดเก็บข้อมูลน้ำท่วม",
            to="ผู้อำนวยการ", body="<p>ด้วยโรงเรียนบ้านหนองไทร</p>",
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("make", "name", "words"),
    [
        (a_letter, "บันทึก.pdf", "น้ำท่วม"),
        (a_docx, "ก.docx", "ประกาศสำนักงานเขต"),
        (an_xlsx, "ก.xlsx", "บ้านหนองไทร"),
        (lambda: an_odf("application/vnd.oasis.opendocument.text"), "ก.odt", "คำสั่ง"),
        (lambda: GOOD["csv cp874"][0], "ก.csv", "บ้านหนองไทร"),
        (lambda: GOOD["csv utf-16"][0], "ก.csv", "บ้านหนองไทร"),
    ],
)
def test_words_are_read_once_and_told(world, own, told, make, name, words):
    file = store(actor=world.system, upload=make(), name=name, owner=own).file
    assert text_of(own) == ""
    read_text(file_id=file.pk)
    assert words in text_of(own) and told == [own.pk]
    read_text(file_id=file.pk)
    assert told == [own.pk]


@pytest.mark.parametrize("make", [a_pdf, a_picture])
def test_a_scan_is_said_to_have_no_text(world, own, make):
    file = store(actor=world.system, upload=make(), name="scan", owner=own).file
    read_text(file_id=file.pk)
    assert FileText.objects.get().state == "no_text" and text_of(own) == ""


def test_the_same_bytes_are_read_once_for_all(world, own):
    for record in world.records:
        store(actor=world.system, upload=a_docx(), name="ก.docx", owner=record)
    assert FileText.objects.count() == 1
    read_text(file_id=FileText.objects.get().pk)
    assert all("ประกาศ" in text_of(record) for record in world.records)


def test_a_harmed_file_is_not_read(world, own):
    file = store(actor=world.system, upload=a_docx(), name="ก.docx", owner=own).file
    path = path_of(file.sha256)
    path.chmod(0o640)
    path.write_bytes(b"x" * file.size)
    read_text(file_id=file.pk)
    assert FileText.objects.get().state == "failed"


def test_a_bomb_in_an_office_file_is_no_text(world, own):
    bomb = a_docx(**{
        "word/document.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document xmlns:w="w"><w:t>&b;</w:t></w:document>'
    })  # fmt: skip
    file = store(actor=world.system, upload=bomb, name="ก.docx", owner=own).file
    read_text(file_id=file.pk)
    assert FileText.objects.get().state == "failed"
