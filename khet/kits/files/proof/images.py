"""JPEG and PNG: opened by a decoder, measured before a single pixel is drawn."""

from __future__ import annotations

import struct
import warnings
from typing import BinaryIO

from django.conf import settings
from PIL import Image

from khet.kits.files.choices import FileKind
from khet.kits.files.proof import refusals

_TRAILER_LIMIT = 64 * 1024


def prove_image(source: BinaryIO, kind: FileKind, length: int) -> set[str]:
    """Check structure and size in points. Raises ``Refusal``; returns findings."""
    source.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(source, formats=["JPEG" if kind == FileKind.JPEG else "PNG"])
    except Image.DecompressionBombError:
        raise refusals.too_many_pixels(*_measure(source, kind), settings.KHET_PIXEL_LIMIT) from None
    except (OSError, ValueError, SyntaxError, struct.error):
        raise refusals.damaged(str(kind.label)) from None
    width, height = image.size
    if width * height > settings.KHET_PIXEL_LIMIT:
        raise refusals.too_many_pixels(width, height, settings.KHET_PIXEL_LIMIT)
    try:
        if kind == FileKind.PNG:
            image.verify()  # checks every chunk's sum without drawing
        else:
            image.draft("L", (max(width // 8, 1), max(height // 8, 1)))  # decodes at an eighth: little memory
            image.load()
    except (OSError, ValueError, SyntaxError, struct.error):
        raise refusals.damaged(str(kind.label)) from None
    return _tail(source, kind, length)


def _measure(source: BinaryIO, kind: FileKind) -> tuple[int, int]:
    if kind != FileKind.PNG:
        return 65_535, 65_535
    source.seek(16)
    return struct.unpack(">II", source.read(8))


def _tail(source: BinaryIO, kind: FileKind, length: int) -> set[str]:
    """A page or script hidden behind the picture's end."""
    span = min(length, _TRAILER_LIMIT)
    source.seek(length - span)
    data = source.read(span)
    end = data.rfind(b"IEND\xaeB`\x82" if kind == FileKind.PNG else b"\xff\xd9")
    trailer = data[end:].lower() if end >= 0 else b""
    return (
        {"polyglot"} if any(mark in trailer for mark in (b"<script", b"<html", b"%pdf-", b"<?php")) else set()
    )
