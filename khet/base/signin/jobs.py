"""The night's sweeping: ended sessions, old counters, and what the trail need no longer keep."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

from khet.base.signin.models import Counter, Event


@app.periodic(cron="40 19 * * *")  # 02.40 in Bangkok
@app.task(name="signin.sweep", queue="signin", lock="signin.sweep")
def sweep(timestamp: int = 0) -> dict[str, int]:
    """Returns how many rows of each kind went. The database itself refuses events younger than 90 days."""
    now = timezone.now()
    gone = {
        "sessions": Session.objects.filter(expire_date__lt=now).delete()[0],
        "counters": Counter.objects.filter(until__lt=now - timedelta(days=1)).delete()[0],
        "events": Event.objects.filter(at__lt=now - timedelta(days=settings.KHET_TRAIL_DAYS)).delete()[0],
    }
    return gone
