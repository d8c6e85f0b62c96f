"""Sarabun for the screen, cut from the font package at first need: nothing vendored, 20 KB a weight.

Only the letters a page can need stay in (Thai, Latin-1, the punctuation of the house); hinting goes, the
layout rules that place Thai marks stay. The cut files live in the data folder under a name that changes
with the recipe and with the package, so an update is picked up by itself.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import fontpkg_sarabun
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from fontTools import subset

FOLDER = "ui/fonts"
WEIGHTS = {"sarabun-400.woff2": "Regular", "sarabun-500.woff2": "Medium", "sarabun-600.woff2": "SemiBold"}
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *range(0xE01, 0xE5C),
    0x200B, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x2212, 0x2260, 0x25CC,
]  # fmt: skip


@cache
def folder() -> Path:
    """The folder of the cut fonts; made and filled when it is not there yet."""
    recipe = f"{version('fontpkg-sarabun')} {version('fonttools')} {LETTERS}"
    place = Path(settings.DATA) / "cache" / f"fonts-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"
    target = place / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    for name, weight in WEIGHTS.items():
        if not (target / name).exists():
            # Several processes may start at once: each writes its own file and renames it into place.
            draft = target / f"{name}.{os.getpid()}"
            _cut(fontpkg_sarabun.ROOT / "files" / f"Sarabun-{weight}.ttf", draft)
            draft.replace(target / name)
    return place


def _cut(source: Path, target: Path) -> None:
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["*"]
    options.hinting = False
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    subset.save_font(font, str(target), options)
    font.close()


class FontFinder(BaseFinder):
    """Gives static files ``ui/fonts/sarabun-*.woff2``."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        wanted = path.replace("\\", "/")
        known = wanted.startswith(f"{FOLDER}/") and wanted.removeprefix(f"{FOLDER}/") in WEIGHTS
        if not known:
            return []
        found = str(folder() / wanted)
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        storage = FileSystemStorage(location=folder())
        for name in WEIGHTS:
            yield f"{FOLDER}/{name}", storage

    def check(self, **kwargs: Any) -> list[Any]:
        return []
