"""How common a query is, from what the database counted of the grams when it last analysed the table."""

from __future__ import annotations

import time
from collections.abc import Mapping

from django.db import connection

from khet.kits.search.grams import Terms, runs

KEPT_SECONDS = 600.0
_counted: tuple[float, dict[str, dict[str, float]]] = (float("-inf"), {})


def share(terms: Terms, place: str) -> float:
    """At most this part of all records (0 to 1) holds every term in its ``place`` (head or text); 0 while nothing is counted."""
    shares = _shares().get(place)
    if not shares:
        return 0.0
    return min(_of_term(term, shares) for term in terms.terms)


def _of_term(term: str, shares: Mapping[str, float]) -> float:
    """The rarest run of the term; of two letters, every run that begins with them. What was not counted is rarer than all that was."""
    if len(term) < 3:
        return min(1.0, sum(part for gram, part in shares.items() if gram.startswith(term)))
    return min(shares.get(run, 0.0) for run in runs(term))


def _shares() -> dict[str, dict[str, float]]:
    """By place and gram. Asked again after ten minutes: it says where to look first, never what is found."""
    global _counted
    asked_at, found = _counted
    if time.monotonic() - asked_at > KEPT_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT split_part(attname, '_', 1), most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats"
                " WHERE schemaname = current_schema() AND tablename = 'search_entry' AND attname IN ('head_grams', 'text_grams')"
            )
            # two more frequencies than grams: the least and the greatest of them
            found = {
                place: dict(zip(grams, parts, strict=False))
                for place, grams, parts in cursor.fetchall()
                if grams
            }
        _counted = (time.monotonic(), found)
    return found
