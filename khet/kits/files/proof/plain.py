"""Plain text and CSV in the encodings that Thai offices use."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from khet.kits.files.choices import FileKind
from khet.kits.files.proof import refusals

ENCODINGS = ("utf-8-sig", "cp874")
_ALLOWED_CONTROLS = frozenset("\t\n\r\f")
_BLOCK = 256 * 1024


def encoding_of(source: BinaryIO) -> str | None:
    """The encoding in which all of the bytes are readable text, or None when they are not text."""
    source.seek(0)
    head = source.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16" if _readable(source, "utf-16") else None
    return next((name for name in ENCODINGS if _readable(source, name)), None)


def prove_text(source: BinaryIO, name: str) -> FileKind:
    """Text or CSV; anything a browser would run, and anything that is not text, is refused."""
    encoding = encoding_of(source)
    if encoding is None:
        raise refusals.not_accepted()
    source.seek(0)
    start = source.read(4096).decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n").lower()
    if start.startswith(
        ("<?xml", "<svg", "<!doctype", "<html", "<script", "<body", "<head", "<math", "<iframe")
    ):
        raise refusals.svg()
    if start.startswith(("#!", "mz", "gif8", "%!ps", "{\\rtf")):
        raise refusals.not_accepted()
    return FileKind.CSV if name.lower().endswith((".csv", ".tsv")) else FileKind.TEXT


def _readable(source: BinaryIO, encoding: str) -> bool:
    source.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := source.read(_BLOCK):
            if not _clean(decoder.decode(block)):
                return False
        return _clean(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return False


def _clean(text: str) -> bool:
    return all(c >= " " or c in _ALLOWED_CONTROLS for c in set(text)) and "\x7f" not in text
