"""Reminders: what is due today and what has become late, told once each."""

from __future__ import annotations

from procrastinate.contrib.django import app

from khet.kits.workflow.reminders import remind


@app.periodic(cron="5 1,6 * * 1-5")  # 08.05 and 13.05 in Bangkok, on working weekdays
@app.task(name="workflow.remind", queue="notices")
def remind_due(timestamp: int = 0) -> int:
    return remind()
