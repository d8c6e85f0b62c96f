"""A printed book read back from its letters, to hold its figures against the records they were counted from."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2

from khet.base.lib.thai import to_arabic_digits

_NUMBER = re.compile(r"(?<![\d.])\d[\d,]*(?![\d.])")


def pages_of(pdf: bytes | Path) -> tuple[str, ...]:
    """The text of every page of a PDF, in Arabic digits, without the marks that only the drawing needs."""
    return tuple(
        to_arabic_digits(page.get_textpage().get_text_bounded()).replace("\u200b", "").replace("\u00a0", " ")
        for page in pypdfium2.PdfDocument(pdf)
    )


def numbers_after(text: str, words: str) -> list[int]:
    """The whole numbers of the first line that begins with some words, spaces aside; none where no line does."""
    begins = re.sub(r"\s", "", words)
    for line in text.splitlines():
        if re.sub(r"\s", "", line).startswith(begins):
            return [int(one.replace(",", "")) for one in _NUMBER.findall(line[len(words) :])]
    return []
