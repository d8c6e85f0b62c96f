"""The head of the day, to be kept off this machine."""

from __future__ import annotations

from procrastinate.contrib.django import app

from khet.base.journal.actions import anchor


@app.periodic(cron="59 16 * * *")  # 23.59 in Bangkok
@app.task(name="journal.anchor", queue="journal")
def anchor_day(timestamp: int = 0) -> int | None:
    return anchor()
