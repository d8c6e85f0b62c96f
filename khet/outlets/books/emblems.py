"""The office's emblem on the covers: what is accepted, which an edition has, and how it goes onto paper."""

from __future__ import annotations

import io
from typing import Any

from django.utils.translation import gettext as _t
from PIL import Image, ImageOps

from khet.base.lib.errors import Refusal
from khet.base.lib.pdf.foreign import drawing_image
from khet.kits.files.api import Attachment, FileKind, attachments, open_file, page_picture, read_bytes
from khet.outlets.books.models import Edition

EMBLEM = "emblem"
KINDS = (FileKind.PNG, FileKind.JPEG, FileKind.SVG)
LIMIT = 2 * 1024 * 1024
LONGEST_SIDE = 4_000
THINNEST = 8  # times as wide as high, or as high as wide: beyond that it is a line
SEEN = 245  # of 255: what is lighter on white is not seen
COVER, SMALL = (1_400, 480), (540, 300)
"""Points that are enough for the cover, and for the head of a small book or leaflet, of which there may be some hundred in one archive."""
HEAVY = 100 * 1024


def held_emblem(edition: Edition) -> Attachment | None:
    """The emblem of an edition as it is attached."""
    if not edition.emblem_sha256:
        return None
    return attachments(edition, EMBLEM).filter(file__sha256=edition.emblem_sha256).first()


def demand_size(upload: Any) -> None:
    """Refuse what is too big before it is opened."""
    size = len(upload) if isinstance(upload, bytes) else upload.size
    if size > LIMIT:
        raise _refusal(
            _t("ตรานี้ %(size).1f MB รับได้ไม่เกิน 2 MB ย่อภาพให้กว้างและสูงไม่เกิน 2,000 จุด แล้วใส่อีกครั้ง") % {"size": size / 1024 / 1024},
            "big",
        )  # fmt: skip


def demand_printable(held: Attachment) -> None:
    """Refuse what would not look like an emblem on a cover: locked away, endless, a line, white on white."""
    if not held.file.is_open:
        raise _refusal(_t("มีแฟ้มอื่นซ้อนอยู่ในภาพนี้ เปิดในโปรแกรมวาด บันทึกเป็น PNG ใหม่ แล้วใส่อีกครั้ง"), "locked")
    if held.file.kind != FileKind.SVG:
        with open_file(held) as source, Image.open(source) as picture:
            wide, high = picture.size
        if max(wide, high) > LONGEST_SIDE:
            raise _refusal(
                _t("ตรานี้กว้าง %(wide)d สูง %(high)d จุด รับได้ไม่เกินด้านละ 4,000 จุด ย่อภาพ แล้วใส่อีกครั้ง") % {"wide": wide, "high": high}, "large"
            )  # fmt: skip
    path, _mime = page_picture(held.file, 1, 480)
    with Image.open(path) as shown:
        wide, high = shown.size
        darkest = shown.convert("L").getextrema()[0]
    if max(wide, high) > THINNEST * min(wide, high):
        raise _refusal(_t("ตรานี้ยาวหรือสูงเกินไป พิมพ์แล้วจะเป็นเพียงเส้น ตัดขอบให้พอดีกับตรา แล้วใส่อีกครั้ง"), "thin")
    if int(darkest) > SEEN:  # type: ignore[arg-type]
        raise _refusal(_t("ตรานี้เป็นสีขาวทั้งภาพ พิมพ์บนพื้นขาวแล้วมองไม่เห็น ใช้ตราสีเข้ม แล้วใส่อีกครั้ง"), "white")


def _refusal(sentence: str, code: str) -> Refusal:
    return Refusal(sentence, code=f"books.emblem_{code}", field="file")


def emblem_of(edition: Edition, *, cover: bool) -> tuple[bytes, str] | None:
    """The emblem as the setter takes it (content and kind); the same file gives the same bytes. None without one."""
    if not edition.emblem_sha256:
        return None
    held = held_emblem(edition)
    if held is None:
        raise Refusal(_t("ตราของเล่มนี้เปลี่ยนไประหว่างทำไฟล์ สั่งทำอีกครั้ง"), code="books.emblem_gone")
    content, points = read_bytes(held), COVER if cover else SMALL
    if held.file.kind != FileKind.SVG:
        return _printed(content, points), "png"
    # A heavy drawing in each of a hundred small books would be a heavy archive.
    if cover or len(content) <= HEAVY:
        return content, "svg"
    return _printed(drawing_image(content, max(points)), points), "png"


def _printed(content: bytes, points: tuple[int, int]) -> bytes:
    """Upright, no larger than paper shows, without colours of a press or anything the camera wrote."""
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as picture:
        upright = ImageOps.exif_transpose(picture)
        mode = "RGBA" if upright.has_transparency_data else "RGB"
        shown = upright.convert(mode)
    shown.thumbnail(points, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    shown.save(out, "PNG", optimize=True, icc_profile=None, exif=b"")
    return out.getvalue()
