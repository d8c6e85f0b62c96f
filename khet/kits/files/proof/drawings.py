"""SVG: shapes and colours alone. Read as XML with every part named, then drawn once as paper would draw it.

What acts (scripts, handlers, movement), what comes from elsewhere (links, pictures, styles) and letters, which need a typeface,
are refused: the same drawing must come out on every paper and in every browser.
"""

from __future__ import annotations

import re
from typing import Any, BinaryIO
from xml.parsers import expat

from khet.base.lib.errors import Refusal
from khet.base.lib.pdf.foreign import drawing_image
from khet.kits.files.proof import refusals

SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
# Elements of these are run or shown by a browser; those of drawing programs (inkscape, rdf …) are passed over by everybody.
_KNOWN = {"", SVG, "http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML"}
_SHAPES = frozenset(
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "clipPath",
        "mask",
        "pattern",
        "linearGradient",
        "radialGradient",
        "stop",
        "title",
        "desc",
        "metadata",
        "style",
    ]
)
_LETTERS = frozenset(
    [
        "text",
        "tspan",
        "tref",
        "textPath",
        "altGlyph",
        "altGlyphDef",
        "font",
        "font-face",
        "font-face-src",
        "font-face-uri",
        "glyph",
        "glyphRef",
        "missing-glyph",
    ]
)
_ELSEWHERE = frozenset(
    ["a", "image", "feImage", "foreignObject", "iframe", "cursor", "color-profile", "link"]
)
_ACTING = frozenset(
    [
        "script",
        "handler",
        "listener",
        "animate",
        "animateColor",
        "animateMotion",
        "animateTransform",
        "set",
        "discard",
    ]
)
_NO_STYLE = frozenset(["id", "class", "d", "points", "version"])
_OWN_PART = re.compile(r"url\(\s*(['\"]?)#[^'\"()\\]*\1\s*\)")
_REACHING = re.compile(r"url|src\(|image\(|image-set|://|expression|javascript:|binding|behavior|\\")
MOST_PARTS = 20_000
DEEPEST = 100
MOST_BYTES = 5 * 1024 * 1024
_WIDTH = 480


def is_markup(head: bytes) -> bool:
    """Begins as XML does."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def prove_drawing(source: BinaryIO) -> None:
    """Raises ``Refusal`` with what has to be changed in the drawing."""
    source.seek(0)
    content = source.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise refusals.drawing("complex")
    _Reader().read(content)
    source.seek(0)
    try:
        drawing_image(source, _WIDTH)
    except Refusal:
        raise refusals.drawing("undrawn") from None


class _Reader:
    """Walks the XML once. Nothing is loaded from outside, and no entity is put in place."""

    def __init__(self) -> None:
        self.parts = self.depth = 0
        self.style: list[str] | None = None
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = parser.SkippedEntityHandler = self._entity
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._words
        self.parser = parser

    def read(self, content: bytes) -> None:
        try:
            self.parser.Parse(content, True)
        except expat.ExpatError:
            raise refusals.damaged("SVG") from None

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise refusals.drawing("encoding")

    def _doctype(
        self, _name: str, _system: str | None, _public: str | None, has_own_declarations: bool
    ) -> None:
        # The usual line that names the standard is read by nobody; declarations of its own are programs in small.
        if has_own_declarations:
            raise refusals.drawing("entity")

    def _entity(self, *_given: Any) -> None:
        raise refusals.drawing("entity")

    def _instruction(self, target: str, _data: str) -> None:
        if target.lower() == "xml-stylesheet":
            raise refusals.drawing("elsewhere")

    def _begin(self, full: str, given: dict[str, str]) -> None:
        space, _gap, name = full.rpartition(" ")
        self.parts += 1
        self.depth += 1
        if self.parts == 1 and (space, name) != (SVG, "svg"):
            raise refusals.drawing("other")
        if self.parts > MOST_PARTS or self.depth > DEEPEST:
            raise refusals.drawing("complex")
        if space not in _KNOWN:
            return
        if space == SVG and name in _SHAPES:
            self.style = [] if name == "style" else self.style
        else:
            raise _of(name)
        for key, value in given.items():
            _check(key, value)

    def _end(self, _full: str) -> None:
        self.depth -= 1
        if self.style is not None:
            words, self.style = "".join(self.style), None
            _check_style(words)

    def _words(self, text: str) -> None:
        if self.style is not None:
            self.style.append(text)


def _of(name: str) -> Refusal:
    if name in _ACTING:
        return refusals.drawing("acting")
    if name in _LETTERS:
        return refusals.drawing("letters")
    if name in _ELSEWHERE:
        return refusals.drawing("elsewhere")
    return refusals.drawing("part", name=name[:40])


def _check(key: str, value: str) -> None:
    space, _gap, name = key.rpartition(" ")
    name = name.lower()
    if space == _XML:
        if name == "base":
            raise refusals.drawing("elsewhere")
    elif name == "href" and space in ("", _XLINK):
        if not value.strip().startswith("#"):
            raise refusals.drawing("elsewhere")
    elif space in ("", SVG):
        if name.startswith("on"):
            raise refusals.drawing("acting")
        if name == "style":
            _check_style(value)
        elif name not in _NO_STYLE and not name.startswith(("data-", "aria-")) and _reaches(value):
            raise refusals.drawing("elsewhere")


def _check_style(words: str) -> None:
    if "@font-face" in words.lower():
        raise refusals.drawing("letters")
    if "@" in words or _reaches(words):
        raise refusals.drawing("elsewhere")


def _reaches(words: str) -> bool:
    """Names anything but parts of the drawing itself. An escape is taken for one that hides a name."""
    return _REACHING.search(_OWN_PART.sub(" ", words.lower())) is not None
