"""Joining an edition with figures, charts and maps. Loaded only where a file is made."""

from __future__ import annotations

from collections.abc import Callable

from khet.base.lib import charts
from khet.outlets.books.making import Output, make, making_of, school_pdf, text_preview
from khet.outlets.books.models import Edition, Made
from khet.outlets.books.queries.facts import AreaMaps, facts_of

Told = Callable[[str, int, int], None]


def output_of(made: Made, told: Told) -> tuple[Output, str, list[str]]:
    """The file, what of the edition it was made from, and the manifests of its censuses."""
    edition = made.edition
    told("อ่านข้อมูลที่ตรึงไว้", 0, len(edition.chosen) + 2)
    facts = facts_of(edition)
    making = making_of(
        facts,
        AreaMaps(facts, edition.thai_digits),
        charts.kept_svg,
        texts=edition.texts,
        thai_digits=edition.thai_digits,
    )
    output = make(made.kind, making, edition.chosen, told)
    return output, edition.source, [one.sha256 for one in facts.censuses]


def school_book(edition: Edition, code: str) -> bytes | None:
    """The small book of a school of the edition; None for a school its censuses do not know."""
    facts = facts_of(edition)
    school = next((one for one in facts.schools if one.code == code), None)
    if school is None:
        return None
    making = making_of(
        facts,
        AreaMaps(facts, edition.thai_digits),
        charts.kept_svg,
        texts={},
        thai_digits=edition.thai_digits,
    )
    return school_pdf(making, school)


def preview(edition: Edition, code: str, html: str) -> bytes:
    """One text as it will stand on its page."""
    facts = facts_of(edition)
    making = making_of(
        facts,
        AreaMaps(facts, edition.thai_digits),
        charts.kept_svg,
        texts={},
        thai_digits=edition.thai_digits,
    )
    return text_preview(making, code, html)
