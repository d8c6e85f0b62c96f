"""The same invented area as the access tests."""

from tests.access.conftest import built, world

__all__ = ["built", "world"]
