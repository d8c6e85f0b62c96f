"""Tests run on the embedded PostgreSQL, in a data folder of their own, never on real data."""

from __future__ import annotations

import os
from pathlib import Path

# Before settings are imported: a data folder for tests alone. KHET_TEST_DATA lets several runs go side by side.
_FOLDER = Path(os.environ.get("KHET_TEST_DATA") or Path(__file__).parent / "var" / "test").absolute()
os.environ["KHET_DATA"] = str(_FOLDER)
os.environ.pop("DATABASE_URL", None)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.site.settings")


def pytest_configure(config) -> None:
    from khet.base.database.embedded import ensure_running

    ensure_running(_FOLDER)
