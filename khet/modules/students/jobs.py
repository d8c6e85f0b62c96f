"""The night's work on pupils: who is on several rolls, and whose days to settle it have passed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from khet.base.org.api import Actor
from khet.modules.students.actions import open_doubles, tell_overdue


@app.periodic(cron="40 18 * * *")  # 01.40 in Bangkok
@app.task(name="students.doubles", queue="notices")
def look_for_doubles(timestamp: int = 0) -> int:
    opened, _gone = open_doubles(actor=Actor.system())
    return opened + tell_overdue()
