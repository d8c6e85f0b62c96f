"""Keeping the index: what a verb changed is indexed in the verb's own transaction, or by a job after it.

These are not verbs: nothing is decided here and nothing is journaled; the index only repeats the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, models, transaction

from khet.base.lib.thai import be_year, normalise, words
from khet.kits.search.declarations import Document, SearchKind, kinds, kinds_of
from khet.kits.search.grams import squeeze_all, squeeze_normal, vector
from khet.kits.search.models import Entry

BATCH = 500
_later: ContextVar[dict[type[models.Model], set[int]] | None] = ContextVar("khet_index_later", default=None)
BODY_LIMIT = 200_000

_UPSERT = """
INSERT INTO search_entry (kind, object_id, title, numbers, note, body, url, day, year, units,
                          words, head, text, head_grams, text_grams)
SELECT %s, object_id, title, numbers, note, body, url, day, year, units::bigint[],
       words, head, text, head_grams::tsvector, text_grams::tsvector
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::date[],
              %s::smallint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS made (object_id, title, numbers, note, body, url, day, year, units, words, head, text, head_grams,
             text_grams)
    ON CONFLICT (kind, object_id) DO UPDATE
   SET title = excluded.title, numbers = excluded.numbers, note = excluded.note, body = excluded.body,
       url = excluded.url, day = excluded.day, year = excluded.year, units = excluded.units,
       words = excluded.words, head = excluded.head, text = excluded.text,
       head_grams = excluded.head_grams, text_grams = excluded.text_grams
"""


def index(model: type[models.Model], pks: Iterable[int]) -> int:
    """Bring the index up to date for some records: new, changed and gone. Returns how many are findable.

    Call it inside the verb that changed them; for more than a few thousand use ``index_later``.
    """
    wanted = sorted(set(pks))
    later = _later.get()
    if later is not None:
        later.setdefault(model, set()).update(wanted)
        return 0
    found = 0
    for kind in kinds_of(model):
        for begin in range(0, len(wanted), BATCH):
            found += _index(kind, wanted[begin : begin + BATCH])
    return found


@contextmanager
def indexed_at_the_end() -> Iterator[None]:
    """Inside, what verbs would index is gathered, and indexed once at the end: for seeds, where records change often."""
    later: dict[type[models.Model], set[int]] = {}
    token = _later.set(later)
    try:
        yield
    finally:
        _later.reset(token)
    for model, pks in later.items():
        index(model, pks)


def reindex(code: str) -> int:
    """Make a kind's whole index again, batch by batch, and drop what no longer exists."""
    kind = kinds[code]
    with _in_bulk():
        return _reindex(kind)


@contextmanager
def _in_bulk() -> Iterator[None]:
    """Gather what is new in memory and sort it into the grams at once: three times as fast as row by row."""
    with connection.cursor() as cursor:
        cursor.execute("SET gin_pending_list_limit = '128MB'; SET maintenance_work_mem = '256MB'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET gin_pending_list_limit")
            for name in ("search_entry_head", "search_entry_text"):
                cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [name])
            cursor.execute("RESET maintenance_work_mem")


def _reindex(kind: SearchKind) -> int:
    last, found = -1, 0
    while True:
        pks = list(
            kind.model._default_manager.filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        # What lies in the index between two batches, but not among the records, goes with the batch.
        stale = Entry.objects.filter(kind=kind.code, object_id__gt=last)
        if pks:
            stale = stale.filter(object_id__lte=pks[-1]).exclude(object_id__in=pks)
        with transaction.atomic():
            stale.delete()
            if pks:
                found += _index(kind, pks)
        if not pks:
            return found
        last = pks[-1]


def _index(kind: SearchKind, pks: Sequence[int]) -> int:
    documents = list(kind.documents(kind.model._default_manager.filter(pk__in=pks)))
    gone = set(pks) - {document.pk for document in documents}
    if gone:
        Entry.objects.filter(kind=kind.code, object_id__in=gone).delete()
    if documents:
        rows = [_row(document) for document in documents]
        with connection.cursor() as cursor:
            cursor.execute(_UPSERT, [kind.code, *map(list, zip(*rows, strict=True))])
    return len(documents)


def _row(document: Document) -> tuple[Any, ...]:
    body = normalise(document.body[:BODY_LIMIT])
    head = squeeze_all([document.title, *document.numbers])
    # The text holds the head too, so that one term may stand in the title and another in the body.
    text = "\n".join(filter(None, [head, squeeze_normal(body)]))
    year = document.year or (be_year(document.day) if document.day else None)
    return (
        document.pk,
        normalise(document.title),
        normalise(" · ".join(document.numbers)),
        normalise(document.note),
        body,
        document.url,
        document.day,
        year,
        "{" + ",".join(str(int(pk)) for pk in document.units) + "}",
        f" {' '.join(map(squeeze_normal, words(document.title)))} ",
        head,
        text,
        vector(head),
        vector(text),
    )
