"""Drawing pages and reading their text."""

from __future__ import annotations

import ctypes
import io
import json

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from khet.base.lib.pdf_child.refused import Refused

MOST_PIXELS = 24_000_000
MOST_CHARACTERS = 200_000
MOST_PAGES = 3_000


def opened(path: str) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as why:
        raise Refused("encrypted" if "password" in str(why).lower() else _why(path)) from why
    if len(document) == 0:
        raise Refused("no_pages")
    return document


def _why(path: str) -> str:
    """A sound file without pages is refused by the drawing library; it is told apart here."""
    import pikepdf  # noqa: PLC0415 – rarely needed, and slow to load

    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            return "broken" if len(pdf.pages) else "no_pages"
    except pikepdf.PdfError:
        return "broken"


def _page(path: str, page: int) -> pdfium.PdfPage:
    document = opened(path)
    if not 0 <= page < len(document):
        raise Refused("page")
    try:
        return document[page]
    except pdfium.PdfiumError as why:
        raise Refused("broken") from why


def count(path: str) -> bytes:
    return str(len(opened(path))).encode()


def image(path: str, page: int, width: int) -> bytes:
    """The page as PNG, ``width`` pixels wide, fewer where its height would pass the limit of pixels."""
    drawn = _page(path, page)
    wide, high = drawn.get_size()
    if wide <= 0 or high <= 0:
        raise Refused("broken")
    scale = min(width / wide, (MOST_PIXELS / (wide * high)) ** 0.5, 30_000 / max(wide, high))
    # Sizes are rounded up: at least one pixel either way.
    bitmap = drawn.render(scale=max(scale, 1 / max(min(wide, high), 1e-3) / 2), may_draw_forms=True)
    out = io.BytesIO()
    bitmap.to_pil().convert("RGB").save(out, "PNG", compress_level=4)
    return out.getvalue()


def text(path: str, page: int | None) -> bytes:
    document = opened(path)
    pages = range(min(len(document), MOST_PAGES)) if page is None else [page]
    if page is not None and not 0 <= page < len(document):
        raise Refused("page")
    said = []
    for number in pages:
        try:
            said.append(document[number].get_textpage().get_text_range()[:MOST_CHARACTERS])
        except pdfium.PdfiumError:
            said.append("")
    return json.dumps(said).encode("utf-8", "replace")


def words(path: str, page: int) -> bytes:
    """Runs of text between spaces with their places as shares of the page as shown, from its top left."""
    shown = _page(path, page)
    reader = shown.get_textpage()
    whole = 1_000_000
    found: list[tuple[str, float, float, float, float]] = []
    run: list[str] = []
    box = [0.0, 0.0, 0.0, 0.0]
    x, y = ctypes.c_int(), ctypes.c_int()

    def place(left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        at = []
        for across, up in ((left, top), (right, bottom)):
            raw.FPDF_PageToDevice(shown.raw, 0, 0, whole, whole, 0, across, up, x, y)
            at.append((x.value / whole, y.value / whole))
        (ax, ay), (bx, by) = at
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def close() -> None:
        if run:
            found.append(("".join(run), *(round(min(max(edge, 0.0), 1.0), 5) for edge in box)))
            run.clear()

    for index in range(min(reader.count_chars(), MOST_CHARACTERS)):
        character = chr(min(raw.FPDFText_GetUnicode(reader.raw, index), 0x10FFFF))
        if character.isspace() or not character.isprintable():
            close()
            continue
        left, bottom, right, top = reader.get_charbox(index, loose=True)
        at = place(left, bottom, right, top)
        if run and (
            abs(at[1] - box[1]) > (box[3] - box[1]) * 0.6 + 0.002
            or at[0] < box[0] - 0.01
            or at[0] > box[2] + 0.03
        ):
            close()
        if not run:
            box[:] = at
        else:
            box[:] = [min(box[0], at[0]), min(box[1], at[1]), max(box[2], at[2]), max(box[3], at[3])]
        run.append(character)
    close()
    return json.dumps(found).encode("utf-8", "replace")
