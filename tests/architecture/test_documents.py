"""The documents for newcomers point at what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ["docs/tour.md", "docs/howto/add-a-register.md", "README.md"]
_CODE = re.compile(r"`([^`]+)`")
_PLACE = re.compile(r"\.?[\w-]+(?:[/.][\w-]+)*/?")
_MADE = {"var/data"}  # made by running it


def lost(text: str) -> list[str]:
    """Paths in a text that lead nowhere, seen from the root or from ``khet``."""
    said = {word for word in _CODE.findall(text) if _PLACE.fullmatch(word)}
    paths = {word for word in said if "/" in word or word.endswith((".py", ".md", ".toml", ".html"))}
    drawers = {path.name for path in ROOT.glob("khet/*/*/*.py")}
    known = paths & (drawers | {"README.md"}) | _MADE
    return sorted(p for p in paths - known if not (ROOT / p).exists() and not (ROOT / "khet" / p).exists())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_exists(document):
    assert lost((ROOT / document).read_text(encoding="utf-8")) == []


def test_a_path_that_leads_nowhere_is_seen():
    assert lost("`kits/nowhere.py` `docs/tour.md` `base` `sheets.py`") == ["kits/nowhere.py"]
