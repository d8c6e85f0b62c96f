"""What the child says instead of rows: a code and facts; the sentences are the parent's."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
