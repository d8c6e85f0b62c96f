"""The carrier: every minute, and at once after something was told."""

from __future__ import annotations

from procrastinate.contrib.django import app

from khet.base.notices.actions import carry


@app.periodic(cron="* * * * *")
@app.task(name="notices.carry", queue="notices")
def carry_due(timestamp: int = 0) -> int:
    return carry()
