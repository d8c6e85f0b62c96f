"""What happens by itself: every night all children are matched with the rolls of the day."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.periodic(cron="40 1 * * *")
@app.task(name="children.match", queue="children", queueing_lock="children.match")
def match(timestamp: int) -> None:
    """Safe to run at any time and twice."""
    from khet.base.org.api import Actor  # noqa: PLC0415 - models load with the apps
    from khet.modules.children.actions import match as run  # noqa: PLC0415

    run(actor=Actor.system())
