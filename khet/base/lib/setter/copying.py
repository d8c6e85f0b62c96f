"""Makes the text that is copied out of our papers, and searched in them, the text that is read.

The setter names a cluster (สั่) once as a whole, but draws a displaced tone mark apart from it and names that with
the whole cluster again: copied text read คำสั่สั่ง. Marks drawn apart are given nothing to say.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Mapping

import pikepdf

_STRING = rb"\((?:\\.|[^\\()])*\)"
_SPAN = re.compile(
    rb"/Span<</ActualText<FEFF[0-9A-F]+>>>BDC( 0 Tr)?/(\w+) ([^\[(]*?)(\[(?:"
    + _STRING
    + rb"|[^\](])*\]TJ|"
    + _STRING
    + rb"Tj)\nEMC",
    re.DOTALL,
)
_LITERAL = re.compile(_STRING, re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_ENTRY = re.compile(rb"<([0-9A-F]{4})> <(0E[0-9A-F]{2}(?:0E[0-9A-F]{2})+)>")


def with_clean_text(data: bytes) -> bytes:
    """The same pages with text that copies right."""
    with pikepdf.open(io.BytesIO(data)) as opened:
        changed = False
        # Hundreds of pages share a few fonts: each is looked at once.
        known: dict[tuple[int, int], frozenset[int]] = {}
        for page in opened.pages:
            fonts = page.get("/Resources", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary())
            marks: dict[bytes, frozenset[int]] = {}
            for name, font in fonts.items():
                found = known.get(font.objgen) if font.is_indirect else None
                if found is None:
                    found = _marks(font)
                    changed |= _mend_table(font, found)
                    if font.is_indirect:
                        known[font.objgen] = found
                marks[name.removeprefix("/").encode()] = found
            for part in [page.Contents] if isinstance(page.Contents, pikepdf.Stream) else list(page.Contents):
                drawn = part.read_bytes()
                mended = _mend_drawing(drawn, marks)
                if mended != drawn:
                    part.write(mended)
                    changed = True
        if not changed:
            return data
        out = io.BytesIO()
        opened.save(out, object_stream_mode=pikepdf.ObjectStreamMode.preserve, deterministic_id=True)
    return out.getvalue()


def _marks(font: pikepdf.Object) -> frozenset[int]:
    """Glyphs without width of their own: marks above and below. The setter leaves a width of zero unsaid."""
    if "/DescendantFonts" not in font or int(font["/DescendantFonts"][0].get("/DW", 1000)) != 0:
        return frozenset()
    widths = list(font["/DescendantFonts"][0].get("/W", []))
    wide: set[int] = set()
    at = 0
    while at + 1 < len(widths):
        first = int(widths[at])
        if isinstance(widths[at + 1], pikepdf.Array):
            wide.update(first + n for n, width in enumerate(widths[at + 1]) if float(width) != 0)
            at += 2
        else:
            if float(widths[at + 2]) != 0:
                wide.update(range(first, int(widths[at + 1]) + 1))
            at += 3
    return frozenset(range(max(wide, default=0) + 64)) - wide


def _mend_table(font: pikepdf.Object, marks: frozenset[int]) -> bool:
    if not marks or "/ToUnicode" not in font:
        return False
    table = font["/ToUnicode"].read_bytes()
    mended = _ENTRY.sub(
        lambda found: b"<" + found[1] + b"> <200B>" if int(found[1], 16) in marks else found[0], table
    )
    if mended == table:
        return False
    font["/ToUnicode"].write(mended)
    return True


def _mend_drawing(drawn: bytes, marks: Mapping[bytes, frozenset[int]]) -> bytes:
    def mended(found: re.Match[bytes]) -> bytes:
        if _only_marks(found[4], marks.get(found[2], frozenset())):
            return re.sub(rb"<FEFF[0-9A-F]+>", b"<FEFF200B>", found[0], count=1)
        return found[0]

    return _SPAN.sub(mended, drawn)


@functools.lru_cache(maxsize=20_000)
def _only_marks(shown: bytes, known: frozenset[int]) -> bool:
    """Whether what is drawn is nothing but marks; a book draws the same few thousand clusters again and again."""
    glyphs = b"".join(map(_bytes_of, _LITERAL.findall(shown)))
    return bool(glyphs) and all(
        int.from_bytes(glyphs[at : at + 2]) in known for at in range(0, len(glyphs), 2)
    )


def _bytes_of(literal: bytes) -> bytes:
    def byte(found: re.Match[bytes]) -> bytes:
        sign = found[1]
        return bytes([int(sign, 8) & 255]) if sign.isdigit() else _NAMED.get(sign, sign)

    return _ESCAPE.sub(byte, literal[1:-1])
