"""Pages of a PDF as pictures and words, drawn by pdfium, one at a time."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

# pdfium may not be entered by two threads at once.
_PDFIUM = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class PageWord:
    """A word on a page; places are shares (0–1) of the page as shown, from its top left."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


def page_image(path: Path, number: int, width: int) -> bytes:
    """Page ``number`` (from 1) as a PNG ``width`` points wide."""
    with _PDFIUM:
        paper = pypdfium2.PdfDocument(path)
        try:
            page = paper[number - 1]
            picture = page.render(scale=width / max(page.get_width(), 1), may_draw_forms=True).to_pil()
            page.close()
        finally:
            paper.close()
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG")
    return out.getvalue()


def page_words(path: Path, number: int) -> list[PageWord]:
    """The runs of text of a page with their places."""
    found: list[PageWord] = []
    with _PDFIUM:
        paper = pypdfium2.PdfDocument(path)
        try:
            page = paper[number - 1]
            width, height = page.get_size()
            words = page.get_textpage()
            for at in range(words.count_rects()):
                left, bottom, right, top = words.get_rect(at)
                text = words.get_text_bounded(left, bottom, right, top).strip()
                if text:
                    found.append(
                        PageWord(
                            text=text,
                            x0=left / width,
                            y0=1 - top / height,
                            x1=right / width,
                            y1=1 - bottom / height,
                        )
                    )
            words.close()
            page.close()
        finally:
            paper.close()
    return found
