"""The whole of every indicator in a census, for pages that show many at once: counted by the job, kept beside the figures as JSON.

A page never waits for the hundred and more of them: what is not counted yet is left out, and ``Periods.waiting`` says so.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from pathlib import Path

from khet.outlets.statistics import cache
from khet.outlets.statistics.bases import indicators
from khet.outlets.statistics.choices import Level
from khet.outlets.statistics.queries.figures import figures
from khet.outlets.statistics.queries.grids import EMPTY, Cell, cell_of
from khet.outlets.statistics.queries.periods import Period, Periods

_kept: dict[str, dict[str, Cell]] = {}


def wholes_of(period: Period, periods: Periods) -> dict[str, Cell]:
    """Indicator → its whole over the area in a closed round; those not counted in it are left out. Empty for an open round, and for
    one whose figures the job has still to count."""
    if period.census is None:
        return {}
    path = _path(period, periods)
    if str(path) in _kept:
        return _kept[str(path)]
    try:
        given = json.loads(path.read_bytes())
    except FileNotFoundError:
        periods.waiting = True
        return {}
    if len(_kept) >= 32:
        _kept.clear()
    found = _kept[str(path)] = {code: Cell(*values) for code, values in given.items()}
    return found


def keep_wholes(period: Period, periods: Periods) -> None:
    """Count what ``wholes_of`` reads, unless it lies there already."""
    path = _path(period, periods)
    if period.census is None or path.is_file():
        return
    given = {
        one.code: list(cell) for one in indicators if (cell := _whole(one.code, period, periods)) is not None
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{secrets.token_hex(8)}")
    aside.write_text(json.dumps(given))
    os.replace(aside, path)


def _path(period: Period, periods: Periods) -> Path:
    # Indicators that look back depend on the censuses before, too.
    before = sorted(one.census.sha256 for one in periods.closed if one.census and one.as_at < period.as_at)
    back = hashlib.sha256(" ".join(before).encode()).hexdigest()[:12]
    return cache.folder_of(period.source) / f"wholes-{back}.json"


def _whole(code: str, period: Period, periods: Periods) -> Cell | None:
    found = figures(code, [period.source], Level.AREA, dims=(), known=periods.known)
    if found.missing:
        return None
    return next((cell_of(row) for row in found.rows), EMPTY)
