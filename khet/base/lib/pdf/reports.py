"""A report on paper: facts, sections of words and tables, places to sign. For forms that are mostly a table.

Plain data in, PDF/A-2b out, like the other papers of this package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from khet.base.lib.pdf.compiling import compile_paper
from khet.base.lib.pdf.markup import paper_text, pieces
from khet.base.lib.pdf.papers import ListColumn


@dataclass(frozen=True, kw_only=True)
class ReportSection:
    """A heading with words under it and a table; ``totals`` is a last row in bold. Any part may be missing.

    ``heads`` is a first row of table heads over several columns: (words, how many columns); empty words span nothing.
    """

    title: str = ""
    words: Sequence[str] = ()
    columns: Sequence[ListColumn] = ()
    rows: Sequence[Sequence[str]] = ()
    totals: Sequence[str] = ()
    heads: Sequence[tuple[str, int]] = ()
    nothing: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportPaper:
    """A whole report. ``form`` stands top right (แบบ พฐ.03); ``lines`` under the title; ``facts`` are (label, value)
    in a strip; ``signers`` are lines of words, each a place for a pen: the first line is the name in brackets.
    """

    office: str
    title: str
    lines: Sequence[str] = ()
    form: str = ""
    facts: Sequence[tuple[str, str]] = ()
    sections: Sequence[ReportSection] = ()
    signers: Sequence[Sequence[str]] = ()
    printed: str = ""
    landscape: bool = False
    size: int = 14
    thai_digits: bool = False


def report(paper: ReportPaper) -> bytes:
    """The PDF of a report; tables run over as many pages as they need with their heads repeated."""
    thai = paper.thai_digits

    def text(value: str) -> str:
        return paper_text(value or "", thai)

    def cell(value: str) -> Any:
        found = pieces(text(value))
        return found[0]["t"] if len(found) == 1 and len(found[0]) == 1 else found or ""

    return compile_paper(
        "report",
        {
            "thai": thai,
            "speed": "",
            "size": paper.size,
            "landscape": paper.landscape,
            "title": text(paper.title),
            "office": text(paper.office),
            "form": text(paper.form),
            "lines": [text(line) for line in paper.lines],
            "facts": [[text(label), text(value)] for label, value in paper.facts],
            "printed": text(paper.printed),
            "sections": [
                {
                    "title": text(section.title),
                    "words": [pieces(text(line)) for line in section.words],
                    "nothing": text(section.nothing),
                    "heads": [{"label": text(words), "span": span} for words, span in section.heads],
                    "columns": [
                        {"label": text(column.label), "share": column.share, "align": column.align}
                        for column in section.columns
                    ],
                    "rows": [
                        [
                            cell(value)
                            for value in [*row, *[""] * len(section.columns)][: len(section.columns)]
                        ]
                        for row in section.rows
                    ],
                    "totals": [cell(value) for value in section.totals],
                }
                for section in paper.sections
            ],
            "signers": [[text(line) for line in lines] for lines in paper.signers],
        },
    )
