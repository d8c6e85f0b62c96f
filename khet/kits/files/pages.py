"""Pages as pictures and as words over them, made once for each content and kept beside it.

What is kept can be deleted at any time; it is made again.
"""

from __future__ import annotations

import io
import threading
from pathlib import Path

import orjson
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from khet.base.lib.errors import NotFound
from khet.base.lib.pdf import PageWord
from khet.base.lib.pdf.foreign import drawing_image, page_image, page_words
from khet.kits.files.choices import FileKind
from khet.kits.files.models import StoredFile
from khet.kits.files.proof import refusals
from khet.kits.files.queries import open_stored, sound_path
from khet.kits.files.shelf import derived_path, write_derived

WIDTHS = (480, 960, 1440, 2160)
MAX_WORDS = 3_000
# Decoding a photograph takes up to 300 MB for an instant; one at a time in each process.
_DRAWING = threading.Lock()


def nearest_width(wanted: int) -> int:
    """The smallest kept width that is enough."""
    return next((width for width in WIDTHS if width >= wanted), WIDTHS[-1])


def page_picture(file: StoredFile, number: int, width: int) -> tuple[Path, str]:
    """The picture of a page (from 1) and its media type. Refuses blocked files; 404 beyond the last page."""
    width = nearest_width(width)
    path = sound_path(file)
    if not file.has_pages or not 1 <= number <= (file.pages or 0):
        raise NotFound(_("แฟ้มนี้ไม่มีหน้านี้"), code="files.no_such_page")
    if file.kind == FileKind.PDF:
        kept, mime = derived_path(file.sha256, f"{number}-{width}.png"), "image/png"
        if not kept.exists():
            write_derived(file.sha256, kept.name, page_image(path, number - 1, width))
    elif file.kind == FileKind.SVG:
        kept, mime = derived_path(file.sha256, f"{width}.png"), "image/png"
        if not kept.exists():
            write_derived(file.sha256, kept.name, drawing_image(path, width))
    else:
        kept, mime = derived_path(file.sha256, f"{width}.jpg"), "image/jpeg"
        if not kept.exists():
            write_derived(file.sha256, kept.name, public_picture(file, width))
    return kept, mime


def public_picture(file: StoredFile, width: int) -> bytes:
    """A photograph as a JPEG at most ``width`` wide, upright, without position or any other hidden data."""
    with _DRAWING, open_stored(file) as source:
        try:
            with Image.open(source, formats=["JPEG", "PNG"]) as picture:
                picture.draft("RGB", (width, width))
                upright = ImageOps.exif_transpose(picture)
                if upright.width > width:
                    upright.thumbnail((width, width * 10), Image.Resampling.LANCZOS)
                flat = Image.new("RGB", upright.size, "white")
                shown = upright.convert("RGBA")
                flat.paste(shown, mask=shown.getchannel("A"))
        except (OSError, ValueError, SyntaxError):
            raise refusals.damaged(str(FileKind(file.kind).label)) from None
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def words_of_page(file: StoredFile, number: int) -> list[PageWord]:
    """The words of a page with their places, for selecting; none for photographs and scans."""
    if not file.is_open or file.kind != FileKind.PDF or not 1 <= number <= (file.pages or 0):
        return []
    kept = derived_path(file.sha256, f"{number}.json")
    if kept.exists():
        return [PageWord(**word) for word in orjson.loads(kept.read_bytes())]
    words = page_words(sound_path(file), number - 1)[:MAX_WORDS]
    rows = [{"text": w.text, "x0": w.x0, "y0": w.y0, "x1": w.x1, "y1": w.y1} for w in words]
    write_derived(file.sha256, kept.name, orjson.dumps(rows))
    return words
