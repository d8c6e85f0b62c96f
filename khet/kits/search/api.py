"""The door of the search kit."""

from khet.kits.search.actions import index, indexed_at_the_end, reindex
from khet.kits.search.declarations import Document, SearchKind, SearchList, Shelf, search_kind
from khet.kits.search.jobs import index_later
from khet.kits.search.queries import Results, find, holds

__all__ = [
    "Document",
    "Results",
    "SearchKind",
    "SearchList",
    "Shelf",
    "find",
    "holds",
    "index",
    "index_later",
    "indexed_at_the_end",
    "reindex",
    "search_kind",
]
