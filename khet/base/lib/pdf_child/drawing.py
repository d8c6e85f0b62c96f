"""Drawing an SVG with the page setter: what cannot be set on paper is known before it is believed."""

from __future__ import annotations

from pathlib import Path

import typst

from khet.base.lib.pdf_child.refused import Refused

_PAGE = """#set page(width: auto, height: auto, margin: 0pt, fill: white)
#let drawn(..more) = image("/%s", format: "svg", ..more)
#context {
  let natural = measure(drawn())
  drawn(width: natural.width * calc.min(%d / natural.width.pt(), %d / natural.height.pt()))
}"""


def drawing(path: str, width: int) -> bytes:
    """The drawing as PNG, ``width`` pixels wide or high; set as PDF/A first, which asks more than pixels do."""
    at = Path(path)
    page = (_PAGE % (at.name, width, width)).encode()
    try:
        # No typeface at all: a drawing that needs one is no drawing.
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[])
        compiler = typst.Compiler(page, root=str(at.parent), font_paths=fonts, ignore_system_fonts=True)
        compiler.compile(page, format="pdf", pdf_standards="a-2b", timestamp=0)
        made = compiler.compile(page, format="png", ppi=72)
    except (typst.TypstError, RuntimeError, ValueError) as why:
        raise Refused("picture") from why
    if not isinstance(made, bytes):
        raise Refused("picture")
    return made
