"""The office's emblem: put in, replaced, taken off; on every cover; kept by what is published."""

from __future__ import annotations

import io
import random
import zipfile

import pikepdf
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageChops

from khet.base.journal.api import Entry
from khet.base.lib.errors import Forbidden, Refusal
from khet.kits.files.api import attachments, fetch_attachment, read_bytes
from khet.outlets.books.actions import begin, publish, remove_emblem, set_emblem, withdraw
from khet.outlets.books.emblems import EMBLEM, SMALL, emblem_of, held_emblem
from khet.outlets.books.models import Edition
from khet.outlets.books.queries.editions import files_of
from khet.outlets.books.tests.conftest import Area
from khet.outlets.books.tests.pictures import SVG, picture
from khet.outlets.books.tests.test_edition import begun, changed, made
from khet.outlets.books.working import school_book

GREEN, RED = (34, 98, 68), (176, 42, 22)


def put(area: Area, edition: Edition, content: bytes, name: str = "ตรา.png") -> Edition:
    return set_emblem(actor=area.actor("planner"), edition=edition, upload=SimpleUploadedFile(name, content))


def bytes_of(area: Area, edition: Edition, kind: str = "book") -> bytes:
    one = made(area, edition, kind)
    return read_bytes(files_of([one])[one.pk])


def first_page(pdf: bytes) -> Image.Image:
    return pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("RGB")


def inked(page: Image.Image, ink: tuple[int, int, int]) -> tuple[int, int, int, int] | None:
    """Where points of a colour are on the page."""
    apart = ImageChops.difference(page, Image.new("RGB", page.size, ink)).convert("L")
    return apart.point(lambda value: 255 if value < 8 else 0).getbbox()


@pytest.mark.parametrize(
    ("content", "kind", "ink"),
    [(picture(), "png", GREEN), (picture("JPEG"), "jpeg", GREEN), (SVG, "svg", RED)],
    ids=["png", "jpeg", "svg"],
)
def test_it_stands_on_every_cover_and_the_same_twice(
    area: Area, content: bytes, kind: str, ink: tuple[int, int, int]
) -> None:
    edition = changed(area, begun(area), chapters=["pupils"])
    assert inked(first_page(bytes_of(area, edition)), ink) is None
    edition = put(area, edition, content, "ชื่อที่โกหก.gif")
    held = held_emblem(edition)
    assert held is not None and (held.file.kind, held.file.sha256) == (kind, edition.emblem_sha256)
    book = bytes_of(area, edition)
    assert bytes_of(area, edition) == book
    small = school_book(edition, area.schools[0].smis8)
    assert small is not None and school_book(edition, area.schools[0].smis8) == small
    with zipfile.ZipFile(io.BytesIO(bytes_of(area, edition, "schools"))) as archive:
        assert archive.read(next(n for n in archive.namelist() if area.schools[0].smis8 in n)) == small
    for paper in (book, small, bytes_of(area, edition, "leaflet")):
        where = inked(first_page(paper), ink)
        assert where is not None and where[3] < 140, "in the head of the first page"
        with pikepdf.open(io.BytesIO(paper)) as opened:
            assert b"pdfaid:part" in opened.Root.Metadata.read_bytes()


def test_another_emblem_is_another_book_and_none_is_the_first_again(area: Area) -> None:
    edition = changed(area, begun(area), chapters=["pupils"])
    bare, source = bytes_of(area, edition), edition.source
    edition = put(area, edition, picture())
    first = edition.source
    edition = put(area, edition, picture(ink="#b02a16"))
    assert len({source, first, edition.source}) == 3
    assert [held.file.sha256 for held in attachments(edition, EMBLEM)] == [edition.emblem_sha256]
    edition = put(area, edition, picture(ink="#b02a16"), "ชื่ออื่น.png")
    assert [held.name for held in attachments(edition, EMBLEM)] == ["ชื่ออื่น.png"]
    edition = remove_emblem(actor=area.actor("planner"), edition=edition)
    assert (edition.source, held_emblem(edition)) == (source, None)
    assert bytes_of(area, edition) == bare


def test_what_is_published_keeps_its_emblem(area: Area) -> None:
    edition = put(area, changed(area, begun(area), chapters=["pupils"]), picture())
    made(area, edition)
    planner = area.actor("planner")
    edition = publish(actor=planner, edition=edition)
    small = school_book(edition, area.schools[0].smis8)
    with pytest.raises(Refusal, match="ถอนการเผยแพร่ก่อน"):
        put(area, edition, SVG)
    with pytest.raises(Refusal, match="ถอนการเผยแพร่ก่อน"):
        remove_emblem(actor=planner, edition=edition)
    edition.refresh_from_db()
    assert school_book(edition, area.schools[0].smis8) == small
    held = held_emblem(edition)
    assert held is not None and fetch_attachment(area.actor("teacher"), held.public_id) == held
    withdraw(actor=planner, edition=edition)
    edition = put(area, edition, SVG)
    assert edition.emblem_sha256 != held.file.sha256
    with pytest.raises(Refusal, match="ใหม่ แล้วเปิดตรวจก่อน"):
        publish(actor=planner, edition=edition)
    made(area, edition)
    assert publish(actor=planner, edition=edition).is_published


def test_the_next_year_begins_with_it_and_changing_that_leaves_this(area: Area) -> None:
    edition = begun(area)
    edition = put(area, edition, picture())
    Edition.objects.filter(pk=edition.pk).update(school_year=area.year - 1)
    following = begin(actor=area.actor("planner"), school_year=area.year)
    assert following.emblem_sha256 == edition.emblem_sha256
    put(area, following, SVG)
    assert emblem_of(Edition.objects.get(pk=edition.pk), cover=True) == emblem_of(edition, cover=True)


def test_the_journal_says_who_changed_it_from_what_to_what(area: Area) -> None:
    edition = put(area, begun(area), picture(), "ตราเขต.png")
    remove_emblem(actor=area.actor("planner"), edition=edition)
    put_in, off = (
        Entry.objects.filter(verb=verb).latest("pk") for verb in ("books.set_emblem", "books.remove_emblem")
    )
    assert put_in.actor_name == off.actor_name == area.actor("planner").name
    assert (
        put_in.changes["emblem_sha256"] == ["", edition.emblem_sha256]
        and put_in.facts["name"] == "ตราเขต.png"
    )
    assert off.changes["emblem_sha256"] == [edition.emblem_sha256, ""]


BAD = {
    "over 2 MB": (picture() + bytes(2 * 1024 * 1024), "books.emblem_big", "2 MB"),
    "no picture": ("ตราสำนักงาน".encode(), "files.kind_here", "รับเฉพาะ"),
    "cut": (picture()[:200], "files.damaged", "เสีย"),
    "with a program": (SVG.replace(b"</svg>", b"<script>1</script></svg>"), "files.svg_acting", "script"),
    "from elsewhere": (SVG.replace(b"</svg>", b"<image href='http://e.org/a.png'/></svg>"), "files.svg_elsewhere", "ที่อื่น"),
    "letters": (SVG.replace(b"</svg>", b"<text>a</text></svg>"), "files.svg_letters", "แปลงตัวอักษรเป็นเส้น"),
    "two files in one": (picture() + b"<script>1</script>", "books.emblem_locked", "ซ้อน"),
    "endless": (picture(size=(5000, 300)), "books.emblem_large", "4,000"),
    "a line": (picture(size=(2000, 100)), "books.emblem_thin", "เส้น"),
    "white on white": (picture(ink="#ffffff"), "books.emblem_white", "มองไม่เห็น"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_emblem_is_refused_in_a_sentence_and_nothing_changes(area: Area, case: str) -> None:
    content, code, words = BAD[case]
    edition = put(area, begun(area), picture())
    with pytest.raises(Refusal, match=words) as refusal:
        put(area, edition, content)
    assert (refusal.value.code, refusal.value.field) == (code, "file")
    edition.refresh_from_db()
    assert held_emblem(edition) is not None


def test_others_neither_put_in_nor_take_off(area: Area) -> None:
    edition = begun(area)
    with pytest.raises(Forbidden):
        set_emblem(actor=area.actor("finance"), edition=edition, upload=SVG)
    with pytest.raises(Forbidden):
        remove_emblem(actor=area.actor("teacher"), edition=edition)


def test_a_hundred_small_books_stay_light_with_a_heavy_emblem(area: Area) -> None:
    noise = Image.frombytes("RGB", (800, 800), random.Random(1).randbytes(800 * 800 * 3))
    out = io.BytesIO()
    noise.save(out, "PNG")
    lines = "".join(f"<path d='M{n % 120} {n % 97} l{n % 13} {n % 7}' stroke='#000'/>" for n in range(9_000))
    for content in (out.getvalue(), SVG.replace(b"</svg>", f"{lines}</svg>".encode())):
        edition = put(area, Edition.objects.first() or begun(area), content)
        found, kind = emblem_of(edition, cover=False) or (b"", "")
        assert kind == "png" and len(found) < 300 * 1024
        with Image.open(io.BytesIO(found)) as shown:
            assert shown.width <= SMALL[0] and shown.height <= SMALL[1]


def test_the_page_shows_replaces_and_removes_it(area: Area, client) -> None:
    edition = begun(area)
    year = edition.school_year
    client.force_login(area.accounts["planner"])
    page = client.get(f"/books/{year}/edit/").content.decode()
    assert "ใส่ตรา" in page and "นำตราออก" not in page
    answer = client.post(f"/books/{year}/emblem/", {"file": SimpleUploadedFile("ตรา.svg", SVG)})
    assert answer.status_code == 302
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/books/{year}/edit/").content.decode()
    assert "เปลี่ยนตรา" in page and "นำตราออก" in page and len(asked) <= 15
    held = held_emblem(Edition.objects.get())
    assert held is not None and f"/files/{held.public_id}/pages/1.png" in page
    shown = client.get(f"/files/{held.public_id}/pages/1.png?w=480")
    assert shown.status_code == 200 and b"".join(shown.streaming_content).startswith(b"\x89PNG")
    answer = client.post(
        f"/books/{year}/emblem/", {"file": SimpleUploadedFile("ตรา.png", "ไม่ใช่ภาพ".encode())}
    )
    assert answer.status_code == 422 and "รับเฉพาะภาพ PNG" in answer.content.decode()
    part = client.post(f"/books/{year}/emblem/", {}, headers={"HX-Request": "true"})
    assert part.status_code == 422 and "<html" not in part.content.decode()
    part = client.post(f"/books/{year}/emblem/remove/", headers={"HX-Request": "true"})
    assert part.status_code == 200 and "ยังไม่มีตรา" in part.content.decode()
    client.force_login(area.accounts["finance"])
    assert client.post(f"/books/{year}/emblem/remove/").status_code == 404
