"""Maps of single schools kept in ``cache/books`` of the data folder by everything they depend on: a book has a hundred of them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from khet.outlets.maps import api as maps_api


def ground_of() -> str:
    """Stands for the outlines held and for the code that draws them: when either changes, every map is drawn anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(coalesce(string_agg(md5(concat_ws('|', level, code, name, rings::text, holes::text)), '' ORDER BY level, code), '')) FROM schools_outline"
        )
        row = cursor.fetchone()
    code = b"".join(
        path.read_bytes() for path in sorted((Path(maps_api.__file__).parent / "drawing").glob("*.py"))
    )
    return f"{row[0] if row else ''} {hashlib.sha256(code).hexdigest()}"


def kept(kind: str, key: Sequence[Any], draw: Callable[[], str | None]) -> str | None:
    """The picture of this key, drawn now unless it was before."""
    name = hashlib.sha256(json.dumps([kind, *key], default=str).encode()).hexdigest()[:24]
    place = Path(settings.DATA) / "cache" / "books" / name[:2] / f"{name}.svg"
    try:
        return place.read_text() or None
    except FileNotFoundError:
        svg = draw()
    place.parent.mkdir(parents=True, exist_ok=True)
    # Two books may be made at once: each writes its own file and renames it into place.
    aside = place.with_suffix(f".{os.getpid()}")
    aside.write_text(svg or "")
    aside.replace(place)
    return svg
