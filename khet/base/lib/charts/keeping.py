"""Pictures kept by the hash of their definition, in ``cache/charts`` of the data folder: drawn once, rebuilt when missing."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import os
import time
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings

from khet.base.lib.charts.definitions import Chart


@cache
def _recipe() -> str:
    """What besides the definition decides the bytes: this package's code, the converter, the typeface."""
    here = Path(__file__).parent
    code = b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))
    parts = [hashlib.sha256(code).hexdigest(), version("vl-convert-python"), version("fontpkg-sarabun")]
    return " ".join(parts)


def digest(chart: Chart) -> str:
    """The picture's name: 24 hex digits that stand for its definition and for how it is drawn."""
    given = json.dumps(dataclasses.asdict(chart), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{type(chart).__name__} {given} {_recipe()}".encode()).hexdigest()[:24]


def _place(name: str) -> Path:
    return Path(settings.DATA) / "cache" / "charts" / name[:2] / f"{name}.svg"


def if_kept(chart: Chart) -> str | None:
    """The picture if it has been drawn before; never loads the converter."""
    try:
        return _place(digest(chart)).read_text()
    except FileNotFoundError:
        return None


def kept_svg(chart: Chart) -> str:
    """The picture, drawn now unless it was before."""
    place = _place(digest(chart))
    if (found := if_kept(chart)) is not None:
        return found
    # Loaded here and nowhere else: a process that draws nothing never carries the converter.
    drawing: Any = import_module("khet.base.lib.charts.drawing")
    svg: str = drawing.draw(chart)
    place.parent.mkdir(parents=True, exist_ok=True)
    # Several processes may draw the same one: each writes its own file and renames it into place.
    aside = place.with_suffix(f".{os.getpid()}")
    aside.write_text(svg)
    aside.replace(place)
    return svg


def with_faces(svg: str, faces: dict[int, bytes]) -> str:
    """The picture with its typeface inside, for whoever takes it away: ``faces`` are WOFF2 files by weight."""

    rules = "".join(
        f"@font-face{{font-family:Sarabun;font-weight:{weight};"
        f"src:url(data:font/woff2;base64,{base64.b64encode(data).decode()})}}"
        for weight, data in sorted(faces.items())
    )
    head, rest = svg.split(">", 1)
    return f"{head}><style>{rules}</style>{rest}"


def collect(days: float = 60) -> int:
    """Remove pictures drawn longer ago than that; returns how many. They are drawn again when asked for."""
    folder = Path(settings.DATA) / "cache" / "charts"
    before = time.time() - days * 86_400
    gone = 0
    for path in folder.glob("*/*") if folder.is_dir() else ():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
