"""The night's sweeping of what programs asked, when it is old."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from khet.outlets.api.models import KEPT_DAYS, Call


@app.periodic(cron="50 19 * * *")  # 02.50 in Bangkok
@app.task(name="api.sweep", queue="api", lock="api.sweep")
def sweep(timestamp: int = 0) -> int:
    """Returns how many lines went. The database itself refuses younger ones."""
    return Call.objects.filter(at__lt=timezone.now() - timedelta(days=KEPT_DAYS + 1)).delete()[0]
