"""Label sheets: a QR code with a few words on each sticker of an A4 sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno

from khet.base.lib.pdf.compiling import compile_paper
from khet.base.lib.pdf.markup import paper_text


@dataclass(frozen=True, kw_only=True)
class Label:
    """One sticker: the address behind the QR code, whose it is, what it is, its number, its short code."""

    address: str
    owner: str
    title: str
    number: str
    code: str


@dataclass(frozen=True)
class LabelSheet:
    """An A4 sheet of stickers, in millimetres: ``left`` and ``top`` margins, size of a sticker, of the QR code; ``text`` in points."""

    columns: int
    rows: int
    wide: float
    high: float
    left: float
    top: float
    code: float
    text: float
    lines: int
    pad: float = 2.0


SHEETS = {
    24: LabelSheet(3, 8, 64.0, 33.9, 9.0, 12.9, 24.0, 8.4, 2),
    40: LabelSheet(4, 10, 52.5, 29.7, 0.0, 0.0, 19.0, 7.4, 2, 3.0),
    65: LabelSheet(5, 13, 38.1, 21.2, 9.75, 10.7, 14.5, 5.6, 2, 1.2),
}


def label_sheets(labels: Sequence[Label], *, per_sheet: int, first: int = 1, title: str = "") -> bytes:
    """The labels on sheets of ``per_sheet`` stickers (a key of ``SHEETS``), beginning at sticker ``first`` of the first sheet."""
    sheet = SHEETS[per_sheet]
    pictures: dict[str, bytes] = {}
    given = []
    for place, label in enumerate(labels):
        drawn = io.BytesIO()
        segno.make(label.address, error="m", micro=False).save(
            drawn, kind="svg", border=1, xmldecl=False, svgns=True
        )
        pictures[f"{place}.svg"] = drawn.getvalue()
        given.append(
            {
                "picture": f"/{place}.svg",
                "owner": paper_text(label.owner, False),
                "title": paper_text(label.title, False),
                "number": label.number,
                "code": label.code,
            }
        )
    return compile_paper(
        "labels",
        {
            "thai": False,
            "speed": "",
            "title": title,
            "sheet": vars(sheet),
            "first": min(max(first, 1), per_sheet) - 1,
            "labels": given,
        },
        pictures=pictures,
    )
