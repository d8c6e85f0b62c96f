from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from khet.base.signin.jobs import sweep
from khet.base.signin.models import Counter, Event

pytestmark = pytest.mark.django_db


def test_the_night_sweeps_what_is_over_and_keeps_the_rest(settings):
    settings.KHET_TRAIL_DAYS = 400
    now = timezone.now()
    for days in (-1, 1):
        Session.objects.create(
            session_key=f"s{days}", session_data="", expire_date=now + timedelta(days=days)
        )
        Counter.objects.create(key=f"c{days}", count=9, until=now + timedelta(days=2 * days))
    with connection.cursor() as cursor:
        for days in (1, 399, 401):
            cursor.execute(
                "INSERT INTO signin_event (at, kind, outcome, name, typed, agent, detail)"
                " VALUES (%s, 'sign_in', 'done', '', '', '', '')",
                [now - timedelta(days=days)],
            )
    assert sweep() == {"sessions": 1, "counters": 1, "events": 1}
    assert (Session.objects.count(), Counter.objects.count(), Event.objects.count()) == (1, 1, 2)
