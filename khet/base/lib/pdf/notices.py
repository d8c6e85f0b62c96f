"""Notices on paper: the same words to many people, one page each, with a slip to send back.

Plain data in, PDF/A-2b out, like the other papers of this package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from khet.base.lib.pdf.compiling import compile_paper
from khet.base.lib.pdf.markup import paper_text, pieces


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One page. ``sender`` are the lines at the right, ``facts`` a table of (label, value), ``signer`` the lines under the
    place for a pen (the name in brackets first), ``slip`` the title and the lines of the part to send back."""

    heading: str
    sender: Sequence[str]
    date: str
    subject: str
    to: str
    paragraphs: Sequence[str]
    facts: Sequence[tuple[str, str]] = ()
    signer: Sequence[str] = ()
    slip: Sequence[str] = ()


def notices(
    pages: Sequence[Notice], *, title: str, nothing: str = "ไม่มีรายการ", thai_digits: bool = False
) -> bytes:
    """The PDF of all notices, each on its page; without any, one page that says ``nothing``."""

    def text(value: str) -> str:
        return paper_text(value or "", thai_digits)

    return compile_paper(
        "notices",
        {
            "thai": thai_digits,
            "speed": "",
            "title": text(title),
            "nothing": text(nothing),
            "notices": [
                {
                    "heading": text(one.heading),
                    "sender": [text(line) for line in one.sender],
                    "date": text(one.date),
                    "subject": pieces(text(one.subject)),
                    "to": pieces(text(one.to)),
                    "paragraphs": [pieces(text(words)) for words in one.paragraphs],
                    "facts": [[text(label), pieces(text(value))] for label, value in one.facts],
                    "signer": [text(line) for line in one.signer],
                    "slip": [text(line) if n == 0 else pieces(text(line)) for n, line in enumerate(one.slip)],
                }
                for one in pages
            ],
        },
    )
