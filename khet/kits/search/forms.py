"""What an address may ask of the search page. Anything else in it is ignored."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from khet.kits.search.declarations import kinds


@dataclass(frozen=True)
class Asked:
    """A search as the address says it; values that mean nothing are None."""

    text: str
    kind: str | None
    year: int | None
    unit: int | None
    page: int

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        kind = query.get("kind", "")
        return cls(
            text=query.get("q", ""),
            kind=kind if kind in kinds else None,
            year=_number(query.get("year", ""), 2400, 3000),
            unit=_number(query.get("unit", ""), 1, 2**62),
            page=_number(query.get("page", ""), 1, 1000) or 1,
        )


def _number(text: str, least: int, most: int) -> int | None:
    if not text.strip().isdecimal() or len(text) > 20:
        return None
    number = int(text)
    return number if least <= number <= most else None
