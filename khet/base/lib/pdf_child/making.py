"""The receive stamp on a copy of a PDF; pictures as pages."""

from __future__ import annotations

import io
import warnings

import pikepdf
import pypdfium2 as pdfium
from PIL import Image, ImageOps

from khet.base.lib.pdf_child.refused import Refused
from khet.base.lib.pdf_child.room import place

CM = 72 / 2.54
STAMP = (5 * CM, 2.5 * CM)
EDGE = 0.7 * CM
A4 = (595.276, 841.890)
MOST_PIXELS = 120_000_000


def stamp(path: str, stamp_path: str) -> bytes:
    """A copy with the stamp where the top of its first page is empty, the right corner first, upright as shown."""
    try:
        pdf = pikepdf.open(path, suppress_warnings=True)
    except pikepdf.PasswordError as why:
        raise Refused("encrypted") from why
    except pikepdf.PdfError as why:
        raise Refused("broken") from why
    with pdf, pikepdf.open(stamp_path) as ink:
        if len(pdf.pages) == 0:
            raise Refused("no_pages")
        page = pdf.pages[0]
        left, bottom, wide, high = shown_box(page)
        turn = int(page.get("/Rotate", 0) or _inherited(page, "/Rotate") or 0) % 360
        unit = float(page.get("/UserUnit", 1) or 1)
        form = pdf.copy_foreign(pikepdf.Page(ink.pages[0]).as_form_xobject())
        seen_wide, seen_high = (high, wide) if turn in (90, 270) else (wide, high)
        # On a slip of paper the stamp shrinks rather than covers it.
        scale = min(1 / unit, seen_wide * 0.6 / STAMP[0], seen_high * 0.4 / STAMP[1])
        edge = min(EDGE / unit, seen_wide * 0.05)
        stamp_wide, stamp_high = STAMP[0] * scale, STAMP[1] * scale
        picture = _first_page(path)
        x, down = seen_wide - edge - stamp_wide, edge
        if picture is not None:
            unit_of = picture.width / seen_wide
            x, down = place(
                picture, unit_of, wide=stamp_wide, high=stamp_high, edge=edge, step=CM / 4 * scale
            )
        y = seen_high - down - stamp_high
        a, b, c, d, e, f = {
            0: (1, 0, 0, 1, left + x, bottom + y),
            90: (0, 1, -1, 0, left + wide - y, bottom + x),
            180: (-1, 0, 0, -1, left + wide - x, bottom + high - y),
            270: (0, -1, 1, 0, left + y, bottom + high - x),
        }[turn // 90 * 90]
        depth = _left_open(page)
        name = page.add_resource(form, pikepdf.Name.XObject, prefix="KhetStamp")
        page.contents_add(b"q\n", prepend=True)
        matrix = " ".join(f"{value:.4f}" for value in (a * scale, b * scale, c * scale, d * scale, e, f))
        page.contents_add(b"\n" + b"Q\n" * (depth + 1) + f"q {matrix} cm {name} Do Q\n".encode())
        out = io.BytesIO()
        pdf.save(out, encryption=False)
    return out.getvalue()


def _first_page(path: str) -> Image.Image | None:
    """Page one in grey, 40 pixels to a centimetre of A4; None where the drawing library cannot draw it."""
    try:
        shown = pdfium.PdfDocument(path)[0]
        wide, high = shown.get_size()
        scale = min(840 / wide, (4_000_000 / (wide * high)) ** 0.5)
        return shown.render(scale=scale, may_draw_forms=True).to_pil().convert("L")
    except (pdfium.PdfiumError, ZeroDivisionError, ValueError):
        return None


def _inherited(page: pikepdf.Page, key: str) -> object:
    """An attribute that pages take from the nodes above them."""
    node = page.obj
    for _ in range(50):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    return None


def shown_box(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of what a reader shows: the crop box within the media box."""
    boxes = []
    for key in ("/MediaBox", "/CropBox"):
        box = _inherited(page, key)
        try:
            edges = [float(edge) for edge in box] if box is not None else []  # type: ignore[attr-defined]
        except (TypeError, ValueError):
            edges = []
        if len(edges) == 4:
            x0, x1 = sorted((edges[0], edges[2]))
            y0, y1 = sorted((edges[1], edges[3]))
            if x1 - x0 > 1 and y1 - y0 > 1:
                boxes.append((x0, y0, x1, y1))
    if not boxes:
        return 0, 0, 612, 792
    left, bottom, right, top = boxes[0]
    for x0, y0, x1, y1 in boxes[1:]:
        within = max(left, x0), max(bottom, y0), min(right, x1), min(top, y1)
        if within[2] - within[0] > 1 and within[3] - within[1] > 1:
            left, bottom, right, top = within
    return left, bottom, right - left, top - bottom


def _left_open(page: pikepdf.Page) -> int:
    """How many states the page's own drawing leaves saved: sloppy writers forget to restore them."""
    try:
        signs = [str(step.operator) for step in pikepdf.parse_content_stream(page, "q Q")]
    except pikepdf.PdfError:
        return 0
    depth = 0
    for sign in signs:
        depth = depth + 1 if sign == "q" else max(depth - 1, 0)
    return depth


def pictures(paths: list[str]) -> bytes:
    """One A4 page for each picture, upright, as large as fits; at most 300 dots an inch."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    book = pikepdf.new()
    for path in paths:
        try:
            with Image.open(path, formats=("JPEG", "PNG", "TIFF", "WEBP")) as given:
                upright = ImageOps.exif_transpose(given)
                if upright.mode in ("RGBA", "LA", "PA", "P"):
                    shape = upright.convert("RGBA")
                    flat = Image.new("RGB", shape.size, "white")
                    flat.paste(shape, mask=shape.getchannel("A"))
                    upright = flat
                elif upright.mode not in ("RGB", "L", "1"):
                    upright = upright.convert("RGB")
                paper = A4 if upright.height >= upright.width else (A4[1], A4[0])
                upright.thumbnail(
                    (int(paper[0] / 72 * 300), int(paper[1] / 72 * 300)), Image.Resampling.LANCZOS
                )
                one = io.BytesIO()
                upright.save(one, "PDF", resolution=72, quality=88)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as why:
            raise Refused("big") from why
        except (OSError, ValueError, SyntaxError) as why:
            raise Refused("picture") from why
        with pikepdf.open(one) as single:
            form = book.copy_foreign(pikepdf.Page(single.pages[0]).as_form_xobject())
        page = book.add_blank_page(page_size=paper)
        scale = min(paper[0] / upright.width, paper[1] / upright.height)
        x, y = (paper[0] - upright.width * scale) / 2, (paper[1] - upright.height * scale) / 2
        name = page.add_resource(form, pikepdf.Name.XObject)
        page.contents_add(f"q {scale:.6f} 0 0 {scale:.6f} {x:.3f} {y:.3f} cm {name} Do Q".encode())
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
