"""File names as people gave them: kept for showing, never used on disk."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

LIMIT = 500


def display_name(name: str, extension: str) -> str:
    """The name to show: no control characters, no folders, no direction tricks, at most 500 characters.

    What is left may still be strange (``con``, a leading dot, ``%00``): it is only ever shown.
    """
    flat = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in flat)
    kept = "".join(c for c in kept if unicodedata.category(c) not in {"Cf", "Cs", "Co"})
    kept = " ".join(kept.split())
    if not kept or not kept.strip("."):
        kept = f"file.{extension}"
    if len(kept) > LIMIT:
        stem, dot, ending = kept.rpartition(".")
        tail = f".{ending}" if dot and len(ending) <= 10 else ""
        kept = (stem if tail else kept)[: LIMIT - len(tail)] + tail
    return kept


def disposition(kind: str, name: str) -> str:
    """The Content-Disposition header (RFC 6266): a plain fallback and the true name in UTF-8."""
    plain = "".join(c if 32 <= ord(c) < 127 and c not in '"\\%;' else "_" for c in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
