"""Who gets a file, and how it is sent."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from khet.base.org.actions import add_account, vacate
from khet.kits.files.api import copy_to, remove, store
from khet.kits.files.models import Attachment, StoredFile
from khet.kits.files.names import disposition
from khet.kits.files.shelf import path_of
from khet.kits.files.tests.samples import ACTIVE_PDFS, a_docx, a_pdf, a_pdf_with, a_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(world, client):
    account = add_account(actor=world.system, person=world.people[0], username="somchai", password="x")
    client.force_login(account)
    return client


@pytest.fixture
def paper(world, own):
    return store(actor=world.system, upload=a_pdf(3), name="หนังสือ ที่ 12.pdf", owner=own)


@pytest.fixture
def theirs(world):
    return store(actor=world.system, upload=a_pdf(2), name="ของเขา.pdf", owner=world.records[1])


def content(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def addresses(attachment):
    return [
        attachment.url,
        reverse("files:page", args=[attachment.public_id, 1]),
        reverse("files:read", args=[attachment.public_id]),
        reverse("files:print", args=[attachment.public_id]),
    ]


def test_the_bytes_come_back_sandboxed(reader, paper):
    response = reader.get(paper.url)
    assert content(response) == path_of(paper.file.sha256).read_bytes()
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Length"] == str(paper.file.size)


def test_a_visitor_is_sent_to_sign_in(client, paper):
    assert {client.get(url).status_code for url in addresses(paper)} == {302}


def test_another_schools_file_is_not_there(reader, theirs):
    assert [reader.get(url).status_code for url in addresses(theirs)] == [404] * 4


@pytest.mark.parametrize("public_id", ["0" * 24, "1", "../../etc/passwd", "x" * 24, "%00" * 8, "' OR 1=1"])
def test_unknown_ids_are_not_there(reader, paper, public_id):
    assert reader.get(f"/files/{public_id}/a.pdf").status_code == 404
    assert reader.get(f"/files/{public_id}/pages/1.png").status_code == 404


def test_the_right_is_gone_on_the_next_request(reader, world, paper):
    assert reader.get(paper.url).status_code == 200
    vacate(actor=world.system, post=world.records[0].post)
    assert [reader.get(url).status_code for url in addresses(paper)] == [404] * 4


def test_a_copy_gives_the_same_bytes_under_the_other_records_rule(reader, world, theirs, own):
    copy_to(actor=world.system, attachments=[theirs], owners=[own])
    mine = Attachment.objects.of(own).get()
    assert mine.public_id != theirs.public_id and StoredFile.objects.count() == 1
    assert reader.get(mine.url).status_code == 200
    assert reader.get(theirs.url).status_code == 404


def test_a_removed_file_is_not_there(reader, world, paper):
    remove(actor=world.system, attachment=paper)
    assert [reader.get(url).status_code for url in addresses(paper)] == [404] * 4


def test_a_quarantined_file_is_refused_with_whom_to_ask(reader, world, own):
    bad = store(actor=world.system, upload=a_pdf_with(ACTIVE_PDFS["javascript"]), name="x.pdf", owner=own)
    response = reader.get(bad.url)
    assert response.status_code == 403
    assert "กักไว้" in response.content.decode() and "ผู้ดูแลระบบ" in response.content.decode()
    assert reader.get(reverse("files:page", args=[bad.public_id, 1])).status_code == 403
    page = reader.get(reverse("files:read", args=[bad.public_id]))
    assert page.status_code == 200 and "กักไว้" in page.content.decode() and "<img" not in page.content.decode()


@pytest.mark.fault
@pytest.mark.parametrize("harm", ["flip", "empty", "delete"])
def test_a_harmed_file_is_blocked_with_a_notice_and_heals_when_it_comes_again(
    reader, world, own, paper, harm
):
    place = path_of(paper.file.sha256)
    good = place.read_bytes()
    assert reader.get(reverse("files:page", args=[paper.public_id, 1])).status_code == 200
    place.chmod(0o640)
    if harm == "flip":
        place.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    elif harm == "empty":
        place.write_bytes(b"")
    else:
        place.unlink()
    response = reader.get(paper.url)
    assert response.status_code == 409 and "ชุดสำรอง" in response.content.decode()
    assert reader.get(reverse("files:page", args=[paper.public_id, 1])).status_code == 409
    store(actor=world.system, upload=good, name="อีกครั้ง.pdf", owner=own)
    assert reader.get(paper.url).status_code == 200 and place.read_bytes() == good


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-4", 206, slice(0, 5)),
        ("bytes=5-", 206, slice(5, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=0-999999999", 206, slice(None)),
        ("bytes=999999999-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=5-2", 200, slice(None)),
        ("bytes=0-1,3-4", 200, slice(None)),
        ("lines=1-2", 200, slice(None)),
        ("bytes=9999999999999999999999-", 200, slice(None)),
    ],
)
def test_ranges(reader, paper, asked, status, part):
    whole = path_of(paper.file.sha256).read_bytes()
    response = reader.get(paper.url, headers={"Range": asked})
    assert response.status_code == status
    if part is not None:
        assert content(response) == whole[part]
    if status == 206:
        assert response["Content-Range"].endswith(f"/{len(whole)}")


def test_the_tag_spares_a_second_sending_but_not_the_check(reader, world, paper):
    tag = reader.get(paper.url)["ETag"]
    assert reader.get(paper.url, headers={"If-None-Match": tag}).status_code == 304
    vacate(actor=world.system, post=world.records[0].post)
    assert reader.get(paper.url, headers={"If-None-Match": tag}).status_code == 404


def test_head_sends_no_bytes_and_post_is_refused(reader, paper):
    response = reader.head(paper.url)
    assert response["Content-Length"] == str(paper.file.size) and not content(response)
    assert reader.post(paper.url).status_code == 405


def test_pages_are_drawn_up_to_the_last(reader, paper):
    response = reader.get(reverse("files:page", args=[paper.public_id, 3]), {"w": "500"})
    picture = Image.open(io.BytesIO(content(response)))
    assert response["Content-Type"] == "image/png" and picture.width == 960
    for number in (0, 4, 10**9):
        assert reader.get(reverse("files:page", args=[paper.public_id, number])).status_code == 404
    assert reader.get(reverse("files:page", args=[paper.public_id, 1]), {"w": "-1 OR 1"}).status_code == 200


def test_a_photograph_is_shown_without_its_position(reader, world, own):
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (7.0, 37.0, 0.0), 3: "E", 4: (100.0, 4.0, 0.0)})
    exif[0x010F] = "กล้อง"
    photo = a_picture("JPEG", size=(1200, 900), exif=exif)
    attachment = store(actor=world.system, upload=photo, name="ภาพ.jpg", owner=own)
    shown = Image.open(io.BytesIO(content(reader.get(reverse("files:page", args=[attachment.public_id, 1])))))
    assert not shown.getexif() and b"Exif" not in shown.info.get("exif", b"")
    assert Image.open(io.BytesIO(content(reader.get(attachment.url)))).getexif().get_ifd(0x8825)[1] == "N"


def test_the_reading_page_shows_one_page_and_turns(reader, paper):
    page = reader.get(reverse("files:read", args=[paper.public_id]), {"page": "2"}).content.decode()
    assert "หน้า 2 จาก 3" in page and "/pages/2.png" in page and "/pages/1.png" not in page
    part = reader.get(
        reverse("files:read", args=[paper.public_id]), {"page": "3"}, headers={"HX-Request": "true"}
    )
    assert "<html" not in part.content.decode() and "HX-Request" in part["Vary"]
    for odd in ("0", "99", "-1", "๒", "x" * 50):
        assert reader.get(reverse("files:read", args=[paper.public_id]), {"page": odd}).status_code == 200


def test_a_file_without_pages_says_so(reader, world, own):
    word = store(actor=world.system, upload=a_docx(), name="ประกาศ.docx", owner=own)
    assert "ดาวน์โหลดแล้วเปิด" in reader.get(reverse("files:read", args=[word.public_id])).content.decode()
    assert reader.get(reverse("files:print", args=[word.public_id])).status_code == 400


NAMES = {
    "หนังสือ.pdf": "หนังสือ.pdf",
    "ก" * 300 + ".pdf": "ก" * 300 + ".pdf",
    "ก" * 900 + ".pdf": "ก" * 496 + ".pdf",
    "a\r\nSet-Cookie: x=1.pdf": "a Set-Cookie: x=1.pdf",
    "\"'`;.pdf": "\"'`;.pdf",
    "con": "con",
    ".htaccess": ".htaccess",
    "%00.pdf": "%00.pdf",
    "a\x00b.pdf": "a b.pdf",
    "../../etc/passwd": "passwd",
    "C:\\Users\\ก.pdf": "ก.pdf",
    "\u202egpj.exe": "gpj.exe",
    "..": "file.pdf",
    "": "file.pdf",
    "<script>alert(1)<script>.pdf": "<script>alert(1)<script>.pdf",
    "read": "read",
}


@pytest.mark.parametrize("given", NAMES)
def test_every_name_survives_as_a_name_to_show(reader, world, own, given):
    attachment = store(actor=world.system, upload=a_pdf(), name=given or "", owner=own)
    assert attachment.name == NAMES[given]
    response = reader.get(attachment.url)
    assert response.status_code == 200 and content(response).startswith(b"%PDF")
    header = response["Content-Disposition"]
    assert "\n" not in header and "\r" not in header and header.isascii()
    page = reader.get(reverse("files:read", args=[attachment.public_id])).content.decode()
    assert "<script>alert(1)" not in page


def test_the_header_has_a_plain_and_a_true_name():
    assert disposition("attachment", 'ก "1".pdf') == (
        "attachment; filename=\"_ _1_.pdf\"; filename*=UTF-8''%E0%B8%81%20%221%22.pdf"
    )


@pytest.mark.parametrize("length", [255, 300])
def test_a_long_thai_name_comes_through_a_form(rf, settings, length):
    name = "ก" * (length - 4) + ".pdf"
    request = rf.post("/", {"file": SimpleUploadedFile("x.pdf", b"%PDF-")})
    body = request.body.replace(b'filename="x.pdf"', f'filename="{name}"'.encode())
    request = rf.generic("POST", "/", body, content_type=request.META["CONTENT_TYPE"])
    upload = request.FILES["file"]
    assert upload.given_name == name and upload.read() == b"%PDF-"
    request.close()
