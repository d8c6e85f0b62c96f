"""Letters on their way, and the night's sweeping: ended sessions, old counters, and what the trail need no longer keep."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from khet.base.signin.letters import deliver
from khet.base.signin.models import Counter, Event


@app.task(name="signin.post", queue="signin", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def post(to: str, kind: str, account_id: int, letter: str, what: str) -> bool:
    """Send one letter of the door."""
    return deliver(to, kind, account_id, letter, what)


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
