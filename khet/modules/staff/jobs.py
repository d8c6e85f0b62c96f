"""What time itself changes: appointments, secondments and orders that begin or end today."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.periodic(cron="5 0 * * *")
@app.task(name="staff.settle", queue="staff", queueing_lock="staff.settle")
def settle(timestamp: int) -> None:
    """Safe to run at any time and twice."""
    from khet.modules.staff.actions import settle as run  # noqa: PLC0415 - models load with the apps
    from khet.modules.staff.actions import settle_rows  # noqa: PLC0415

    run()
    settle_rows()
