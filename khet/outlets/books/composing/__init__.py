"""From facts to a book: which pages, which tables, which sentences."""

from khet.outlets.books.composing.whole import compose, compose_leaflet, compose_school

__all__ = ["compose", "compose_leaflet", "compose_school"]
