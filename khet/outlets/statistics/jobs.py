"""Figures are counted within half an hour of a round's closing, so that nobody's first look has to wait; old ones are swept away."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.periodic(cron="*/30 * * * *")
@app.task(name="statistics.count", queue="notices", queueing_lock="statistics.count")
def count_new(timestamp: int = 0) -> int:
    """Count every census that has no figures yet; how many were. Safe to run at any time and twice."""
    from khet.outlets.statistics.queries.keeping import keep_all  # noqa: PLC0415 - models load with the apps

    return keep_all()
