"""Figures are counted within half an hour of a round's closing, so that nobody's first look has to wait; old ones are swept away."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


@app.periodic(cron="*/30 * * * *")
@app.task(name="statistics.count", queue="notices", queueing_lock="statistics.count")
def count_new(timestamp: int = 0) -> int:
    """Count every census that has no figures yet; how many were. Safe to run at any time and twice."""
    from khet.outlets.statistics.queries.keeping import keep_all  # noqa: PLC0415 - models load with the apps

    return keep_all()


def count_soon() -> None:
    """Have the figures counted now: somebody looked before the half hour was over."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        count_new.defer()
