import datetime as dt
import hashlib
import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageChops

from khet.base.lib import pdf
from khet.base.lib.errors import Refusal

STAMP = pdf.StampText(
    office="สพป.ศรีธารา เขต 2", number="1842/2569", received=dt.datetime(2026, 11, 23, 2, 5, tzinfo=dt.UTC)
)


def blank(size=(595, 842), pages=1, **changes) -> bytes:
    made = pikepdf.new()
    for _ in range(pages):
        page = made.add_blank_page(page_size=size)
        for key, value in changes.items():
            page[f"/{key}"] = value
    return saved(made)


def saved(made: pikepdf.Pdf, **options) -> bytes:
    out = io.BytesIO()
    made.save(out, **options)
    return out.getvalue()


def with_(change) -> bytes:
    made = pikepdf.open(io.BytesIO(blank()))
    change(made)
    return saved(made)


def ink_box(data: bytes, width: int = 800) -> tuple[float, float, float, float, float]:
    """Where ink of the stamp is on the shown page, in shares, and the page's height over its width."""
    shown = Image.open(io.BytesIO(pdf.page_image(data, 0, width))).convert("RGB")
    mask = (
        shown.point(lambda value: 255 if value < 200 else 0)
        .convert("L")
        .point(lambda value: 255 if value else 0)
    )
    left, top, right, bottom = mask.getbbox()
    return (
        left / shown.width,
        top / shown.height,
        right / shown.width,
        bottom / shown.height,
        shown.height / shown.width,
    )


@pytest.mark.parametrize("turn", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize("box", [None, [40, 60, 500, 700], [500, 700, 40, 60]])
def test_the_stamp_stands_upright_at_the_top_right(turn, box):
    data = blank(Rotate=turn, **({"CropBox": Array(box)} if box else {}))
    left, top, right, bottom, ratio = ink_box(pdf.stamp_first_page(data, STAMP))
    assert right > 0.93 and top < 0.1 and left > 0.5
    # 5 by 2.5 cm, lying: upright means twice as wide as high.
    assert 1.8 < (right - left) / ((bottom - top) * ratio) < 2.2


@pytest.mark.parametrize("size", [(100, 60), (60, 400), (3000, 4000)])
def test_odd_pages_take_a_stamp_that_fits(size):
    left, _top, right, bottom, _ratio = ink_box(pdf.stamp_first_page(blank(size), STAMP))
    assert right <= 1 and left >= 0.3 and bottom <= 0.55


def written(*boxes: tuple[float, float, float, float], shade: float = 0, size=(595, 842), **changes) -> bytes:
    """A page with something in each box: left, top, width and height in centimetres from its top left."""
    made = pikepdf.open(io.BytesIO(blank(size, **changes)))
    cm = 72 / 2.54
    for left, top, wide, high in boxes:
        made.pages[0].contents_add(
            f"{shade} g {left * cm} {size[1] - (top + high) * cm} {wide * cm} {high * cm} re f\n".encode()
        )
    return saved(made)


def stamped_at(data: bytes) -> tuple[float, float]:
    """Left and top of the stamp on an A4 page in centimetres, by what it changed."""
    before, after = (
        Image.open(io.BytesIO(pdf.page_image(one, 0, 840))).convert("L")
        for one in (data, pdf.stamp_first_page(data, STAMP))
    )
    changed = ImageChops.difference(before, after).point(lambda value: 255 if value > 20 else 0)
    left, top, _right, _bottom = changed.getbbox()
    return left / 40, top / 40


ADDRESS = (14.0, 0.8, 6.2, 1.2)


@pytest.mark.parametrize(
    ("boxes", "left", "top"),
    [
        ([], 15.3, 0.7),
        # The sender's address at the very top right: just under it.
        ([ADDRESS], 15.3, 2.2),
        # A long address there: the garuda in the middle leaves the left corner.
        ([(13.0, 0.5, 7.5, 4.5), (9.0, 1.5, 3.0, 3.0)], 3.8, 0.7),
        # Right, middle and left taken: down, where the page is empty.
        ([(0.5, 0.5, 20, 4.0)], 15.3, 4.7),
    ],
)
def test_the_stamp_covers_nothing_that_is_written(boxes, left, top):
    found = stamped_at(written(*boxes))
    assert found == (pytest.approx(left, abs=0.3), pytest.approx(top, abs=0.3))


def test_grey_paper_with_dust_is_empty_paper():
    # A scan: the paper is grey, with a speck here and there.
    page = written((0, 0, 21, 29.7), shade=0.86)
    speck = with_specks(page)
    assert stamped_at(speck) == (pytest.approx(15.3, abs=0.3), pytest.approx(0.7, abs=0.3))


def with_specks(data: bytes) -> bytes:
    made = pikepdf.open(io.BytesIO(data))
    made.pages[0].contents_add(b"0 g 500 800 0.8 0.8 re f 460 790 0.8 0.8 re f\n")
    return saved(made)


def test_a_page_full_to_its_edges_is_stamped_all_the_same():
    left, top = stamped_at(written((0, 0, 21, 29.7)))
    assert 0 <= left <= 16 and 0 <= top <= 9.9


def test_room_is_looked_for_on_the_page_as_it_is_shown():
    # Lying page: what stands at its left side when unturned is at the top when shown.
    data = written((0.5, 0.5, 4, 10), Rotate=90)
    before, after = (
        Image.open(io.BytesIO(pdf.page_image(one, 0, 840))).convert("L")
        for one in (data, pdf.stamp_first_page(data, STAMP))
    )
    under = ImageChops.difference(before, after).point(lambda value: 255 if value > 20 else 0).getbbox()
    assert before.crop(under).getextrema()[0] > 200, "nothing stood where the stamp is"


def test_a_page_that_leaves_its_drawing_open_is_stamped_in_place():
    def spoil(made):
        made.pages[0].contents_add(b"q 0.2 0 0 0.2 50 50 cm q 3 0 0 3 0 0 cm")

    left, top, right, _bottom, _ratio = ink_box(pdf.stamp_first_page(with_(spoil), STAMP))
    assert right > 0.93 and top < 0.1 and left > 0.5


def test_the_original_stays_and_the_stamp_says_its_words():
    data = blank()
    before = hashlib.sha256(data).hexdigest()
    stamped = pdf.stamp_first_page(data, STAMP)
    assert hashlib.sha256(data).hexdigest() == before
    said = pdf.page_text(stamped).replace("\u00a0", " ")
    for part in ("๑๘๔๒/๒๕๖๙", "๒๓ พ.ย. ๒๕๖๙", "๐๙.๐๕ น."):
        assert part in said


def test_words_have_their_places():
    found = pdf.page_words(pdf.stamp_first_page(blank(), STAMP))
    number = next(word for word in found if "๑๘๔๒" in word.text)
    assert 0.7 < number.x0 < number.x1 < 1 and 0 < number.y0 < number.y1 < 0.15


def test_an_endless_page_is_drawn_within_the_limit_of_pixels():
    drawn = Image.open(io.BytesIO(pdf.page_image(blank((50, 14_000)), 0, 4_000)))
    assert drawn.width * drawn.height <= 25_000_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no pdf", "pdf.broken"),
        (blank(pages=0), "pdf.no_pages"),
        (
            saved(pikepdf.open(io.BytesIO(blank())), encryption=pikepdf.Encryption(owner="a", user="b")),
            "pdf.encrypted",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(data, code):
    for act in (
        lambda: pdf.page_image(data),
        lambda: pdf.stamp_first_page(data, STAMP),
        lambda: pdf.page_count(data),
    ):
        with pytest.raises(Refusal) as why:
            act()
        assert why.value.code == code
    with pytest.raises(Refusal):
        pdf.page_image(blank(), 5)


def javascript(made):
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def launch(made):
    made.pages[0].Annots = Array(
        [
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=[0, 0, 9, 9],
                A=Dictionary(S=Name.Launch, F=String("cmd.exe")),
            )
        ]
    )


def rendition(made):
    made.pages[0].Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Screen, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Rendition))]
    )


def xfa(made):
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=made.make_stream(b"<xdp/>"))


def embedded(name):
    def change(made):
        made.attachments[name] = pikepdf.AttachedFileSpec(made, b"MZ", filename=name)

    return change


@pytest.mark.parametrize(
    ("data", "code", "safe"),
    [
        (with_(javascript), "javascript", False),
        (with_(javascript), "open_action", False),
        (with_(launch), "launch", False),
        (with_(rendition), "media", False),
        (with_(xfa), "xfa", False),
        (with_(embedded("a.exe")), "embedded", False),
        (with_(embedded("data.xml")), "attachment", True),
        (blank(pages=0), "no_pages", False),
        (b"GIF89a/*" + blank(), "polyglot", False),
        (b"hello", "not_pdf", False),
        (b"%PDF-1.7\nrubbish", "broken", False),
        (
            saved(pikepdf.open(io.BytesIO(blank())), encryption=pikepdf.Encryption(owner="a", user="b")),
            "encrypted",
            False,
        ),
        (
            saved(pikepdf.open(io.BytesIO(blank())), encryption=pikepdf.Encryption(owner="a", user="")),
            "restricted",
            True,
        ),
    ],
)
def test_what_a_paper_has_no_need_of_is_found(data, code, safe):
    seen = pdf.inspect_pdf(data)
    assert code in {finding.code for finding in seen.findings}
    assert seen.safe is safe
    assert all(finding.sentence for finding in seen.findings)


def test_a_zip_behind_a_pdf_is_a_polyglot():
    import zipfile

    out = io.BytesIO(blank())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("a.js", "x")
    assert not pdf.inspect_pdf(out).safe


def test_a_million_objects_stop_at_the_door():
    parts = [
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    ]
    parts += [b"%d 0 obj 0 endobj\n" % number for number in range(3, 1_000_000)]
    seen = pdf.inspect_pdf(b"".join(parts) + b"trailer<</Root 1 0 R>>\n%%EOF")
    assert not seen.safe
    assert {finding.code for finding in seen.findings} & {"objects", "big", "broken"}


def test_our_own_papers_are_clean():
    from khet.base.lib.pdf.tests import samples

    seen = pdf.inspect_pdf(pdf.external_letter(samples.letter()))
    assert (seen.pages, seen.findings) == (1, [])


def test_scans_become_upright_pages():
    exif = Image.Exif()
    exif[0x0112] = 6
    photo, sheet = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(photo, "JPEG", exif=exif)
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(sheet, "PNG")
    made = pdf.pictures_to_pdf([photo.getvalue(), sheet.getvalue()])
    with pikepdf.open(io.BytesIO(made)) as opened:
        sizes = [[round(float(edge)) for edge in page.mediabox[2:]] for page in opened.pages]
    assert sizes == [[595, 842], [842, 595]]
    with pytest.raises(Refusal):
        pdf.pictures_to_pdf([b"GIF89a"])
