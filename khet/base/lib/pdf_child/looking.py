"""Drawing pages, reading their text, and looking for what a paper has no need of."""

from __future__ import annotations

import ctypes
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from khet.base.lib.pdf_child.refused import Refused

MOST_PIXELS = 24_000_000
MOST_CHARACTERS = 200_000
MOST_OBJECTS = 300_000
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
        if run and (abs(at[1] - box[1]) > (box[3] - box[1]) * 0.6 + 0.002 or at[0] < box[0] - 0.01 or at[0] > box[2] + 0.03):
            close()
        if not run:
            box[:] = at
        else:
            box[:] = [min(box[0], at[0]), min(box[1], at[1]), max(box[2], at[2]), max(box[3], at[3])]
        run.append(character)
    close()
    return json.dumps(found).encode("utf-8", "replace")


_ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/SubmitForm": "submit",
    "/ImportData": "submit",
    "/GoToE": "embedded",
}
_KEYS = {"/JS": "javascript", "/XFA": "xfa", "/EF": "embedded", "/EmbeddedFiles": "embedded", "/RichMediaContent": "media", "/AA": "actions"}
_HARMLESS_FILE = re.compile(r"\.(xml|pdf|png|jpe?g|txt|csv|json|xlsx|docx|ods|odt)$", re.I)
_OTHER_STARTS = (b"GIF8", b"PK", b"MZ", b"\x7fELF", b"<", b"\x89PNG", b"\xff\xd8\xff", b"#!", b"Rar!", b"BM", b"%!PS")


def inspect(path: str) -> bytes:
    """Codes of what was met: ``{"pages": n, "found": [...]}``."""
    data = Path(path).read_bytes()
    found: set[str] = set()
    at = data[:1024].find(b"%PDF-")
    if at < 0:
        return json.dumps({"pages": 0, "found": ["not_pdf"]}).encode()
    if at > 0 and data[:at].strip(b"\xef\xbb\xbf\r\n\t \0"):
        found.add("polyglot")
    tail = data[-70_000:]
    end = tail.rfind(b"PK\x05\x06")
    if end >= 0 and b"PK\x01\x02" in data and b"PK\x03\x04" in data:
        found.add("polyglot")
    try:
        with pikepdf.open(path, suppress_warnings=True, inherit_page_attributes=False) as pdf:
            if pdf.is_encrypted:
                found.add("restricted")
            if len(pdf.objects) > MOST_OBJECTS:
                return json.dumps({"pages": 0, "found": [*found, "objects"]}).encode()
            pages = len(pdf.pages)
            if pages == 0:
                found.add("no_pages")
            if pages > MOST_PAGES:
                found.add("many_pages")
            _walk(pdf, found)
    except pikepdf.PasswordError:
        return json.dumps({"pages": 0, "found": [*found, "encrypted"]}).encode()
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError, KeyError):
        return json.dumps({"pages": 0, "found": [*found, "broken"]}).encode()
    return json.dumps({"pages": pages, "found": sorted(found)}).encode()


def _walk(pdf: pikepdf.Pdf, found: set[str]) -> None:
    for thing in pdf.objects:
        for part in _parts(thing, 0):
            for key in part.keys():  # noqa: SIM118 – a stream is no mapping
                if key in _KEYS and not (key == "/AA" and len(part[key]) == 0):
                    if (key == "/EF" and _HARMLESS_FILE.search(str(part.get("/UF", part.get("/F", ""))))) or key == "/EmbeddedFiles":
                        found.add("attachment")
                    else:
                        found.add(_KEYS[key])
            kind = part.get("/S")
            if isinstance(kind, pikepdf.Name) and str(kind) in _ACTIONS:
                found.add(_ACTIONS[str(kind)])
            if str(part.get("/Subtype", "")) in ("/RichMedia", "/Screen", "/3D", "/Movie", "/Sound"):
                found.add("media")
    opening = pdf.Root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and str(opening.get("/S", "/GoTo")) not in ("/GoTo", "/Named"):
        found.add("open_action")


def _parts(thing: Any, depth: int) -> Iterator[Any]:
    """Every dictionary in one object, without following references."""
    if depth > 40:
        return
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict if hasattr(thing, "stream_dict") else thing
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield thing
        inner = [thing[key] for key in thing.keys() if key not in ("/Parent", "/P", "/Kids", "/Prev", "/Next")]  # noqa: SIM118
    elif isinstance(thing, pikepdf.Array):
        if len(thing) > 5_000:
            return
        inner = list(thing)
    else:
        return
    for one in inner:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Array) and not one.is_indirect:
            yield from _parts(one, depth + 1)
