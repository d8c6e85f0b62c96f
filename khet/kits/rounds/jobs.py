"""The night's work on rounds: looking again, reminding, sweeping."""

from __future__ import annotations

from procrastinate.contrib.django import app

from khet.kits.rounds.actions.checking import check_open
from khet.kits.rounds.actions.reminding import remind_nightly
from khet.kits.rounds.censuses import collect


@app.periodic(cron="20 18 * * *")  # 01.20 in Bangkok
@app.task(name="rounds.check", queue="notices")
def check_every_night(timestamp: int = 0) -> int:
    collect()
    return check_open()


@app.periodic(cron="15 1 * * 1-5")  # 08.15 in Bangkok, on weekdays
@app.task(name="rounds.remind", queue="notices")
def remind_every_morning(timestamp: int = 0) -> int:
    return remind_nightly()
