"""Joining an edition with figures, charts and maps. Loaded only where a file is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from khet.base.lib import charts
from khet.outlets.books.choices import Kind
from khet.outlets.books.emblems import emblem_of
from khet.outlets.books.facts import Facts
from khet.outlets.books.making import Output, make, making_of, school_pdf, text_preview
from khet.outlets.books.models import Edition, Made
from khet.outlets.books.queries.editions import MadeFrom
from khet.outlets.books.queries.facts import AreaMaps, facts_of
from khet.outlets.statistics.api import together

Told = Callable[[str, int, int], None]
PRINTED = (Kind.BOOK, Kind.LEAFLET, Kind.SCHOOLS)
"""Kinds that carry the emblem."""


def output_of(made: Made, told: Told) -> tuple[Output, MadeFrom]:
    """The file and what it was made from. What changes meanwhile makes it old."""
    edition = made.edition
    told("อ่านข้อมูลที่ตรึงไว้", 0, len(edition.chosen) + 2)
    emblem = emblem_of(edition, cover=made.kind == Kind.BOOK) if made.kind in PRINTED else None
    made_from = MadeFrom.of(edition)
    with together():
        facts = facts_of(edition)
        output = make(made.kind, _making(edition, facts, edition.texts, emblem), edition.chosen, told)
    return output, made_from


def school_book(edition: Edition, code: str) -> bytes | None:
    """The small book of a school of the edition; None for a school its censuses do not know."""
    with together():
        facts = facts_of(edition)
        school = next((one for one in facts.schools if one.code == code), None)
        return (
            school_pdf(_making(edition, facts, emblem=emblem_of(edition, cover=False)), school)
            if school
            else None
        )


def preview(edition: Edition, code: str, html: str) -> bytes:
    """One text as it will stand on its page."""
    return text_preview(_making(edition, facts_of(edition)), code, html)


def _making(
    edition: Edition,
    facts: Facts,
    texts: dict[str, str] | None = None,
    emblem: tuple[bytes, str] | None = None,
) -> Any:
    maps = AreaMaps(facts, edition.thai_digits)
    return making_of(
        facts, maps, charts.kept_svg, texts=texts or {}, thai_digits=edition.thai_digits, emblem=emblem
    )
