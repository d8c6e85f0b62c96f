"""A map on paper: a picture that fills the sheet, its title, its scale as a number, its source."""

from __future__ import annotations

from dataclasses import dataclass

from khet.base.lib.charts import taken_apart
from khet.base.lib.pdf.compiling import compile_paper
from khet.base.lib.pdf.markup import paper_text

# Width and height in millimetres that a sheet leaves to the picture, lying or standing.
ROOM = {"a4": (186.0, 247.0), "a3": (273.0, 370.0)}
UNITS_PER_MM = 96 / 25.4


@dataclass(frozen=True, kw_only=True)
class MapPaper:
    """``svg`` is drawn ``width`` millimetres wide. ``scale`` in words (มาตราส่วน 1 : 250,000)."""

    title: str
    office: str
    svg: str
    width: float
    size: str = "a4"
    landscape: bool = False
    scale: str = ""
    source: str = ""
    printed: str = ""
    thai_digits: bool = False


def room(size: str, landscape: bool) -> tuple[float, float]:
    """What a sheet leaves to the picture: width, height in millimetres."""
    short, long = ROOM[size]
    # The title and the foot take the same 26 mm of either side.
    return (long + 26, short - 26) if landscape else (short, long)


def map_sheet(paper: MapPaper) -> bytes:
    """The PDF (PDF/A-2b) of a map."""
    thai = paper.thai_digits
    return compile_paper(
        "map",
        {
            "thai": thai,
            "speed": "",
            "paper": paper.size,
            "landscape": paper.landscape,
            "title": paper_text(paper.title, thai),
            "office": paper_text(paper.office, thai),
            "scale": paper_text(paper.scale, thai),
            "source": paper_text(paper.source, thai),
            "printed": paper_text(paper.printed, thai),
            "alt": paper.title,
            "width": paper.width,
        },
        pictures={"map.svg": taken_apart(paper.svg).encode()},
    )
