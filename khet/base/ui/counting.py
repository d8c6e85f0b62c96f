"""Counting several things in one statement: the frame shows a few counts on every page."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Countable = int | QuerySet | None


def counted(wanted: Sequence[Countable]) -> list[int | None]:
    """The same as numbers: every queryset counted, all of them in one statement; the rest stays as it is."""
    found: list[int | None] = [None if isinstance(one, QuerySet) else one for one in wanted]
    parts, parameters, places = [], [], []
    for place, one in enumerate(wanted):
        if not isinstance(one, QuerySet):
            continue
        try:
            sql, given = one.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            found[place] = 0
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")
        parameters += given
        places.append(place)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", parameters)
            for place, count in zip(places, cursor.fetchone(), strict=True):
                found[place] = count
    return found
